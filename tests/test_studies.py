"""Repeated cross-validation, unseen actors, suspect labels."""

from __future__ import annotations

import numpy as np
import pytest

from stance import features, fit, studies
from stance.dataset import LabelledSentence
from stance.errors import InputError
from stance.evaluate import FEWEST
from stance.model import StanceModel
from stance.records import STANCES

SETTINGS = fit.Settings(1.0)


@pytest.fixture(scope="module")
def examples(sentences: list[LabelledSentence]) -> fit.Examples:
    some = sorted({s.group for s in sentences})[::12]
    return fit.stance_examples([s for s in sentences if s.group in some])


def test_repeats_differ_little_and_the_reference_is_on_the_same_folds(
    examples: fit.Examples, model: StanceModel
) -> None:
    """One score a repeat, one a fold, only the measured examples count, and the reference is measured beside."""
    measured = np.arange(len(examples.truth)) % 2 == 0
    result = studies.repeated(features.STANCE_VIEWS, SETTINGS, examples, measured, model.stance)
    assert len(result.scores) == studies.REPEATS
    assert len(result.per_fold) == studies.REPEATS * fit.FOLDS
    assert result.reference_per_fold is not None
    assert len(result.reference_per_fold) == len(result.per_fold)
    assert 0.3 < np.mean(result.scores) < 0.95
    # The packaged model has learned from these very sentences.
    assert result.reference is not None
    assert result.reference > np.mean(result.scores)
    assert np.std(result.scores) < 0.05


def test_unseen_actors_are_left_out_of_the_training(examples: fit.Examples, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the most frequent actors is predicted by a model that had no label of it."""
    seen: list[set[str]] = []

    def held(views: object, candidates: object, given: fit.Examples, train: np.ndarray, test: np.ndarray) -> object:
        seen.append({given.actors[row] for row in train} & {given.actors[row] for row in test})
        return fit.hold_out(features.STANCE_VIEWS, [SETTINGS], given, train, test)

    monkeypatch.setattr(studies, "hold_out", held)
    monkeypatch.setattr("joblib.cpu_count", lambda: 1)
    monkeypatch.setattr(studies, "UNSEEN", 2)
    result = studies.unseen_actors(features.STANCE_VIEWS, SETTINGS, examples)
    assert len(result) == 2
    assert seen == [set(), set()]
    assert all(n >= FEWEST and 0 < score <= 1 for n, score in result.values())


def test_wrong_labels_are_suspect() -> None:
    """Labels turned round on purpose come first."""
    pytest.importorskip("cleanlab", reason="extra cleanlab is not installed")
    random = np.random.default_rng(0)
    truth = random.integers(0, 3, 600)
    probabilities = np.full((600, 3), 0.05)
    probabilities[np.arange(600), truth] = 0.9
    given = truth.copy()
    given[:12] = (given[:12] + 1) % 3
    validation = fit.CrossValidation(STANCES, given, probabilities, [""] * 600, SETTINGS, [])
    assert set(studies.suspects(validation)[:12]) == set(range(12))


def test_without_cleanlab_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error comes before any training, and says what to install."""
    monkeypatch.setattr(studies, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"stance\[cleanlab\]"):
        studies.require_cleanlab()
