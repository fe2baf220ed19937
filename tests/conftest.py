"""What several tests need."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from stance.dataset import LabelledSentence, packaged_sentences, read_sentences, training_sentences
from stance.model import StanceModel, default_model

ROOT = Path(__file__).parents[1]
EVAL_DATA = Path(os.environ.get("STANCE_EVAL_DATA", ROOT.parent / "shared"))


@pytest.fixture(scope="session")
def eval_data() -> Path:
    """The folder with real text to measure on, which is not part of the project."""
    if not (EVAL_DATA / "gold").is_dir():
        pytest.skip(f"no evaluation data in {EVAL_DATA}; set STANCE_EVAL_DATA to a folder that has it")
    return EVAL_DATA


@pytest.fixture(scope="session")
def model() -> StanceModel:
    return default_model()


@pytest.fixture(scope="session")
def sentences() -> list[LabelledSentence]:
    return read_sentences(packaged_sentences(), complete=True)


@pytest.fixture(scope="session")
def trained_on() -> list[LabelledSentence]:
    """What the packaged model learned from: the sentences, and the contrast pairs to train with."""
    return training_sentences()


WriteLines = Callable[[str, Iterable[object]], Path]


@pytest.fixture
def write_lines(tmp_path: Path) -> WriteLines:
    """Write a JSONL file; strings are written as they are, everything else as JSON."""

    def write(name: str, lines: Iterable[object]) -> Path:
        path = tmp_path / name
        text = "".join(f"{line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)}\n" for line in lines)
        path.write_text(text, encoding="utf-8")
        return path

    return write
