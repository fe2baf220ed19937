"""Records own their arithmetic."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.records import OutletFrame, Prediction, Sentence, Sentiment, Stance


@st.composite
def probabilities(draw: st.DrawFn) -> tuple[float, float, float]:
    parts = draw(st.tuples(*[st.floats(0.001, 1)] * 3))
    total = sum(parts)
    return parts[0] / total, parts[1] / total, parts[2] / total


def sentence(*stances: Stance) -> Sentence:
    return Sentence("", 0, 0, (), {stance.actor: stance for stance in stances}, Sentiment(0.2, 0.3, 0.5))


@given(probabilities())
def test_score_and_label_agree_with_the_probabilities(p: tuple[float, float, float]) -> None:
    """The score lies in [-1, 1], and no class is more probable than the label's."""
    stance = Stance("Russia", *p)
    assert -1 <= stance.score <= 1
    assert stance.score == p[2] - p[0]
    assert stance.label is not None
    assert stance.probabilities[stance.label] == max(p)
    assert stance.labels == (stance.label,)


@given(probabilities(), st.floats(0, 1))
def test_a_prediction_set_holds_what_is_probable_enough(p: tuple[float, float, float], threshold: float) -> None:
    """With a threshold the set has all labels that reach it, at least the best, and a label only where it is one."""
    stance = Stance("Russia", *p, threshold=threshold)
    reached = {label for label, value in stance.probabilities.items() if value >= threshold}
    assert reached <= set(stance.labels)
    assert len(stance.labels) == max(1, len(reached))
    assert stance.label == (stance.labels[0] if len(stance.labels) == 1 else None)


@given(st.lists(probabilities(), min_size=1, max_size=6))
def test_mean_of_stances_is_a_distribution_between_its_parts(parts: list[tuple[float, float, float]]) -> None:
    """An average over sentences adds up to 1 and its score lies between the sentences' scores."""
    stances = [Stance("China", *p) for p in parts]
    mean = Stance.mean(stances)
    assert math.isclose(sum(mean.probabilities.values()), 1)
    assert min(s.score for s in stances) - 1e-9 <= mean.score <= max(s.score for s in stances) + 1e-9
    assert mean.sentences == len(parts)


def test_mean_of_means_weighs_by_sentences() -> None:
    """Averages can be averaged again without changing the result."""
    a, b, c = (Stance("EU", x, 1 - x, 0.0) for x in (0.1, 0.4, 0.7))
    assert Stance.mean([Stance.mean([a, b]), c]).p_against == pytest.approx(Stance.mean([a, b, c]).p_against)


def test_mean_tells_mixed_voices() -> None:
    """Two voices make "mixed" and no single speaker; one voice stays; two speakers for one actor leave the actor."""
    own = Stance("EU", 0.2, 0.6, 0.2)
    orban = Stance("EU", 0.2, 0.6, 0.2, "attributed", "Orban", "Hungary")
    minister = Stance("EU", 0.2, 0.6, 0.2, "attributed", "Szijjarto", "Hungary")

    def told(*stances: Stance) -> tuple[str, str | None, str | None]:
        mean = Stance.mean(stances)
        return mean.voice, mean.speaker, mean.speaker_actor

    assert told(own, orban) == ("mixed", None, None)
    assert told(orban, orban) == ("attributed", "Orban", "Hungary")
    assert told(orban, minister) == ("attributed", None, "Hungary")


def test_prediction_is_a_mapping_in_order_of_mention() -> None:
    """A prediction works like a dictionary from actor to stance over all sentences."""
    one = sentence(Stance("NATO", 0.8, 0.1, 0.1), Stance("Russia", 0.1, 0.8, 0.1))
    two = sentence(Stance("NATO", 0.0, 0.1, 0.9))
    prediction = Prediction.gather([one, two])
    assert list(prediction) == ["NATO", "Russia"]
    assert prediction["NATO"].sentences == 2
    assert prediction["NATO"].p_against == pytest.approx(0.4)
    assert "China" not in prediction
    assert prediction.sentiment.label == "positive"


def test_prediction_of_nothing_is_empty_and_neutral() -> None:
    """No sentence, no actor: an empty mapping with a neutral tone."""
    prediction = Prediction.gather([])
    assert len(prediction) == 0
    assert prediction.sentiment.label == "neutral"
    assert prediction.sentiment.score == 0


@pytest.mark.parametrize(
    ("low", "high", "articles", "leans"),
    [(-0.3, -0.1, 20, "against"), (0.1, 0.3, 20, "favor"), (-0.1, 0.1, 20, None), (0.1, 0.3, 9, None)],
)
def test_frame_leans_only_where_its_interval_is_clear_of_zero(
    low: float, high: float, articles: int, leans: str | None
) -> None:
    """An outlet leans where the whole interval lies on one side and there are articles enough."""
    frame = OutletFrame("A", "EU", None, articles, articles, 0.0, low, high, 0.3, 0.4, 0.3, 10)
    assert frame.leans == leans
    assert frame.enough == (articles >= 10)
