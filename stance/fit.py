"""Training: scikit-learn learns, and what it learned is exported to a `StanceModel`."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import joblib
import numpy as np
import scipy.optimize
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import FeatureUnion, Pipeline

from stance import features
from stance.actors import Found, default_actors
from stance.dataset import LabelledSentence, StanceLabelled, digest, from_hugging_face
from stance.errors import InputError
from stance.lexicon import default_lexicon
from stance.model import LinearModel, StanceModel
from stance.records import SENTIMENTS, STANCES

if TYPE_CHECKING:
    import datasets

Array = NDArray[Any]

FOLDS = 5
SEED = 20
# A term of one sentence only teaches nothing about another; most pairs of words are of few sentences.
MIN_SENTENCES = 2
MIN_SENTENCES_OF_A_PAIR = 4

# Weaker penalties win in cross-validation on our own sentences and lose on real ones.
STRENGTHS = {"stance": (0.5, 1.0), "sentiment": (0.1, 0.25)}

# For these the model knows from what probability on a label belongs to a prediction set.
COVERAGES = tuple(percent / 100 for percent in range(50, 100))


class Examples(NamedTuple):
    """What a model learns from, a row for each label.

    Attributes
    ----------
    views : list of Views
        The terms of each view of the sentence.
    truth : array of int, shape (n,)
        Index of the class.
    groups : list of str
        Writer group of the sentence.
    actors : list of str
        The target; empty strings for sentiment.
    weights : list of float
        How much each counts.
    """

    views: list[features.Views]
    truth: Array
    groups: list[str]
    actors: list[str]
    weights: list[float]


@dataclass(frozen=True, slots=True)
class Settings:
    """What cross-validation chooses.

    Attributes
    ----------
    strength : float
        Inverse of the L2 penalty (scikit-learn's ``C``).
    """

    strength: float


@dataclass(frozen=True, slots=True)
class Transfer:
    """What has to change in probabilities learned from sentences written for learning before they fit the news.

    Attributes
    ----------
    temperature : float
        By what the logits are divided: on text of another kind a model is less often right than on held-out text of the
        same kind.
    shares : tuple of float or None
        How frequent the classes are in news; None leaves them as they were learned.
    """

    temperature: float
    shares: tuple[float, float, float] | None

    def __call__(self, logits: Array, truth: Array) -> Array:
        """Return what becomes of calibrated logits that were learned where `truth` are the classes."""
        if self.shares:
            learned = np.bincount(truth, minlength=len(self.shares)) / len(truth)
            logits = logits + np.log(self.shares) - np.log(learned)
        return logits / self.temperature


def conformal_thresholds(probabilities: Array, weights: Array) -> list[float]:
    """Return for each coverage of `COVERAGES` the probability from which on a label belongs to the prediction set.

    Cross-conformal prediction (Vovk 2015) with the score ``1 - P(label)`` (Sadinle et al. 2019). With the right labels as
    weights, the sets hold the right label as often as asked on sentences like those that the probabilities are of, whatever
    the model. With probabilities as weights, they do so where these are true.

    Parameters
    ----------
    probabilities : array, shape (n, 3)
        Out of fold.
    weights : array, shape (n, 3)
        How likely each label is the right one; rows add up to 1.
    """
    order = np.argsort(probabilities, axis=None)
    missed = np.cumsum(weights.ravel()[order])
    # One more example than there are: the one to come.
    allowed = (1 - np.array(COVERAGES)) * (len(probabilities) + 1)
    places = np.minimum(np.searchsorted(missed, allowed), len(order) - 1)
    return [float(probability) for probability in probabilities.ravel()[order[places]]]


# Our sentences say good as often as bad, so that no actor's name speaks for itself, and their writers are fewer than those
# of the news. These figures were chosen on labelled real sentences (a development set), by macro-F1 and calibration error.
TRANSFER = {"stance": Transfer(1.7, (0.18, 0.71, 0.11)), "sentiment": Transfer(1.4, (0.5, 0.33, 0.17))}
NO_TRANSFER = dict.fromkeys(TRANSFER, Transfer(1.0, None))


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """Out-of-fold predictions of one task.

    Attributes
    ----------
    labels : tuple of str
        The classes, in the order of the columns of `probabilities`.
    truth : array of int, shape (n,)
        Index of the right class.
    probabilities : array of float, shape (n, 3)
        Of the chosen settings, by models and calibration that saw neither the example nor its writer group.
    actors : list of str
        Target of each example; empty strings for sentiment.
    chosen : Settings
        The settings chosen.
    table : list of dict
        Macro-F1 of every candidate, mean over folds.
    """

    labels: tuple[str, ...]
    truth: Array
    probabilities: Array
    actors: list[str]
    chosen: Settings
    table: list[dict[str, object]]


def stance_examples(sentences: Sequence[LabelledSentence]) -> Examples:
    """Return an example for every label whose actor is found in its sentence."""
    rows = list(labels_found(sentences))
    return Examples(
        [features.stance_views(reading, label.actor) for _, label, reading in rows],
        np.array([STANCES.index(label.label) for _, label, _ in rows], dtype=int),
        [sentence.group for sentence, _, _ in rows],
        [label.actor for _, label, _ in rows],
        [sentence.weight for sentence, _, _ in rows],
    )


def labels_found(
    sentences: Iterable[LabelledSentence],
) -> Iterator[tuple[LabelledSentence, StanceLabelled, features.Reading]]:
    """Yield the labels that can be learned from, whose actor is found in the sentence, in order."""
    for sentence in sentences:
        reading = reading_of(sentence)
        named = set(reading.owners)
        for label in sentence.stance:
            if label.actor in named:
                yield sentence, label, reading


def sentiment_examples(sentences: Sequence[LabelledSentence]) -> Examples:
    """Return an example for every sentence whose sentiment is settled."""
    settled = [sentence for sentence in sentences if sentence.sentiment]
    views = []
    for sentence in settled:
        reading = reading_of(sentence)
        actors = dict.fromkeys(owner for owner in reading.owners if owner)
        views.append(features.sentiment_views(reading, [features.stance_views(reading, actor) for actor in actors]))
    return Examples(
        views,
        np.array([SENTIMENTS.index(sentence.sentiment) for sentence in settled], dtype=int),
        [sentence.group for sentence in settled],
        [""] * len(settled),
        [sentence.weight for sentence in settled],
    )


def reading_of(sentence: LabelledSentence) -> features.Reading:
    """Return the sentence as the models see it, with its actors, and with the targets that are none of ours."""
    text = sentence.text
    found = default_actors().find(text)
    placed = [Found(x.start, x.end, x.actor) for x in sentence.stance if x.start is not None and x.end is not None]
    if placed:
        free = [one for one in found if all(one.end <= other.start or other.end <= one.start for other in placed)]
        found = sorted({*free, *placed})
        found = [
            one for one, before in zip(found, [None, *found], strict=False) if not before or before.end <= one.start
        ]
    return features.read(text, 0, len(text), found, default_lexicon())


def _terms(views: Sequence[str]) -> FeatureUnion:
    return FeatureUnion(
        [
            (
                view,
                TfidfVectorizer(
                    analyzer=itemgetter(view),
                    binary=True,
                    min_df=MIN_SENTENCES_OF_A_PAIR if view == "pairs" else MIN_SENTENCES,
                ),
            )
            for view in views
        ]
    )


def _classifier(settings: Settings) -> LogisticRegression:
    return LogisticRegression(C=settings.strength, max_iter=400)


def _views(task: str) -> tuple[str, ...]:
    return features.STANCE_VIEWS if task == "stance" else features.SENTIMENT_VIEWS


def hold_out(
    views: tuple[str, ...], candidates: Sequence[Settings], examples: Examples, train: Array, test: Array
) -> tuple[Array, list[Array]]:
    """Return the held-out rows of one fold and their logits under every candidate."""
    terms = _terms(views)
    x_train = terms.fit_transform([examples.views[row] for row in train])
    x_test = terms.transform([examples.views[row] for row in test])
    truth = examples.truth[train]
    weights = np.array(examples.weights)[train]
    return test, [
        _classifier(settings).fit(x_train, truth, weights).decision_function(x_test) for settings in candidates
    ]


def calibrate(logits: Array, truth: Array) -> tuple[float, Array]:
    """Find the temperature and the class offsets that make held-out logits probable.

    Bias-corrected temperature scaling (Guo et al. 2017; Alexandari et al. 2020): ``softmax(logits / t + b)`` with the
    least negative log-likelihood.

    Parameters
    ----------
    logits : array, shape (n, 3)
    truth : array of int, shape (n,)

    Returns
    -------
    temperature : float
    offsets : array, shape (3,)
        They add up to 0.
    """
    rows = np.arange(len(truth))

    def loss(parameters: Array) -> float:
        log_probabilities = _log_softmax(logits * np.exp(parameters[0]) + parameters[1:])
        return -float(np.mean(log_probabilities[rows, truth]))

    best = scipy.optimize.minimize(loss, np.zeros(4), method="L-BFGS-B").x
    return float(np.exp(-best[0])), best[1:] - best[1:].mean()


def _log_softmax(logits: Array) -> Array:
    shifted = logits - logits.max(axis=1, keepdims=True)
    result: Array = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return result


def _calibrated_across(logits: Array, truth: Array, fold_of: Array) -> Array:
    """Probabilities of each fold, calibrated on the other folds."""
    probabilities = np.empty_like(logits)
    for fold in range(FOLDS):
        temperature, offsets = calibrate(logits[fold_of != fold], truth[fold_of != fold])
        probabilities[fold_of == fold] = np.exp(_log_softmax(logits[fold_of == fold] / temperature + offsets))
    return probabilities


def _cross_validate(
    task: str, labels: tuple[str, ...], examples: Examples, advance: Callable[[int], object]
) -> tuple[CrossValidation, Array]:
    """Try every candidate on folds of whole writer groups; return the best and its out-of-fold logits."""
    truth, groups = examples.truth, examples.groups
    if len(set(groups)) < FOLDS or min(np.bincount(truth, minlength=len(labels))) < FOLDS:
        raise InputError(
            f"too little to learn {task} from: at least {FOLDS} groups, and {FOLDS} labels of each of "
            f"{', '.join(labels)}, are needed; there are {len(set(groups))} groups and "
            + ", ".join(
                f"{count} {label}" for label, count in zip(labels, np.bincount(truth, minlength=3), strict=True)
            )
        )
    views = _views(task)
    candidates = [Settings(strength) for strength in STRENGTHS[task]]
    splits = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED).split(truth, truth, groups)
    jobs = [joblib.delayed(hold_out)(views, candidates, examples, train, test) for train, test in splits]
    logits = np.empty((len(candidates), len(truth), len(labels)))
    fold_of = np.empty(len(truth), dtype=int)
    results = joblib.Parallel(n_jobs=min(joblib.cpu_count(), FOLDS), return_as="generator")(jobs)
    for fold, (test, fold_logits) in enumerate(results):
        logits[:, test] = fold_logits
        fold_of[test] = fold
        advance(1)
    table: list[dict[str, object]] = []
    probabilities = []
    for settings, candidate in zip(candidates, logits, strict=True):
        probable = _calibrated_across(candidate, truth, fold_of)
        probabilities.append(probable)
        per_fold = [
            f1_score(truth[fold_of == fold], probable[fold_of == fold].argmax(axis=1), average="macro")
            for fold in range(FOLDS)
        ]
        table.append({**asdict(settings), "macro_f1": float(np.mean(per_fold)), "sd": float(np.std(per_fold, ddof=1))})
    best = max(range(len(candidates)), key=lambda number: float(str(table[number]["macro_f1"])))
    validation = CrossValidation(labels, truth, probabilities[best], examples.actors, candidates[best], table)
    return validation, logits[best]


def fit(views: tuple[str, ...], settings: Settings, examples: Examples) -> Pipeline:
    """Fit the given views on labelled examples, without calibration."""
    pipeline = Pipeline([("terms", _terms(views)), ("weigh", _classifier(settings))])
    return pipeline.fit(examples.views, examples.truth, weigh__sample_weight=examples.weights)


def _fit(task: str, settings: Settings, examples: Examples, out_of_fold: Array, transfer: Transfer) -> Pipeline:
    """Fit on everything, with the calibration of the out-of-fold logits and the transfer folded into the
    coefficients."""
    pipeline = fit(_views(task), settings, examples)
    temperature, offsets = calibrate(out_of_fold, examples.truth)
    classifier = pipeline["weigh"]
    # Half precision, as exported: the pipeline and the exported model must say the same.
    coefficients = classifier.coef_ / (temperature * transfer.temperature)
    classifier.coef_ = coefficients.astype(np.float16).astype(np.float64)
    classifier.intercept_ = transfer(classifier.intercept_ / temperature + offsets, examples.truth)
    return pipeline


def _conformal(validation: CrossValidation, transfer: Transfer) -> list[float]:
    """Thresholds from out-of-fold probabilities: by the right labels, or, where the news is another matter than what was
    learned from, by what the transfer makes of the probabilities."""
    right = np.eye(len(validation.labels))[validation.truth]
    if transfer.temperature == 1 and transfer.shares is None:
        return conformal_thresholds(validation.probabilities, right)
    transferred = np.exp(_log_softmax(transfer(np.log(validation.probabilities), validation.truth)))
    return conformal_thresholds(transferred, transferred)


def export(pipeline: Pipeline) -> LinearModel:
    """Return a fitted pipeline as arrays that NumPy alone can use."""
    vectorizers = dict(pipeline["terms"].transformer_list)
    classifier: LogisticRegression = pipeline["weigh"]
    return LinearModel(
        {view: vectorizer.get_feature_names_out().tolist() for view, vectorizer in vectorizers.items()},
        np.concatenate([vectorizer.idf_ for vectorizer in vectorizers.values()]).astype(np.float32),
        classifier.coef_.T,
        classifier.intercept_,
    )


@dataclass(frozen=True, slots=True)
class Training:
    """All that a training brings forth.

    Attributes
    ----------
    model : StanceModel
        Ready for use.
    pipelines : dict of str to sklearn.pipeline.Pipeline
        The fitted scikit-learn pipelines, by task.
    validations : dict of str to CrossValidation
        By task.
    examples : dict of str to Examples
        What was learned from, by task.
    """

    model: StanceModel
    pipelines: dict[str, Pipeline]
    validations: dict[str, CrossValidation]
    examples: dict[str, Examples]


def train(
    dataset: datasets.Dataset,
    summarize: Callable[[CrossValidation], Mapping[str, object]],
    advance: Callable[[int], object] = lambda steps: None,
    transfer: Mapping[str, Transfer] = NO_TRANSFER,
    fallback: StanceModel | None = None,
) -> Training:
    """Train stance and sentiment on labelled sentences.

    Parameters
    ----------
    dataset : datasets.Dataset
        With the columns of `stance.dataset.to_hugging_face`.
    summarize : callable
        Makes of the out-of-fold predictions the metrics that are kept with the model.
    advance : callable
        Called with the number of steps done since; there are `STEPS` in all.
    transfer : mapping of str to Transfer
        By task; `TRANSFER` for our own sentences, none for labels of real news.
    fallback : StanceModel, optional
        Gives the sentiment where no sentence is labelled for it.

    Returns
    -------
    Training

    Raises
    ------
    InputError
        If there are too few groups or labels.
    """
    sentences = from_hugging_face(dataset)
    tasks = {"stance": (STANCES, stance_examples(sentences)), "sentiment": (SENTIMENTS, sentiment_examples(sentences))}
    weights: dict[str, LinearModel] = {}
    conformal = {}
    if fallback and not tasks["sentiment"][1].views:
        del tasks["sentiment"]
        weights["sentiment"] = fallback.sentiment
        conformal["sentiment"] = fallback.info["conformal"]["sentiment"]
    pipelines, validations = {}, {}
    for task, (labels, examples) in tasks.items():
        validations[task], out_of_fold = _cross_validate(task, labels, examples, advance)
        pipelines[task] = _fit(task, validations[task].chosen, examples, out_of_fold, transfer[task])
        weights[task] = export(pipelines[task])
        conformal[task] = _conformal(validations[task], transfer[task])
        advance(1)
    info = {
        "dataset": {
            "sha256": digest(sentences),
            "sentences": len(sentences),
            "labels": len(validations["stance"].truth),
        },
        "settings": {task: asdict(validation.chosen) for task, validation in validations.items()},
        "transfer": {task: asdict(transfer[task]) for task in validations},
        "conformal": {"coverages": COVERAGES, **conformal},
        "cross_validation": {task: summarize(validation) for task, validation in validations.items()},
        "versions": {"python": platform.python_version()}
        | {name: version(name) for name in ("stance", "scikit-learn", "numpy", "scipy", "datasets")},
    }
    model = StanceModel(weights["stance"], weights["sentiment"], info)
    return Training(model, pipelines, validations, {task: examples for task, (_, examples) in tasks.items()})


STEPS = 2 * (FOLDS + 1)
