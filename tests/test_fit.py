"""Training: what it learns, that it repeats itself, and that NumPy says what scikit-learn says."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stance import fit
from stance.actors import default_actors
from stance.dataset import LabelledSentence, to_hugging_face
from stance.errors import InputError
from stance.evaluate import summarize
from stance.features import read, sentiment_views, stance_views
from stance.lexicon import default_lexicon
from stance.records import STANCES

WORDS = "the a praised condemned said thanked attacked Russia China NATO Kyiv with not aid sanctions on for , . “ ” 's 12 and"


@pytest.fixture(scope="session")
def training(sentences: list[LabelledSentence]) -> Iterator[fit.Training]:
    """A training on a quarter of the groups with few candidates: the whole path, in seconds."""
    some = set(sorted({s.group for s in sentences})[::3])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fit, "STRENGTHS", (4.0,))
        patch.setattr(fit, "POOLINGS", (1.0,))
        patch.setattr(fit, "MIN_LABELS_OF_ACTOR", 20)
        patch.setattr(fit, "MIN_LABELS_OF_CLASS", 5)
        yield fit.train(to_hugging_face([s for s in sentences if s.group in some]), summarize)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=40).map(" ".join))
def test_numpy_equals_scikit_learn(training: fit.Training, text: str) -> None:
    """On any text the exported model has the pipeline's probabilities within 1e-6, for every actor and the tone."""
    reading = read(text, 0, len(text), default_actors().find(text), default_lexicon())
    for actor in sorted({actor for actor in reading.owners if actor}):
        views = stance_views(reading, actor)
        expected = training.pipelines["stance"].predict_proba([fit.Example(views, actor)])[0]
        assert np.abs(expected - training.model.stance.probabilities(views, actor)).max() < 1e-6
    views = sentiment_views(reading)
    expected = training.pipelines["sentiment"].predict_proba([fit.Example(views, None)])[0]
    assert np.abs(expected - training.model.sentiment.probabilities(views)).max() < 1e-6


def test_export_keeps_equality_through_files(training: fit.Training, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Saving and loading changes no probability at all."""
    folder = tmp_path_factory.mktemp("model")
    training.model.save(folder)
    text = "Moscow praised Beijing, and Kyiv condemned the deal that NATO had attacked."
    assert type(training.model).load(folder).predict(text) == training.model.predict(text)


def test_some_actors_have_weights_of_their_own(training: fit.Training) -> None:
    """Partial pooling: the frequent actors deviate from the shared weights, the rare ones do not."""
    assert {"Russia", "Ukraine"} <= set(training.model.stance.own)
    assert "Mongolia" not in training.model.stance.own
    # Often named, and always neutral: weights of its own would know no more than the name.
    assert "Serbia" not in training.model.stance.own
    assert training.model.sentiment.own == {}


def test_it_learns(training: fit.Training) -> None:
    """Out of fold, both tasks beat the majority class by far, with a temperate calibration error."""
    for task in ("stance", "sentiment"):
        scores = training.model.info["cross_validation"][task]
        assert scores["macro_f1"] > 0.45
        assert scores["calibration_error"] < 0.1


def test_every_example_is_predicted_out_of_fold(training: fit.Training) -> None:
    """The probabilities of the cross-validation are complete and proper."""
    for validation in training.validations.values():
        assert validation.probabilities.shape == (len(validation.truth), 3)
        assert np.allclose(validation.probabilities.sum(axis=1), 1)


def test_shuffled_labels_teach_nothing(sentences: list[LabelledSentence], monkeypatch: pytest.MonkeyPatch) -> None:
    """With labels at random the cross-validated score falls to chance: no fold sees its own answers."""
    monkeypatch.setattr(fit, "STRENGTHS", (4.0,))
    monkeypatch.setattr(fit, "POOLINGS", (1.0,))
    monkeypatch.setattr(fit, "CLASS_WEIGHTS", ("balanced",))
    examples, truth, groups = fit.stance_examples(sentences[::4])
    np.random.default_rng(3).shuffle(truth)
    validation, _ = fit._cross_validate("stance", STANCES, examples, truth, groups, lambda steps: None)
    accuracy = np.mean(validation.probabilities.argmax(axis=1) == truth)
    assert accuracy < np.bincount(truth).max() / len(truth) + 0.04


def test_same_data_same_weights(sentences: list[LabelledSentence]) -> None:
    """Two fits on the same sentences agree to the last bit."""
    examples, truth, _ = fit.stance_examples(sentences[:300])
    chosen = fit.Settings(4.0, "balanced", 1.0)
    logits = np.random.default_rng(1).normal(size=(len(truth), 3))
    one, two = (fit.export(fit._fit("stance", chosen, examples, truth, logits)) for _ in range(2))
    assert np.array_equal(one.weights, two.weights)
    assert one.vocabulary == two.vocabulary


def test_calibration_finds_temperature_and_offsets() -> None:
    """Logits made three times too sharp and shifted come back to the probabilities they were drawn from."""
    random_state = np.random.default_rng(5)
    logits = random_state.normal(size=(20_000, 3))
    probable = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    truth = (random_state.random((20_000, 1)) > probable.cumsum(axis=1)).sum(axis=1)
    temperature, offsets = fit.calibrate(logits * 3 + np.array([1.5, 0.0, -1.5]), truth)
    assert temperature == pytest.approx(3, rel=0.05)
    assert offsets == pytest.approx([-0.5, 0.0, 0.5], abs=0.05)


def test_too_little_data_is_refused(sentences: list[LabelledSentence]) -> None:
    """One writer group cannot be cross-validated by groups, and the error says what is needed."""
    group = sentences[0].group
    with pytest.raises(InputError, match="at least 5 groups"):
        fit.train(to_hugging_face([s for s in sentences if s.group == group]), summarize)


def test_labels_without_their_actor_in_the_text_are_left_out(sentences: list[LabelledSentence]) -> None:
    """A label whose actor cannot be found in its sentence makes no example."""
    label = random.Random(2).choice(sentences[0].stance)
    odd = LabelledSentence("x", "It rained.", None, (label,), None, "x")
    assert fit.stance_examples([odd])[0] == []
    assert fit.sentiment_examples([odd])[0] == []
