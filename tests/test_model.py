"""The model in use: what it answers, and that its files are safe."""

from __future__ import annotations

import dataclasses
import datetime
import json
import shutil
from itertools import count, islice
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import stance
from stance.errors import InputError, ModelError
from stance.model import ARRAYS_FILE, DEFAULT_MODEL, INFO_FILE, StanceModel
from stance.records import Article


def test_the_readme_example() -> None:
    """The first thing a user tries gives what it promises."""
    result = stance.predict("NATO condemned Russia's unprovoked attack on Ukraine.")
    assert list(result) == ["NATO", "Russia", "Ukraine"]
    assert result["Russia"].label == "against"
    assert result["Russia"].score < -0.2
    assert result.sentiment.label == "negative"
    assert result.sentences[0].mentions[1].surface == "Russia"


@pytest.mark.parametrize(
    ("text", "actor", "label"),
    [
        ("The minister thanked Japan for its generous help.", "Japan", "favor"),
        ("Observers accused Belarus of torturing prisoners.", "Belarus", "against"),
        ("The foreign ministers of India and China will meet on Tuesday.", "India", "neutral"),
    ],
)
def test_plain_cases(text: str, actor: str, label: str) -> None:
    """Praise, accusation and plain news are told apart."""
    assert stance.predict(text)[actor].label == label


@pytest.mark.parametrize(
    "text", ["", " \n ", "It rained.", "😀😀😀", "\x00\x01", "كان الطقس جميلا", "שלום עולם", "..."]
)
def test_no_actor_is_an_empty_mapping(text: str) -> None:
    """A text that names nobody is no error."""
    result = stance.predict(text)
    assert len(result) == 0
    assert dict(result) == {}


def test_right_to_left_text_and_emoji_keep_offsets() -> None:
    """Offsets count characters of the text that was handed in, whatever the script."""
    text = "😀 قال Putin\u200f إن NATO\x00 قوي"
    for sentence in stance.predict(text).sentences:
        for mention in sentence.mentions:
            assert text[mention.start : mention.end] == mention.surface
    assert set(stance.predict(text)) == {"Russia", "NATO"}


@pytest.mark.parametrize("text", [b"Russia", None, 3, ["Russia"], "Russia \ud800"])
def test_what_is_no_text_is_an_input_error(text: object) -> None:
    """Bytes, numbers, lists and half characters are refused clearly."""
    with pytest.raises(InputError, match="text"):
        stance.predict(text)  # type: ignore[arg-type]


def test_a_million_characters() -> None:
    """A very long text is answered, with stops and without."""
    prose = "Russia accused NATO of lying. " * 33_334
    result = stance.predict(prose)
    assert len(prose) > 1_000_000
    assert len(result.sentences) == 33_334
    # All but the first say it once more, and count for nothing.
    assert result["NATO"].sentences == 1
    assert set(stance.predict("Russia \"' said " * 66_667)) == {"Russia"}


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from("Russia NATO said “ ” ' \" . \n EU's, : thanked".split(" "))).map(" ".join)
)
def test_any_text_gets_proper_probabilities(text: str) -> None:
    """Whatever the text, probabilities add up to 1 and spans fit the text."""
    result = stance.predict(text)
    for sentence in result.sentences:
        assert text[sentence.start : sentence.end] == sentence.text
        assert set(sentence.stances) == {mention.actor for mention in sentence.mentions}
        for stance_of_actor in sentence.stances.values():
            assert sum(stance_of_actor.probabilities.values()) == pytest.approx(1)
        assert sum(sentence.sentiment.probabilities.values()) == pytest.approx(1)
        for mention in sentence.mentions:
            assert text[mention.start : mention.end] == mention.surface
            assert sentence.start <= mention.start < mention.end <= sentence.end


def test_speakers_are_known_across_sentences() -> None:
    """In an article a pronoun, a surname and a quotation that runs on lead to the speaker who was introduced."""
    article = (
        "Italian Admiral Ugo Neri opened the talks on Monday. “Norway is late,” he said. “Japan is early.”\n"
        "A clerk went home. Canada had sent nobody, Neri added."
    )
    told = stance.predict(article)
    assert {told[actor].speaker_actor for actor in ("Norway", "Japan", "Canada")} == {"Italy"}
    assert [told[actor].speaker for actor in ("Japan", "Canada")] == ["Italian Admiral Ugo Neri", "Neri"]


def test_article_is_the_mean_of_its_sentences() -> None:
    """An article's figure per actor averages the sentences that name it."""
    result = stance.predict("Russia bombed a school.\n\nChina met Russia.")
    scores = [s.stances["Russia"].score for s in result.sentences]
    assert result["Russia"].score == pytest.approx(np.mean(scores))
    assert result["Russia"].sentences == 2
    assert result["China"].sentences == 1


def test_batch_is_lazy_and_equal_to_single_calls() -> None:
    """An endless source of texts is no trouble, and the answers are the same."""
    texts = (f"Russia praised China {number} times." for number in count())
    batch = list(islice(stance.predict_batch(texts), 3))
    assert batch == [stance.predict(f"Russia praised China {number} times.") for number in range(3)]


def test_batch_names_the_bad_text() -> None:
    """A text that cannot be used is named by its number; those before it were answered."""
    results = stance.predict_batch(["Russia.", b"x"])  # type: ignore[list-item]
    assert list(next(results)) == ["Russia"]
    with pytest.raises(InputError, match="text 1 "):
        next(results)
    with pytest.raises(InputError, match="not one string"):
        stance.predict_batch("Russia")


def test_saved_model_says_the_same(model: StanceModel, tmp_path: Path) -> None:
    """A model survives its files, which are given by folder or by either name."""
    model.save(tmp_path)
    text = "The EU praised Moldova; Moscow called it a provocation."
    for path in (tmp_path, tmp_path / ARRAYS_FILE, str(tmp_path / INFO_FILE)):
        assert stance.load_model(path).predict(text) == model.predict(text)


def test_all_actors_are_treated_alike(model: StanceModel) -> None:
    """The most written-of actor and one that the training hardly knows get the same of the same words."""
    one, other = (model.predict(f"Rebels accused {name} of murder.")[name] for name in ("Russia", "Mongolia"))
    assert one.probabilities == other.probabilities


def test_coverage_asks_for_sets(model: StanceModel) -> None:
    """The more often the set shall hold the right label the larger it is; without a coverage there is one label."""
    text = (
        "Critics and admirers of Kyiv's reforms clashed, and its failures and its courage were praised and condemned."
    )
    sizes = [len(model.predict(text, coverage=coverage)["Ukraine"].labels) for coverage in (0.5, 0.8, 0.9, 0.95, 0.99)]
    assert sizes == sorted(sizes)
    assert (sizes[0], sizes[-1]) == (1, 3)
    assert model.predict(text, coverage=0.99)["Ukraine"].label is None
    assert len(model.predict(text, coverage=0.99).sentiment.labels) > 1
    assert model.predict(text)["Ukraine"].label is not None


@pytest.mark.parametrize("coverage", [0.3, 1.0, float("nan")])
def test_coverage_out_of_range_is_refused(model: StanceModel, coverage: float) -> None:
    """The accepted range is told, for a batch at once and not at its first text."""
    with pytest.raises(InputError, match=r"between 0\.5 and 0\.99"):
        model.predict("Russia", coverage=coverage)
    with pytest.raises(InputError, match=r"between 0\.5 and 0\.99"):
        model.predict_batch(["Russia"], coverage=coverage)


WORDS = "Russia China , and 's condemned by was aid to not if didn’t aggression brave murdered İzmir denied claims that 5 “ ”"


@given(st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=30).map(" ".join))
def test_contributions_add_up_to_the_logits(model: StanceModel, text: str) -> None:
    """For every actor in any order of words, base and contributions give the very probabilities of the prediction."""
    for sentence in model.predict(text).sentences:
        for actor, predicted in sentence.stances.items():
            explained = next(one for one in model.explanations(text, actor) if one.start == sentence.start)
            logits = np.array(list(explained.logits.values()))
            expected = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
            assert np.allclose(expected, list(predicted.probabilities.values()), atol=1e-9)
            assert explained.stance.score == pytest.approx(predicted.score, abs=1e-9)
            assert all(text[one.start : one.end] == one.text for one in explained.contributions)
            assert [one.start for one in explained.contributions] == sorted(
                one.start for one in explained.contributions
            )


def test_explanation_names_the_words(model: StanceModel) -> None:
    """What speaks against Russia in a plain sentence is the verb of blame, as one phrase with its preposition."""
    explained = model.explain("Yesterday the ministers accused Russia of lying.", "Russia")
    assert explained.strongest[0].text in ("accused", "lying")
    assert explained.strongest[0].score < 0


def test_explanation_of_a_text_is_of_its_strongest_sentence(model: StanceModel) -> None:
    """Of several sentences the one that says most is explained, with offsets in the whole text."""
    text = "Russia met Japan. The invaders from Russia murdered civilians. Russia has rivers."
    explained = model.explain(text, "Russia")
    assert text[explained.start : explained.end] == explained.text == "The invaders from Russia murdered civilians."
    assert len(model.explanations(text, "Russia")) == 3


def test_an_actor_that_is_not_named_cannot_be_explained(model: StanceModel) -> None:
    """The error tells who is named."""
    with pytest.raises(InputError, match="does not name China; it names Russia, Japan"):
        model.explain("Russia met Japan.", "China")


def broken(tmp_path: Path, **changes: object) -> Path:
    shutil.copytree(DEFAULT_MODEL, tmp_path, dirs_exist_ok=True)
    info = json.loads((tmp_path / INFO_FILE).read_text(encoding="utf-8"))
    (tmp_path / INFO_FILE).write_text(json.dumps({**info, **changes}), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 99}, "model format 99 is not the format 3"),
        ({"lexicon_sha256": "0"}, "another connotation lexicon"),
        ({"views": {"stance": ["left"], "sentiment": []}}, "has the views"),
        ({"arrays_sha256": "0"}, "damaged"),
    ],
)
def test_a_model_that_does_not_fit_is_refused(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    """Another format, other views, or files that do not belong together are a ModelError."""
    with pytest.raises(ModelError, match=message):
        stance.load_model(broken(tmp_path, **changes))


def test_a_missing_or_cut_model_is_refused(tmp_path: Path) -> None:
    """A missing file is named, a cut one is called damaged."""
    with pytest.raises(ModelError, match=r"model\.npz is missing"):
        stance.load_model(tmp_path)
    shutil.copytree(DEFAULT_MODEL, tmp_path, dirs_exist_ok=True)
    (tmp_path / ARRAYS_FILE).write_bytes((DEFAULT_MODEL / ARRAYS_FILE).read_bytes()[:1000])
    with pytest.raises(ModelError, match="damaged"):
        stance.load_model(tmp_path)
    (tmp_path / INFO_FILE).write_text("{not json", encoding="utf-8")
    with pytest.raises(ModelError, match="damaged"):
        stance.load_model(tmp_path)


class Bomb:
    """Unpickling this would leave a trace."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (str(self.trace),)


def test_a_model_file_cannot_run_code(tmp_path: Path) -> None:
    """Pickled content in the arrays is refused, not loaded."""
    import hashlib

    trace = tmp_path / "trace"
    arrays = {"stance.idf": np.array([Bomb(trace)], dtype=object)}
    np.savez(tmp_path / ARRAYS_FILE, allow_pickle=True, **arrays)
    info = json.loads((DEFAULT_MODEL / INFO_FILE).read_text(encoding="utf-8"))
    info["arrays_sha256"] = hashlib.sha256((tmp_path / ARRAYS_FILE).read_bytes()).hexdigest()
    (tmp_path / INFO_FILE).write_text(json.dumps(info), encoding="utf-8")
    with pytest.raises(ModelError, match="damaged"):
        stance.load_model(tmp_path)
    assert not trace.exists()


def test_packaged_model_is_small() -> None:
    """The package carries at most 2 MB of model."""
    assert sum(path.stat().st_size for path in DEFAULT_MODEL.glob("model.*")) < 2_000_000


ARTICLE = Article(
    "1",
    "Courier",
    datetime.date(2016, 5, 1),
    "Russia's brutal war crimes shock the world",
    "Share this article\n\nRutte spoke for an hour. “Russia is a reliable partner,” Lavrov said.\n\n"
    "Observers praised Russia's generous aid. Ukraine thanked NATO.",
)


def test_an_article_has_a_headline_a_date_and_furniture(model: StanceModel) -> None:
    """The title's sentences come first, persons stand for whom they stood then, and lines of the page are not read."""
    result = model.predict(ARTICLE)
    assert [(one.headline, one.text[:6]) for one in result.sentences] == [
        (True, "Russia"), (False, "Rutte "), (False, "“Russi"), (False, "Observ"), (False, "Ukrain"),
    ]  # fmt: skip
    assert ARTICLE.text[result.sentences[1].start : result.sentences[1].end] == "Rutte spoke for an hour."
    assert list(result.sentences[1].stances) == ["Netherlands"]
    assert list(model.predict(ARTICLE, date=datetime.date(2025, 5, 1)).sentences[1].stances) == ["NATO"]
    assert [(ARTICLE.text[start:end], rule) for start, end, rule in result.dropped] == [("Share this article", "share")]


def test_what_is_said_again_counts_once(model: StanceModel) -> None:
    """A sentence repeated counts for nothing, unless it names somebody whom the first does not name."""
    once = "Observers condemned Russia for the attack on the harbour, the third within a single week of fighting."
    for text, again, counted in (
        (f"{once}\n\nIt rained.\n\n{once}", 0, 1),
        (f"{once}\n\nIt rained.\n\n{once.replace('Russia', 'China')}", None, 1),
    ):
        result = model.predict(text)
        assert result.sentences[2].repeats == again
        assert result["Russia"].sentences == counted
    assert "China" in result


def test_stance_by_voice_and_its_strongest_sentences(model: StanceModel) -> None:
    """What the outlet says itself is told apart from what it quotes, and the sentences that say it most strongly are at hand."""
    result = model.predict(ARTICLE)
    own, quoted = result.voiced("narrator")["Russia"], result.voiced("attributed")["Russia"]
    assert own.sentences + quoted.sentences == result["Russia"].sentences == 3
    assert own.score * own.sentences + quoted.score * quoted.sentences == pytest.approx(result["Russia"].score * 3)
    against = result.strongest("Russia", "against")
    assert against is not None
    assert against.headline
    assert result.strongest("NATO", "against") is None


def test_a_headline_that_the_text_does_not_bear_out_is_flagged(model: StanceModel) -> None:
    """A headline against an actor of whom the text says good is flagged, one that fits or is neutral is not."""
    assert model.predict(ARTICLE).flags("Russia") == ("headline contradicts the text",)
    plain = dataclasses.replace(ARTICLE, text="Russia's envoy arrived on Monday.")
    assert model.predict(plain).flags("Russia") == ("headline goes beyond the text",)
    fitting = dataclasses.replace(ARTICLE, text="Observers condemned Russia's brutal attack.")
    assert model.predict(fitting).flags("Russia") == ()
    assert model.predict(dataclasses.replace(ARTICLE, title="Talks end")).flags("Russia") == ()


def test_explanations_leave_furniture_out_too(model: StanceModel) -> None:
    """What is explained are the sentences that were predicted."""
    text = "Follow Russia Today on Twitter\nRussia attacked a school.\nNobody else was there."
    assert [explained.text for explained in model.explanations(text, "Russia")] == ["Russia attacked a school."]
    assert list(model.predict(text)) == ["Russia"]
    assert model.predict(text)["Russia"].sentences == 1
