"""Training: scikit-learn learns, and what it learned is exported to a `StanceModel`."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from itertools import product
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import joblib
import numpy as np
import scipy.optimize
import scipy.sparse
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import Pipeline

from stance import features
from stance.actors import default_actors
from stance.dataset import LabelledSentence, digest, from_hugging_face
from stance.errors import InputError
from stance.lexicon import default_lexicon
from stance.model import LinearModel, StanceModel
from stance.records import SENTIMENTS, STANCES

if TYPE_CHECKING:
    import datasets

Array = NDArray[Any]

FOLDS = 5
SEED = 20
# A term of one sentence only teaches nothing about another.
MIN_SENTENCES = 2
# An actor needs this many labels for weights of its own, and a term this many of them: below that the deviations
# fitted noise and tripled the training time for no gain.
MIN_LABELS_OF_ACTOR = 60
# And so many of each class: else its name alone would speak for the class that it mostly has.
MIN_LABELS_OF_CLASS = 20
MIN_SENTENCES_OF_ACTOR = 4

# Weaker penalties win in cross-validation on our own sentences and lose on real ones.
STRENGTHS = (0.5, 2.0)
CLASS_WEIGHTS = (None, "balanced")
POOLINGS = (0.5, 1.0)


class Example(NamedTuple):
    """What a model sees of one label: the n-grams of each view, and the target."""

    views: features.Views
    actor: str | None


@dataclass(frozen=True, slots=True)
class Settings:
    """What cross-validation chooses.

    Attributes
    ----------
    strength : float
        Inverse of the L2 penalty (scikit-learn's ``C``).
    class_weight : {None, "balanced"}
        Whether rare classes weigh more.
    pooling : float
        Scale of an actor's own features: 0 shares all weights, more lets the actors differ.
    """

    strength: float
    class_weight: str | None
    pooling: float


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
    actors : tuple of str
        Target of each example; empty strings for sentiment.
    chosen : Settings
        The settings chosen.
    table : list of dict
        Macro-F1 of every candidate, mean over folds.
    """

    labels: tuple[str, ...]
    truth: Array
    probabilities: Array
    actors: tuple[str, ...]
    chosen: Settings
    table: list[dict[str, object]]


class PooledTfidf(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """TF-IDF per view, and a scaled copy of an actor's terms for each actor with enough labels.

    One logistic regression over both has weights = shared + own deviation: partial pooling, as the penalty holds the
    deviations small (Daume 2007, "Frustratingly easy domain adaptation"; Evgeniou and Pontil 2004).

    Parameters
    ----------
    views : tuple of str
        The views to weigh.
    pooling : float
        Scale of the actors' own copies; 0 for none.
    """

    def __init__(self, views: tuple[str, ...], pooling: float) -> None:
        self.views = views
        self.pooling = pooling

    def fit(self, examples: Sequence[Example], y: Array) -> PooledTfidf:
        """Learn the terms, their idf, and which of them each actor gets for itself."""
        self.vectorizers_ = {
            view: TfidfVectorizer(analyzer=itemgetter(view), binary=True, min_df=MIN_SENTENCES).fit(
                [example.views for example in examples]
            )
            for view in self.views
        }
        for vectorizer in self.vectorizers_.values():
            # The exported model keeps single precision.
            vectorizer.idf_ = vectorizer.idf_.astype(np.float32).astype(np.float64)
        shared = self._shared(examples)
        self.own_: dict[str, Array] = {}
        if self.pooling:
            counts = Counter(example.actor for example in examples)
            for actor in sorted(actor for actor in counts if actor and counts[actor] >= MIN_LABELS_OF_ACTOR):
                rows = self._rows(examples, actor)
                if min(np.bincount(y[rows], minlength=len(STANCES))) < MIN_LABELS_OF_CLASS:
                    continue
                mine = shared[rows]
                self.own_[actor] = np.flatnonzero(mine.getnnz(axis=0) >= MIN_SENTENCES_OF_ACTOR)
        return self

    def transform(self, examples: Sequence[Example]) -> Any:
        """Return a sparse matrix, shared columns first, then the actors' own in the order of `own_`."""
        shared = self._shared(examples)
        blocks = [shared]
        for actor, columns in self.own_.items():
            mine = scipy.sparse.diags_array([float(example.actor == actor) for example in examples])
            blocks.append(self.pooling * (mine @ shared[:, columns]))
        return scipy.sparse.hstack(blocks, format="csr")

    def _shared(self, examples: Sequence[Example]) -> Any:
        views = [example.views for example in examples]
        return scipy.sparse.hstack([self.vectorizers_[view].transform(views) for view in self.views], format="csr")

    @staticmethod
    def _rows(examples: Sequence[Example], actor: str) -> Array:
        return np.array([number for number, example in enumerate(examples) if example.actor == actor])


def stance_examples(sentences: Sequence[LabelledSentence]) -> tuple[list[Example], Array, list[str]]:
    """Return an example, a class index and a group for every label whose actor is found in its sentence."""
    examples, truth, groups = [], [], []
    for sentence in sentences:
        reading = _reading(sentence.text)
        named = set(reading.owners)
        for label in sentence.stance:
            if label.actor in named:
                examples.append(Example(features.stance_views(reading, label.actor), label.actor))
                truth.append(STANCES.index(label.label))
                groups.append(sentence.group)
    return examples, np.array(truth), groups


def sentiment_examples(sentences: Sequence[LabelledSentence]) -> tuple[list[Example], Array, list[str]]:
    """Return an example, a class index and a group for every sentence whose sentiment is settled."""
    settled = [sentence for sentence in sentences if sentence.sentiment]
    examples = [Example(features.sentiment_views(_reading(sentence.text)), None) for sentence in settled]
    truth = np.array([SENTIMENTS.index(sentence.sentiment) for sentence in settled])
    return examples, truth, [sentence.group for sentence in settled]


def _reading(text: str) -> features.Reading:
    return features.read(text, 0, len(text), default_actors().find(text), default_lexicon())


def _classifier(settings: Settings) -> LogisticRegression:
    return LogisticRegression(C=settings.strength, class_weight=settings.class_weight, max_iter=400)


def _views(task: str) -> tuple[str, ...]:
    return features.STANCE_VIEWS if task == "stance" else features.SENTIMENT_VIEWS


def _fold(
    views: tuple[str, ...],
    candidates: Sequence[Settings],
    examples: Sequence[Example],
    truth: Array,
    train: Array,
    test: Array,
) -> tuple[Array, list[Array]]:
    """Return the held-out rows of one fold and their logits under every candidate."""
    learned = PooledTfidf(views, 1.0).fit([examples[row] for row in train], truth[train])
    x_train = learned.transform([examples[row] for row in train])
    x_test = learned.transform([examples[row] for row in test])
    shared = sum(len(vectorizer.vocabulary_) for vectorizer in learned.vectorizers_.values())
    logits = []
    for settings in candidates:
        scale = np.ones(x_train.shape[1])
        scale[shared:] = settings.pooling
        scaled = scipy.sparse.diags_array(scale)
        classifier = _classifier(settings).fit(x_train @ scaled, truth[train])
        logits.append(classifier.decision_function(x_test @ scaled))
    return test, logits


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
    task: str,
    labels: tuple[str, ...],
    examples: Sequence[Example],
    truth: Array,
    groups: Sequence[str],
    advance: Callable[[int], object],
) -> tuple[CrossValidation, Array]:
    """Try every candidate on folds of whole writer groups; return the best and its out-of-fold logits."""
    if len(set(groups)) < FOLDS or min(np.bincount(truth, minlength=len(labels))) < FOLDS:
        raise InputError(
            f"too little to learn {task} from: at least {FOLDS} groups, and {FOLDS} labels of each of "
            f"{', '.join(labels)}, are needed; there are {len(set(groups))} groups and "
            + ", ".join(
                f"{count} {label}" for label, count in zip(labels, np.bincount(truth, minlength=3), strict=True)
            )
        )
    views = _views(task)
    poolings = POOLINGS if task == "stance" else (0.0,)
    candidates = [Settings(*choice) for choice in product(STRENGTHS, CLASS_WEIGHTS, poolings)]
    splits = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED).split(truth, truth, groups)
    jobs = [joblib.delayed(_fold)(views, candidates, examples, truth, train, test) for train, test in splits]
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
    validation = CrossValidation(
        labels, truth, probabilities[best], tuple(example.actor or "" for example in examples), candidates[best], table
    )
    return validation, logits[best]


def fit(views: tuple[str, ...], settings: Settings, examples: Sequence[Example], truth: Array) -> Pipeline:
    """Fit the given views on labelled examples, without calibration."""
    pipeline = Pipeline([("terms", PooledTfidf(views, settings.pooling)), ("weigh", _classifier(settings))])
    return pipeline.fit(examples, truth)


def _fit(task: str, settings: Settings, examples: Sequence[Example], truth: Array, out_of_fold: Array) -> Pipeline:
    """Fit on everything, with the calibration of the out-of-fold logits folded into the coefficients."""
    pipeline = fit(_views(task), settings, examples, truth)
    temperature, offsets = calibrate(out_of_fold, truth)
    classifier = pipeline["weigh"]
    terms = pipeline["terms"]
    # Half precision, as exported: the pipeline and the exported model must say the same. The own columns are exported
    # times their scale, so it is the product that is rounded.
    scale = np.ones(classifier.coef_.shape[1])
    scale[sum(len(vectorizer.vocabulary_) for vectorizer in terms.vectorizers_.values()) :] = settings.pooling
    classifier.coef_ = (classifier.coef_ / temperature * scale).astype(np.float16).astype(np.float64) / scale
    classifier.intercept_ = classifier.intercept_ / temperature + offsets
    return pipeline


def export(pipeline: Pipeline) -> LinearModel:
    """Return a fitted pipeline as arrays that NumPy alone can use."""
    terms: PooledTfidf = pipeline["terms"]
    classifier: LogisticRegression = pipeline["weigh"]
    vocabulary = {view: vectorizer.get_feature_names_out().tolist() for view, vectorizer in terms.vectorizers_.items()}
    weights = classifier.coef_.T
    first = sum(map(len, vocabulary.values()))
    own = {}
    last = first
    for actor, columns in terms.own_.items():
        own[actor] = (columns, (terms.pooling * weights[last : last + len(columns)]).astype(np.float32))
        last += len(columns)
    idf = np.concatenate([vectorizer.idf_ for vectorizer in terms.vectorizers_.values()])
    return LinearModel(vocabulary, idf, weights[:first], classifier.intercept_, own)


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
    """

    model: StanceModel
    pipelines: dict[str, Pipeline]
    validations: dict[str, CrossValidation]


def train(
    dataset: datasets.Dataset,
    summarize: Callable[[CrossValidation], Mapping[str, object]],
    advance: Callable[[int], object] = lambda steps: None,
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

    Returns
    -------
    Training

    Raises
    ------
    InputError
        If there are too few groups or labels.
    """
    sentences = from_hugging_face(dataset)
    tasks = {"stance": (STANCES, stance_examples), "sentiment": (SENTIMENTS, sentiment_examples)}
    pipelines, validations = {}, {}
    for task, (labels, make) in tasks.items():
        examples, truth, groups = make(sentences)
        validations[task], out_of_fold = _cross_validate(task, labels, examples, truth, groups, advance)
        pipelines[task] = _fit(task, validations[task].chosen, examples, truth, out_of_fold)
        advance(1)
    info = {
        "dataset": {
            "sha256": digest(sentences),
            "sentences": len(sentences),
            "labels": len(validations["stance"].truth),
        },
        "settings": {task: asdict(validation.chosen) for task, validation in validations.items()},
        "cross_validation": {task: summarize(validation) for task, validation in validations.items()},
        "versions": {"python": platform.python_version()}
        | {name: version(name) for name in ("stance", "scikit-learn", "numpy", "scipy", "datasets")},
    }
    model = StanceModel(export(pipelines["stance"]), export(pipelines["sentiment"]), info)
    return Training(model, pipelines, validations)


STEPS = 2 * (FOLDS + 1)
