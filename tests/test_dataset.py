"""Labelled sentences: the validator, the bridge to Hugging Face, and what is promised of the packaged data."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from stance.dataset import (
    REGISTERS,
    LabelledSentence,
    digest,
    from_hugging_face,
    packaged_sentences,
    read_sentences,
    to_hugging_face,
)
from stance.errors import DataError
from stance.model import StanceModel
from stance.records import STANCES
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
        "one.jsonl:1: not JSON", "one.jsonl:2: sentiment", "one.jsonl:3: a sentence must be a JSON object, not list",
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
    assert set(dataset.column_names) == {"id", "text", "sentiment", "register", "group", "stance"}
    assert from_hugging_face(dataset) == some


def test_hugging_face_reads_the_folder_as_it_lies(sentences: list[LabelledSentence], tmp_path: Path) -> None:
    """`load_dataset` needs no script for our files."""
    import datasets

    files = [str(path) for path in packaged_sentences()]
    loaded = datasets.load_dataset("json", data_files=files, split="train", cache_dir=str(tmp_path))
    assert loaded.num_rows == len(sentences)
    assert set(loaded[0]["stance"][0]) == {"actor", "label", "voice", "speaker", "speaker_actor"}


def test_digest_knows_the_labels_and_not_the_order(sentences: list[LabelledSentence]) -> None:
    """The digest changes with any label, and with nothing else."""
    some = sentences[:20]
    shuffled = random.Random(1).sample(some, len(some))
    assert digest(some) == digest(shuffled)
    assert digest(some) != digest(some[1:])


def test_packaged_sentences_keep_their_promises(sentences: list[LabelledSentence]) -> None:
    """At least 2,000 sentences, 3,000 labels, ten actors, and 60 of every class of every core actor."""
    labels = Counter((label.actor, label.label) for sentence in sentences for label in sentence.stance)
    assert len(sentences) >= 2000
    assert labels.total() >= 3000
    assert len({actor for actor, _ in labels}) >= 10
    assert {cell: labels[cell] for actor in CORE for label in STANCES if labels[cell := (actor, label)] < 60} == {}
    assert {sentence.register for sentence in sentences} == set(REGISTERS)
    assert len({sentence.group for sentence in sentences}) >= 20


def test_packaged_sentences_are_no_templates(sentences: list[LabelledSentence]) -> None:
    """With names and numbers masked, hardly two sentences are alike, and few begin alike."""
    from stance.actors import default_actors
    from stance.features import tokenize

    masked = [
        [token for token, _ in tokenize(s.text, 0, len(s.text), default_actors().find(s.text))] for s in sentences
    ]
    assert Counter(map(tuple, masked)).most_common(1)[0][1] == 1
    openings = Counter(tuple(tokens[:4]) for tokens in masked)
    assert openings.most_common(1)[0][1] <= 0.01 * len(sentences)


def test_no_sentence_is_taken_from_the_evaluation_data(sentences: list[LabelledSentence], eval_data: Path) -> None:
    """No run of eight words is shared with any real text that we measure on."""
    ours: dict[tuple[str, ...], str] = {}
    for sentence in sentences:
        for run in eight_word_runs(sentence.text):
            ours.setdefault(run, sentence.id)
    shared = set()
    paths = [*(eval_data / "corpora").glob("*.jsonl"), *(eval_data / "gold").glob("*.jsonl")]
    sample = json_lines(ROOT / "training" / "sample_corpus" / "articles.jsonl")
    for article in sample:
        for run in (*eight_word_runs(article["title"]), *eight_word_runs(article["text"])):
            ours.setdefault(run, article["id"])
    texts = [value for path in paths for value in strings(path)]
    texts += [path.read_text(encoding="utf-8") for path in (eval_data / "seeds").glob("*.txt")]
    for text in texts:
        shared |= {ours[run] for run in eight_word_runs(text) if run in ours}
    assert len(texts) > 10_000
    assert shared == set()


def json_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def strings(path: Path) -> list[str]:
    return [value for row in json_lines(path) for key in ("title", "text") if isinstance(value := row.get(key), str)]


def eight_word_runs(text: str) -> list[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return [tuple(words[i : i + 8]) for i in range(len(words) - 7)]


def test_packaged_model_was_trained_on_the_packaged_sentences(
    sentences: list[LabelledSentence], model: StanceModel
) -> None:
    """Whoever changes sentences trains the packaged model anew: the digests must agree (`make model`)."""
    assert model.info["dataset"]["sha256"] == digest(sentences)
    assert model.info["dataset"]["sentences"] == len(sentences)
