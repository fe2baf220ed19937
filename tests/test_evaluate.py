"""Measures, on cases small enough to count by hand."""

from __future__ import annotations

import numpy as np
import pytest

from stance.dataset import ContrastPair, LabelledSentence, StanceLabelled
from stance.evaluate import calibration_error, evaluate, measure, pairs_right, reliability, table
from stance.model import StanceModel
from stance.records import STANCES


def test_macro_f1_by_hand() -> None:
    """Two of three right in one class, one confusion: F1 as counted on paper."""
    scores = measure(STANCES, np.array([0, 0, 1, 1, 1, 2]), np.array([0, 1, 1, 1, 1, 1]))
    assert scores.f1 == pytest.approx({"against": 2 / 3, "neutral": 6 / 8, "favor": 0.0})
    assert scores.macro_f1 == pytest.approx((2 / 3 + 6 / 8 + 0) / 3)
    assert scores.accuracy == pytest.approx(4 / 6)
    assert scores.support == {"against": 2, "neutral": 3, "favor": 1}
    assert scores.calibration_error is None


def test_calibration_error_by_hand() -> None:
    """Ten predictions at 0.75 of which half are right are off by 0.25; a certain right one adds nothing."""
    assert calibration_error(np.full(10, 0.75), np.arange(10) < 5) == pytest.approx(0.25)
    assert calibration_error(np.array([1.0]), np.array([True])) == 0
    bins = reliability(np.array([0.75, 0.75, 1.0]), np.array([True, False, True]))
    assert bins == [{"n": 2, "confidence": 0.75, "right": 0.5}, {"n": 1, "confidence": 1.0, "right": 1.0}]


def labelled(text: str, sentiment: str | None = None, **labels: str) -> LabelledSentence:
    stance = tuple(StanceLabelled(actor, label) for actor, label in labels.items())
    return LabelledSentence(text, text, sentiment, stance, None, text)


def test_an_actor_that_is_not_found_counts_as_wrong(model: StanceModel) -> None:
    """A label whose actor the model overlooks is never right, not even if it is neutral."""
    result = evaluate(model, [labelled("It rained.", Russia="neutral"), labelled("China met Japan.", China="neutral")])
    assert result.not_found == 1
    assert result.by_actor["Russia"].accuracy == 0
    assert result.by_actor["China"].accuracy == 1
    assert result.stance["stance"].accuracy == 0.5
    assert result.sentiment == {}


def test_baselines_stand_beside(model: StanceModel) -> None:
    """The majority class and VADER are measured on the same labels."""
    result = evaluate(
        model,
        [
            labelled("Russia murdered children in a horrible crime.", "negative", Russia="against"),
            labelled("A wonderful, generous Norway won love and praise.", "positive", Norway="favor"),
            labelled("China, which is hated and cruel, met Japan.", "negative", Japan="against"),
        ],
    )
    assert set(result.stance) == {"stance", "majority class", "VADER"}
    assert result.stance["majority class"].accuracy == pytest.approx(2 / 3)
    assert result.stance["VADER"].accuracy == 1
    assert "macro-F1" in table(result.stance, STANCES)


def test_a_pair_is_right_only_if_both_sentences_are(model: StanceModel) -> None:
    """One answer for both sentences of a pair is no half success; an actor whose label does not change is not asked."""
    accused = labelled("Norway accused Japan of torturing prisoners.", Norway="neutral", Japan="against")
    turned = labelled("Japan accused Norway of torturing prisoners.", Japan="neutral", Norway="against")
    same = labelled("Norway accused Japan of torturing prisoners again.", Norway="neutral", Japan="neutral")
    counts = pairs_right(model, [ContrastPair("1", "roles", accused, turned), ContrastPair("2", "word", accused, same)])
    assert counts == {"all": (1, 2), "roles": (1, 1), "word": (0, 1)}
    assert ContrastPair("2", "word", accused, same).changed == ("Japan",)
