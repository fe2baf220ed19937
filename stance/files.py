"""Files: finding those that come with the package, and writing under a temporary name first, so that a crash leaves the old
file and never half a new one."""

from __future__ import annotations

import csv
import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from stance.errors import InputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure


#: What the name of a figure's file may end in.
FIGURES = (".png", ".svg", ".pdf")

_CHECKOUT = Path(__file__).parents[1] / "training"
_INSTALLED = Path(__file__).parent / "training"


def packaged(folder: str, pattern: str) -> list[Path]:
    """Return the files of a folder of ``training/`` that come with the package, in a checkout and in a wheel alike.

    Raises
    ------
    InputError
        If the installation lacks them.
    """
    for root in (_INSTALLED, _CHECKOUT):
        if files := sorted((root / folder).glob(pattern)):
            return files
    raise InputError(f"{folder}/{pattern} is neither in {_INSTALLED} nor in {_CHECKOUT}; install stance again")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path` to write to; move it there at the end, or remove it on an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file in UTF-8."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(path: Path, content: object) -> None:
    """Write a readable JSON file."""
    write_text(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def write_csv(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Write one or more rows with the same keys as CSV, floats to four places."""
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({key: _cell(value) for key, value in row.items()})


def write_chart(stem: Path, figure: Figure, rows: Sequence[Mapping[str, object]]) -> None:
    """Write a figure as PNG and the rows behind it as CSV beside it."""
    write_figure(stem.with_name(f"{stem.name}.png"), figure)
    write_csv(stem.with_name(f"{stem.name}.csv"), rows)


def write_figure(path: Path, figure: Figure) -> None:
    """Write a figure in the format that the name ends in, one of `FIGURES`."""
    kind = path.suffix.lower().removeprefix(".")
    # Without the name of the software and the date, the same figure makes the same file.
    metadata = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}[kind]
    with replacing(path) as temporary, warnings.catch_warnings():
        # Names in a script that the font lacks are drawn as boxes; the CSV has them in full.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure.savefig(temporary, format=kind, metadata=metadata)


def _cell(value: object) -> object:
    if isinstance(value, float):
        return "" if value != value else f"{value:.4f}"
    return value
