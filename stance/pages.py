"""An article from a file of its own: plain text, or a web page."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

from stance.errors import InputError
from stance.rows import PACKED, ending, opened

#: What such files end in; each may have the ending of a packing behind it.
ENDINGS = (".txt", ".html", ".htm")

# Bytes of a file, unpacked. A page of that size holds no article that could be read.
_LARGEST = 20_000_000
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_SENTENCE_END = re.compile("[.!?…]")
# trafilatura logs a warning for each page without an article, which is told as a fault already.
_QUIET = logging.NullHandler()


def accepted() -> str:
    """Return what the endings are, for messages."""
    return f"{', '.join(ENDINGS)}, each also with {' or '.join(PACKED)} behind it"


def check_extra() -> None:
    """Check that web pages can be read at all.

    Raises
    ------
    InputError
        If the extra ``html`` is not installed.
    """
    try:
        import trafilatura  # noqa: F401
    except ImportError as error:
        raise InputError(f"web pages need an extra: pip install 'stance[html]' ({error})") from None


def read_page(path: Path, root: Path) -> dict[str, Any]:
    """Read the article of a file.

    The whole of a text file is the text. Of a web page text, title, date, outlet and address are what trafilatura
    (Barbaresi 2021) finds in it, as far as it finds them. Else the outlet is the name of the folder directly below `root` in
    which the file lies, or of `root` itself; the date is what the file's name begins with, as YYYY-MM-DD; there is no
    title; the id is the path from `root`.

    Parameters
    ----------
    path : Path
        A file with one of `ENDINGS`.
    root : Path
        A folder above it.

    Returns
    -------
    dict
        With the fields ``outlet``, ``date`` (in ISO form or empty), ``title``, ``text``, ``id``, ``url``.

    Raises
    ------
    ValueError
        If the file is too large, not text in a known encoding, or a page without an article.
    OSError
        If it cannot be read.
    """
    with opened(path) as file:
        content = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise ValueError(f"larger than {_LARGEST:,} bytes, which no article is")
    if b"\0" in content:
        raise ValueError("holds NUL bytes, so it is no text")
    inside = path.relative_to(root)
    dated = _DATED.match(path.name)
    fields: dict[str, Any] = {
        "outlet": inside.parts[0] if len(inside.parts) > 1 else root.resolve().name,
        "date": dated[0] if dated else "",
        "title": "",
        "id": inside.as_posix(),
        "url": None,
    }
    if ending(path) == ".txt":
        return fields | {"text": _decoded(content)}
    declared = _CHARSET.search(content, 0, 4096)
    return fields | _web_page(_decoded(content, declared[1].decode("ascii", "replace") if declared else None))


def _decoded(content: bytes, declared: str | None = None) -> str:
    """The text as UTF-8, or in the encoding that it declares."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        place = f"byte {error.start}, in line {line}"
    if declared is None:
        raise ValueError(f"not UTF-8 at {place}; convert it, for example with iconv -t UTF-8")
    try:
        return content.decode(declared)
    except (LookupError, UnicodeError):
        raise ValueError(f"neither UTF-8 (see {place}) nor {declared}, as it says; convert it") from None


def _web_page(html: str) -> dict[str, str]:
    """What trafilatura finds, by the names of our fields; only what it finds."""
    import trafilatura

    for name in ("trafilatura", "htmldate"):
        logging.getLogger(name).addHandler(_QUIET)
    try:
        page = trafilatura.bare_extraction(
            html,
            # Furniture of the page would be scored as text; better to lose a line of the article.
            favor_precision=True,
            include_comments=False,
            with_metadata=True,
            # The extensive search takes the year of a copyright line for the date.
            date_extraction_params={"original_date": True, "extensive_search": False},
        )
    except Exception as error:
        # Pages are as broken as can be, and which errors the parsers then raise is not documented.
        raise ValueError(f"the page cannot be taken apart: {type(error).__name__}: {error}") from None
    no_article = ValueError("the page holds no article: no sentence is left without its navigation and the like")
    if not isinstance(page, trafilatura.settings.Document):
        raise no_article
    title = (page.title or "").strip()
    # Often the headline is the first paragraph too, and would count twice.
    text = (page.text or "").strip().removeprefix(f"{title}\n")
    if not _SENTENCE_END.search(text):
        raise no_article
    found = {"outlet": page.sitename or page.hostname, "date": page.date, "title": title, "text": text, "url": page.url}
    return {field: value for field, value in found.items() if value}
