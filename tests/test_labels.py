"""Other people's labels, in their layouts, with their faults."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from stance.errors import DataError, InputError
from stance.fit import stance_examples
from stance.labels import read_labels
from tests.conftest import WriteLines

ROWS = [
    {"text": "Russia broke its word.", "target": "Russia", "label": "against"},
    {"text": "Russia broke its word, and China helped.", "target": "Beijing", "label": "positive"},
    {"text": "Russia broke its word, and China helped.", "target": "Russian", "label": "-1"},
]


def write_csv(path: Path, separator: str) -> None:
    lines = ["text,target,label".replace(",", separator)]
    lines += [separator.join(f'"{row[key]}"' for key in ("text", "target", "label")) for row in ROWS]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_parquet(path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(ROWS), path)


def write_hugging_face(path: Path) -> None:
    import datasets

    features = datasets.Features({"text": datasets.Value("string"), "target": datasets.Value("string"),
                                  "label": datasets.ClassLabel(names=["against", "neutral", "favor"])})  # fmt: skip
    rows = [{**row, "label": {"positive": "favor", "-1": "against"}.get(row["label"], row["label"])} for row in ROWS]
    datasets.Dataset.from_list(rows, features=features).save_to_disk(str(path))


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("l.jsonl", lambda path: path.write_text("".join(f"{json.dumps(row)}\n" for row in ROWS), encoding="utf-8")),
        ("l.csv", lambda path: write_csv(path, ",")),
        ("l.tsv", lambda path: write_csv(path, "\t")),
        ("l.parquet", write_parquet),
        ("folder", write_hugging_face),
    ],
)
def test_every_format_says_the_same(tmp_path: Path, name: str, write: Callable[[Path], None]) -> None:
    """Labels of one text are put together, and targets become actors whatever they are called."""
    write(tmp_path / name)
    read = read_labels([str(tmp_path / name)])
    assert read.left_out == []
    assert [(s.text, [(x.actor, x.label) for x in s.stance]) for s in read.sentences] == [
        (ROWS[0]["text"], [("Russia", "against")]),
        (ROWS[1]["text"], [("China", "favor"), ("Russia", "against")]),
    ]


def test_newsmtsc_and_semeval_are_known(write_lines: WriteLines, tmp_path: Path) -> None:
    """Both layouts of NewsMTSC, with targets by position that are no actors, and SemEval's columns."""
    sentence = "Smith mocked Jones, and Smith lost."
    flat = write_lines(
        "flat.jsonl", [{"sentence": sentence, "mention": "Smith", "from": 24, "to": 29, "polarity": 2.0}]
    )
    nested = write_lines(
        "nested.jsonl",
        [{"sentence_normalized": sentence, "targets": [{"mention": "Jones", "from": 13, "to": 18, "polarity": 6.0}]}],
    )
    semeval = tmp_path / "s.tsv"
    semeval.write_text("ID\tTarget\tTweet\tStance\n1\tNATO\tNATO keeps us safe\tFAVOR\n", encoding="utf-8")
    read = read_labels([str(flat), str(nested), str(semeval)])
    assert [(s.stance[0].actor, s.stance[0].label, s.stance[0].start) for s in read.sentences] == [
        ("Smith", "against", 24),
        ("Jones", "favor", 13),
        ("NATO", "favor", None),
    ]
    examples = stance_examples(read.sentences)
    assert examples.views[0]["sentence"].count("TARGET") == 1
    assert "smith" in examples.views[0]["sentence"]


def test_targets_that_cannot_be_placed_are_told(write_lines: WriteLines) -> None:
    """A label whose target is not in its text, or is there twice with two labels, is left out by name and line."""
    rows = [
        {"text": "It rained.", "target": "Russia", "label": "against"},
        {"text": "Smith and Smith", "target": "Smith", "label": "favor", "start": 0, "end": 5},
        {"text": "Smith and Smith", "target": "Smith", "label": "against", "start": 10, "end": 15},
    ]
    read = read_labels([str(write_lines("l.jsonl", rows))])
    assert [fault.line for fault in read.left_out] == [1, 3]
    assert len(read.sentences) == 1


def test_columns_can_be_named(tmp_path: Path) -> None:
    """Columns of any name are mapped, and the group keeps texts of one source together."""
    path = tmp_path / "umfrage.csv"
    path.write_text("Satz,Land,Urteil,Quelle\nRussia lied.,Russia,con,A\n", encoding="utf-8")
    columns = {"text": "Satz", "target": "Land", "label": "Urteil", "group": "Quelle"}
    sentence = read_labels([str(path)], columns).sentences[0]
    assert (sentence.group, sentence.stance[0].label) == ("A", "against")
    with pytest.raises(DataError, match="--target-column"):
        read_labels([str(path)], {"text": "Satz", "label": "Urteil"})
    with pytest.raises(DataError, match="no column 'Lant' for target; there are Land, Quelle, Satz, Urteil"):
        read_labels([str(path)], {**columns, "target": "Lant"})


def test_all_faults_are_listed_at_once(write_lines: WriteLines) -> None:
    """Empty text, unknown label, empty target, and two labels for the same, each with its line."""
    rows = [
        {"text": "Russia lied.", "target": "Russia", "label": "against"},
        {"text": " ", "target": "Russia", "label": "against"},
        {"text": "China won.", "target": "China", "label": "sad"},
        {"text": "China won.", "target": "", "label": "favor"},
        {"text": "Russia lied.", "target": "Moscow", "label": "favor"},
        "{broken",
        "[1]",
    ]
    path = write_lines("bad.jsonl", rows)
    with pytest.raises(DataError) as error:
        read_labels([str(path)])
    told = {fault.line: fault.message for fault in error.value.faults}
    assert set(told) == {2, 3, 4, 5, 6, 7}
    assert "the text is empty" in told[2]
    assert "'sad' is not known; against: against, negative" in told[3]
    assert "favor toward 'Moscow', but line 1 says against" in told[5]


def test_what_cannot_be_opened_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a file nor a dataset, a file of another kind, an empty one, and a row of too many fields."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(InputError, match="neither a file nor a dataset"):
        read_labels(["nothing-here"])
    (tmp_path / "l.xlsx").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match=r"\.jsonl, \.csv, \.tsv, \.parquet"):
        read_labels([str(tmp_path / "l.xlsx")])
    (tmp_path / "l.csv").write_text("text,target,label\n", encoding="utf-8")
    with pytest.raises(DataError, match="no labelled sentence"):
        read_labels([str(tmp_path / "l.csv")])
    (tmp_path / "l.csv").write_text("text,target,label\nRussia lied.,Russia,con,more\n", encoding="utf-8")
    with pytest.raises(DataError, match="another number of fields"):
        read_labels([str(tmp_path / "l.csv")])
    (tmp_path / "l.parquet").write_text("no", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        read_labels([str(tmp_path / "l.parquet")])


def test_our_own_layout_is_read_from_any_source(write_lines: WriteLines) -> None:
    """Sentences with a list of labels keep what else is known of them."""
    row = {"text": "Russia lied.", "sentiment": "negative", "stance": [{"actor": "Russia", "label": "against"}]}
    sentence = read_labels([str(write_lines("ours.jsonl", [row]))]).sentences[0]
    assert sentence.sentiment == "negative"
