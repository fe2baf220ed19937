"""The connotation lexicon: its format, its inflections, and how its entries are found."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.dataset import LabelledSentence
from stance.errors import DataError
from stance.lexicon import (
    VERB_COLUMNS,
    WORD_COLUMNS,
    Entry,
    Lexicon,
    default_lexicon,
    digest,
    packaged_lexicon,
    read_lexicon,
    verb_forms,
)
from stance.text import words
from tests.benchmarks.agreement import readings


def entry(phrase: str, *, verb: bool = False) -> tuple[Entry, tuple[str, ...]]:
    return Entry(phrase, verb, -1, 0, -1), ()


def found(lexicon: Lexicon, text: str) -> list[tuple[str, str]]:
    return [(match.entry.phrase, match.form) for match in lexicon.find(words(text))]


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("condemn", {"condemn", "condemns", "condemned", "condemning"}),
        ("praise", {"praise", "praises", "praised", "praising"}),
        ("defy", {"defy", "defies", "defied", "defying"}),
        ("ban", {"ban", "bans", "banned", "banning"}),
        ("lie to", {"lie to", "lies to", "lied to", "lying to"}),
        ("free", {"free", "frees", "freed", "freeing"}),
        ("crush", {"crush", "crushes", "crushed", "crushing"}),
        ("destroy", {"destroy", "destroys", "destroyed", "destroying"}),
        ("shell", {"shell", "shells", "shelled", "shelling"}),
    ],
)
def test_regular_verbs_are_inflected_by_rule(verb: str, forms: set[str]) -> None:
    """Third person, past and participle, with the first word of a phrase as the verb."""
    assert set(verb_forms(verb)) == forms


def test_irregular_forms_replace_the_regular_past() -> None:
    """ "Shot" is listed, so "shooted" is none; an irregular participle stands beside the regular one."""
    assert verb_forms("shoot down", ["shot down"])["shot down"] == "past"
    assert "shooted down" not in verb_forms("shoot down", ["shot down"])
    assert verb_forms("travel", ["travelling"]) | {"travelling": "participle", "traveled": "past"} == verb_forms(
        "travel", ["travelling"]
    )


def test_the_longest_entry_wins() -> None:
    """A phrase hides the shorter entries in it, and the search goes on behind it."""
    lexicon = Lexicon([entry("attack"), entry("attack on civilians"), entry("civilians"), entry("brutal")])
    assert found(lexicon, "A brutal attack on civilians, an attack on soldiers") == [
        ("brutal", ""),
        ("attack on civilians", ""),
        ("attack", ""),
    ]


def test_one_form_may_stand_for_verb_and_noun() -> None:
    """ "Attacks" is both until a parser says which; the features see both."""
    lexicon = Lexicon([entry("attack", verb=True), entry("attacks")])
    assert found(lexicon, "the attacks") == [("attack", "third"), ("attacks", "")]


def test_british_and_american_spellings_are_found_alike() -> None:
    """Whichever is listed."""
    lexicon = Lexicon(
        [entry("criticise", verb=True), entry("honor", verb=True), entry("defence of"), entry("cancel", verb=True)]
    )
    assert [phrase for phrase, _ in found(lexicon, "criticized criticised honoured honored defense of defence of canceled")] == [
        "criticise", "criticise", "honor", "honor", "defence of", "defence of", "cancel",
    ]  # fmt: skip


def test_hyphens_and_apostrophes_are_found_as_they_are_split() -> None:
    """Entries are split by the same rule as texts."""
    lexicon = Lexicon([entry("full-scale invasion"), entry("people's war")])
    assert found(lexicon, "The full-scale invasion, a people’s war.") == [("full-scale invasion", "")]
    assert found(lexicon, "a people's war") == [("people's war", "")]


@given(st.lists(st.sampled_from("shot down drones attacks on the peace broke off talks was hailed by".split())))
def test_matches_lie_in_order_within_the_sentence(sentence: list[str]) -> None:
    """Spans are proper, ordered, and overlap only where they are the same."""
    matches = default_lexicon().find(sentence)
    spans = sorted({(match.start, match.end) for match in matches})
    assert [(match.start, match.end) for match in matches] == sorted((match.start, match.end) for match in matches)
    assert all(0 <= start < end <= len(sentence) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_all_faults_of_both_tables_are_listed_at_once(tmp_path: Path) -> None:
    """Each fault with file, line, field and what would be accepted."""
    verbs, others = tmp_path / "verbs.tsv", tmp_path / "words.tsv"
    verbs.write_text("\t".join(VERB_COLUMNS) + "\nhail\t0\t3\t1\t\nhail\t0\t2\t1\t\nmeet\t0\t0\n", encoding="utf-8")
    others.write_text("\t".join(WORD_COLUMNS) + "\nEvil \t-2\t0\tbad\n", encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_lexicon(verbs, others)
    assert [str(fault).replace(str(tmp_path), "") for fault in error.value.faults] == [
        "/verbs.tsv:2: patient: '3' must be one of -2, -1, 0, 1, 2",
        "/verbs.tsv:3: phrase: 'hail' is already in line 2",
        "/verbs.tsv:4: 5 fields are needed (phrase, agent, patient, tone, forms), not 3",
        "/words.tsv:2: phrase: 'Evil ' must be in lower case, without spaces around it",
        "/words.tsv:2: tone: 'bad' must be one of -2, -1, 0, 1, 2",
    ]


def test_a_table_that_is_missing_or_of_another_kind_is_a_fault(tmp_path: Path) -> None:
    """No file, no UTF-8, or a header of another table: named, with what is needed."""
    verbs, others = tmp_path / "verbs.tsv", tmp_path / "words.tsv"
    verbs.write_text("\t".join(WORD_COLUMNS) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"the header must be phrase, agent[\s\S]*words.tsv: cannot be read"):
        read_lexicon(verbs, others)
    others.write_bytes(b"phrase\n\xff")
    with pytest.raises(DataError, match=r"words.tsv:2: not UTF-8"):
        read_lexicon(verbs, others)


def test_the_digest_knows_every_byte(tmp_path: Path) -> None:
    """A model trained with another lexicon can be told from one trained with this."""
    file = tmp_path / "verbs.tsv"
    file.write_text("a", encoding="utf-8")
    one = digest([file])
    file.write_text("b", encoding="utf-8")
    assert digest([file]) != one


def test_the_packaged_lexicon_is_as_large_and_as_balanced_as_it_says() -> None:
    """At least 4,000 verbs and 5,000 other entries, with both kinds of light and many of several words."""
    verbs = [e for e in default_lexicon().entries if e.verb]
    others = [e for e in default_lexicon().entries if not e.verb]
    assert len(verbs) >= 4000
    assert len(others) >= 5000
    for entries in (verbs, others):
        assert sum(" " in e.phrase for e in entries) > len(entries) / 4
        assert min(sum(e.first < 0 for e in entries), sum(e.first > 0 for e in entries)) > len(entries) / 6
    assert all(path.is_file() for path in packaged_lexicon())


@pytest.mark.parametrize(
    ("table", "columns"), [("verbs", ("agent", "patient", "tone")), ("words", ("of", "toward", "tone"))]
)
def test_every_entry_was_read_twice_and_settled_as_the_datasheet_says(table: str, columns: tuple[str, ...]) -> None:
    """Of two readings with one sign the weaker; else the majority of signs over three, or none."""
    kept = {entry.phrase: entry for entry in default_lexicon().entries if entry.verb == (table == "verbs")}
    rows = readings(f"lexicon-{table}")
    assert len(rows) == len(kept)
    for row in rows:
        entry = kept[row["phrase"]]
        for column, value in zip(columns, (entry.first, entry.second, entry.tone), strict=True):
            said = [int(row[f"{column}_{reader}"]) for reader in (1, 2, 3) if row[f"{column}_{reader}"]]
            assert value == settled(said), (row["phrase"], column)


def test_the_lexicon_covers_what_its_datasheet_says(sentences: list[LabelledSentence]) -> None:
    """Of the words that a reader marked as carrying stance, nine in ten hold an entry, and most of these one with a light."""
    texts = {sentence.id: words(sentence.text) for sentence in sentences}
    marks = [(texts[row["id"]], words(row["mark"])) for row in readings("marks") if row["id"] in texts]
    found = [entries_in(text, mark) for text, mark in marks]
    assert len(marks) > 500
    assert sum(map(bool, found)) / len(marks) >= 0.9
    lit = [any(entry.first or entry.second or entry.tone for entry in entries) for entries in found]
    assert sum(lit) / len(marks) >= 0.82


def entries_in(text: list[str], mark: list[str]) -> list[Entry]:
    """The entries that overlap the place where a mark stands first."""
    start = next((place for place in range(len(text)) if text[place : place + len(mark)] == mark), None)
    if start is None:
        return []
    matches = default_lexicon().find(text)
    return [match.entry for match in matches if match.start < start + len(mark) and match.end > start]


def settled(said: list[int]) -> int:
    signs = [(value > 0) - (value < 0) for value in said]
    if signs[0] == signs[1]:
        return min(said[:2], key=abs)
    same = [value for value, sign in zip(said, signs, strict=True) if sign == signs[2]]
    return min(same, key=abs) if len(same) > 1 else 0


@pytest.mark.parametrize(
    ("verb", "agent", "patient"),
    [
        ("condemn", 0, -1),
        ("massacre", -1, 1),
        ("praise", 0, 1),
        ("liberate", 1, 0),
        ("meet with", 0, 0),
        ("fail", -1, 0),
    ],
)
def test_what_everybody_knows_is_in_it(verb: str, agent: int, patient: int) -> None:
    """The sign of the light that some plain verbs throw on doer and done-to."""
    (known,) = [e for e in default_lexicon().entries if e.verb and e.phrase == verb]
    assert [(light > 0) - (light < 0) for light in (known.first, known.second)] == [agent, patient]
