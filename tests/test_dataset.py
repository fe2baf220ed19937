"""Labelled sentences: the validator, the bridge to Hugging Face, and what is promised of the packaged data."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from stance.dataset import (
    LabelledSentence,
    digest,
    from_hugging_face,
    packaged_sentences,
    read_pairs,
    read_sentences,
    to_hugging_face,
)
from stance.errors import DataError
from stance.model import StanceModel
from tests.conftest import ROOT, WriteLines

CORE = ("Russia", "Ukraine", "NATO", "China", "United States", "European Union")


def row(**changes: object) -> dict[str, object]:
    good: dict[str, object] = {
        "id": "t-1",
        "text": "Lavrov praised China.",
        "sentiment": "positive",
        "register": "wire",
        "group": "t",
        "stance": [
            {"actor": "Russia", "label": "neutral", "voice": "narrator", "speaker": None, "speaker_actor": None},
            {"actor": "China", "label": "favor", "voice": "attributed", "speaker": "Lavrov", "speaker_actor": "Russia"},
        ],
    }
    return {**good, **changes}


PLAIN = [{"actor": actor, "label": "neutral", "voice": "narrator"} for actor in ("Russia", "China")]


def faults(path: Path, complete: bool = True) -> list[str]:
    with pytest.raises(DataError) as caught:
        read_sentences([path], complete=complete)
    return [str(fault) for fault in caught.value.faults]


def test_reads_a_sound_file(write_lines: WriteLines) -> None:
    """A sound sentence comes back as it was written, blank lines and all extra fields aside."""
    path = write_lines("good.jsonl", [row(extra=1), "", row(id="t-2", text="Lavrov met China.", stance=PLAIN)])
    first, second = read_sentences([path], complete=True)
    assert (first.id, first.stance[1].speaker_actor, second.stance[1].label) == ("t-1", "Russia", "neutral")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": ""}, "text: must be a string that is not empty"),
        ({"text": None}, "text: must be a string that is not empty, not missing or null"),
        ({"sentiment": "sad"}, "sentiment: 'sad' is not known; must be one of negative, neutral, positive"),
        ({"register": None}, "register: missing or null is not known; must be one of broadcast"),
        ({"group": 3}, "group: must be a string that is not empty, not int"),
        ({"stance": "none"}, "stance: must be a list of labels"),
        ({"stance": [{"actor": "Rusia", "label": "favor", "voice": "narrator"}]}, "did you mean Russia"),
        (
            {"stance": [{"actor": "Russia", "label": "for", "voice": "narrator"}]},
            "must be one of against, neutral, favor",
        ),
        ({"stance": [{"actor": "Russia", "label": "favor", "voice": "loud"}]}, "must be one of narrator, attributed"),
        ({"stance": []}, "the text names China, which has no label"),
        ({"text": "Lavrov praised India."}, "China is labelled but not named in the text"),
    ],
)
def test_each_fault_is_named(write_lines: WriteLines, change: dict[str, object], message: str) -> None:
    """A fault is told with file, line, field, and what would be accepted."""
    found = faults(write_lines("bad.jsonl", [row(id="t-0", text="Russia met China.", stance=PLAIN), row(**change)]))
    assert any(message in fault and "bad.jsonl:2: " in fault for fault in found), found


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ({"voice": "narrator", "speaker": "Lavrov"}, "the narrator has none"),
        ({"voice": "attributed", "speaker": "Peskov"}, "'Peskov' does not stand in the text"),
        ({"voice": "attributed", "speaker_actor": "Moscovia"}, "speaker_actor: 'Moscovia' is not known"),
    ],
)
def test_faults_of_a_label(write_lines: WriteLines, label: dict[str, object], message: str) -> None:
    """Voice, speaker and the speaker's actor must fit together and fit the text."""
    stance = [
        {"actor": "Russia", "label": "neutral", "voice": "narrator"},
        {"actor": "China", "label": "favor", **label},
    ]
    assert any(message in fault for fault in faults(write_lines("bad.jsonl", [row(stance=stance)])))


def test_all_faults_of_all_files_come_at_once(write_lines: WriteLines) -> None:
    """One run lists everything: broken JSON, wrong fields, double ids and texts, bytes that are not UTF-8."""
    one = write_lines("one.jsonl", ["{broken", row(sentiment="sad"), "[1]"])
    two = write_lines("two.jsonl", [row(), row(text="Russia and China met.", stance=PLAIN), row(id="t-3")])
    three = two.with_name("three.jsonl")
    three.write_bytes(b'{"text": "\xff"}\n')
    with pytest.raises(DataError) as caught:
        read_sentences([one, two, three, two.with_name("none.jsonl")], complete=True)
    told = str(caught.value)
    for part in (
        "one.jsonl:1: not JSON", "one.jsonl:2: sentiment", "one.jsonl:3: a JSON object is needed, not list",
        "two.jsonl:2: id: the same as in two.jsonl:1", "two.jsonl:3: text: the same as in two.jsonl:1",
        "three.jsonl:1: not UTF-8 at byte 10", "none.jsonl: cannot be read: No such file",
    ):  # fmt: skip
        assert part in told
    assert told.startswith("7 faults found")


def test_an_empty_file_is_a_fault(write_lines: WriteLines) -> None:
    """A file without a sentence is not passed over."""
    assert faults(write_lines("empty.jsonl", [])) == [f"{write_lines('empty.jsonl', [])}: no labelled sentence in it"]


def test_other_peoples_labels_need_less(write_lines: WriteLines) -> None:
    """Text and stance are enough to train or evaluate with, and stance may be an object with actors as keys."""
    path = write_lines("gold.jsonl", [{"text": "Russia met China.", "stance": {"Russia": {"label": "against"}}}])
    (sentence,) = read_sentences([path])
    assert (sentence.id, sentence.group, sentence.sentiment) == ("gold:1", "gold:1", None)
    assert [(label.actor, label.label) for label in sentence.stance] == [("Russia", "against")]


def test_hugging_face_gives_back_what_it_got(sentences: list[LabelledSentence]) -> None:
    """The bridge to `datasets` loses nothing."""
    some = sentences[:50]
    dataset = to_hugging_face(some)
    assert set(dataset.column_names) == {"id", "text", "sentiment", "register", "group", "stance", "weight"}
    assert from_hugging_face(dataset) == some


def test_hugging_face_reads_the_folder_as_it_lies(sentences: list[LabelledSentence], tmp_path: Path) -> None:
    """`load_dataset` needs no script for our files."""
    import datasets

    files = [str(path) for path in packaged_sentences()]
    loaded = datasets.load_dataset("json", data_files=files, split="train", cache_dir=str(tmp_path))
    assert loaded.num_rows == len(sentences)
    assert set(loaded[0]["stance"][0]) == {"actor", "label", "voice", "speaker", "speaker_actor"}


def test_all_faults_of_contrast_pairs_are_listed(write_lines: WriteLines) -> None:
    """A pair needs an edit that is known, two complete sentences, and a label that changes."""
    label = {"actor": "Japan", "label": "favor", "voice": "narrator"}
    good = {"text": "They hailed Japan.", "sentiment": "positive", "stance": [label]}
    pair = {
        "id": "k-1",
        "edit": "word",
        "register": "wire",
        "group": "k",
        "sentences": [good, {**good, "text": "Hail Japan."}],
    }
    bad = {**pair, "id": "k-2", "edit": "magic", "sentences": [good, {**good, "text": "Hail Norway."}]}
    path = write_lines("pairs.jsonl", [pair, bad, {**pair, "id": "k-3", "sentences": [good]}, 5])
    with pytest.raises(DataError) as error:
        read_pairs([path])
    told = [str(fault).removeprefix(f"{path}:") for fault in error.value.faults]
    assert told[0] == "1: sentences: no actor named in both has another label in the second than in the first"
    assert told[1].startswith("2: edit: 'magic' is not known; must be one of roles, negation")
    assert told[2] == "2: sentence b: stance: the text names Norway, which has no label"
    assert told[4:] == ["3: sentences: must be a list of two JSON objects", "4: a JSON object is needed, not int"]


def test_hugging_face_reads_the_dataset_card(tmp_path: Path) -> None:
    """`load_dataset("training")` finds sentences and pairs by the card's header."""
    import datasets

    pairs = datasets.load_dataset(str(ROOT / "training"), "contrast", cache_dir=str(tmp_path))
    assert set(pairs) == {"train", "test"}
    assert set(pairs["test"][0]["sentences"][0]) == {"text", "sentiment", "stance"}


def test_digest_knows_the_labels_and_not_the_order(sentences: list[LabelledSentence]) -> None:
    """The digest changes with any label, and with nothing else."""
    some = sentences[:20]
    shuffled = random.Random(1).sample(some, len(some))
    assert digest(some) == digest(shuffled)
    assert digest(some) != digest(some[1:])


def test_packaged_model_was_trained_on_the_packaged_sentences(
    trained_on: list[LabelledSentence], model: StanceModel
) -> None:
    """Whoever changes sentences trains the packaged model anew: the digests must agree (`make model`)."""
    assert model.info["dataset"]["sha256"] == digest(trained_on)
    assert model.info["dataset"]["sentences"] == len(trained_on)
