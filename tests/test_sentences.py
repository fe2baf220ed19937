"""The labelled sentences themselves: what their datasheet promises of them holds."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.preprocessing import OneHotEncoder

from stance.actors import default_actors
from stance.dataset import EDITS, REGISTERS, ContrastPair, LabelledSentence, packaged_pairs, read_pairs
from stance.features import read
from stance.lexicon import Lexicon
from stance.records import STANCES
from stance.text import split
from tests.benchmarks.agreement import readings
from tests.conftest import ROOT

CORE = ("Russia", "Ukraine", "NATO", "China", "United States", "European Union")
OTHERS = (
    "Turkey", "Poland", "Germany", "Iran", "Japan", "India", "United Kingdom", "Belarus", "France", "Israel", "North Korea",
    "the West",
)  # fmt: skip


@pytest.fixture(scope="module")
def pairs() -> list[ContrastPair]:
    return [*read_pairs(packaged_pairs("train")), *read_pairs(packaged_pairs("test"))]


@pytest.fixture(scope="module")
def labels(sentences: list[LabelledSentence]) -> Counter[tuple[str, str]]:
    return Counter((label.actor, label.label) for sentence in sentences for label in sentence.stance)


def test_there_are_as_many_as_promised(sentences: list[LabelledSentence], labels: Counter[tuple[str, str]]) -> None:
    """Ten thousand sentences, sixteen thousand labels, from many writer groups of at most a hundred each."""
    assert len(sentences) >= 10_000
    assert labels.total() >= 16_000
    groups = Counter(sentence.group for sentence in sentences)
    assert len(groups) >= 100
    assert max(groups.values()) <= 100


def test_every_class_of_every_actor_is_there(labels: Counter[tuple[str, str]]) -> None:
    """The core actors have 400 against, 400 favor and 1,000 neutral; twelve others 60 of each."""
    wanted = {"against": 400, "neutral": 1_000, "favor": 400}
    assert {(a, x): labels[a, x] for a in CORE for x in STANCES if labels[a, x] < wanted[x]} == {}
    assert {(a, x): labels[a, x] for a in OTHERS for x in STANCES if labels[a, x] < 60} == {}


def test_classes_are_balanced_as_in_news(sentences: list[LabelledSentence], labels: Counter[tuple[str, str]]) -> None:
    """60 to 70 % neutral; a third of the sentences name several actors, half of those with different labels."""
    neutral = sum(count for (_, label), count in labels.items() if label == "neutral")
    assert 0.6 <= neutral / labels.total() <= 0.7
    several = [sentence for sentence in sentences if len(sentence.stance) > 1]
    assert len(several) >= 0.35 * len(sentences)
    assert sum(len({label.label for label in s.stance}) > 1 for s in several) >= 0.5 * len(several)


def test_every_register_has_its_share(sentences: list[LabelledSentence]) -> None:
    """At least 4 % of the sentences sound like each kind of text."""
    registers = Counter(sentence.register for sentence in sentences)
    assert {r: registers[r] for r in REGISTERS if registers[r] < 0.04 * len(sentences)} == {}


def test_lengths_spread_like_news(sentences: list[LabelledSentence]) -> None:
    """From headlines of a few words to 55, the middle half between a dozen and thirty."""
    lengths = [len(sentence.text.split()) for sentence in sentences]
    low, middle, high = np.percentile(lengths, [25, 50, 75])
    assert min(lengths) >= 4
    assert max(lengths) <= 60
    assert 10 <= low < middle < high <= 30


def test_an_actors_name_predicts_nothing(sentences: list[LabelledSentence]) -> None:
    """Who sees only which actor is meant does no better than always saying neutral, by two points at most."""
    rows = [(label.actor, label.label, s.group) for s in sentences for label in s.stance]
    names, truth, groups = (np.array(column) for column in zip(*rows, strict=True))
    seen = OneHotEncoder(handle_unknown="ignore").fit_transform(names[:, None])
    told = cross_val_predict(LogisticRegression(max_iter=1000), seen, truth, groups=groups, cv=GroupKFold(5))
    majority = f1_score(truth, np.full_like(truth, "neutral"), average="macro")
    assert f1_score(truth, told, average="macro") <= majority + 0.02


def test_hardly_two_sentences_are_alike(sentences: list[LabelledSentence], pairs: list[ContrastPair]) -> None:
    """Under half a percent of the sentences share half of their word trigrams with another one.

    Counted exactly, over all pairs of sentences, where MinHash would estimate; contrast pairs are alike on purpose,
    so that only one sentence of each is compared.
    """
    texts = [s.text for s in sentences] + [pair.first.text for pair in pairs]
    grams = CountVectorizer(ngram_range=(3, 3), binary=True, token_pattern=r"\w+").fit_transform(texts)
    shared = scipy.sparse.triu(grams.astype(np.int32) @ grams.T.astype(np.int32), k=1).tocoo()
    sizes = np.asarray(grams.sum(axis=1)).ravel()
    jaccard = shared.data / (sizes[shared.row] + sizes[shared.col] - shared.data)
    alike = set(shared.row[jaccard >= 0.5]) | set(shared.col[jaccard >= 0.5])
    assert len(alike) < 0.005 * len(texts)


def test_sentences_are_no_templates(sentences: list[LabelledSentence]) -> None:
    """With names and numbers masked, no two sentences are alike, and few begin alike."""
    masked = [masked_words(sentence.text) for sentence in sentences]
    assert Counter(map(tuple, masked)).most_common(1)[0][1] == 1
    openings = Counter(tuple(words[:4]) for words in masked)
    assert openings.most_common(1)[0][1] <= 0.01 * len(sentences)


def test_they_are_as_diverse_as_real_news(sentences: list[LabelledSentence], eval_data: Path) -> None:
    """At the same size, real articles have at most a quarter more different opening bigrams and word trigrams."""
    ours = [words(sentence.text) for sentence in sentences]
    real = [
        words(article["text"][start:end])
        for article in json_lines(eval_data / "corpora" / "articles.jsonl")
        for start, end in split(article["text"])
    ]
    real = [sentence for sentence in real if 5 <= len(sentence) <= 55]
    drawn = np.random.default_rng(1).permutation(len(real))[: len(ours)]
    theirs = [real[number] for number in drawn]
    ours = ours[: len(theirs)]
    assert len({tuple(s[:2]) for s in ours}) >= 0.8 * len({tuple(s[:2]) for s in theirs})
    assert distinct_trigrams(ours) >= 0.8 * distinct_trigrams(theirs)


def test_no_sentence_is_taken_from_the_evaluation_data(
    sentences: list[LabelledSentence], pairs: list[ContrastPair], eval_data: Path
) -> None:
    """No run of eight words is shared with any real text that we measure on."""
    ours: dict[tuple[str, ...], str] = {}
    texts = [(s.id, s.text) for s in sentences]
    texts += [(s.id, s.text) for pair in pairs for s in (pair.first, pair.second)]
    for article in json_lines(ROOT / "training" / "sample_corpus" / "articles.jsonl"):
        texts += [(article["id"], article["title"]), (article["id"], article["text"])]
    for name, text in texts:
        for run in eight_word_runs(text):
            ours.setdefault(run, name)
    paths = [*(eval_data / "corpora").glob("*.jsonl"), *(eval_data / "gold").glob("*.jsonl")]
    real = [value for path in paths for row in json_lines(path) for value in strings(row)]
    real += [path.read_text(encoding="utf-8") for path in (eval_data / "seeds").glob("*.txt")]
    assert len(real) > 10_000
    assert {ours[run] for text in real for run in eight_word_runs(text) if run in ours} == set()


def test_contrast_pairs_keep_their_promises(pairs: list[ContrastPair], sentences: list[LabelledSentence]) -> None:
    """At least 600 pairs of every kind of edit, half of them to test with, by writers who wrote none of the others."""
    test = read_pairs(packaged_pairs("test"))
    train = read_pairs(packaged_pairs("train"))
    assert len(pairs) >= 600
    assert 0.4 <= len(test) / len(pairs) <= 0.6
    assert min(Counter(pair.edit for pair in test)[edit] for edit in EDITS) >= 20
    groups = [{pair.first.group for pair in half} for half in (train, test)]
    assert not groups[0] & groups[1]
    assert not (groups[0] | groups[1]) & {s.group for s in sentences}


def test_contrast_pairs_differ_little(pairs: list[ContrastPair]) -> None:
    """The two sentences of a pair share most of their words and name the same actors."""
    for pair in pairs:
        one, other = (Counter(words(s.text)) for s in (pair.first, pair.second))
        assert (one & other).total() >= 0.6 * max(one.total(), other.total()), pair.id
        assert {x.actor for x in pair.first.stance} == {x.actor for x in pair.second.stance}, pair.id


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def masked_words(text: str) -> list[str]:
    """The words of a sentence with names and numbers masked."""
    return read(text, 0, len(text), default_actors().find(text), Lexicon([])).words


def distinct_trigrams(sentences: list[list[str]]) -> float:
    """Share of the first 100,000 trigrams that are different from each other."""
    runs = [run for sentence in sentences for run in zip(sentence, sentence[1:], sentence[2:], strict=False)]
    drawn = [runs[number] for number in np.random.default_rng(1).permutation(len(runs))[:100_000]]
    return len(set(drawn)) / len(drawn)


def json_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def strings(row: dict[str, Any]) -> Iterator[str]:
    """Title and text of a record, where they are strings."""
    for key in ("title", "text"):
        if isinstance(row.get(key), str):
            yield row[key]


def eight_word_runs(text: str) -> list[tuple[str, ...]]:
    said = words(text)
    return [tuple(said[i : i + 8]) for i in range(len(said) - 7)]


def test_every_label_is_what_its_readers_settled(sentences: list[LabelledSentence], pairs: list[ContrastPair]) -> None:
    """Two readings that agree, or the one that a third agrees with: stance, voice and sentiment, of every sentence."""
    stance = {(row["id"], row["actor"]): row for row in readings("stance")}
    tone = {row["id"]: row for row in readings("sentiment")}
    for sentence in [*sentences, *(one for pair in pairs for one in (pair.first, pair.second))]:
        assert sentence.sentiment == settled(tone[sentence.id], "label"), sentence.id
        for label in sentence.stance:
            row = stance[sentence.id, label.actor]
            assert label.label == settled(row, "label"), (sentence.id, label.actor)
            assert label.voice == settled(row, "voice"), (sentence.id, label.actor)


def settled(row: dict[str, str], what: str) -> str | None:
    first, second, third = (row[f"{what}_{reader}"] for reader in (1, 2, 3))
    if first == second:
        return first
    return third if third in (first, second) else None
