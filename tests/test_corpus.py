"""Reading articles: good records come through, bad ones are named and skipped, bad files refused."""

from __future__ import annotations

import contextlib
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.corpus import ArticleReader
from stance.errors import DataError
from tests.conftest import ROOT, WriteLines

GOOD = {"id": "1", "outlet": "Courier", "date": "2025-03-01", "title": "Title", "text": "Russia met China."}


def read(path: Path) -> tuple[list[str], list[str]]:
    reader = ArticleReader(path)
    return [article.id for article in reader], [str(fault) for fault in reader.faults]


def test_reads_jsonl(write_lines: WriteLines) -> None:
    """Every field arrives, missing ids are made from file and line, timestamps lose their time, empty dates are None."""
    lines = [
        GOOD,
        {**GOOD, "id": None, "date": None, "url": "u"},
        {**GOOD, "id": 7, "date": "2025-03-02T10:00:00Z", "text": None},
    ]
    articles = list(ArticleReader(write_lines("a.jsonl", lines)))
    assert [article.id for article in articles] == ["1", "a:2", "7"]
    assert [article.date for article in articles] == [date(2025, 3, 1), None, date(2025, 3, 2)]
    assert (articles[1].url, articles[2].text) == ("u", "")


def test_reads_csv(tmp_path: Path) -> None:
    """Quoted fields may hold commas, quotes and line breaks; a byte order mark is no trouble."""
    path = tmp_path / "a.csv"
    path.write_text('\ufeffoutlet,date,title,text\nA,2025-01-01,"x, ""y""","one\ntwo"\nB,,t,\n', encoding="utf-8")
    one, two = ArticleReader(path)
    assert (one.title, one.text, one.id) == ('x, "y"', "one\ntwo", "a:2")
    assert (two.outlet, two.date, two.id) == ("B", None, "a:4")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{broken", "not JSON"),
        ("[1, 2]", "a JSON object is needed, not list"),
        ({"outlet": "A", "date": None}, "title, text: both are empty"),
        ({**GOOD, "id": "2", "outlet": " "}, "outlet: is empty"),
        ({**GOOD, "id": "2", "title": "", "text": None}, "title, text: both are empty"),
        ({**GOOD, "id": "2", "text": ["x"]}, "text: must be a string, not list"),
        ({**GOOD, "id": "2", "date": "March 1"}, "date: 'March 1' is not an ISO date such as 2022-02-28"),
        ({**GOOD, "id": "2", "date": 2025}, "date: 2025 is not an ISO date"),
        ({**GOOD}, "id: '1' is already in line 1"),
        ('{"outlet": "A", "date": null, "title": "\\ud800", "text": "x"}', "title: text holds a lone surrogate"),
    ],
)
def test_a_bad_record_is_named_and_the_rest_read(write_lines: WriteLines, line: object, message: str) -> None:
    """One bad record costs only itself, and its file and line are told."""
    ids, faults = read(write_lines("a.jsonl", [GOOD, line, {**GOOD, "id": "3"}]))
    assert ids == ["1", "3"]
    assert len(faults) == 1
    assert "a.jsonl:2: " in faults[0]
    assert message in faults[0]


def test_bytes_that_are_not_utf8_are_a_fault_of_their_record(tmp_path: Path) -> None:
    """Latin-1 bytes in one record are found in JSONL and CSV alike."""
    line = json.dumps(GOOD).encode()
    (tmp_path / "a.jsonl").write_bytes(line.replace(b"Title", b"Titl\xe9") + b"\n" + line + b"\n")
    ids, faults = read(tmp_path / "a.jsonl")
    assert (ids, len(faults)) == (["1"], 1)
    assert "a.jsonl:1: not UTF-8" in faults[0]
    (tmp_path / "a.csv").write_bytes(b"outlet,date,title,text\nA,,Titl\xe9,x\nB,,Title,x\n")
    ids, faults = read(tmp_path / "a.csv")
    assert ids == ["a:3"]
    assert "a.csv:2: title: not UTF-8" in faults[0]


def test_csv_rows_with_another_number_of_fields_are_faults(tmp_path: Path) -> None:
    """An unquoted comma is caught instead of moving the fields."""
    (tmp_path / "a.csv").write_text("outlet,date,title,text\nA,,one,two,three\nB,,t,x\n", encoding="utf-8")
    ids, faults = read(tmp_path / "a.csv")
    assert ids == ["a:3"]
    assert "another number of fields than the header has: 5, not 4" in faults[0]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.jsonl", None, "none.jsonl: cannot be read: No such file"),
        ("none.txt", None, "none.txt: cannot be read: No such file"),
        ("a.xlsx", "x", "the format .xlsx is not known; rows can be read from .jsonl, .csv, .tsv, .parquet"),
        ("a.jsonl", "", "is empty"),
        (
            "a.csv",
            "date,source\n2025-01-01,x\n",
            "no column for the text: one of text, body, .* columns found: date, source",
        ),
        ("a.jsonl", '{"text": "x"}', "no column for the outlet: one of outlet, .*--outlet-column"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, name: str, content: str | None, message: str) -> None:
    """A missing, unknown, empty or misshapen file is an error at once."""
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        list(ArticleReader(tmp_path / name))


@settings(max_examples=50)
@given(st.lists(st.binary(max_size=40), max_size=5))
def test_no_bytes_make_it_crash(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]) -> None:
    """Any bytes in a file end in articles and faults, or in one error of ours."""
    for name, head in (("a.jsonl", b""), ("a.csv", b"outlet,date,title,text\n")):
        path = tmp_path_factory.mktemp("bytes") / name
        path.write_bytes(head + b"\n".join(lines))
        with contextlib.suppress(DataError):
            read(path)


def test_sample_corpus_is_as_promised() -> None:
    """At least 80 articles of six outlets over ten months without a fault, and copies between two outlets."""
    reader = ArticleReader(ROOT / "training" / "sample_corpus" / "articles.jsonl")
    articles = list(reader)
    assert reader.faults == []
    assert len(articles) >= 80
    assert len({article.outlet for article in articles}) == 6
    assert len({article.date.strftime("%Y-%m") for article in articles if article.date}) == 10
    copies = [article for article in articles if "Halden Press" in article.text]
    assert {article.outlet for article in copies} == {"Northgate Courier", "Prairie Ledger"}
    leanings = (ROOT / "training" / "sample_corpus" / "README.md").read_text(encoding="utf-8")
    assert all(article.outlet in leanings for article in articles)
