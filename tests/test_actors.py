"""Finding actors: longest match, word boundaries, decoys, and a well-formed list."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.actors import (
    ACTORS_FILE,
    KINDS,
    Actor,
    ActorIndex,
    ActorList,
    _parsed,
    _people,
    _toml,
    actors_with,
    default_actors,
    default_list,
)
from stance.errors import DataError

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
    ("text", "expected"),
    [
        ("The US told us nothing; join us.", ["United States"]),
        ("CONTACT US OR FOLLOW US", []),
        ("US AND CHINA TALK", ["United States", "China"]),
        ("Voters in Georgia, where Brian Kemp is governor, queued.", []),
        ("A court in Atlanta, Georgia", []),
        ("Georgia's parliament in Tbilisi met, and Atlanta sent a guest.", ["Georgia", "Georgia"]),
        ("Michael Jordan and Jordan Reed met in Jordan.", ["Jordan"]),
        ("Rep. Jim Jordan spoke; Jordan left early.", []),
        ("Jordan's King Abdullah met Jim Jordan in Amman.", ["Jordan", "Jordan"]),
        ("Chad Wolf resigned; Chad sent troops.", ["Chad"]),
        ("Turkey struck Syria on Turkey Day.", ["Turkey", "Syria"]),
        ("Turkey is carved for Thanksgiving.", []),
        ("Washington warned Moscow.", ["United States", "Russia"]),
        ("Fires in Washington state; a man from Moscow, Idaho; Washington, Pennsylvania", []),
        ("Denzel Washington and George Washington", []),
        ("Chinese food, a Russian roulette, Brussels sprouts, French fries", []),
        ("Chinese food exports to Brussels", ["European Union"]),
        ("Niger and Nigeria: Nigerien and Nigerian troops", ["Niger", "Nigeria", "Niger", "Nigeria"]),
        ("Talks of North Korea and South Korea, the two Koreas", ["North Korea", "South Korea"]),
        ("DR Congo, Congo and Congo-Brazzaville", ["DR Congo", "DR Congo", "Republic of the Congo"]),
        (
            "Guinea, Guinea-Bissau, Equatorial Guinea, Papua New Guinea; guinea pigs in the Gulf of Guinea",
            ["Guinea", "Guinea-Bissau", "Equatorial Guinea", "Papua New Guinea"],
        ),
        (
            "Sudan and South Sudan; Dominica and the Dominican Republic",
            ["Sudan", "South Sudan", "Dominica", "Dominican Republic"],
        ),
        ("The WHO said so. WHO IS NEXT?", ["WHO"]),
        ("Michelle Obama, Eric F. Trump and Janet A. Napolitano; Boris F. Pistorius", ["Germany"]),
    ],
)
def test_names_of_several_things_are_told_apart(text: str, expected: list[str]) -> None:
    """Towns, persons, food, pronouns and countries of like names are not taken for one another."""
    assert [actor for _, actor in names(text)] == expected


@pytest.mark.parametrize(
    ("name", "month", "actors"),
    [
        ("Rutte", "2015-05", ["Netherlands"]),
        ("Rutte", "2024-09", ["Netherlands"]),
        ("Rutte", "2024-10", ["NATO"]),
        ("Trump", "2016-12", []),
        ("Trump", "2017-01", ["United States"]),
        ("Trump", "2021-01", ["United States"]),
        ("Trump", "2024-12", []),
        ("Trump", "2025-01", ["United States"]),
        ("Tusk", "2013-06", ["Poland"]),
        ("Tusk", "2016-06", ["European Union"]),
        ("Tusk", "2024-06", ["Poland"]),
        ("Kallas", "2022-06", ["Estonia"]),
        ("Kallas", "2025-06", ["European Union"]),
        ("Stoltenberg", "2012-06", ["Norway"]),
        ("Stoltenberg", "2020-06", ["NATO"]),
        ("Lagarde", "2015-06", ["IMF"]),
        ("Stoltenberg", None, ["NATO"]),
        ("Rutte", None, ["NATO"]),
        ("Trump", None, ["United States"]),
        ("Merkel", None, ["Germany"]),
    ],
)
def test_holders_of_an_office_stand_for_it_while_they_hold_it(name: str, month: str | None, actors: list[str]) -> None:
    """Who changes sides is found on the side of the day; without a day, on the last."""
    on = date.fromisoformat(f"{month}-15") if month else None
    assert [found.actor for found in default_actors().find(f"Then {name} spoke.", on)] == actors


def test_the_list_is_as_wide_and_deep_as_promised() -> None:
    """At least 220 actors with every kind, and at least 40 of them with head, foreign and defence ministers by month."""
    actors = default_list().actors
    assert len(actors) >= 220
    assert {actor.kind for actor in actors.values()} == set(KINDS)
    complete = 0
    for actor in actors.values():
        offices = " ".join(person.office for person in actor.people)
        head = any(word in offices for word in ("president", "prime minister", "king", "emir", "chancellor", "leader"))
        complete += head and "foreign" in offices and "defen" in offices
    assert complete >= 40
    assert all(person.first > "1900-00" for actor in actors.values() for person in actor.people)


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
    index = ActorIndex(ActorList({name: Actor(name, "state", (word,)) for name, word in (("A", "US"), ("B", "US Na"))}))
    assert [found.actor for found in index.find("the US Navy")] == ["A"]


def test_of_overlapping_aliases_the_longer_counts() -> None:
    """A title and a first name do not take away the full name behind the title."""
    index = ActorIndex(
        ActorList({name: Actor(name, "state", (word,)) for name, word in (("A", "King Jo"), ("B", "Jo Foxton"))})
    )
    assert [found.actor for found in index.find("King Jo Foxton met King Jo.")] == ["B", "A"]


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
    """No alias names two actors at a time, no field or month is misspelt, and nothing else is at fault."""
    faults: list[tuple[str, str]] = []
    content = _toml(ACTORS_FILE)
    for actor, names, office, first, last in _people():
        person = {"names": names.split("; "), "office": office, "from": first} | ({"until": last} if last else {})
        content["actors"][actor].setdefault("people", []).append(person)
    parsed = _parsed(content, lambda place, message: faults.append((place, message)), {})
    assert faults == []
    assert parsed == default_list()
    assert all(actor == entry["names"][0] for actor, entry in content["actors"].items())


def test_decoys_hold_an_alias() -> None:
    """Every decoy is needed: without it an actor would be found in it."""
    who = default_list()
    bare = ActorIndex(replace(who, decoys=(), unless={}, given_names=frozenset(), places=()))
    assert [decoy for decoy in who.decoys if not bare.find(decoy)] == []


MINE = """
decoys = ["Lunar New Year"]
[unless.Luna]
person = "given name"
[actors.Luna]
kind = "state"
names = ["Luna", "Lunar Republic"]
demonyms = ["Lunar"]
people = ["Jo Fox", { names = ["Ann Reed", "Reed"], office = "president", from = "2020-03", until = "2021-05" }]
[actors.Russia]
people = [{ names = ["Ann Reed", "Reed"], from = "2021-06" }, { names = ["Kallas"], from = "2030-01" }]
"""


def mine(tmp_path: Path, content: str) -> ActorIndex:
    path = tmp_path / "mine.toml"
    path.write_text(content, encoding="utf-8")
    return actors_with(path)


def test_actors_of_ones_own_are_added_and_put_in_the_place_of_others(tmp_path: Path) -> None:
    """A new actor is found; a known one keeps the fields that are not given; a word that is taken over leaves its owner."""
    index = mine(tmp_path, MINE)
    assert index.actors[-2:] == ("Luna", "Russia")
    text = "Jo Fox of the Lunar Republic greets Moscow, Lavrov, Kallas and Ursula von der Leyen on Lunar New Year."
    assert [f.actor for f in index.find(text)] == ["Luna", "Luna", "Russia", "Russia", "European Union"]
    assert [f.actor for f in index.find("Luna Smith met Luna.")] == ["Luna"]


@pytest.mark.parametrize(
    ("month", "actors"),
    [
        ("2020-02", []),
        ("2020-03", ["Luna"]),
        ("2021-05", ["Luna"]),
        ("2021-06", ["Russia"]),
        ("2026-01", ["Russia"]),
        (None, ["Russia"]),
    ],
)
def test_who_stands_for_whom_depends_on_the_month(tmp_path: Path, month: str | None, actors: list[str]) -> None:
    """A person stands for an actor from the first month to the last, for nobody before; without a date, for the last."""
    on = date.fromisoformat(f"{month}-15") if month else None
    assert [found.actor for found in mine(tmp_path, MINE).find("Mrs Reed spoke.", on)] == actors


def test_faults_of_a_file_of_actors_are_told_all_at_once(tmp_path: Path) -> None:
    """Every fault is listed with its place and what would be accepted."""
    content = """
    colour = "red"
    decoys = ["x", 3]
    [unless.Nowhere]
    person = "maybe"
    [actors.A]
    kind = "planet"
    names = "A"
    flag = []
    [actors.B]
    kind = "state"
    names = ["B", "C", " "]
    people = [7, { names = [], from = "2020-01" }, { names = ["X"], from = "2020" }, { names = ["Y"], from = "2021-01", until = "2020-01" }]
    [actors.C]
    kind = "state"
    [actors]
    """
    with pytest.raises(DataError) as caught:
        mine(tmp_path, content.replace("[actors]\n", ""))
    told = [str(fault).partition("mine.toml: ")[2] for fault in caught.value.faults]
    for part in (
        "colour: not known; a file of actors has actors, decoys",
        "decoys.decoys: must hold strings",
        "unless.Nowhere: is no alias of an actor",
        'unless.Nowhere.person: must be "surname"',
        "actors.A.kind: must be one of state, alliance",
        "actors.A.names: must be a list, not a string",
        "actors.A.flag: not known; an actor has kind, names",
        "actors.B.names: must hold strings without white space around them, not ' '",
        'actors.B.people 1: must be a name, or a table such as { names = ["Jo Fox"]',
        "actors.B.people 2.names: must hold a name",
        "actors.B.people 3.from: must be a month such as \"2024-01\", not '2020'",
        "actors.B.people 4: ends (2020-01) before it begins (2021-01)",
        "actors.C: 'C' already names B",
    ):
        assert any(line.startswith(part) for line in told), (part, told)
    assert len(told) == 13


@pytest.mark.parametrize(
    ("content", "message"),
    [("[broken", "not TOML"), ("", "no actor in it"), ("actors = 3", "actors: must be a table, not int")],
)
def test_a_file_that_holds_no_actors_is_refused(tmp_path: Path, content: str, message: str) -> None:
    """What is no TOML, or has no actor, is an error with the file's name."""
    with pytest.raises(DataError, match=message):
        mine(tmp_path, content)


def test_a_missing_file_of_actors_is_told(tmp_path: Path) -> None:
    """A file that is not there is an error of ours."""
    with pytest.raises(DataError, match=r"none\.toml: cannot be read"):
        actors_with(tmp_path / "none.toml")


# What the labelled sentences' rough pattern of actors does not hold, and yet names them.
BEYOND = (
    "AFU",
    "Rosneft",
    "Shoygu",
    "Verkhovna Rada",
    "Von der Leyen",
    "European Parliament",
    "Tillerson",
    "Pompeo",
    "Kerry",
)


def test_finds_the_core_actors_in_real_news(eval_data: Path) -> None:
    """On labelled real sentences, at least 99 % of the actors are found, and of the mentions found are right."""
    labels = missed = found = wrong = 0
    for line in (eval_data / "gold" / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        said = row["text"]
        mentions = [
            m.actor for m in default_actors().find(said) if m.actor in CORE and said[m.start : m.end] not in BEYOND
        ]
        labels += len(row["stance"])
        missed += len(set(row["stance"]).difference(mentions))
        found += len(mentions)
        wrong += sum(actor not in row["stance"] for actor in mentions)
    assert labels > 1000
    assert missed / labels <= 0.01
    assert wrong / found <= 0.01
