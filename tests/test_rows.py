"""Rows of any source: every format says the same, and a fault costs its own row."""

from __future__ import annotations

import csv
import gc
import gzip
import io
import json
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from stance.errors import DataError, Fault, InputError
from stance.rows import Rows, ending, sound_rows

ROWS = [
    {"name": "Åland", "note": "two\nlines, and a comma"},
    {"name": "Malta", "note": 'a "quoted" word'},
    {"name": "Ob\tRiver", "note": "ﬁne"},
]


def as_json(path: Path) -> bytes:
    return "".join(f"{json.dumps(row)}\n" for row in ROWS).encode()


def as_csv(path: Path) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t" if ending(path) == ".tsv" else ",")
    writer.writerows([list(ROWS[0]), *(row.values() for row in ROWS)])
    return text.getvalue().encode("utf-8-sig")


def as_parquet(path: Path) -> bytes:
    content = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(ROWS), content, row_group_size=2)
    return content.getvalue()


def packed(content: bytes, suffix: str) -> bytes:
    if suffix != ".zst":
        # Two members, as `cat a.gz b.gz` makes them.
        return gzip.compress(content[:20]) + gzip.compress(content[20:]) if suffix == ".gz" else content
    return bytes(pyarrow.compress(content, "zstd", asbytes=True))


@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
@pytest.mark.parametrize(
    ("name", "write", "lines"),
    [("r.jsonl", as_json, [1, 2, 3]), ("r.CSV", as_csv, [2, 4, 5]), ("r.tsv", as_csv, [2, 4, 5])],
)
def test_every_text_format_says_the_same(
    tmp_path: Path, name: str, write: Callable[[Path], bytes], lines: list[int], packing: str
) -> None:
    """Packed or not, rows come with the lines where they begin, as often as they are asked for."""
    path = tmp_path / f"{name}{packing}"
    path.write_bytes(packed(write(path), packing))
    rows = Rows(path)
    assert list(rows) == list(zip(lines, ROWS, strict=True))
    assert list(rows) == list(rows)
    assert rows.stem == "r"


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    """Row groups follow one another, and lists, numbers and missing values are what they were."""
    path = tmp_path / "r.parquet"
    path.write_bytes(as_parquet(path))
    assert list(Rows(path)) == list(enumerate(ROWS, 1))
    mixed = [{"n": number, "many": ["x"] * number} for number in range(1000)] + [{"n": None, "many": None}]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(mixed), path)
    assert [row for _, row in Rows(path)] == mixed


def test_parquet_with_a_value_that_is_none_costs_one_row(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 in a column of strings are a fault of their row."""
    array = pyarrow.array([b"one", b"tw\xff", b"three"]).view(pyarrow.string())
    pyarrow.parquet.write_table(pyarrow.table({"text": array}), tmp_path / "r.parquet")
    one, two, three = (row for _, row in Rows(tmp_path / "r.parquet"))
    assert (one, three) == ({"text": "one"}, {"text": "three"})
    assert isinstance(two, str)
    assert "can't decode byte 0xff" in two


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_hugging_face_datasets_have_splits_and_class_names(tmp_path: Path) -> None:
    """A saved dataset gives the split named, else "train", and class labels by name."""
    import datasets

    features = datasets.Features({"x": datasets.ClassLabel(names=["no", "yes"])})
    whole = datasets.DatasetDict(
        {
            "train": datasets.Dataset.from_dict({"x": [1, 0]}, features=features),
            "test": datasets.Dataset.from_dict({"x": [1, None]}, features=features),
        }
    )
    whole.save_to_disk(str(tmp_path / "saved"))
    assert list(Rows(tmp_path / "saved")) == [(1, {"x": "yes"}), (2, {"x": "no"})]
    assert list(Rows(f"{tmp_path / 'saved'}:test")) == [(1, {"x": "yes"}), (2, {"x": None})]
    with pytest.raises(InputError, match="neither a file nor a dataset"):
        list(Rows(f"{tmp_path / 'saved'}:dev"))


def test_standard_input_can_be_read_twice_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes once can be iterated often; the file that it lies in meanwhile is gone afterwards."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(as_json(tmp_path))))
    rows = Rows("-")
    assert list(zip(rows, rows, strict=True)) == [((line, row), (line, row)) for line, row in enumerate(ROWS, 1)]
    assert len(list(tmp_path.iterdir())) == 1
    assert str(rows.path) == "standard input"
    del rows
    gc.collect()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("r.jsonl", b'{"a": 1}\n[1]\n{"a": 2}', "a JSON object is needed, not list"),
        ("r.jsonl", b'{"a": 1}\n{"a": \xff}\n{"a": 2}', "not UTF-8 at byte 6 of the line"),
        ("r.jsonl", b'{"a": 1}\n{"a"}\n{"a": 2}', "not JSON: Expecting ':' delimiter at character 5"),
        ("r.jsonl", b'{"a": 1}\n' + b"1" * 5000 + b'\n{"a": 2}', "not JSON: Exceeds the limit"),
        ("r.jsonl", b'{"a": 1}\n' + b"[" * 99999 + b'\n{"a": 2}', "not JSON: maximum recursion depth"),
        ("r.csv", b"a,b\n1,1\n2\n3,3\n", "another number of fields than the header has: 1, not 2"),
        ("r.csv", b'a,b\n1,1\n"2" 2,2\n3,3\n', "not CSV: ',' expected after '\"'"),
        ("r.csv", b"a,b\n1,1\n2,\xff\n3,3\n", "b: not UTF-8"),
        ("r.tsv", b"a\tb\n1\t1\n2\n3\t3\n", "another number of fields than the header has: 1, not 2"),
    ],
)
def test_a_fault_costs_its_own_row(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    """The rows before and after a broken one are read, and it is told by its line."""
    (tmp_path / name).write_bytes(content)
    first, (line, fault), last = Rows(tmp_path / name)
    assert isinstance(first[1], dict)
    assert isinstance(last[1], dict)
    assert line == first[0] + 1
    assert isinstance(fault, str)
    assert message in fault


def test_a_quote_left_open_tells_what_it_took(tmp_path: Path) -> None:
    """All lines that went into a broken record are named, so that none goes unnoticed."""
    (tmp_path / "r.csv").write_text('a,b\n1,1\n"2,2\n3,3\n4,4\n', encoding="utf-8")
    assert list(Rows(tmp_path / "r.csv")) == [
        (2, {"a": "1", "b": "1"}),
        (3, "not CSV: unexpected end of data (lines 3 to 5)"),
    ]


def test_quotes_in_files_with_tabs_may_be_just_quotes(tmp_path: Path) -> None:
    """A field with a word in quotes at its start, as such files often have, costs no row."""
    (tmp_path / "r.tsv").write_text('a\tb\n"Peace" now\t1\n', encoding="utf-8")
    assert list(Rows(tmp_path / "r.tsv")) == [(2, {"a": "Peace now", "b": "1"})]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.jsonl", None, "none.jsonl: cannot be read: No such file"),
        ("none.parquet", None, "none.parquet: cannot be read: No such file"),
        ("r.xlsx", b"x", "the format .xlsx is not known; rows can be read from .jsonl, .csv, .tsv, .parquet"),
        ("r.parquet.gz", b"x", "the format .parquet.gz is not known"),
        ("r", b"x", "the format of a file without ending is not known"),
        ("r.jsonl.gz", b"xxxxxx", "cannot be read: zlib inflate failed"),
        ("r.csv.gz", gzip.compress(b"a,b\n" * 99)[:-9], "cannot be read: Truncated compressed stream"),
        ("r.jsonl.zst", b"xxxxxx", "cannot be read: ZSTD decompress failed"),
        ("r.parquet", b"PAR1", "cannot be read as Parquet"),
        ("r.csv", b"a,\xff\n1,2\n", "the header cannot be used: not UTF-8"),
        ("r.csv", b"a,b,a,,\n1,2,3,,\n", "the header cannot be used: it has more than one column a"),
    ],
)
def test_a_source_that_cannot_be_read_is_an_error(
    tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    """A file that is missing, damaged or of another kind ends in one error that names it."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=message):
        list(Rows(tmp_path / name))


def test_sound_rows_gather_all_faults(tmp_path: Path) -> None:
    """Whoever wants all faults at once gets the sound rows, and the faults of rows and of whole sources in a list."""
    (tmp_path / "r.jsonl").write_text('{"a": 1}\n{\n{"a": 2}\n', encoding="utf-8")
    faults: list[Fault] = []
    assert list(sound_rows(tmp_path / "r.jsonl", faults)) == [(1, {"a": 1}), (3, {"a": 2})]
    assert list(sound_rows(tmp_path / "none.csv", faults)) == []
    assert [(fault.path.name, fault.line) for fault in faults] == [("r.jsonl", 2), ("none.csv", None)]


@pytest.mark.parametrize("name", ["r.jsonl.gz", "r.csv", "r.parquet"])
def test_memory_holds_a_few_rows_only(tmp_path: Path, name: str) -> None:
    """Reading 40 MB of rows takes a fraction of that."""
    path = tmp_path / name
    text = "x" * 10_000
    if name == "r.parquet":
        schema = pyarrow.schema({"text": pyarrow.string()})
        with pyarrow.parquet.ParquetWriter(path, schema) as writer:
            for _ in range(40):
                writer.write_table(pyarrow.Table.from_pylist([{"text": text}] * 100, schema))
    elif name == "r.csv":
        path.write_text("text,\n" + f"{text},\n" * 4000, encoding="utf-8")
    else:
        path.write_bytes(gzip.compress((json.dumps({"text": text}) + "\n").encode() * 4000, 1))
    tracemalloc.start()
    assert sum(1 for _ in Rows(path)) == 4000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


@pytest.mark.parametrize("source", ["./nowhere", "nowhere/", "/no/where", "a/b/nowhere", "~/nowhere:train"])
def test_what_is_written_like_a_path_is_not_asked_for_on_the_network(source: str) -> None:
    """A folder's name with a slip is told at once, without a look at the hub of datasets."""
    with pytest.raises(DataError, match="there is no such file or folder"):
        list(Rows(source))
