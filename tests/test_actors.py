"""Finding actors: longest match, word boundaries, decoys, and a well-formed list."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.actors import ACTORS_FILE, ALIAS_FIELDS, ActorIndex, default_actors

CORE = ("Russia", "Ukraine", "NATO", "China", "United States", "European Union")


def names(text: str) -> list[tuple[str, str]]:
    return [(text[start:end], actor) for start, end, actor in default_actors().find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Kremlin said Putin would meet Xi.", [("Kremlin", "Russia"), ("Putin", "Russia"), ("Xi", "China")]),
        ("U.S. troops left.", [("U.S.", "United States")]),
        ("The US Navy and us", [("US", "United States")]),
        ("Nato, the EU and Brussels", [("Nato", "NATO"), ("EU", "European Union"), ("Brussels", "European Union")]),
        ("South Korean and North Korean envoys", [("South Korean", "South Korea"), ("North Korean", "North Korea")]),
        ("RUSSIA STRIKES KYIV", [("RUSSIA", "Russia"), ("KYIV", "Ukraine")]),
        (
            "anti-Russian, Russian-backed, Russia's",
            [("Russian", "Russia"), ("Russian", "Russia"), ("Russia", "Russia")],
        ),
        ("Prussian, Chinatown, Europe, unus, Iranology", []),
        ("Ursula von der Leyen spoke", [("Ursula von der Leyen", "European Union")]),
        ("The collective West and Western leaders", [("collective West", "the West"), ("Western", "the West")]),
    ],
)
def test_finds_who_is_named(text: str, expected: list[tuple[str, str]]) -> None:
    """Names, demonyms, capitals, leaders and abbreviations lead to their actor, and longer words do not."""
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "the South China Sea",
        "The Washington Post wrote",
        "the Paris Agreement",
        "the West Bank",
        "Bank of America",
        "Brussels sprouts",
    ],
)
def test_decoys_are_nobody(text: str) -> None:
    """A phrase that holds an alias but means something else names no actor."""
    assert names(text) == []


def test_a_longer_word_does_not_hide_a_shorter_alias() -> None:
    """Word boundaries are checked before the longest match is chosen."""
    index = ActorIndex({"A": ["US"], "B": ["US Na"]})
    assert [found.actor for found in index.find("the US Navy")] == ["A"]


@given(st.text(alphabet=st.sampled_from("aRus inEU.S-Ché'’\n中😀"), max_size=60))
def test_spans_are_ordered_disjoint_and_on_word_boundaries(text: str) -> None:
    """Whatever the text, the spans found are proper spans of it."""
    last = 0
    for start, end, _ in default_actors().find(text):
        assert last <= start < end <= len(text)
        assert not (start and text[start].isalnum() and text[start - 1].isalnum())
        assert not (end < len(text) and text[end - 1].isalnum() and text[end].isalnum())
        last = end


@given(st.text(max_size=30), st.sampled_from(default_actors().actors), st.text(max_size=30))
def test_a_name_between_spaces_is_always_found(before: str, actor: str, after: str) -> None:
    """An actor's own name, set off by line breaks, is found in any surroundings."""
    text = f"{before}\n{actor}\n{after}"
    assert actor in {found.actor for found in default_actors().find(text)}


def test_actor_list_is_well_formed() -> None:
    """At least 30 actors, known fields only, no alias twice, no stray space, and the name itself among the aliases."""
    content = tomllib.loads(ACTORS_FILE.read_text(encoding="utf-8"))
    assert set(content) == {"decoys", "actors"}
    assert len(content["actors"]) >= 30
    assert set(CORE) | {"United Nations", "the West"} <= set(content["actors"])
    owners: dict[str, str] = {}
    for actor, entry in content["actors"].items():
        assert set(entry) <= {"kind", *ALIAS_FIELDS}, actor
        assert entry["kind"] in ("state", "alliance", "union", "bloc", "organisation"), actor
        assert actor in entry["names"], actor
        for field in ALIAS_FIELDS:
            for alias in entry.get(field, []):
                assert alias == alias.strip() != "", (actor, alias)
                assert alias not in owners, (alias, actor, owners.get(alias))
                owners[alias] = actor
    assert not set(content["decoys"]) & set(owners)


def test_decoys_hold_an_alias() -> None:
    """Every decoy is needed: without it an actor would be found in it."""
    content = tomllib.loads(ACTORS_FILE.read_text(encoding="utf-8"))
    aliases = {a: [x for f in ALIAS_FIELDS for x in e.get(f, [])] for a, e in content["actors"].items()}
    bare = ActorIndex(aliases)
    assert [decoy for decoy in content["decoys"] if not bare.find(decoy)] == []


def test_finds_the_core_actors_in_real_news(eval_data: Path) -> None:
    """On labelled real sentences, at least 99 % of the core actors' labels have their actor found."""
    labels = missed = 0
    for line in (eval_data / "gold" / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        named = {found.actor for found in default_actors().find(row["text"])}
        labels += len(row["stance"])
        missed += len(set(row["stance"]) - named)
    assert labels > 1000
    assert missed / labels <= 0.01
