"""Reading articles: good records come through, bad ones are named and skipped, bad sources refused."""

from __future__ import annotations

import contextlib
import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from ftfy import fix_encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.corpus import _TELLTALE, ArticleReader
from stance.errors import DataError, InputError
from stance.records import Article
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
        ({**GOOD, "id": "2", "text": "a\0b"}, "text: holds NUL bytes"),
        ({**GOOD, "id": "2", "title": True}, "title: must be a string, not bool"),
        ({**GOOD, "id": False}, "id: must be a string, not bool"),
        ({**GOOD, "id": "2", "text": "x" * 2_000_001}, "text: 2,000,001 characters; an article has at most 2,000,000"),
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


def write_parquet(path: Path, rows: list[dict[str, object]]) -> None:
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path)


def test_columns_go_by_many_names(write_lines: WriteLines, tmp_path: Path) -> None:
    """Common names are known whatever their case; what is not there is not known; extra columns do no harm."""
    path = write_lines(
        "a.jsonl", [{"Publisher": "A", "publishedAt": "2025-01-02", "headline": "T", "Body": "x", "k": 1}]
    )
    assert list(ArticleReader(path)) == [Article("a:1", "A", date(2025, 1, 2), "T", "x")]
    (tmp_path / "b.tsv").write_text("source\tcontent\tArticle ID\nB\ty\t7\n", encoding="utf-8")
    assert list(ArticleReader(tmp_path / "b.tsv")) == [Article("7", "B", None, "", "y")]
    write_parquet(tmp_path / "c.parquet", [{"domain": "c.example", "maintext": "z", "link": "u", "id": 8}])
    assert list(ArticleReader(tmp_path / "c.parquet")) == [Article("8", "c.example", None, "", "z", "u")]


def test_the_first_of_several_names_counts(write_lines: WriteLines) -> None:
    """Of two columns that could be the text the one first in the table is, in each record for itself."""
    lines = [{"outlet": "A", "content": "long", "text": "short"}, {"outlet": "A", "content": "alone"}]
    assert [article.text for article in ArticleReader(write_lines("a.jsonl", lines))] == ["short", "alone"]


def test_columns_can_be_named(write_lines: WriteLines) -> None:
    """A name given goes before the common ones, and what is named for one field is not taken for another."""
    path = write_lines("a.jsonl", [{"outlet": "A", "Zeitung": "B", "headline": "x", "text": None}])
    (article,) = ArticleReader(path, {"outlet": "Zeitung", "text": "headline"})
    assert (article.outlet, article.title, article.text) == ("B", "", "x")
    with pytest.raises(
        DataError, match="no column 'Titel' for the title; columns found: outlet, Zeitung, headline, text"
    ):
        list(ArticleReader(path, {"title": "Titel"}))
    with pytest.raises(InputError, match="'author' is not known; must be one of outlet, date, title, text, id, url"):
        ArticleReader(path, {"author": "by"})


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2022-02-28", "2022-02-28"),
        (" 2022-02-28T23:30:00-11:00", "2022-02-28"),
        ("2022-02-28 10:00:00 UTC", "2022-02-28"),
        ("2022/02/28", "2022-02-28"),
        ("20220228", "2022-02-28"),
        (20220228, "2022-02-28"),
        ("20220228T100000Z", "2022-02-28"),
        ("Mon, 28 Feb 2022 23:30:00 -1100", "2022-02-28"),
        ("28 Feb 2022 10:00 GMT", "2022-02-28"),
        (1646042400, "2022-02-28"),
        (1646042400.5, "2022-02-28"),
        (1646042400000, "2022-02-28"),
        ("1646042400", "2022-02-28"),
        ("  ", None),
    ],
)
def test_dates_that_are_certain_are_read(write_lines: WriteLines, written: object, day: str | None) -> None:
    """The day is the one written, whatever the form, the time and the zone."""
    reader = ArticleReader(write_lines("a.jsonl", [{**GOOD, "date": written}]))
    assert [article.date and article.date.isoformat() for article in reader] == [day]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("02/03/2022", "'02/03/2022' is not certain, for day and month are written in either order"),
        ("2.3.22", "is not certain"),
        ("2022-02-30", "is not an ISO date such as 2022-02-28"),
        ("2022-02/28", "is not an ISO date"),
        ("2022-02-281", "is not an ISO date"),
        ("Mon, 31 Feb 2022 10:00:00 GMT", "is not an ISO date"),
        ("yesterday" * 999, "'yesterdayyes...rdayyesterday' is not an ISO date"),
        (0, "0 is not an ISO date"),
        (10**15, "is not an ISO date"),
        (10**400, "is not an ISO date"),
        (True, "True is not an ISO date"),
        (["2022-02-28"], "['2022-02-28'] is not an ISO date"),
    ],
)
def test_dates_that_are_not_certain_are_faults(write_lines: WriteLines, written: object, message: str) -> None:
    """What may be two days, or none, is not guessed."""
    ids, faults = read(write_lines("a.jsonl", [{**GOOD, "date": written}]))
    assert ids == []
    assert message in faults[0]
    assert len(faults[0]) < 300


def test_parquet_dates_are_dates(tmp_path: Path) -> None:
    """Dates and timestamps of Parquet are read as the days that they are."""
    noon = datetime(2022, 2, 28, 12)
    for value in (noon.date(), noon, noon.replace(tzinfo=UTC)):
        write_parquet(tmp_path / "a.parquet", [{**GOOD, "date": value}])
        assert [article.date for article in ArticleReader(tmp_path / "a.parquet")] == [date(2022, 2, 28)]


def test_mojibake_is_mended_and_counted(write_lines: WriteLines) -> None:
    """UTF-8 that was read as something else becomes what it was, in the lines where it stands."""
    plain = "Håkon’s “plan”: ﬁne, ＯＫ… café\nnaïve – “yes”"
    broken = "Tokyo’s offer to São Tomé".encode().decode("windows-1252", "replace")
    assert broken != "Tokyo’s offer to São Tomé"
    lines = [
        {**GOOD, "id": "1", "title": broken, "text": f"{plain}\n{broken}"},
        {**GOOD, "id": "2", "title": plain},
        {**GOOD, "id": "3"},
    ]
    reader = ArticleReader(write_lines("a.jsonl", lines))
    first, second, _ = reader
    assert first.title == "Tokyo’s offer to São Tomé"
    assert first.text == f"{plain}\nTokyo’s offer to São Tomé"
    assert second.title == plain
    assert reader.mended == 1


@given(st.text(alphabet=st.sampled_from("aZ .?\n’“—éüœŒÃÂâ€™Ðà\x80\x9d\xa0в½Ё×√"), max_size=8))
def test_what_is_passed_over_needs_no_mending(value: str) -> None:
    """The quick look for signs of mojibake misses nothing that ftfy would mend."""
    if not _TELLTALE.search(value):
        assert fix_encoding(value) == value


def test_a_record_that_says_the_same_is_a_fault(write_lines: WriteLines) -> None:
    """Without ids that tell them apart, the second of two records alike in all is left out, by the line of the first."""
    bare = {key: value for key, value in GOOD.items() if key != "id"}
    other = {**bare, "date": "2025-03-02"}
    ids, faults = read(write_lines("a.jsonl", [bare, other, bare, {**bare, "id": "5"}]))
    assert ids == ["a:1", "a:2", "5"]
    assert [fault.split("a.jsonl:")[1] for fault in faults] == [
        "3: the same as line 1, and without an id that tells them apart"
    ]


def test_strict_stops_at_the_first_fault(write_lines: WriteLines) -> None:
    """A strict reader gives what comes before the fault, and then an error that names it."""
    articles = iter(ArticleReader(write_lines("a.jsonl", [GOOD, "{broken", {**GOOD, "id": "3"}]), strict=True))
    assert next(articles).id == "1"
    with pytest.raises(DataError, match=r"a\.jsonl:2: not JSON"):
        next(articles)


def test_a_folder_is_read_in_order(tmp_path: Path) -> None:
    """Outlets are sub-folders, at whatever depth the file; other files are counted once, hidden ones passed over."""
    for name in ("top.txt", "B/2024-01-02.txt", "B/deep/x.txt", "A/2024-02-31.txt", "A/b.TXT.gz"):
        path = tmp_path / "archive" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(b"Russia met China.") if name.endswith("gz") else b"Russia met China.")
    for name in ("A/x.pdf", "A/y.pdf", "README", ".DS_Store", ".git/z.txt"):
        path = tmp_path / "archive" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    reader = ArticleReader(tmp_path / "archive")
    assert [(a.id, a.outlet, a.date) for a in reader] == [
        ("A/b.TXT.gz", "A", None),
        ("B/2024-01-02.txt", "B", date(2024, 1, 2)),
        ("B/deep/x.txt", "B", None),
        ("top.txt", "archive", None),
    ]
    others, broken = map(str, reader.faults)
    assert "archive: files not read: 1 without ending, 2 .pdf; those in a folder must be .txt, .html, .htm" in others
    assert "2024-02-31.txt: date: '2024-02-31' is not an ISO date" in broken
    assert len(reader) == 5


def test_a_single_text_file_is_an_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One file is like a folder with it alone, also where the folder is the current one."""
    folder = tmp_path / "Gazette"
    folder.mkdir()
    (folder / "a.txt").write_text("Russia met China.", encoding="utf-8")
    monkeypatch.chdir(folder)
    for source in (folder / "a.txt", "a.txt", ".", folder):
        assert list(ArticleReader(source)) == [Article("a.txt", "Gazette", None, "", "Russia met China.")]


ENDINGS = (".jsonl", ".csv", ".tsv", ".txt", ".html")


@settings(max_examples=40, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=60),
        st.lists(st.binary(max_size=40), max_size=5).map(b"\n".join),
        st.text(alphabet='<>/ap{}":,[\n\t&;#\0é', max_size=60).map(str.encode),
    ),
    st.sampled_from(
        [*ENDINGS, ".parquet", *(f"{kind}{packing}" for kind in ENDINGS for packing in (".gz", ".zst")), ".odd", ""]
    ),
    st.sampled_from([b"", b"outlet,date,title,text\n", b'{"outlet": "A", "text": "x"}\n', b"<html><body><p>"]),
    st.booleans(),
)
def test_no_bytes_make_it_crash(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, suffix: str, head: bytes, is_packed: bool
) -> None:
    """Any bytes under any ending end in articles and faults, or in one error of ours."""
    path = tmp_path_factory.mktemp("bytes") / f"a{suffix}"
    packing = {".gz": "gzip", ".zst": "zstd"}.get(path.suffix) if is_packed else None
    path.write_bytes(pyarrow.compress(head + content, packing, asbytes=True) if packing else head + content)
    with contextlib.suppress(DataError):
        reader = ArticleReader(path)
        assert len(list(reader)) + len(reader.faults) >= (1 if ".txt" in suffix or ".html" in suffix else 0)


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
