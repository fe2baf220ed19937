"""The packaged model is as good as it was when its floors were set."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stance.dataset import LabelledSentence, digest
from stance.lexicon import default_digest
from stance.model import StanceModel
from tests.benchmarks import floors


@pytest.fixture(scope="module")
def content() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(floors.FLOORS_FILE.read_text(encoding="utf-8"))
    return loaded


def test_floors_were_set_for_this_data(content: dict[str, Any], trained_on: list[LabelledSentence]) -> None:
    """Whoever changes sentences or lexicon trains and sets the floors anew (`make model floors`)."""
    assert content["dataset_sha256"] == digest(trained_on)
    assert content["lexicon_sha256"] == default_digest()


def test_own_data_floors_hold(content: dict[str, Any], model: StanceModel) -> None:
    """Cross-validation and contrast pairs: no score lies below its floor."""
    scores = floors.measured(model, None)
    assert {name: score for name, score in scores.items() if score < content["floors"][name]} == {}


def test_real_data_floors_hold(content: dict[str, Any], model: StanceModel, eval_data: Path) -> None:
    """Real sentences: no score lies below its floor, and every floor is measured."""
    scores = floors.measured(model, eval_data)
    assert {name: score for name, score in scores.items() if score < content["floors"][name]} == {}
    assert set(scores) == set(content["floors"])
