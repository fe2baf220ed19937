"""How good the predictions are: macro-F1, calibration error, and what simpler methods reach on the same text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_fscore_support

from stance.dataset import ContrastPair, LabelledSentence
from stance.fit import CrossValidation
from stance.model import StanceModel
from stance.records import SENTIMENTS, STANCES

Array = NDArray[Any]

BINS = 10
# Scores of an actor with fewer labels are noise and are not listed.
FEWEST = 30
# VADER's authors: a compound score between these is neutral.
VADER_NEUTRAL = 0.05
# What is predicted for an actor that was not found in the sentence: never right.
NOT_FOUND = -1


@dataclass(frozen=True, slots=True)
class Scores:
    """Measures of one set of predictions against its labels.

    Attributes
    ----------
    n : int
        Labels.
    macro_f1 : float
        Mean F1 of the three classes; a class that is neither there nor predicted counts 0.
    f1 : dict of str to float
        F1 per class.
    support : dict of str to int
        Labels per class.
    accuracy : float
        Share of right labels.
    calibration_error : float or None
        Expected calibration error of the top label (Guo et al. 2017), in `BINS` equal bins; None where the
        predictions have no probabilities.
    classwise_error : dict of str to float, or None
        The same for each class's probability against how often it is right.
    """

    n: int
    macro_f1: float
    f1: dict[str, float]
    support: dict[str, int]
    accuracy: float
    calibration_error: float | None
    classwise_error: dict[str, float] | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Scores of a model and of baselines on labelled sentences.

    Attributes
    ----------
    stance : dict of str to Scores
        By method: "stance", "majority class", and "VADER" where it is installed.
    by_actor : dict of str to Scores
        Of the model, per actor.
    sentiment : dict of str to Scores
        By method.
    not_found : int
        Labels whose actor was not found in its sentence; they count as wrong.
    """

    stance: dict[str, Scores]
    by_actor: dict[str, Scores]
    sentiment: dict[str, Scores]
    not_found: int


def measure(labels: Sequence[str], truth: Array, predicted: Array, probabilities: Array | None = None) -> Scores:
    """Measure predictions.

    Parameters
    ----------
    labels : sequence of str
        The classes.
    truth, predicted : array of int, shape (n,)
        Indices into `labels`; `NOT_FOUND` in `predicted` is wrong whatever the truth.
    probabilities : array, shape (n, classes), optional
        Rows of NaN are left out of the calibration error.
    """
    classes = list(range(len(labels)))
    _, _, f1, support = precision_recall_fscore_support(truth, predicted, labels=classes, zero_division=0.0)
    error = classwise = None
    if probabilities is not None:
        known = ~np.isnan(probabilities[:, 0])
        probable, right = probabilities[known], truth[known]
        error = calibration_error(probable.max(axis=1), probable.argmax(axis=1) == right)
        classwise = {label: calibration_error(probable[:, k], right == k) for k, label in enumerate(labels)}
    return Scores(
        n=len(truth),
        macro_f1=float(np.mean(f1)),
        f1=dict(zip(labels, map(float, f1), strict=True)),
        support=dict(zip(labels, map(int, support), strict=True)),
        accuracy=float(np.mean(truth == predicted)),
        calibration_error=error,
        classwise_error=classwise,
    )


def by_actor(
    labels: Sequence[str], actors: Sequence[str], truth: Array, predicted: Array, probabilities: Array
) -> dict[str, Scores]:
    """`measure` for each actor by itself, the most frequent first."""
    named = np.array(actors, dtype=object)
    return {
        actor: measure(labels, truth[named == actor], predicted[named == actor], probabilities[named == actor])
        for actor, _ in Counter(actor for actor in actors if actor).most_common()
    }


def table(scores: Mapping[str, Scores], labels: Sequence[str]) -> str:
    """Return scores as a table of plain text, a line each."""
    width = max(14, *(len(name) for name in scores))
    lines = [
        f"  {'':<{width}}  {'n':>5}  macro-F1  accuracy  calibration error  " + "  ".join(f"F1 {x:<9}" for x in labels)
    ]
    for name, score in scores.items():
        error = "–" if score.calibration_error is None else f"{score.calibration_error:.3f}"
        lines.append(
            f"  {name:<{width}}  {score.n:>5,}  {score.macro_f1:>8.3f}  {score.accuracy:>8.3f}  {error:>17}  "
            + "  ".join(f"{score.f1[x]:>5.3f} ({score.support[x]:>4})" for x in labels)
        )
    return "\n".join(lines)


def calibration_error(confidence: Array, right: Array) -> float:
    """Expected calibration error: mean distance of confidence and success over equal bins, weighted by their size."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    distance = sum(abs(float(np.sum(confidence[bins == b] - right[bins == b]))) for b in range(BINS))
    return distance / max(1, len(confidence))


def reliability(confidence: Array, right: Array) -> list[dict[str, float]]:
    """Per bin of confidence that has predictions: their number, mean confidence, and share that is right."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return [
        {
            "n": int(np.sum(bins == b)),
            "confidence": float(confidence[bins == b].mean()),
            "right": float(right[bins == b].mean()),
        }
        for b in range(BINS)
        if np.any(bins == b)
    ]


def evaluate(model: StanceModel, sentences: Sequence[LabelledSentence]) -> Evaluation:
    """Predict labelled sentences from their text alone, as a user would, and measure model and baselines.

    An actor that the model does not find in its sentence counts as wrong. Probabilities of an actor or a tone over a
    text of several sentences are the text's.
    """
    truth, actors, probabilities, texts = [], [], [], []
    tone_truth, tone_probabilities, tone_texts = [], [], []
    for sentence, prediction in zip(sentences, model.predict_batch(s.text for s in sentences), strict=True):
        for label in sentence.stance:
            truth.append(STANCES.index(label.label))
            actors.append(label.actor)
            texts.append(sentence.text)
            found = prediction.get(label.actor)
            probabilities.append(list(found.probabilities.values()) if found else [np.nan] * len(STANCES))
        if sentence.sentiment:
            tone_truth.append(SENTIMENTS.index(sentence.sentiment))
            tone_texts.append(sentence.text)
            tone_probabilities.append(list(prediction.sentiment.probabilities.values()))
    right = np.array(truth, dtype=int)
    probable = np.array(probabilities, dtype=float).reshape(len(truth), len(STANCES))
    found_at_all = ~np.isnan(probable[:, 0])
    predicted = np.where(found_at_all, np.nan_to_num(probable).argmax(axis=1), NOT_FOUND)
    tone = np.array(tone_truth, dtype=int)
    tone_probable = np.array(tone_probabilities, dtype=float).reshape(len(tone), len(SENTIMENTS))
    return Evaluation(
        stance={
            "stance": measure(STANCES, right, predicted, probable),
            **_baselines(STANCES, right, texts),
        },
        by_actor=by_actor(STANCES, actors, right, predicted, probable),
        sentiment={
            "stance": measure(SENTIMENTS, tone, tone_probable.argmax(axis=1), tone_probable),
            **_baselines(SENTIMENTS, tone, tone_texts),
        }
        if tone_truth
        else {},
        not_found=int(np.sum(~found_at_all)),
    )


def pairs_right(model: StanceModel, pairs: Sequence[ContrastPair]) -> dict[str, tuple[int, int]]:
    """Count contrast pairs of which all is right: the label of every changed actor in both sentences.

    Whoever gives both sentences of a pair the same answer has none right, whatever the answer (Gardner et al. 2020).

    Returns
    -------
    dict of str to (int, int)
        By kind of edit, and for "all": pairs that are right, and pairs.
    """
    counts = {"all": [0, 0]}
    for pair in pairs:
        predictions = [(sentence, model.predict(sentence.text)) for sentence in (pair.first, pair.second)]
        right = all(
            (found := prediction.get(label.actor)) is not None and found.label == label.label
            for sentence, prediction in predictions
            for label in sentence.stance
            if label.actor in pair.changed
        )
        for kind in ("all", pair.edit):
            count = counts.setdefault(kind, [0, 0])
            count[0] += right
            count[1] += 1
    return {kind: (right, total) for kind, (right, total) in sorted(counts.items())}


def _baselines(labels: Sequence[str], truth: Array, texts: Sequence[str]) -> dict[str, Scores]:
    """Always the most frequent label, and VADER's tone of the sentence taken for the stance toward everyone in it."""
    majority = np.full_like(truth, np.bincount(truth).argmax())
    result = {"majority class": measure(labels, truth, majority)}
    if vader_installed():
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

        analyzer = SentimentIntensityAnalyzer()
        compound = np.array([analyzer.polarity_scores(text)["compound"] for text in texts])
        tone = 1 + (compound >= VADER_NEUTRAL).astype(int) - (compound <= -VADER_NEUTRAL).astype(int)
        result["VADER"] = measure(labels, truth, tone)
    return result


def vader_installed() -> bool:
    """Whether VADER (extra ``bench``) is there to be compared with."""
    return find_spec("vaderSentiment") is not None


def summarize(validation: CrossValidation) -> dict[str, object]:
    """Return the measures of out-of-fold predictions, overall and per actor with at least `FEWEST` labels, as
    plain data."""
    predicted = validation.probabilities.argmax(axis=1)
    overall = measure(validation.labels, validation.truth, predicted, validation.probabilities)
    actors = by_actor(validation.labels, validation.actors, validation.truth, predicted, validation.probabilities)
    kept = {actor: asdict(scores) for actor, scores in actors.items() if scores.n >= FEWEST}
    return asdict(overall) | ({"by_actor": kept} if kept else {})
