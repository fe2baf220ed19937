"""Reading articles from files."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from stance.errors import DataError, Fault
from stance.records import Article
from stance.text import check

REQUIRED = ("outlet", "date", "title", "text")
FORMATS = {".jsonl": "JSON Lines", ".csv": "CSV"}


class ArticleReader:
    """Reads the articles of a file one after another; iterate over it.

    A record that cannot be used is skipped and kept in `faults`, so that one bad record does not cost the rest.

    Parameters
    ----------
    path : Path
        A JSONL or CSV file with the fields ``outlet``, ``date`` (ISO, may be empty), ``title``, ``text`` (one of the two may
        be empty), and optionally ``id`` and ``url``.

    Attributes
    ----------
    faults : list of Fault
        What was skipped so far, and why.

    Raises
    ------
    DataError
        On iterating, if the file as a whole cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[Fault] = []

    def __iter__(self) -> Iterator[Article]:
        self.faults = []
        seen: dict[str, int] = {}
        for line, row in self._rows():
            if isinstance(row, str):
                self.faults.append(Fault(self.path, line, row))
                continue
            try:
                article = _article(row, f"{self.path.stem}:{line}")
                if article.id in seen:
                    raise ValueError(f"id: {article.id!r} is already in line {seen[article.id]}; ids must be unique")
            except ValueError as error:
                self.faults.append(Fault(self.path, line, str(error)))
                continue
            seen[article.id] = line
            yield article

    def __len__(self) -> int:
        """Count the records, bad ones included, without keeping them."""
        return sum(1 for _ in self._rows())

    def _rows(self) -> Iterator[tuple[int, dict[str, Any] | str]]:
        """Line number and record, or what is wrong with the line."""
        if not self.path.is_file():
            raise self._fault("is a folder" if self.path.is_dir() else "does not exist")
        suffix = self.path.suffix.lower()
        if suffix not in FORMATS:
            accepted = " or ".join(f"{name} ({ending})" for ending, name in FORMATS.items())
            raise self._fault(f"the format {suffix or 'of a file without ending'} is not known; give {accepted}")
        if not self.path.stat().st_size:
            raise self._fault("is empty")
        try:
            yield from self._jsonl() if suffix == ".jsonl" else self._csv()
        except OSError as error:
            raise self._fault(f"cannot be read: {error.strerror}") from error

    def _fault(self, message: str) -> DataError:
        return DataError([Fault(self.path, None, message)])

    def _jsonl(self) -> Iterator[tuple[int, dict[str, Any] | str]]:
        with self.path.open("rb") as file:
            for line, raw in enumerate(file, 1):
                if not raw.strip():
                    continue
                try:
                    row = json.loads(raw.decode("utf-8-sig"))
                except UnicodeDecodeError as error:
                    yield line, f"not UTF-8 at byte {error.start} of the line"
                except (json.JSONDecodeError, RecursionError) as error:
                    yield line, f"not JSON: {error}"
                else:
                    yield line, row if isinstance(row, dict) else f"a JSON object is needed, not {type(row).__name__}"

    def _csv(self) -> Iterator[tuple[int, dict[str, Any] | str]]:
        csv.field_size_limit(sys.maxsize)
        # A byte that is not UTF-8 becomes a lone surrogate, which the check of the record reports with its line.
        with self.path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            columns = reader.fieldnames or []
            missing = [column for column in REQUIRED if column not in columns]
            if missing:
                raise self._fault(
                    f"the header lacks {', '.join(missing)}; columns needed: {', '.join(REQUIRED)}, optional: id, url; "
                    f"found: {', '.join(columns)}"
                )
            while True:
                line = reader.line_num + 1
                try:
                    row = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield line, f"not CSV: {error}"
                    continue
                yield line, row if None not in row else "more fields than the header has; quote fields that hold commas"


def _article(row: dict[str, Any], name: str) -> Article:
    missing = [field for field in REQUIRED if field not in row]
    if missing:
        raise ValueError(f"{', '.join(missing)}: missing; fields needed: {', '.join(REQUIRED)}")
    outlet, title, text, identifier, url = (_string(row, field) for field in ("outlet", "title", "text", "id", "url"))
    if not outlet:
        raise ValueError("outlet: is empty; name who published the article")
    if not title and not text:
        raise ValueError("title, text: both are empty; one must hold text")
    return Article(identifier or name, outlet, _date(row["date"]), title, text, url or None)


def _string(row: dict[str, Any], field: str) -> str:
    value = row.get(field)
    if value is None:
        return ""
    if isinstance(value, int) and field == "id":
        return str(value)
    if not isinstance(value, str):
        raise ValueError(f"{field}: must be a string, not {type(value).__name__}")
    try:
        check(value)
    except ValueError as error:
        raise ValueError(f"{field}: {error}") from None
    # Offsets in the results refer to title and text as they are, so these are not stripped.
    return value if value.strip() else ""


def _date(value: object) -> date | None:
    if value is None or value == "":
        return None
    try:
        if not isinstance(value, str):
            raise ValueError
        # "2022-02-28T10:00:00Z" and the like: the day is what counts.
        return date.fromisoformat(value[:10])
    except ValueError:
        raise ValueError(f"date: {value!r} is not an ISO date such as 2022-02-28; leave it empty if unknown") from None
