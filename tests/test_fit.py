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
from stance.features import Views, read, sentiment_views, stance_views
from stance.lexicon import default_lexicon
from stance.records import STANCES

WORDS = "the a praised condemned said thanked attacked Russia China NATO Kyiv with not aid sanctions on for , . “ ” 's 12 and"


@pytest.fixture(scope="session")
def training(sentences: list[LabelledSentence]) -> Iterator[fit.Training]:
    """A training on a quarter of the groups with few candidates: the whole path, in seconds."""
    some = set(sorted({s.group for s in sentences})[::3])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fit, "STRENGTHS", {"stance": (2.0,), "sentiment": (2.0,)})
        yield fit.train(to_hugging_face([s for s in sentences if s.group in some]), summarize)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=40).map(" ".join))
def test_numpy_equals_scikit_learn(training: fit.Training, text: str) -> None:
    """On any text the exported model has the pipeline's probabilities within 1e-6, for every actor and the tone."""
    reading = read(text, 0, len(text), default_actors().find(text), default_lexicon())
    toward: list[Views] = []
    for actor in sorted({actor for actor in reading.owners if actor}):
        views = stance_views(reading, actor)
        toward.append(views)
        expected = training.pipelines["stance"].predict_proba([views])[0]
        assert np.abs(expected - training.model.stance.probabilities(views)).max() < 1e-6
    views = sentiment_views(reading, toward)
    expected = training.pipelines["sentiment"].predict_proba([views])[0]
    assert np.abs(expected - training.model.sentiment.probabilities(views)).max() < 1e-6


def test_export_keeps_equality_through_files(training: fit.Training, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Saving and loading changes no probability at all."""
    folder = tmp_path_factory.mktemp("model")
    training.model.save(folder)
    text = "Moscow praised Beijing, and Kyiv condemned the deal that NATO had attacked."
    assert type(training.model).load(folder).predict(text) == training.model.predict(text)


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
    monkeypatch.setattr(fit, "STRENGTHS", {"stance": (2.0,)})
    examples = fit.stance_examples(sentences[::4])
    truth = examples.truth
    np.random.default_rng(3).shuffle(truth)
    validation, _ = fit._cross_validate("stance", STANCES, examples, lambda steps: None)
    accuracy = np.mean(validation.probabilities.argmax(axis=1) == truth)
    assert accuracy < np.bincount(truth).max() / len(truth) + 0.04


def test_same_data_same_weights(sentences: list[LabelledSentence]) -> None:
    """Two fits on the same sentences agree to the last bit."""
    examples = fit.stance_examples(sentences[:300])
    chosen = fit.Settings(4.0)
    logits = np.random.default_rng(1).normal(size=(len(examples.truth), 3))
    transfer = fit.TRANSFER["stance"]
    one, two = (fit.export(fit._fit("stance", chosen, examples, logits, transfer)) for _ in range(2))
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
    assert fit.stance_examples([odd]).views == []
    assert fit.sentiment_examples([odd]).views == []


def test_the_transfer_softens_and_shifts() -> None:
    """A temperature divides log-odds, and asked-for shares take the place of those learned."""
    logits = np.log([[0.2, 0.6, 0.2]])
    softened = fit.Transfer(2.0, None)(logits, np.array([0, 1, 2]))
    assert softened == pytest.approx(logits / 2)
    # Learned where all three were as frequent, of use where the first is four times as frequent as the others.
    shifted = fit.Transfer(1.0, (4 / 6, 1 / 6, 1 / 6))(logits, np.array([0, 1, 2]))
    assert shifted[0, 0] - shifted[0, 1] == pytest.approx(np.log(4 * 0.2 / 0.6))


def test_prediction_sets_hold_the_right_label_as_often_as_asked() -> None:
    """Thresholds from one sample, held against another of the same kind, however wrong the probabilities are."""
    random_state = np.random.default_rng(8)

    def sample(n: int) -> tuple[np.ndarray, np.ndarray]:
        true = random_state.dirichlet([0.7, 1.5, 0.5], size=n)
        truth = (random_state.random((n, 1)) > true.cumsum(axis=1)).sum(axis=1)
        wrong = true**2.5
        return wrong / wrong.sum(axis=1, keepdims=True), truth

    probabilities, truth = sample(4_000)
    thresholds = fit.conformal_thresholds(probabilities, np.eye(3)[truth])
    others, right = sample(20_000)
    for coverage, threshold in zip(fit.COVERAGES, thresholds, strict=True):
        assert np.mean(others[np.arange(len(right)), right] >= threshold) == pytest.approx(coverage, abs=0.025)


def test_thresholds_by_true_probabilities_cover_as_well() -> None:
    """Where no right label is known, probabilities that are true do the same service."""
    random_state = np.random.default_rng(9)
    true = random_state.dirichlet([0.7, 1.5, 0.5], size=20_000)
    truth = (random_state.random((20_000, 1)) > true.cumsum(axis=1)).sum(axis=1)
    thresholds = fit.conformal_thresholds(true, true)
    at = thresholds[fit.COVERAGES.index(0.9)]
    assert np.mean(true[np.arange(20_000), truth] >= at) == pytest.approx(0.9, abs=0.01)
