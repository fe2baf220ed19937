"""The model card: what a model was trained on, how good it is and where, how sure it may be, and what it is not for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.audit import Audit, audit
from stance.dataset import LabelledSentence, StanceLabelled
from stance.evaluate import FEWEST, measure
from stance.fit import CrossValidation, labels_found
from stance.model import StanceModel
from stance.records import STANCES

Array = NDArray[Any]

RESAMPLES = 1_000
SEED = 7
# Macro-F1 over a class with fewer labels is noise.
FEWEST_OF_A_CLASS = 3
# Words of a sentence, as its length is told.
LENGTHS = ((0, 12), (13, 20), (21, 30), (31, 1_000))
COVERAGES = (0.8, 0.9, 0.95)
# Sentences exchanged in the audit of a card, about.
AUDITED = 1_500
_TIMED = 300


@dataclass(frozen=True, slots=True)
class Judged:
    """Predictions beside their labels, and what is known of each.

    Attributes
    ----------
    truth : array of int, shape (n,)
    probabilities : array of float, shape (n, 3)
    groups : array of str, shape (n,)
        Sources, which are drawn as a whole when intervals are made.
    facets : dict of str to array of str, shape (n,)
        Actor, register, voice, length of each.
    """

    truth: Array
    probabilities: Array
    groups: Array
    facets: dict[str, Array]


def out_of_fold(sentences: Sequence[LabelledSentence], validation: CrossValidation) -> Judged:
    """Return the out-of-fold predictions of a training."""
    return _judged([(sentence, label) for sentence, label, _ in labels_found(sentences)], validation.probabilities)


def on_gold(model: StanceModel, sentences: Sequence[LabelledSentence]) -> Judged:
    """Return a model's predictions on sentences that it did not see; actors that it does not find are left out."""
    places, probabilities = [], []
    for sentence in sentences:
        prediction = model.predict(sentence.text)
        for label in sentence.stance:
            if label.actor in prediction:
                places.append((sentence, label))
                probabilities.append(list(prediction[label.actor].probabilities.values()))
    return _judged(places, np.array(probabilities).reshape(len(places), len(STANCES)))


def _judged(places: Sequence[tuple[LabelledSentence, StanceLabelled]], probabilities: Array) -> Judged:
    def column(value: Callable[[LabelledSentence, StanceLabelled], str]) -> Array:
        return np.array([value(sentence, label) for sentence, label in places], dtype=object)

    return Judged(
        np.array([STANCES.index(label.label) for _, label in places]),
        probabilities,
        column(lambda sentence, _: sentence.group),
        {
            "actor": column(lambda _, label: label.actor),
            "register": column(lambda sentence, _: sentence.register or ""),
            "voice": column(lambda _, label: label.voice or ""),
            "words in the sentence": column(lambda sentence, _: _length(sentence.text)),
        },
    )


def _length(text: str) -> str:
    count = len(text.split())
    low, high = next((low, high) for low, high in LENGTHS if count <= high)
    return f"{low} to {high}" if high < LENGTHS[-1][1] else f"{low} or more"


Interval = tuple[float, float, float]


def with_interval(judged: Judged, chosen: Array) -> Interval:
    """Macro-F1 of the chosen rows with its 95 % interval: percentile cluster bootstrap over groups."""
    return _bootstrapped(judged, chosen, lambda confusion: np.mean(_f1(confusion), axis=1))


def _bootstrapped(judged: Judged, chosen: Array, measure: Callable[[Array], Array]) -> Interval:
    groups, number = np.unique(judged.groups[chosen].astype(str), return_inverse=True)
    predicted = judged.probabilities[chosen].argmax(axis=1)
    confusion = np.zeros((len(groups), 3, 3))
    np.add.at(confusion, (number, judged.truth[chosen], predicted), 1)
    draws = np.random.default_rng(SEED).multinomial(len(groups), np.full(len(groups), 1 / len(groups)), RESAMPLES)
    low, high = np.percentile(measure(np.tensordot(draws, confusion, axes=1)), [2.5, 97.5])
    return float(measure(confusion.sum(axis=0)[None])[0]), float(low), float(high)


def _f1(confusion: Array) -> Array:
    """F1 of each class, for each of several confusion matrices."""
    right = np.diagonal(confusion, axis1=1, axis2=2)
    either = confusion.sum(axis=1) + confusion.sum(axis=2)
    result: Array = 2 * right / np.maximum(either, 1)
    return result


def _f1_of(number: int, confusion: Array) -> Array:
    result: Array = _f1(confusion)[:, number]
    return result


def risk_coverage(judged: Judged) -> list[dict[str, float]]:
    """Return, for shares of the predictions of which the model is surest, how often it is wrong (El-Yaniv and Wiener 2010)."""
    order = np.argsort(-judged.probabilities.max(axis=1), kind="stable")
    wrong = (judged.probabilities.argmax(axis=1) != judged.truth)[order]
    errors = np.cumsum(wrong) / np.arange(1, len(wrong) + 1)
    return [
        {"coverage": share, "error": float(errors[max(0, round(share * len(wrong)) - 1)])}
        for share in np.arange(5, 101, 5) / 100
    ]


def card(
    model: StanceModel,
    own: Judged,
    gold: tuple[str, Judged] | None,
    texts: Sequence[str],
    unseen: Mapping[str, tuple[int, float]],
) -> str:
    """Return the card as Markdown.

    Parameters
    ----------
    model : StanceModel
    own : Judged
        Out of fold.
    gold : (str, Judged), optional
        Where other labelled sentences are from, and the predictions on them.
    texts : sequence of str
        To exchange names in, and to time.
    unseen : mapping of str to (int, float)
        Labels and macro-F1 of actors that were left out of the training.
    """
    step = max(1, len(texts) // AUDITED)
    audited = audit(model, texts[::step])
    info = model.info
    lines = [
        "# Model card",
        "",
        "Generated by the training. Stance toward geopolitical actors in English news sentences: `against`, `neutral`, `favor`.",
        "",
        "## Data and model",
        "",
        f"{info['dataset']['sentences']:,} sentences, {info['dataset']['labels']:,} labels; digest `{info['dataset']['sha256'][:12]}`. "
        "TF-IDF over views of the sentence with the actor masked, and over entries of a connotation lexicon by their place; "
        "multinomial logistic regression with the same weights for all actors; "
        f"{len(model.stance.idf):,} terms. Settings: {_told(info['settings'])}. Transfer to news: {_told(info['transfer'])}.",
        "",
        "## For what, and for what not",
        "",
        "For comparing how outlets write about states and alliances, over many articles and with intervals; for finding sentences to "
        "read. Not for judging a person, an author or a single article; not for saying what is true; not for languages other than "
        "English; not where a wrong label harms somebody.",
        "",
        "## How good it is",
        "",
        "Macro-F1 with 95 % intervals (bootstrap over sources as a whole), accuracy, and expected calibration error of the three "
        "probabilities.",
        "",
        "### Out of fold, on what it was trained on, by folds of whole groups",
        "",
        *_tables(own),
    ]
    if gold:
        name, judged = gold
        lines += ["", f"### On {name}, which it did not see", "", *_tables(judged), "", *_certainty(model, judged)]
    if unseen:
        lines += ["", "### Actors left out of the training", "", "| actor | n | macro-F1 |", "| --- | --- | --- |"]
        lines += [f"| {actor} | {n:,} | {score:.3f} |" for actor, (n, score) in unseen.items()]
    lines += [
        "",
        *_fairness(audited),
        "",
        "## Speed",
        "",
        f"{_rate(model, texts):,.0f} sentences a second, one by one, on the machine that trained it.",
    ]
    lines += [
        "",
        "## What it cannot do",
        "",
        "Irony, understatement, denials over several clauses, stance that lies in facts rather than words; praise told in passing is "
        "missed most. Probabilities of single sentences are rough. Words that go with an actor in news (places, wars) are not masked: "
        "the audit shows that the name moves nothing, not that the topic does not.",
        "",
    ]
    return "\n".join(lines)


def _told(settings: Mapping[str, Mapping[str, object]]) -> str:
    return "; ".join(f"{task}: " + ", ".join(f"{k} {v}" for k, v in s.items()) for task, s in settings.items())


def _tables(judged: Judged) -> Iterator[str]:
    yield "| | n | macro-F1 | 95 % interval | accuracy | calibration error: against, neutral, favor |"
    yield "| --- | --- | --- | --- | --- | --- |"
    everything = np.ones(len(judged.truth), dtype=bool)
    yield _row("**all**", judged, everything)
    for facet, values in judged.facets.items():
        names, counts = np.unique(values.astype(str), return_counts=True)
        order = np.argsort(-counts, kind="stable") if facet == "actor" else range(len(names))
        for place in order:
            chosen = values == names[place]
            classes = np.bincount(judged.truth[chosen], minlength=len(STANCES))
            if names[place] and counts[place] >= FEWEST and min(classes) >= FEWEST_OF_A_CLASS:
                yield _row(f"{facet}: {names[place]}", judged, chosen)
    predicted = judged.probabilities.argmax(axis=1)
    yield ""
    yield "| class | labels | precision | recall | F1 | 95 % interval |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for k, label in enumerate(STANCES):
        right = np.sum((predicted == k) & (judged.truth == k))
        said, there = np.sum(predicted == k), np.sum(judged.truth == k)
        f1, low, high = _bootstrapped(judged, everything, partial(_f1_of, k))
        yield (
            f"| {label} | {there:,} | {right / max(1, said):.3f} | {right / max(1, there):.3f} | {f1:.3f} | "
            f"{low:.3f} to {high:.3f} |"
        )


def _row(name: str, judged: Judged, chosen: Array) -> str:
    score, low, high = with_interval(judged, chosen)
    probabilities = judged.probabilities[chosen]
    scores = measure(STANCES, judged.truth[chosen], probabilities.argmax(axis=1), probabilities)
    errors = ", ".join(f"{error:.3f}" for error in (scores.classwise_error or {}).values())
    return f"| {name} | {scores.n:,} | {score:.3f} | {low:.3f} to {high:.3f} | {scores.accuracy:.3f} | {errors} |"


def _certainty(model: StanceModel, judged: Judged) -> Iterator[str]:
    yield "**Prediction sets.** Asked for a coverage, the model gives all labels that are probable enough:"
    yield ""
    yield "| coverage asked | got | labels in a set | sets of one label | of these right |"
    yield "| --- | --- | --- | --- | --- |"
    known = model.info["conformal"]
    rows = np.arange(len(judged.truth))
    best = judged.probabilities.argmax(axis=1)
    for coverage in COVERAGES:
        sets = judged.probabilities >= np.interp(coverage, known["coverages"], known["stance"])
        sets[rows, best] = True
        single = sets.sum(axis=1) == 1
        yield (
            f"| {coverage:.0%} | {sets[rows, judged.truth].mean():.1%} | {sets.sum(axis=1).mean():.2f} | {single.mean():.1%} | "
            f"{np.mean(best[single] == judged.truth[single]):.1%} |"
        )
    yield ""
    points = {point["coverage"]: point["error"] for point in risk_coverage(judged)}
    told = ", ".join(f"{share:.0%}: {points[share]:.1%}" for share in (0.25, 0.5, 0.75, 1.0))
    yield f"**Risk and coverage.** Share of the surest predictions, and how many of them are wrong: {told} ([curve](risk-coverage.png))."


def _fairness(result: Audit) -> Iterator[str]:
    overall = result.overall
    yield "## Names"
    yield ""
    yield (
        f"{result.sentences:,} sentences with the actors' names exchanged, {overall.n:,} predictions: {overall.label_share:.2%} got another "
        f"label, the score moved by {overall.mean_moved:.4f} on average. `stance audit` repeats it, pair by pair."
    )
    yield ""
    yield "| exchanged | n | other label | mean change of score |"
    yield "| --- | --- | --- | --- |"
    for (one, other), change in result.pairs.items():
        yield f"| {one} → {other} | {change.n:,} | {change.label_share:.2%} | {change.mean_moved:.4f} |"
    for kind, change in result.kinds.items():
        yield f"| {kind}, within an actor | {change.n:,} | {change.label_share:.2%} | {change.mean_moved:.4f} |"


def _rate(model: StanceModel, texts: Sequence[str]) -> float:
    some = texts[:: max(1, len(texts) // _TIMED)]
    start = time.perf_counter()
    for text in some:
        model.predict(text)
    return len(some) / (time.perf_counter() - start)
