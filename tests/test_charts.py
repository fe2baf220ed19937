"""Figures: they show what is in their rows, and nothing is cut off."""

from __future__ import annotations

import math

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from stance import charts
from stance.model import StanceModel
from stance.records import SENTIMENTS, STANCES, OutletFrame


def frame(outlet: str, actor: str, net: float, articles: int = 20, period: str | None = None) -> OutletFrame:
    wide = math.nan if articles < 10 else 0.1
    return OutletFrame(outlet, actor, period, articles, articles * 3, net, net - wide, net + wide, 0.3, 0.4, 0.3, 10)


FRAMES = [
    frame("Courier", "Russia", -0.4), frame("Courier", "European Union", 0.2), frame("Dispatch", "Russia", 0.3),
    frame("Dispatch", "European Union", -0.2, articles=4), frame("A paper with a very long name indeed", "Russia", 0.0),
]  # fmt: skip


def assert_nothing_is_cut_off(figure: Figure) -> None:
    """Every text of a figure lies inside it."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    width, height = canvas.get_width_height()
    texts = list(figure.texts)
    for axes in figure.axes:
        texts += axes.texts
        for axis, (low, high) in ((axes.xaxis, sorted(axes.get_xlim())), (axes.yaxis, sorted(axes.get_ylim()))):
            # Ticks beyond the limits have labels that are not drawn.
            texts += [
                label
                for tick in axis.get_major_ticks()
                if low <= tick.get_loc() <= high
                for label in (tick.label1, tick.label2)
            ]
    for text in texts:
        if text.get_visible() and text.get_text():
            box = text.get_window_extent(renderer)
            assert box.x0 >= -1, text.get_text()
            assert box.x1 <= width + 1, text.get_text()
            assert box.y0 >= -1, text.get_text()
            assert box.y1 <= height + 1, text.get_text()


def words(figure: Figure) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text")))  # type: ignore[attr-defined]


def test_heat_map() -> None:
    """Cells with enough articles show net stance and interval, others their n; title, source and rule are there."""
    figure, rows = charts.heat_map(FRAMES, ["Russia", "European Union"], "our own source")
    assert_nothing_is_cut_off(figure)
    told = words(figure)
    for part in ("−0.40", "−0.50 to −0.30  n=20", "n=4", "Source: our own source", "95 %", "from 10 articles"):
        assert part in told.replace("\n", " ")
    assert len(rows) == len(FRAMES)
    assert rows[0]["net_stance"] == -0.4


def test_forest() -> None:
    """Outlets are ordered by net stance; those with too few articles are named below."""
    figure, rows = charts.forest(FRAMES, "Russia", "s")
    assert_nothing_is_cut_off(figure)
    assert [row["outlet"] for row in rows] == ["Dispatch", "A paper with a very long name indeed", "Courier"]
    figure, _ = charts.forest(FRAMES, "European Union", "s")
    assert "Dispatch (4)" in words(figure).replace("\n", " ")


def test_timeline_breaks_where_articles_are_missing() -> None:
    """A month with too few articles leaves a gap and is not bridged."""
    months = [frame("Courier", "Russia", 0.1 * n, 3 if n == 2 else 20, f"2025-0{n}") for n in range(1, 6)]
    figure, rows = charts.timeline(months, "Courier", ["Russia"], "month", "s")
    assert_nothing_is_cut_off(figure)
    drawn = figure.axes[0].get_lines()[1].get_ydata()
    assert np.isnan(np.asarray(drawn, dtype=float)).tolist() == [False, True, False, False, False]
    assert [row["period"] for row in rows] == ["2025-01", "2025-02", "2025-03", "2025-04", "2025-05"]


def test_timeline_without_data_says_so() -> None:
    """An outlet without enough articles in any month gets a figure that says it."""
    figure, rows = charts.timeline([frame("Courier", "Russia", 0.1, 3, "2025-01")], "Courier", ["Russia"], "month", "s")
    assert "no month with enough articles" in words(figure)
    assert [(row["articles"], row["enough_articles"]) for row in rows] == [(3, False)]


def test_confusion_counts() -> None:
    """The table counts each pair of given and predicted label."""
    figure, rows = charts.confusion(STANCES, np.array([0, 0, 1, 2]), np.array([0, 1, 1, 2]), "Stance", "s")
    assert_nothing_is_cut_off(figure)
    assert [row["n"] for row in rows] == [1, 1, 0, 0, 1, 0, 0, 0, 1]
    assert "75% of labels are right" in words(figure)


def test_reliability_diagram() -> None:
    """Each class has its bins, with how often it was right."""
    probabilities = np.array([[0.85, 0.1, 0.05], [0.82, 0.1, 0.08], [0.1, 0.8, 0.1]])
    figure, rows = charts.reliability_diagram(STANCES, np.array([0, 1, 1]), probabilities, 0.123, "Stance", "s")
    assert_nothing_is_cut_off(figure)
    assert "0.123" in words(figure)
    (high,) = [row for row in rows if row["class"] == "against" and float(str(row["confidence"])) > 0.5]
    assert (high["n"], high["right"]) == (2, 0.5)


@pytest.mark.parametrize("task", ["stance", "sentiment"])
def test_strongest_terms(model: StanceModel, task: str) -> None:
    """Each class shows its strongest terms, strongest first."""
    labels = STANCES if task == "stance" else SENTIMENTS
    figure, rows = charts.strongest_terms(getattr(model, task), labels, task, "s")
    assert_nothing_is_cut_off(figure)
    for label in labels:
        weights = [float(str(row["weight"])) for row in rows if row["class"] == label]
        assert weights == sorted(weights, reverse=True)
        assert weights[-1] > 0


def test_copies_have_a_line_for_each_change_by_degrees() -> None:
    """Changes by degrees are lines, the others bars, recall above precision; nothing found has no precision."""
    rows: list[dict[str, object]] = [
        {"change": change, "share_changed": share, "planted": 50, "recall": recall, "precision": precision}
        for change, share, recall, precision in (
            ("words deleted", 0.05, 1.0, 1.0), ("words deleted", 0.3, 0.8, 0.9), ("words replaced", 0.05, 0.9, 1.0),
            ("words replaced", 0.3, 0.0, math.nan), ("cut to first half", math.nan, 0.7, 1.0),
        )
    ]  # fmt: skip
    figure, drawn = charts.copies(rows, "Source: test.")
    assert drawn == rows
    recall, precision = figure.axes
    assert np.asarray(recall.lines[0].get_ydata()) == pytest.approx([1.0, 0.8])
    assert np.isnan(np.asarray(precision.lines[1].get_ydata(), dtype=float)).tolist() == [False, True]
    assert [bar.get_height() for bar in recall.patches] == [0.7]  # type: ignore[attr-defined]
    assert "n=250 copies planted, 50 with each change" in words(figure).replace("\n", " ")
    assert_nothing_is_cut_off(figure)


def test_learning_curve_shows_means_of_repeats() -> None:
    """One line per thing measured on, through the means of the repeats; the rows are what was handed in."""
    rows: list[dict[str, object]] = [
        {"labels": labels, "measured_on": name, "repeat": repeat, "score": score + repeat / 10}
        for labels, score in ((1000, 0.4), (2000, 0.5))
        for name in ("real", "held out")
        for repeat in (0, 1)
    ]
    figure, drawn = charts.learning_curve(rows, "test")
    assert drawn == rows
    (axes,) = figure.axes
    assert [line.get_label() for line in axes.lines] == ["real", "held out"]
    assert np.asarray(axes.lines[0].get_ydata()) == pytest.approx([0.45, 0.55])
    assert_nothing_is_cut_off(figure)
