"""The audit: that it exchanges names as a writer would, and that it would find a grudge."""

from __future__ import annotations

import datetime

import pytest

from stance.actors import default_actors, default_aliases
from stance.audit import ACTORS, APOSTROPHE, KINDS, _exchanged, _renamed, audit, table
from stance.charts import exchanges
from stance.model import StanceModel
from stance.records import Article, Prediction, Sentiment, Stance

TEXT = "Russia's army fought the United States' troops; Kyiv and Putin watched Chinese ships."


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        (
            {"Russia": "United States", "United States": "Russia"},
            "The United States' army fought Russia's troops; Kyiv and {leader} watched Chinese ships.",
        ),
        (
            {"Ukraine": "China", "China": "Ukraine"},
            "Russia's army fought the United States' troops; Beijing and Putin watched Ukrainian ships.",
        ),
        (
            {"China": "NATO", "NATO": "China"},
            "Russia's army fought the United States' troops; Kyiv and Putin watched NATO ships.",
        ),
    ],
)
def test_names_change_places_in_the_same_form(places: dict[str, str], expected: str) -> None:
    """Country for country, capital for capital, leader for leader, with article and ending."""
    exchanged = _exchanged(TEXT, default_actors().find(TEXT), places)
    assert exchanged == expected.format(leader=default_aliases()["United States"]["people"][0])


def test_a_form_that_the_other_lacks_is_left_out() -> None:
    """NATO has no people after which it could be called."""
    text = "The Russians left."
    assert _exchanged(text, default_actors().find(text), {"Russia": "NATO"}) is None


def test_other_kinds_of_name_become_the_country() -> None:
    """Leaders, capitals, adjectives and spellings of one actor, each by itself."""
    text = "Putin’s envoy met Russian officers in Moscow."
    changed = dict(_renamed(text, default_actors().find(text), "Russia"))
    assert changed["leader"] == "Russia’s envoy met Russian officers in Moscow."
    assert changed["capital"] == "Putin’s envoy met Russian officers in Russia."
    assert changed["adjective or people"] == "Putin’s envoy met Russia officers in Moscow."
    assert changed[APOSTROPHE] == "Putin's envoy met Russian officers in Moscow."
    assert "spelling" not in changed
    kyiv = "Kyiv and Kyiv again"
    assert dict(_renamed(kyiv, default_actors().find(kyiv), "Ukraine"))["spelling"] == "Kiev and Kiev again"


def test_our_model_holds_no_grudge(model: StanceModel) -> None:
    """The names of actors change next to nothing, in whatever form."""
    result = audit(model, [TEXT, "Moscow praised Kyiv's brave defenders.", "NATO condemned EU lies.", "It rained."])
    assert result.sentences == 3
    assert result.overall.n > 20
    assert result.overall.label_share <= 0.02
    assert result.overall.mean_moved <= 0.02
    assert set(result.kinds) == {*KINDS, APOSTROPHE}


class Grudge(StanceModel):
    """Speaks ill of one actor whatever is said."""

    def __init__(self) -> None: ...

    def predict(
        self, content: str | Article, *, coverage: float | None = None, date: datetime.date | None = None
    ) -> Prediction:
        named = {found.actor for found in default_actors().find(str(content))}
        stances = {name: Stance(name, 0.9 * (name == "China"), 1 - 0.9 * (name == "China"), 0.0) for name in named}
        return Prediction(stances, Sentiment(0.0, 1.0, 0.0), ())


def test_a_grudge_is_found() -> None:
    """A model that goes by the name is shown to do so, for that name alone, in table and chart."""
    result = audit(Grudge(), ["Russia met Ukraine."])
    assert result.pairs["Russia", "China"].label_share == 1
    assert result.pairs["Russia", "China"].mean_moved == pytest.approx(0.9)
    assert result.pairs["Russia", "NATO"].mean_moved == 0
    assert result.overall.examples
    assert "Russia -> China" in table(result)
    figure, rows = exchanges(result, "")
    assert len(rows) == len(ACTORS) * (len(ACTORS) - 1)
    assert any("100.0%" in text.get_text() for text in figure.axes[0].texts)
