"""Every error that stance raises on purpose.

    StanceError
    ├── InputError (ValueError)     a text, an argument or a whole file cannot be used
    │   └── DataError               a file has faults: all of them at once, in `.faults`
    └── ModelError                  a model is missing, damaged, or of another format

A message names the fault, the place, and what would be accepted. On the command line each of these ends in exit
code 2 and its message, without a traceback.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class StanceError(Exception):
    """Base of all errors raised on purpose by this package."""


class InputError(StanceError, ValueError):
    """A text, an argument or a file that cannot be used."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file.

    Attributes
    ----------
    path : Path
        The file.
    line : int or None
        Line number from 1, or None for a fault of the file as a whole.
    message : str
        The field, what is wrong with it, and what would be accepted.
    """

    path: Path
    line: int | None
    message: str

    def __str__(self) -> str:
        place = str(self.path) if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.message}"


class DataError(InputError):
    """A file with one or more faults.

    Parameters
    ----------
    faults : sequence of Fault
        At least one; all are listed in the message, in order.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        heading = f"{count} fault{'s' if count > 1 else ''} found, nothing was done:"
        super().__init__("\n".join([heading, *(f"  {fault}" for fault in self.faults)]))


class ModelError(StanceError):
    """A model that is missing, damaged, or written in a format that this version does not read."""
