"""Framing: known answers, and intervals that cover what they claim."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import InputError
from stance.framing import Length, Scored, frames, interval, periods


def scored(
    article: str, score: float, outlet: str = "A", month: str | None = "2025-01", voice: str = "narrator"
) -> Scored:
    return Scored(article, outlet, month, "EU", max(0.0, -score), 1 - abs(score), max(0.0, score), voice)


def test_net_is_the_mean_over_sentences() -> None:
    """Articles with more sentences weigh more, and the probabilities are averaged alike."""
    rows = [scored("1", 0.5), scored("1", 0.1), scored("2", -0.3)]
    (frame,) = frames(rows, minimum=2)
    assert (frame.articles, frame.rows) == (2, 3)
    assert frame.net == pytest.approx(0.1)
    assert frame.against + frame.neutral + frame.favor == pytest.approx(1)
    assert frame.favor - frame.against == pytest.approx(frame.net)


def test_the_outlets_voice_apart_from_those_it_quotes() -> None:
    """Frames can be taken over the outlet's own sentences, over those it attributes, or over both."""
    rows = [scored("1", -0.4), scored("1", 0.8, voice="attributed"), scored("2", -0.2)]
    assert [frames(rows, voice="both")[0].rows, frames(rows)[0].rows] == [3, 3]
    (own,), (quoted,) = frames(rows, voice="narrator"), frames(rows, voice="attributed")
    assert (own.rows, quoted.rows) == (2, 1)
    assert own.net == pytest.approx(-0.3)
    assert quoted.net == pytest.approx(0.8)


def test_cells_are_outlet_actor_and_month() -> None:
    """By month, rows without a date are left out; otherwise they count."""
    rows = [
        scored("1", 0.5),
        scored("2", 0.5, month="2025-02"),
        scored("3", 0.5, month=None),
        scored("4", 0, outlet="B"),
    ]
    assert [(f.outlet, f.period, f.articles) for f in frames(rows)] == [("A", None, 3), ("B", None, 1)]
    assert [(f.outlet, f.period) for f in frames(rows, by="month")] == [
        ("A", "2025-01"), ("A", "2025-02"), ("B", "2025-01"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("month", ["2024-12", "2025-01", "2025-04"]),
        ("quarter", ["2024-Q4", "2025-Q1", "2025-Q2"]),
        ("year", ["2024", "2025"]),
    ],
)
def test_periods_hold_their_months(by: Length, expected: list[str]) -> None:
    """Months fall into the right quarter and year."""
    rows = [scored(month, 0.1, month=month) for month in ("2025-04", "2024-12", "2025-01")]
    assert [frame.period for frame in frames(rows, by=by)] == expected


def test_periods_run_across_years_without_a_gap() -> None:
    """Every period between two others is named once, whatever their length."""
    assert periods("2024-11", "2025-02") == ["2024-11", "2024-12", "2025-01", "2025-02"]
    assert periods("2024-Q3", "2025-Q1") == ["2024-Q3", "2024-Q4", "2025-Q1"]
    assert periods("2023", "2025") == ["2023", "2024", "2025"]
    assert periods("2025-03", "2025-03") == ["2025-03"]


def test_too_few_articles_have_no_interval() -> None:
    """Below the minimum a figure has no interval, and one article can never have one."""
    rows = [scored(str(number), 0.1 * number) for number in range(5)]
    (few,) = frames(rows, minimum=6)
    (enough,) = frames(rows, minimum=5)
    assert math.isnan(few.low)
    assert math.isnan(few.high)
    assert enough.low < enough.net < enough.high
    with pytest.raises(InputError, match="at least 2"):
        frames(rows, minimum=1)


@given(st.lists(st.tuples(st.floats(-5, 5), st.integers(1, 9)), min_size=2, max_size=30))
def test_interval_lies_among_the_clusters(clusters: list[tuple[float, int]]) -> None:
    """No replicate leaves the range of the clusters' own means, and the same data give the same interval."""
    totals = [total * count for total, count in clusters]
    counts = [count for _, count in clusters]
    low, high = interval(totals, counts)
    means = [total for total, _ in clusters]
    assert min(means) - 1e-9 <= low <= high <= max(means) + 1e-9
    assert (low, high) == interval(totals, counts)


def test_interval_covers_the_truth() -> None:
    """With 40 articles of correlated sentences, 95 % intervals hold the true mean 90 to 98 times in 100."""
    random = np.random.default_rng(11)
    covered = 0
    trials = 400
    for _ in range(trials):
        counts = random.integers(1, 8, size=40)
        article = random.normal(0.1, 0.3, size=40)
        totals = [float(np.sum(a + random.normal(0, 0.2, size=n))) for a, n in zip(article, counts, strict=True)]
        low, high = interval(totals, counts)
        covered += low <= 0.1 <= high
    assert 0.90 <= covered / trials <= 0.98


def test_interval_treats_an_article_as_one() -> None:
    """Ten copies of each sentence within its article add no certainty."""
    random = np.random.default_rng(4)
    totals = random.normal(size=30)
    assert interval(totals, np.ones(30)) == pytest.approx(interval(totals * 10, np.full(30, 10)))
