"""Rows of any source, one after another: JSONL, CSV, TSV, Parquet, a Hugging Face dataset, or JSONL on standard input.

JSONL, CSV and TSV may be packed, with ``.gz`` or ``.zst`` behind their ending.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import sys
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from stance.errors import DataError, Fault, InputError

if TYPE_CHECKING:
    import datasets

Row = dict[str, Any]

#: What text formats end in, and Parquet, which packs its pages itself.
TEXTS = (".jsonl", ".csv", ".tsv")
PARQUET = ".parquet"
#: What a packed file ends in, and what Arrow calls that.
PACKED = {".gz": "gzip", ".zst": "zstd"}

# Characters of a CSV's field: a quote that is never closed must not take the rest of the file into memory.
_LONGEST_FIELD = 1 << 25
# Rows of a Parquet file that are in memory at once.
_BATCH = 256
# What bytes that are not UTF-8 are decoded to.
_NOT_UTF8 = re.compile("[\udc80-\udcff]")


def ending(path: Path) -> str:
    """Return what a file's name ends in, in lower case, without the ending of the packing: ".csv" for ``a.CSV.gz``."""
    suffix = path.suffix.lower()
    return path.with_suffix("").suffix.lower() if suffix in PACKED else suffix


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file for reading bytes, unpacked if its ending says that it is packed.

    Raises
    ------
    OSError
        If it cannot be opened or, on reading, unpacked.
    """
    packing = PACKED.get(path.suffix.lower())
    with path.open("rb") as file:
        if packing is None:
            yield file
            return
        import pyarrow

        with io.BufferedReader(pyarrow.CompressedInputStream(file, packing)) as unpacked:
            yield cast("BinaryIO", unpacked)


def is_saved_dataset(folder: Path) -> bool:
    """Whether a folder is what ``save_to_disk`` of Hugging Face's `datasets` writes."""
    return any((folder / name).is_file() for name in ("state.json", "dataset_dict.json"))


class Rows:
    """The rows of a source; iterate over it, as often as need be.

    Each step gives the line where the row begins, or its number from 1 where there are no lines, and the row, or as a
    string what is wrong with it. No more than the longest row (of Parquet, some hundred) is in memory.

    Parameters
    ----------
    source : str or Path
        A file in one of the formats above; ``-`` for JSONL on standard input; else the name or folder of a Hugging Face
        dataset, with ``:SPLIT`` behind it for another split than "train".

    Attributes
    ----------
    path : Path
        The source as it is called in faults.

    Raises
    ------
    DataError
        On iterating, if the source as a whole cannot be read.
    InputError
        On iterating, if it is no file, and `datasets` cannot load it.
    """

    def __init__(self, source: str | Path) -> None:
        self._source = str(source)
        self.path = Path("standard input" if self._source == "-" else source)

    @property
    def stem(self) -> str:
        """The source's name without its endings."""
        inner = self.path.with_suffix("") if self.path.suffix.lower() in PACKED else self.path
        return inner.stem

    def __iter__(self) -> Iterator[tuple[int, Row | str]]:
        try:
            yield from self._rows()
        except OSError as error:
            raise self._fault(f"cannot be read: {error.strerror or error}") from error
        except csv.Error as error:
            raise self._fault(f"the header cannot be used: {error}") from error

    def _rows(self) -> Iterator[tuple[int, Row | str]]:
        path = self._spooled if self._source == "-" else self.path
        kind = ending(path)
        if kind in TEXTS:
            with opened(path) as file:
                yield from _json_rows(file) if kind == ".jsonl" else _csv_rows(file, "\t" if kind == ".tsv" else ",")
        elif path.suffix.lower() == PARQUET:
            yield from enumerate(self._parquet_rows(), 1)
        elif path.is_file():
            written = f"{kind}{path.suffix}" if path.suffix.lower() in PACKED else path.suffix
            raise self._fault(
                f"the format {written or 'of a file without ending'} is not known; rows can be read from "
                f"{', '.join(TEXTS)}, {PARQUET}, all but the last also with {' or '.join(PACKED)} behind"
            )
        else:
            name = self._source.partition(":")[0]
            # A dataset's name is NAME or OWNER/NAME; what else is written like a path need not be asked for on the network.
            if not Path(name).exists() and (
                name.startswith((".", "/", "~")) or name.endswith("/") or name.count("/") > 1
            ):
                raise self._fault("there is no such file or folder")
            yield from enumerate(self._hugging_face_rows(), 1)

    def _fault(self, message: str) -> DataError:
        return DataError([Fault(self.path, None, message)])

    @cached_property
    def _spooled(self) -> Path:
        """Standard input, which can be read but once, as a file that goes when this object does."""
        with tempfile.NamedTemporaryFile(prefix="stance-", suffix=".jsonl", delete=False) as file:
            weakref.finalize(self, os.unlink, file.name)
            shutil.copyfileobj(sys.stdin.buffer, file)
        return Path(file.name)

    def _parquet_rows(self) -> Iterator[Row | str]:
        import pyarrow
        import pyarrow.parquet

        with self.path.open("rb") as file:
            try:
                # By pages: without these two a whole row group would be read ahead.
                parquet = pyarrow.parquet.ParquetFile(file, pre_buffer=False, buffer_size=1 << 16)
                for batch in parquet.iter_batches(_BATCH):
                    yield from _rows_of(batch)
            except (OSError, pyarrow.ArrowException) as error:
                raise self._fault(f"cannot be read as Parquet: {error}") from None

    def _hugging_face_rows(self) -> Iterator[Row]:
        """Rows with class labels by their names."""
        import datasets

        loaded = self._dataset
        names = {
            column: feature.int2str
            for column, feature in loaded.features.items()
            if isinstance(feature, datasets.ClassLabel)
        }
        for row in loaded:
            yield {
                column: names[column](value) if column in names and value is not None else value
                for column, value in row.items()
            }

    @cached_property
    def _dataset(self) -> datasets.Dataset:
        import datasets

        if not sys.stderr.isatty():
            datasets.disable_progress_bars()
        name, _, split = self._source.partition(":")
        try:
            if is_saved_dataset(Path(name)):
                loaded = datasets.load_from_disk(name)
                return loaded[split or "train"] if isinstance(loaded, datasets.DatasetDict) else loaded
            return datasets.load_dataset(name, split=split or "train")
        except (OSError, ValueError, KeyError, datasets.exceptions.DatasetsError) as error:
            message = (str(error).splitlines() or [type(error).__name__])[0]
            raise InputError(
                f"{self._source}: neither a file nor a dataset that Hugging Face's `datasets` can load ({message})"
            ) from None


def sound_rows(source: str | Path, faults: list[Fault]) -> Iterator[tuple[int, Row]]:
    """Return line or number and content of each row that can be read; add to `faults` what is wrong with the others, or
    with the source as a whole.

    Raises
    ------
    InputError
        If the source is no file, and `datasets` cannot load it.
    """
    rows = Rows(source)
    try:
        for line, row in rows:
            if isinstance(row, str):
                faults.append(Fault(rows.path, line, row))
            else:
                yield line, row
    except DataError as error:
        faults += error.faults


def _json_rows(file: BinaryIO) -> Iterator[tuple[int, Row | str]]:
    for line, raw in enumerate(file, 1):
        if not raw.strip():
            continue
        try:
            row = json.loads(raw.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            yield line, f"not UTF-8 at byte {error.start} of the line"
        except json.JSONDecodeError as error:
            yield line, f"not JSON: {error.msg} at character {error.colno}"
        except (ValueError, RecursionError) as error:
            # A number of thousands of digits, or brackets as deep.
            yield line, f"not JSON: {error}"
        else:
            yield line, row if isinstance(row, dict) else f"a JSON object is needed, not {type(row).__name__}"


def _csv_rows(file: BinaryIO, separator: str) -> Iterator[tuple[int, Row | str]]:
    csv.field_size_limit(_LONGEST_FIELD)
    # A byte that is not UTF-8 becomes a lone surrogate, so that its line and column can be told.
    with io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
        # Files with tabs are often written without any quoting, and quotes in them are just quotes.
        reader = csv.reader(text, delimiter=separator, strict=separator == ",")
        header = next(reader, [])
        if _NOT_UTF8.search("".join(header)):
            raise csv.Error("not UTF-8; convert the file, for example with iconv -t UTF-8")
        if twice := {name for name in header if name and header.count(name) > 1}:
            raise csv.Error(f"it has more than one column {', '.join(sorted(twice))}")
        while True:
            line = reader.line_num + 1
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                # A quote that is not closed takes the lines behind it too.
                yield line, f"not CSV: {error} (lines {line} to {reader.line_num})"
                continue
            if fields:
                yield line, _csv_row(header, fields)


def _csv_row(header: list[str], fields: list[str]) -> Row | str:
    if len(fields) != len(header):
        return (
            f"another number of fields than the header has: {len(fields)}, not {len(header)}; "
            "quote fields that hold separators or quotes"
        )
    if _NOT_UTF8.search("".join(fields)):
        broken = [name for name, field in zip(header, fields, strict=True) if _NOT_UTF8.search(field)]
        return f"{', '.join(broken)}: not UTF-8; convert the file, for example with iconv -t UTF-8"
    return dict(zip(header, fields, strict=True))


def _rows_of(batch: Any) -> list[Row | str]:
    """The rows of an Arrow batch; row by row where one holds what Python has no value for."""
    try:
        rows: list[Row | str] = batch.to_pylist()
        return rows
    except (ValueError, OverflowError) as error:
        if batch.num_rows == 1:
            return [f"a value cannot be read: {error}"]
        return [row for number in range(batch.num_rows) for row in _rows_of(batch.slice(number, 1))]
