"""Telling the outlet's voice from that of the people it quotes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.actors import default_actors
from stance.records import Mention
from stance.voice import attribute, overall, quotations


def mentions(text: str) -> dict[str, Mention]:
    found = default_actors().find(text)
    every, _ = attribute(text, (0, len(text)), found, quotations(text), None)
    return {actor: overall(m for m in every if m.actor == actor) for actor in {m.actor for m in every}}


@pytest.mark.parametrize(
    ("text", "actor", "voice", "speaker"),
    [
        ("Russia attacked Ukraine.", "Russia", "narrator", None),
        ("Lavrov said the EU had failed.", "European Union", "attributed", "Lavrov"),
        ("Lavrov said the EU had failed.", "Russia", "narrator", None),
        ("The EU had failed, Lavrov said on Monday.", "European Union", "attributed", "Lavrov"),
        ("The EU had failed, said the minister.", "European Union", "attributed", "the minister"),
        ("According to Kyiv officials, Russia lost.", "Russia", "attributed", "Kyiv officials"),
        ("“NATO is a threat,” the general told reporters.", "NATO", "attributed", "the general"),
        ("Medvedev: NATO must go", "NATO", "attributed", "Medvedev"),
        ("Orban accused Brussels of blackmail.", "European Union", "attributed", "Orban"),
        ("Ukraine war: Russia retreats", "Russia", "narrator", None),
        ("China has not condemned Russia's war.", "Russia", "narrator", None),
        ("The deal was good, Jake Sullivan, an adviser, said on Thursday, for Japan.", "Japan", "narrator", None),
    ],
)
def test_who_says_it(text: str, actor: str, voice: str, speaker: str | None) -> None:
    """Direct and indirect speech, inversion, "according to" and headline colons lead to the speaker."""
    mention = mentions(text)[actor]
    assert (mention.voice, mention.speaker) == (voice, speaker)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('He said "yes" and "no".', ['"yes"', '"no"']),
        ("„Ja“ und «oui»", ["„Ja“", "«oui»"]),
        ("It's Russia's 'special path' now", ["'special path'"]),
        ('A stray " mark here.\nAnd a "quote" there.', ['"quote"']),
        ("“It goes on.\n“And on.”", ["“It goes on.", "“And on.”"]),
        ("it was cut off.” Then more", ["it was cut off.”"]),
    ],
)
def test_quotations_are_found_and_stray_marks_cost_nothing(text: str, quoted: list[str]) -> None:
    """Every kind of quotation mark counts; an unbalanced one never reaches beyond its paragraph."""
    assert [text[start:end] for start, end in quotations(text)] == quoted


def test_a_quotation_that_runs_on_keeps_its_speaker() -> None:
    """A later sentence inside quotation marks belongs to the last speaker named."""
    text = "“We thank Poland,” Kuleba said. “Russia lied.”"
    quoted = quotations(text)
    first = (0, text.index(" “Russia"))
    found = default_actors().find(text)
    _, speaker = attribute(text, first, [f for f in found if f.start < first[1]], quoted, None)
    (russia,), _ = attribute(text, (first[1] + 1, len(text)), [found[-1]], quoted, speaker)
    assert (russia.actor, russia.voice, russia.speaker) == ("Russia", "attributed", "Kuleba")


@given(st.text(alphabet=st.sampled_from("ab \n\"'“”„«»‘’.,:"), max_size=120))
def test_quotations_are_ordered_and_disjoint(text: str) -> None:
    """Whatever the marks, the spans do not overlap and lie in the text."""
    last = 0
    for start, end in quotations(text):
        assert last <= start < end <= len(text)
        last = end


def test_voice_on_real_news(eval_data: Path) -> None:
    """On labelled real sentences at least 85 % of the voices are right (the majority voice makes 64 %)."""
    right = total = 0
    for line in (eval_data / "gold" / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        told = mentions(row["text"])
        for actor, label in row["stance"].items():
            if label["voice"] and actor in told:
                total += 1
                right += told[actor].voice == label["voice"]
    assert total > 1000
    assert right / total >= 0.85
