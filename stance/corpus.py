"""Reading articles from files, folders, Hugging Face datasets and standard input."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from reprlib import repr as shortened
from typing import NoReturn

from stance import pages
from stance.errors import DataError, Fault, InputError
from stance.records import Article
from stance.rows import Row, Rows, ending, is_saved_dataset
from stance.text import check

#: What the columns of an article may be called, whatever the case and with or without the low lines; the first that a
#: record has is taken.
COLUMNS = {
    "outlet": (
        "outlet", "publisher", "source", "publication", "media", "newspaper", "outlet_name", "source_name", "site_name",
        "media_name", "domain", "source_domain",
    ),
    "date": (
        "date", "published", "publish_date", "published_at", "published_date", "publication_date", "pub_date",
        "date_published", "date_publish",
    ),
    "title": ("title", "headline"),
    "text": ("text", "body", "content", "article", "maintext", "full_text", "article_text", "article_body"),
    "id": ("id", "article_id", "uuid", "doc_id", "document_id"),
    "url": ("url", "link"),
}  # fmt: skip
_NEEDED = ("outlet", "text")
# Records from which the columns of a source are known.
_LOOKED_AT = 100
#: Characters of the longest article that is taken; more is a dump of many, or no text.
LONGEST = 2_000_000

_ISO = re.compile(r"(\d{4})([-/]?)(\d{2})\2(\d{2})(?:[T ]\d{2}(?::?\d{2}.*)?)?", re.DOTALL)
_RFC_2822 = re.compile(r"(?:[A-Za-z]{3}, *)?\d{1,2} [A-Za-z]{3} \d{4} \d{2}:\d{2}(?::\d{2})?(?: [-+\w() ]+)?")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_EITHER = re.compile(r"\d{1,2}([-/.])\d{1,2}\1\d{2,4}\b")
# Without one of these ftfy finds nothing to mend. It looks for some hundred signs, at a millisecond for an article.
_TELLTALE = re.compile("[^\x00-\x7f](?:[^\x00-\x7f]|(?<=[\x80-\x9f])|(?<=[ÃÂ]) |(?<=[Œœ])(?![A-Za-z]))")
# Seconds from 1970 on; in milliseconds, or as YYYYMMDD, no day of these years looks like one of them in seconds.
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = (datetime(year, 1, 1, tzinfo=UTC).timestamp() for year in (1990, 2100))


class ArticleReader:
    """Reads the articles of a source one after another; iterate over it, as often as need be.

    A record that cannot be used is skipped and kept in `faults`, so that one bad record does not cost the rest: bytes that
    are not UTF-8, no outlet, neither title nor text, a date that is none, more than `LONGEST` characters, NUL bytes, a value
    of another type, an id that was there before, or, without an id, all that another record says. Mojibake, UTF-8 that was once read as
    another encoding, is mended in outlet, title and text, with ftfy (Speer 2019); nothing else is changed.

    Parameters
    ----------
    source : str or Path
        What `stance.rows.Rows` reads: a JSONL, CSV, TSV or Parquet file, a Hugging Face dataset by name or folder, or ``-``
        for JSONL on standard input. Columns are found by the names in `COLUMNS`. Or a text file or web page, or a folder:
        then all such files below it are read, in sorted order, as `stance.pages.read_page` says, hidden ones aside, and
        others are told in one fault.
    columns : mapping of str to str, optional
        For keys of `COLUMNS` what the source calls them, where it is none of the names there.
    strict : bool
        Stop at the first fault.

    Attributes
    ----------
    path : Path
        The source as it is called in faults.
    faults : list of Fault
        What was skipped so far, and why.
    mended : int
        Articles so far in which mojibake was mended.

    Raises
    ------
    InputError
        If a key of `columns` is not known; on iterating, if the source is no file and no dataset, or holds web pages and
        the extra ``html`` is not installed.
    DataError
        On iterating, if the source as a whole cannot be read, lacks a column, or, with `strict`, has a fault.
    """

    def __init__(self, source: str | Path, columns: Mapping[str, str] | None = None, *, strict: bool = False) -> None:
        self._columns = dict(columns or {})
        for field in self._columns:
            if field not in COLUMNS:
                raise InputError(f"columns: {field!r} is not known; must be one of {', '.join(COLUMNS)}")
        self._rows = Rows(source)
        self.path = self._rows.path
        self.strict = strict
        self.faults: list[Fault] = []
        self.mended = 0

    def __iter__(self) -> Iterator[Article]:
        self.faults = []
        self.mended = 0
        # Ids, and digests of records without one, with their lines.
        seen: dict[str | bytes, int | None] = {}
        for path, line, record in self._records():
            name = f"{self._rows.stem}:{line}"
            try:
                if isinstance(record, str):
                    raise ValueError(record)
                article = _article(record, name)
                if article.id in seen:
                    raise ValueError(f"id: {article.id!r} is already in line {seen[article.id]}; ids must be unique")
                if article.id == name:
                    digest = _digest(article)
                    if digest in seen:
                        raise ValueError(f"the same as line {seen[digest]}, and without an id that tells them apart")
                    seen[digest] = line
            except ValueError as error:
                fault = Fault(path, line, str(error))
                if self.strict:
                    raise DataError([fault]) from None
                self.faults.append(fault)
                continue
            seen[article.id] = line
            mended = _mended(article)
            self.mended += mended is not article
            yield mended

    def __len__(self) -> int:
        """Count the records, bad ones included, without keeping them."""
        return len(self._files()[0]) if self._is_of_files else sum(1 for _ in self._rows)

    @property
    def _is_of_files(self) -> bool:
        return ending(self.path) in pages.ENDINGS or (self.path.is_dir() and not is_saved_dataset(self.path))

    def _records(self) -> Iterator[tuple[Path, int | None, Row | str]]:
        """File, line, and fields of each record, or what is wrong with it."""
        if self._is_of_files:
            yield from self._pages()
            return
        self._check_columns()
        named = tuple(self._columns.items())
        for line, row in self._rows:
            if isinstance(row, str):
                yield self.path, line, row
            else:
                yield self.path, line, {field: row.get(name) for field, name in _named(tuple(row), named).items()}

    def _check_columns(self) -> None:
        """Refuse a source of which the first records lack a column that is needed or was named."""
        present: dict[str, None] = {}
        looked_at = 0
        for _, row in islice(self._rows, _LOOKED_AT):
            looked_at += 1
            present |= {} if isinstance(row, str) else dict.fromkeys(row)
        if not looked_at:
            self._refuse("is empty")
        if not present:
            # None of the records can be read, and each is a fault.
            return
        found = f"columns found: {', '.join(present)}"
        known = _named(tuple(present), tuple(self._columns.items()))
        messages = [
            f"there is no column {name!r} for the {field}; {found}"
            for field, name in self._columns.items()
            if name not in present
        ] + [
            f"no column for the {field}: one of {', '.join(COLUMNS[field])} is needed, or name it with --{field}-column; "
            f"{found}"
            for field in _NEEDED
            if field not in known
        ]
        if messages:
            raise DataError([Fault(self.path, None, message) for message in messages])

    def _pages(self) -> Iterator[tuple[Path, int | None, Row | str]]:
        files, others = self._files()
        if others:
            kinds = ", ".join(f"{count:,} {kind or 'without ending'}" for kind, count in sorted(others.items()))
            yield self.path, None, f"files not read: {kinds}; those in a folder must be {pages.accepted()}"
        if any(ending(path) != ".txt" for path in files):
            pages.check_extra()
        root = self.path if self.path.is_dir() else self.path.parent
        for path in files:
            try:
                yield path, None, pages.read_page(path, root)
            except OSError as error:
                yield path, None, f"cannot be read: {error.strerror or error}"
            except ValueError as error:
                yield path, None, str(error)

    def _files(self) -> tuple[list[Path], Counter[str]]:
        """Files to read, sorted, and how many others there are, by ending."""
        if not self.path.is_dir():
            if not self.path.exists():
                self._refuse("cannot be read: No such file or directory")
            return [self.path], Counter()
        files: list[Path] = []
        others: Counter[str] = Counter()
        for folder, folders, names in os.walk(self.path, onerror=self._refuse):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for path in (Path(folder, name) for name in names if not name.startswith(".")):
                if ending(path) in pages.ENDINGS:
                    files.append(path)
                else:
                    others[path.suffix.lower()] += 1
        return sorted(files), others

    def _refuse(self, message: object) -> NoReturn:
        raise DataError([Fault(self.path, None, str(message))])


@lru_cache
def _named(present: tuple[str, ...], named: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The column of each field that has one. A column that was named for one field is not taken for another."""
    fields = dict(named)
    taken = set(fields.values())
    free = {_plain(name): name for name in reversed(present) if name not in taken}
    for field, names in COLUMNS.items():
        if field not in fields and (found := [free[_plain(name)] for name in names if _plain(name) in free]):
            fields[field] = found[0]
    return fields


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name.lower())


def _article(row: Row, name: str) -> Article:
    outlet, title, text, identifier, url = (_string(row, field) for field in ("outlet", "title", "text", "id", "url"))
    if not outlet:
        raise ValueError("outlet: is empty; name who published the article")
    if not title and not text:
        raise ValueError("title, text: both are empty; one must hold text")
    return Article(identifier or name, outlet, _date(row.get("date")), title, text, url or None)


def _string(row: Row, field: str) -> str:
    value = row.get(field)
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool) and field == "id":
        return str(value)
    if not isinstance(value, str):
        raise ValueError(f"{field}: must be a string, not {type(value).__name__}")
    if len(value) > LONGEST:
        raise ValueError(f"{field}: {len(value):,} characters; an article has at most {LONGEST:,}")
    if "\0" in value:
        raise ValueError(f"{field}: holds NUL bytes, so it is no text")
    try:
        check(value)
    except ValueError as error:
        raise ValueError(f"{field}: {error}") from None
    # Offsets in the results refer to title and text as they are, so these are not stripped.
    return value if value.strip() else ""


def _digest(article: Article) -> bytes:
    """What two records share that say the same, ids aside."""
    content = "\0".join((article.outlet, str(article.date), article.title, article.text, article.url or ""))
    return hashlib.blake2b(content.encode(), digest_size=16).digest()


def _mended(article: Article) -> Article:
    """The article without mojibake; itself where there is none."""
    broken = (article.outlet, article.title, article.text)
    outlet, title, text = mended = tuple(_without_mojibake(value) for value in broken)
    return article if mended == broken else replace(article, outlet=outlet, title=title, text=text)


def _without_mojibake(value: str) -> str:
    """The text with what ftfy finds mended line by line, as ftfy itself goes about a text."""
    if value.isascii() or not _TELLTALE.search(value):
        return value
    # Few texts need it, and those who only predict never do.
    from ftfy import fix_encoding

    return "\n".join(fix_encoding(line) if _TELLTALE.search(line) else line for line in value.split("\n"))


def _date(value: object) -> date | None:
    """Return the day of publication, as written: a time of day and its zone are left aside.

    - None or white space: not known.
    - A date or datetime, as Parquet and `datasets` give them.
    - ``2022-02-28``, ``2022/02/28`` or ``20220228``, alone or with a time behind ``T`` or a space; the last also as a number.
    - As RFC 2822 has it in mails and feeds: ``Mon, 28 Feb 2022 10:00:00 GMT``.
    - A number, or digits alone, of seconds or milliseconds since 1970 that is a day from 1990 to 2099, in UTC. In these
      years no number can be read both ways; what lies outside is refused.

    Raises
    ------
    ValueError
        For anything else: ``02/03/2022`` is the second of March to some and the third of February to others.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    try:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ValueError
        return _day(str(value).strip())
    except (ValueError, OverflowError):
        written = shortened(value)
    if isinstance(value, str) and _EITHER.match(value.strip()):
        raise ValueError(
            f"date: {written} is not certain, for day and month are written in either order; write it as 2022-02-28"
        )
    raise ValueError(
        f"date: {written} is not an ISO date such as 2022-02-28, nor a timestamp; leave it empty if unknown"
    )


def _day(written: str) -> date:
    if match := _ISO.fullmatch(written):
        return date(int(match[1]), int(match[3]), int(match[4]))
    if _RFC_2822.fullmatch(written):
        return parsedate_to_datetime(written).date()
    if not _NUMBER.fullmatch(written):
        raise ValueError
    number = float(written)
    seconds = number if _FIRST <= number < _LAST else number / 1000
    if not _FIRST <= seconds < _LAST:
        raise ValueError
    return (_EPOCH + timedelta(seconds=seconds)).date()
