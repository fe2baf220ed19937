"""Explanations as a person sees them."""

from __future__ import annotations

from html.parser import HTMLParser

from stance.charts import explanation as draw
from stance.reasons import Contribution, Explanation, page
from stance.records import Stance

SENTENCE = 'The <b>"bully"</b> & NATO.'


def explained() -> Explanation:
    bully = SENTENCE.index("bully")
    return Explanation(
        "NATO",
        SENTENCE,
        100,
        100 + len(SENTENCE),
        Stance("NATO", 0.7, 0.2, 0.1),
        (-0.2, 0.3, -0.1),
        (
            Contribution("The", 100, 103, 0.0, 0.01, 0.02),
            Contribution("bully", 100 + bully, 105 + bully, 1.5, 0.0, -0.5),
        ),
    )


def test_logits_are_base_and_contributions() -> None:
    """By label, nothing left out."""
    assert {k: round(v, 6) for k, v in explained().logits.items()} == {"against": 1.3, "neutral": 0.31, "favor": -0.58}


def test_terminal_shows_the_strongest_and_the_rest() -> None:
    """Small contributions are summed up, colours come only if asked for, and a hostile text sends no commands."""
    text = explained().to_terminal()
    assert "bully" in text
    assert "-2.00" in text
    assert "(all other words)  +0.02" in text
    assert "\x1b" not in text
    assert "\x1b[33m" in explained().to_terminal(color=True)
    hostile = Explanation("NATO", "a\x1b[31mb", 0, 7, Stance("NATO", 0.1, 0.8, 0.1), (0.0, 0.0, 0.0), ())
    assert "\x1b" not in hostile.to_terminal()


def test_html_holds_the_sentence_and_nothing_of_it_is_markup() -> None:
    """What a browser shows is the sentence as it was, escaped, with the words shaded."""

    class Shown(HTMLParser):
        text = ""
        tags: set[str] = set()  # noqa: RUF012

        def handle_data(self, data: str) -> None:
            self.text += data

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.tags.add(tag)

    shown = Shown()
    shown.feed(explained().to_html())
    assert SENTENCE in shown.text
    assert shown.tags == {"p", "span", "small"}
    assert explained()._repr_html_() in page([explained()])


def test_the_figure_has_a_bar_for_each_contribution_shown() -> None:
    """And every contribution in the rows behind it."""
    figure, rows = draw(explained())
    assert [bar.get_width() for bar in figure.axes[0].patches] == [-2.0]  # type: ignore[attr-defined]
    assert [row["text"] for row in rows] == ["The", "bully"]
