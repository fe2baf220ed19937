"""Splitting text into sentences by spans, and refusing what is no text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import InputError
from stance.text import LONGEST, check, repeated, split, word_spans, words


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


SPEECH = "“We shall keep the harbour open to every ship that carries grain, whatever flag it sails under,” the minister told reporters."


@pytest.mark.parametrize(
    "later",
    [
        SPEECH,
        SPEECH.upper().replace("“", '"').replace(",", ""),
        "“We shall keep the harbour open to every ship that carries grain, whatever flag it sails under,” she said on Monday.",
        "“We shall keep the harbour open to every ship that carries grain.”",
        "Asked by a trader, the minister said: “We shall keep the harbour open to every ship that carries grain, whatever flag it sails under.”",
    ],
)
def test_a_sentence_told_again(later: str) -> None:
    """A quotation repeated whole, with other marks, another speaker's phrase, cut or framed, is told again."""
    texts = ["Grain prices fell.", SPEECH, "Traders in three towns were relieved to hear it.", later]
    assert repeated(texts) == [None, None, None, range(1, 2)]


@pytest.mark.parametrize(
    "later",
    [
        "The minister told reporters that ships of any flag may come and go as long as they have grain on board.",
        "The harbour will be closed to warships, the minister told reporters after the talks with the owners.",
        "“We shall keep the harbour open,” is what the minister promised, and nobody in the town believed a word of it at the time.",
    ],
)
def test_a_sentence_on_the_same_matter_is_not_told_again(later: str) -> None:
    """A retelling in other words, and a long sentence that takes up a few, are sentences of their own."""
    assert repeated([SPEECH, later]) == [None, None]


def test_a_sentence_that_puts_two_together_is_told_again() -> None:
    """What a summary said in two sentences is the same where the report says it in one, but not with a figure of its own."""
    summary = [
        "Harbour towns on the northern coast have urged the island council to end its ban on foreign grain ships.",
        "Even so, the council has become the main buyer of northern timber, a lifeline for towns that seek relief from high taxes.",
        "The mayor of the largest town was not in her office.",
    ]
    told = (
        "Harbour towns on the coast have urged the island council for years to end its ban on grain ships even as the council has become"
        " the main buyer of timber from towns that seek relief from taxes."
    )
    assert repeated([*summary, told]) == [None, None, None, range(2)]
    assert repeated([*summary, told.replace("years", "12 years")]) == [None, None, None, None]


def test_parallel_sentences_are_not_told_again() -> None:
    """Where figures differ, or a word in a short sentence, something else is said."""
    reports = [
        f"Exports of grain to the islands in the north rose by {n} per cent in the first half of the year."
        for n in (5, 7)
    ]
    assert repeated(reports) == [None, None]
    assert repeated(["The north has wheat and barley.", "The north has wheat and coal."]) == [None, None]


def test_short_sentences_repeat_only_equal_ones() -> None:
    """Five words are a repetition if all are the same; what has no words never is."""
    assert repeated(["Read more.", "Nobody knew what to say.", "…", "READ MORE", "Nobody knew what to do.", "…"]) == [
        None, None, None, range(1), None, None,
    ]  # fmt: skip


sentences_of_few_words = st.lists(st.sampled_from("the ship came in with grain 5 7 . , “".split()), max_size=14).map(
    " ".join
)


@given(st.lists(sentences_of_few_words, max_size=8))
def test_repetition_points_backward(texts: list[str]) -> None:
    """Every sentence points to an earlier one or to none, and an equal sentence always to one."""
    found = repeated(texts)
    assert len(found) == len(texts)
    for place, earlier in enumerate(found):
        assert earlier is None or 0 <= earlier.start < earlier.stop <= place
        if texts[place] in texts[:place] and any(map(str.isalnum, texts[place])):
            assert earlier is not None


def test_repetitions_of_real_articles(eval_data: Path) -> None:
    """A summary's quotation is found again in the report behind it; a clean report has none; teasers printed twice have one each."""
    found = {}
    for path in (eval_data / "seeds").glob("00*.txt"):
        text = path.read_text(encoding="utf-8")
        found[path.name[:3]] = {n: k for n, k in enumerate(repeated(sentences(text))) if k is not None}
    assert found["000"] == found["001"] == found["004"] == {}
    assert found["002"] == {8: range(4, 6), 9: range(7, 8)}
    assert len(found["003"]) == 7
    assert all(later - earlier.start == 1 for later, earlier in found["003"].items())
