"""Splitting text into sentences by spans, and refusing what is no text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import InputError
from stance.text import LONGEST, check, split, word_spans, words


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rained. It stopped.", ["It rained.", "It stopped."]),
        ("The U.S. Army left. The U.S. It stayed.", ["The U.S. Army left.", "The U.S.", "It stayed."]),
        ("Mr. Smith met Gen. Jones on Jan. 5 in No. 10.", ["Mr. Smith met Gen. Jones on Jan. 5 in No. 10."]),
        ("“We stay.” He left.", ["“We stay.”", "He left."]),
        ("“Really?” he asked.", ["“Really?” he asked."]),
        ("It cost 3.5 million. OK!", ["It cost 3.5 million.", "OK!"]),
        ("Title without stop\nBody begins here.", ["Title without stop", "Body begins here."]),
        (
            "A line that was\nwrapped goes on. Next.",
            ["A line that was wrapped goes on.".replace(" wrapped", "\nwrapped"), "Next."],
        ),
        (
            "KYIV (Reuters) — It rained. WASHINGTON, Jan. 5 (AP) - It hailed.",
            ["KYIV (Reuters) — It rained.", "WASHINGTON, Jan. 5 (AP) - It hailed."],
        ),
        (
            "The envoy, J.D. Hale, met Ann I. Reed and I. We left.",
            ["The envoy, J.D. Hale, met Ann I. Reed and I.", "We left."],
        ),
        (
            "“It rained. It hailed,” he said. “... Then it stopped.”",
            ["“It rained.", "It hailed,” he said.", "“... Then it stopped.”"],
        ),
        (
            "He quoted it: “[...] we stay [...]” (page 5). He left.",
            ["He quoted it: “[...] we stay [...]” (page 5).", "He left."],
        ),
        ("It cost $1.5m, or 3.2 percent. . . . It sank.", ["It cost $1.5m, or 3.2 percent. . . .", "It sank."]),
        ("They came too late . The door was shut.", ["They came too late .", "The door was shut."]),
        ("It was “not fair. “\nThey left.", ["It was “not fair. “", "They left."]),
        ("他们 left。They came back！", ["他们 left。", "They came back！"]),
        ("1. It rained 2. It hailed 3. It froze", ["1. It rained", "2. It hailed", "3. It froze"]),
        ("a) one b) two", ["a) one", "b) two"]),
        ("In 2. Bundesliga they lost 3. Then they won.", ["In 2. Bundesliga they lost 3.", "Then they won."]),
        ("  \n\n  ", []),
        ("", []),
    ],
)
def test_splits_news_prose(text: str, expected: list[str]) -> None:
    """Stops, abbreviations, initials, quotations and line breaks are told apart."""
    assert sentences(text) == expected


@given(st.text(alphabet=st.sampled_from('ab AB.!?\n"“” \tU.S0'), max_size=200))
def test_spans_cover_everything_but_white_space(text: str) -> None:
    """No character is lost or told twice, whatever the text."""
    last = 0
    for start, end in split(text):
        assert not text[last:start].strip()
        assert text[start:end] == text[start:end].strip() != ""
        last = end
    assert not text[last:].strip()


def test_a_text_without_stops_is_cut() -> None:
    """A million characters without an end do not make one sentence."""
    spans = split("word " * 10_000)
    assert max(end - start for start, end in spans) <= LONGEST
    assert sum(len("word " * 10_000) for _ in spans[:1]) == 50_000
    assert "".join("word " * 10_000).count("word") == sum(("word " * 10_000)[a:b].count("word") for a, b in spans)


def test_check_blanks_control_characters_at_the_same_length() -> None:
    """Offsets stay true: every control character becomes one space, line breaks stay."""
    assert check("a\x00b\u200bc\xa0d\r\ne") == "a b c d \ne"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"bytes", r"not bytes; decode it first"),
        (None, "not NoneType"),
        (3.5, "not float"),
        (["text"], "not list"),
        ("broken \udcff", "lone surrogate at character 7"),
    ],
)
def test_what_is_no_text_is_refused(content: object, message: str) -> None:
    """Anything but a proper string is an InputError that says what it is."""
    with pytest.raises(InputError, match=message):
        check(content)


def test_most_golden_rules_hold(eval_data: Path) -> None:
    """At least 46 of the 48 sentence-splitting cases of the pySBD project come out right."""
    right = 0
    for line in (eval_data / "gold" / "sentence_boundaries.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        right += sentences(check(case["text"])) == [sentence.strip() for sentence in case["sentences"]]
    assert right >= 46


@given(st.text() | st.lists(st.sampled_from("don't İ ß n’t can't 12 ab_c . ' K".split())).map(" ".join))
def test_every_word_has_its_place(text: str) -> None:
    """As many spans as words, in order, and in each what the word was made of."""
    spans = word_spans(text)
    assert len(spans) == len(words(text))
    for (start, end), word in zip(spans, words(text), strict=True):
        assert start < end
        assert word in ("0", "not") or len(text[start:end]) == len(word)
