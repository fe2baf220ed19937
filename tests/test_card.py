"""The model card: its figures, and that it says what it must."""

from __future__ import annotations

import numpy as np
import pytest

from stance.card import Judged, card, on_gold, risk_coverage, with_interval
from stance.charts import risk_coverage as draw
from stance.dataset import LabelledSentence, StanceLabelled
from stance.model import StanceModel


def judged(n: int = 300, seed: int = 0) -> Judged:
    random = np.random.default_rng(seed)
    truth = random.integers(0, 3, n)
    probabilities = random.dirichlet([1, 1, 1], n)
    probabilities[np.arange(n), truth] += 0.5
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    groups = np.array([f"g{i % 30}" for i in range(n)], dtype=object)
    return Judged(truth, probabilities, groups, {"actor": np.array(["Russia"] * n, dtype=object)})


def test_the_interval_holds_the_score_and_narrows_with_more() -> None:
    """Bootstrap over groups: around the score, and narrower where there are more groups."""
    few, many = judged(300), judged(300)
    many = Judged(many.truth, many.probabilities, np.array([str(i) for i in range(300)], dtype=object), many.facets)
    one = Judged(few.truth, few.probabilities, np.array(["g"] * 300, dtype=object), few.facets)
    everything = np.ones(300, dtype=bool)
    score, low, high = with_interval(few, everything)
    assert low < score < high
    assert with_interval(many, everything)[0] == pytest.approx(score)
    # A single source tells nothing about another.
    assert list(with_interval(one, everything)[1:]) == pytest.approx([score, score])


def test_risk_rises_with_coverage() -> None:
    """The surest are wrong least often, and all together as often as the accuracy says."""
    some = judged(2_000)
    points = risk_coverage(some)
    wrong = np.mean(some.probabilities.argmax(axis=1) != some.truth)
    assert points[-1] == {"coverage": 1.0, "error": pytest.approx(wrong)}
    assert points[3]["error"] < points[-1]["error"]
    figure, rows = draw({"some": points}, "source")
    assert len(rows) == len(points)
    assert figure.axes[0].get_legend() is not None


def test_actors_that_are_not_found_are_left_out(model: StanceModel) -> None:
    """Only labels whose actor the model finds are judged."""
    labels = (StanceLabelled("Russia", "against", "narrator"), StanceLabelled("Peru", "favor", "narrator"))
    found = on_gold(model, [LabelledSentence("1", "Russia lied.", None, labels, "wire", "g")])
    assert found.facets["actor"].tolist() == ["Russia"]
    assert found.facets["words in the sentence"].tolist() == ["0 to 12"]


def test_the_card_tells_what_it_must(model: StanceModel) -> None:
    """Data, use and misuse, figures with intervals, certainty, names, speed, limits."""
    texts = ["Russia's troops shelled Kharkiv.", "NATO thanked Poland."]
    written = card(model, judged(), ("gold sentences", judged(seed=1)), texts, {"Russia": (300, 0.6)})
    for part in ("## Data and model", "not for", "95 % interval", "actor: Russia", "coverage asked", "Actors left out", "exchanged",
                 "a second", "cannot do", "risk-coverage.png", "gold sentences"):  # fmt: skip
        assert part in written
    assert "nan" not in written
