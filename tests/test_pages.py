"""Articles from files of their own: what is taken from a web page, and what from the file's place and name."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import pyarrow
import pytest

from stance.corpus import ArticleReader
from stance.errors import InputError
from stance.pages import read_page

BODY = """
<p>Envoys of Norway and Japan met in Bergen on Monday and spoke for three hours about the price of cod.</p>
<p>“Tokyo was patient with us,” the minister said as she left; another round is planned before summer.</p>
<p>Critics at home called the talks slow, and asked the government to publish its draft of the treaty.</p>
"""
PAGE = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Talks on cod go on | The Quay Herald</title>
<meta property="og:title" content="Talks on cod go on"><meta property="og:site_name" content="The Quay Herald">
<link rel="canonical" href="https://www.quay-herald.example/world/cod">
<meta property="article:published_time" content="2023-05-08T18:30:00+02:00"></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>Talks on cod go on</h1>{BODY}</article>
<footer><p>Copyright 2019 The Quay Herald. All rights reserved.</p></footer></body></html>"""
BARE = f"<html><head><title>Talks</title></head><body><article>{BODY}</article><p>© 2019</p></body></html>"


def page(path: Path, content: str | bytes) -> dict[str, object]:
    if path.suffix != ".txt":
        pytest.importorskip("trafilatura", reason="extra html is not installed")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_page(path, path.parents[1])


def test_a_page_tells_what_it_is(tmp_path: Path) -> None:
    """Text by paragraphs without furniture and without the headline again, title, date, outlet, address."""
    found = page(tmp_path / "folder" / "a.html", PAGE)
    text = found.pop("text")
    assert found == {
        "outlet": "The Quay Herald",
        "date": "2023-05-08",
        "title": "Talks on cod go on",
        "id": "folder/a.html",
        "url": "https://www.quay-herald.example/world/cod",
    }
    assert text == BODY.strip().replace("<p>", "").replace("</p>", "")


def test_what_a_page_does_not_tell_comes_from_its_place(tmp_path: Path) -> None:
    """The host of the address stands for the outlet, else the folder; the file's name for the date; no year of a copyright
    line is taken for one."""
    hosted = PAGE.replace("og:site_name", "other").replace(" | The Quay Herald", "")
    assert page(tmp_path / "folder" / "a.html", hosted)["outlet"] == "quay-herald.example"
    bare = page(tmp_path / "folder" / "2024-02-29 talks.htm", BARE)
    assert (bare["outlet"], bare["date"], bare["url"]) == ("folder", "2024-02-29", None)
    assert page(tmp_path / "folder" / "b.html", BARE)["date"] == ""


@pytest.mark.parametrize(
    "content",
    [
        "",
        "no page",
        "<html><body><nav><a href='/'>Home</a></nav></body></html>",
        "<html><body><form><label>Name</label><input><button>Sign in</button></form></body></html>",
        "<html><body>"
        + "".join(f"<div><a href='/{n}'>Envoys in city {n}</a></div>" for n in range(9))
        + "</body></html>",
    ],
)
def test_a_page_without_an_article_is_a_fault(tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Navigation, forms and lists of links are no article, and nothing but the fault tells so."""
    with pytest.raises(ValueError, match="holds no article"):
        page(tmp_path / "folder" / "a.html", content)
    assert capsys.readouterr().err == ""
    assert logging.getLogger("trafilatura").level == logging.NOTSET


RUSSIAN = BARE.replace("Norway", "Norway (Норвегия)").replace("“", '"').replace("”", '"').replace("©", "")


def declaring(charset: str) -> bytes:
    return RUSSIAN.replace("<head>", f"<head><meta charset={charset}>").encode("windows-1251")


def test_a_page_may_say_its_encoding(tmp_path: Path) -> None:
    """A page in another encoding than UTF-8 is read as it says."""
    assert "Норвегия" in str(page(tmp_path / "folder" / "a.html", declaring("windows-1251"))["text"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (RUSSIAN.encode("windows-1251"), "not UTF-8 at byte [0-9]+, in line 2"),
        (declaring("utf-8"), "nor utf-8, as it says"),
        (declaring("no-such"), "nor no-such, as it says"),
        (declaring("rot13"), "nor rot13, as it says"),
    ],
)
def test_an_encoding_is_not_guessed(tmp_path: Path, content: bytes, message: str) -> None:
    """A page that does not say its encoding, or says what is not so, is a fault."""
    with pytest.raises(ValueError, match=message):
        page(tmp_path / "folder" / "a.html", content)


def test_pages_may_be_packed(tmp_path: Path) -> None:
    """A packed page is the page."""
    found = page(tmp_path / "folder" / "a.html.zst", bytes(pyarrow.compress(PAGE.encode(), "zstd", asbytes=True)))
    assert found["title"] == "Talks on cod go on"


def test_a_text_file_is_its_text(tmp_path: Path) -> None:
    """The whole file as it is, a byte order mark aside."""
    found = page(tmp_path / "folder" / "2022-02-28_x.txt", "\ufeffTokyo thanked Oslo.\n\nIt rained.\n")
    assert found == {
        "outlet": "folder", "date": "2022-02-28", "title": "", "text": "Tokyo thanked Oslo.\n\nIt rained.\n",
        "id": "folder/2022-02-28_x.txt", "url": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"one\ntw\xff", "not UTF-8 at byte 6, in line 2"),
        (b"one\0two", "holds NUL bytes"),
        (b"x" * 20_000_001, "larger than 20,000,000 bytes"),
    ],
)
def test_a_file_that_is_no_text_is_a_fault(tmp_path: Path, content: bytes, message: str) -> None:
    """Other encodings, binary files and dumps are refused, pages and texts alike."""
    for name in ("a.txt", "a.html"):
        with pytest.raises(ValueError, match=message):
            page(tmp_path / "folder" / name, content)


def test_without_the_extra_texts_are_read_and_pages_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where trafilatura is not installed, a page ends in an error that says what to install, before anything is read."""
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    (tmp_path / "a.txt").write_text("Tokyo thanked Oslo.", encoding="utf-8")
    assert len(list(ArticleReader(tmp_path))) == 1
    (tmp_path / "b.html").write_text(PAGE, encoding="utf-8")
    with pytest.raises(InputError, match=r"pip install 'stance\[html\]'"):
        next(iter(ArticleReader(tmp_path)))
