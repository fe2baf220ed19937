"""The trained model in use: NumPy alone, no scikit-learn, no pickle."""

from __future__ import annotations

import gc
import hashlib
import json
import math
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance import features, text, voice
from stance.actors import ActorIndex, Found, default_actors
from stance.errors import InputError, ModelError
from stance.files import replacing, write_json
from stance.lexicon import default_digest, default_lexicon
from stance.reasons import Contribution, Explanation
from stance.records import SENTIMENTS, STANCES, Article, Dropped, Mention, Prediction, Sentence, Sentiment, Stance

FORMAT = 3
ARRAYS_FILE = "model.npz"
INFO_FILE = "model.json"
DEFAULT_MODEL = Path(__file__).with_name("default_model")

Array = NDArray[Any]


class LinearModel:
    """Multinomial logistic regression over TF-IDF views.

    Parameters
    ----------
    vocabulary : mapping of str to sequence of str
        The terms of each view; positions in all other arrays count through the views in this order.
    idf : array of shape (terms,)
        Inverse document frequency.
    weights : array of shape (terms, 3)
        Calibration included.
    intercept : array of shape (3,)

    Notes
    -----
    A view's terms count once each (binary term frequency), are weighted by `idf` and scaled to unit length.
    """

    def __init__(self, vocabulary: Mapping[str, Sequence[str]], idf: Array, weights: Array, intercept: Array) -> None:
        self.vocabulary = {view: tuple(terms) for view, terms in vocabulary.items()}
        self.idf = np.asarray(idf, dtype=np.float64)
        self.weights = np.asarray(weights, dtype=np.float32)
        self.intercept = np.asarray(intercept, dtype=np.float64)
        # What a term adds to a view's three sums and to its squared length, before the view is scaled to unit length.
        self._terms = np.column_stack([self.weights * self.idf[:, None], self.idf**2])
        self._positions: list[tuple[str, dict[str, int]]] = []
        first = 0
        for view, terms in self.vocabulary.items():
            self._positions.append((view, dict(zip(terms, range(first, first + len(terms)), strict=True))))
            first += len(terms)

    def logits(self, views: features.Views) -> Array:
        """Return the three log-odds of a sentence, up to a constant."""
        known: list[Any] = []
        starts = []
        for view, positions in self._positions:
            found = set(map(positions.get, views[view]))
            found.discard(None)
            if found:
                starts.append(len(known))
                known += found
        if not known:
            return self.intercept.copy()
        # All views at once: a handful of calls of NumPy, whatever their number.
        sums = np.add.reduceat(self._terms.take(known, axis=0), starts)
        result: Array = self.intercept + sums[:, -1] ** -0.5 @ sums[:, :-1]
        return result

    def probabilities(self, views: features.Views) -> tuple[float, float, float]:
        """Return the three probabilities of a sentence, in the order of the labels."""
        return _softmax(self.logits(views))

    def shares(self, views: features.Views, origins: features.Origins, tokens: int) -> Array:
        """Take the logits apart into what each token of the sentence contributes.

        Parameters
        ----------
        views : Views
        origins : Origins
            For each term of each view the tokens from which it was made; a term's contribution is shared out equally
            among them, over all its occurrences.
        tokens : int
            How many tokens the sentence has.

        Returns
        -------
        array of shape (tokens, 3)
            Its rows and the intercept add up to the logits.
        """
        # The known terms as they occur, and the tokens that each was made from, one after another.
        terms: list[int] = []
        sizes: list[int] = []
        at: list[int] = []
        starts: list[int] = []
        counts: list[int] = []
        for view, positions in self._positions:
            before = len(terms)
            for position, origin in zip(map(positions.get, views[view]), origins[view], strict=True):
                if position is not None:
                    terms.append(position)
                    sizes.append(len(origin))
                    at += origin
            if len(terms) > before:
                starts.append(before)
                counts.append(len(terms) - before)
        if not terms:
            return np.zeros((tokens, len(self.intercept)))
        which, made_from = np.array(terms), np.array(sizes)
        parts = self._terms[which]
        # All tokens of a term, over its occurrences, share what it contributes; most occur once.
        shared_by = made_from
        if len(set(terms)) < len(terms):
            _, same = np.unique(which, return_inverse=True)
            shared_by = np.bincount(same, weights=made_from)[same]
        squares = np.add.reduceat(parts[:, -1] * (made_from / shared_by), starts)
        lengths = np.repeat(np.sqrt(squares), counts)
        each = np.repeat((parts[:, :-1] / (lengths * shared_by)[:, None]).T, made_from, axis=1)
        places = np.array(at)
        return np.array([np.bincount(places, weights=part, minlength=tokens) for part in each]).T

    def arrays(self, prefix: str) -> dict[str, Array]:
        """Return all that makes the model as arrays to be saved, each name begun with `prefix`."""
        # Half precision: the training rounds its own coefficients alike, so that nothing differs.
        content: dict[str, Array] = {
            f"{prefix}.idf": self.idf.astype(np.float32),
            f"{prefix}.weights": self.weights.astype(np.float16),
            f"{prefix}.intercept": self.intercept,
        }
        for view, terms in self.vocabulary.items():
            content[f"{prefix}.terms.{view}"] = np.frombuffer("\n".join(terms).encode(), dtype=np.uint8)
        return content

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Array], prefix: str, views: Iterable[str]) -> LinearModel:
        """Make a model from what `arrays` returned."""
        terms = {view: bytes(arrays[f"{prefix}.terms.{view}"]).decode() for view in views}
        return cls(
            {view: content.split("\n") if content else () for view, content in terms.items()},
            arrays[f"{prefix}.idf"],
            arrays[f"{prefix}.weights"],
            arrays[f"{prefix}.intercept"],
        )


def _softmax(logits: Array) -> tuple[float, float, float]:
    a, b, c = logits.tolist()
    top = max(a, b, c)
    a, b, c = math.exp(a - top), math.exp(b - top), math.exp(c - top)
    total = a + b + c
    return a / total, b / total, c / total


class StanceModel:
    """Tells of a text how it treats the actors it names.

    Parameters
    ----------
    stance : LinearModel
        Weighs a sentence with one actor as target; views of `features.STANCE_VIEWS`.
    sentiment : LinearModel
        Weighs a sentence as a whole; views of `features.SENTIMENT_VIEWS`.
    info : mapping
        What is known of the training: dataset digest, settings, versions, cross-validated metrics.
    actors : ActorIndex, optional
        Who is who; by default the packaged ``actors.toml``.
    """

    def __init__(
        self, stance: LinearModel, sentiment: LinearModel, info: Mapping[str, Any], actors: ActorIndex | None = None
    ) -> None:
        self.stance = stance
        self.sentiment = sentiment
        self.info = dict(info)
        self.actors = actors or default_actors()
        self.lexicon = default_lexicon()

    def predict(self, content: str | Article, *, coverage: float | None = None, date: date | None = None) -> Prediction:
        """Tell how a sentence or an article treats each actor it names.

        Parameters
        ----------
        content : str or Article
            Any length; line breaks between paragraphs help. Of a text with several lines those are left out that are furniture
            of a page. An `Article` has a headline and a date of its own.
        coverage : float, optional
            Ask for prediction sets (``.labels``) that hold the right label of a sentence this often, from 0.5 to 0.99;
            ``.label`` is then None where the set holds more than one.
        date : datetime.date, optional
            When it was written: who stands for whom is decided by that month. Without a date, who held an office last counts.

        Returns
        -------
        Prediction
            Empty as a mapping where no actor is named.

        Raises
        ------
        InputError
            If `content` is neither, or not text that can be encoded, or `coverage` out of range.
        """
        thresholds = self._thresholds(coverage)
        if not isinstance(content, Article):
            return self._predict("", content, date, thresholds)
        return self._predict(content.title, content.text, date or content.date, thresholds)

    def _predict(
        self, title: str, body: str, on: date | None, thresholds: tuple[float | None, float | None]
    ) -> Prediction:
        clean, dropped = _article_of(body)
        sentences = list(self._read(body, clean, on, thresholds))
        if title:
            headline = self._read(title, text.check(title), on, thresholds)
            sentences = [*(replace(sentence, headline=True) for sentence in headline), *sentences]
        if len(sentences) > 1:
            for place, earlier in enumerate(text.repeated([sentence.text for sentence in sentences])):
                # What names somebody else is not the same said again, however like it is.
                known = {actor for at in earlier or () for actor in sentences[at].stances}
                if earlier and sentences[place].stances.keys() <= known:
                    sentences[place] = replace(sentences[place], repeats=earlier.start)
        return Prediction.gather(sentences, dropped)

    def _read(
        self, content: str, clean: str, on: date | None, thresholds: tuple[float | None, float | None]
    ) -> Iterator[Sentence]:
        """Each sentence of a text."""
        found = self.actors.find(clean, on)
        quoted = voice.quotations(clean) if found else []
        heard = voice.NOBODY
        for start, end, here in _by_sentence(clean, found):
            mentions, heard = voice.attribute(clean, (start, end), found, quoted, heard)
            yield self._sentence(content, clean, (start, end), here, mentions, thresholds)

    def _sentence(
        self,
        content: str,
        clean: str,
        span: tuple[int, int],
        found: Sequence[Found],
        mentions: tuple[Mention, ...],
        thresholds: tuple[float | None, float | None],
    ) -> Sentence:
        start, end = span
        reading = features.read(clean, start, end, found, self.lexicon)
        stances = {}
        toward = {}
        for actor in dict.fromkeys(mention.actor for mention in mentions):
            main = voice.overall(mention for mention in mentions if mention.actor == actor)
            toward[actor] = features.stance_views(reading, actor)
            against, neutral, favor = self.stance.probabilities(toward[actor])
            stances[actor] = Stance(
                actor, against, neutral, favor, main.voice, main.speaker, main.speaker_actor, threshold=thresholds[0]
            )
        sentiment = Sentiment(
            *self.sentiment.probabilities(features.sentiment_views(reading, toward.values())), threshold=thresholds[1]
        )
        return Sentence(content[start:end], start, end, mentions, stances, sentiment)

    def explain(self, content: str, actor: str, *, date: date | None = None) -> Explanation:
        """Tell which words made a sentence's stance toward an actor.

        Parameters
        ----------
        content : str
            A sentence. Of a longer text that sentence is explained which has the strongest stance toward the actor; see
            `explanations` for all.
        actor : str
            One that the text names, by its name in ``actors.toml``.
        date : datetime.date, optional
            As in `predict`.

        Returns
        -------
        Explanation
            Its contributions add up to the logits of the prediction.

        Raises
        ------
        InputError
            If the text does not name the actor, or is no text.
        """
        return max(self.explanations(content, actor, date=date), key=lambda explanation: abs(explanation.stance.score))

    def explanations(self, content: str, actor: str, *, date: date | None = None) -> list[Explanation]:
        """Explain every sentence of a text that names the actor, in order; see `explain`."""
        clean, _ = _article_of(content)
        found = self.actors.find(clean, date)
        if all(mention.actor != actor for mention in found):
            named = ", ".join(dict.fromkeys(mention.actor for mention in found)) or "nobody"
            raise InputError(f"the text does not name {actor}; it names {named}")
        explained = []
        for start, end, here in _by_sentence(clean, found):
            if any(mention.actor == actor for mention in here):
                explained.append(self._explanation(content, clean, start, end, here, actor))
        return explained

    def _explanation(
        self, content: str, clean: str, start: int, end: int, found: Sequence[Found], actor: str
    ) -> Explanation:
        reading = features.read(clean, start, end, found, self.lexicon)
        views, origins = features.traced_stance_views(reading, actor)
        shares = self.stance.shares(views, origins, len(reading.words))
        spans = features.token_spans(clean, start, end, found)
        # A lexicon entry of several words is one phrase to a reader.
        ends = {match.start: match.end for match in reading.matches}
        starts = [0]
        while (following := ends.get(starts[-1], starts[-1] + 1)) < len(spans):
            starts.append(following)
        totals = np.add.reduceat(shares, starts).tolist()
        contributions = []
        for first, last, total in zip(starts, [*starts[1:], len(spans)], totals, strict=True):
            if any(total):
                a, b = spans[first][0], spans[last - 1][1]
                contributions.append(Contribution(content[a:b], a, b, *total))
        base = self.stance.intercept
        stance = Stance(actor, *_softmax(base + shares.sum(axis=0)))
        against, neutral, favor = base.tolist()
        return Explanation(
            actor, content[start:end], start, end, stance, (against, neutral, favor), tuple(contributions)
        )

    def _thresholds(self, coverage: float | None) -> tuple[float | None, float | None]:
        if coverage is None:
            return None, None
        known = self.info["conformal"]
        first, last = known["coverages"][0], known["coverages"][-1]
        if not first <= coverage <= last:
            raise InputError(f"coverage must lie between {first} and {last}, not be {coverage}")
        at = [float(np.interp(coverage, known["coverages"], known[task])) for task in ("stance", "sentiment")]
        return at[0], at[1]

    def predict_batch(
        self, contents: Iterable[str | Article], *, coverage: float | None = None
    ) -> Iterator[Prediction]:
        """Predict many texts one after another, as they are asked for; `coverage` as in `predict`.

        Raises
        ------
        InputError
            When a text that cannot be used comes up, with its number; or at once if `contents` is a single string.
        """
        if isinstance(contents, str):
            raise InputError("predict_batch takes many texts, not one string; use predict(text) for one")
        self._thresholds(coverage)
        return self._each(contents, coverage)

    def _each(self, contents: Iterable[str | Article], coverage: float | None) -> Iterator[Prediction]:
        for number, content in enumerate(contents):
            try:
                yield self.predict(content, coverage=coverage)
            except InputError as error:
                raise InputError(f"text {number} (counted from 0): {error}") from None

    def save(self, folder: Path | str) -> None:
        """Write ``model.npz`` and ``model.json`` into `folder`, replacing what is there."""
        folder = Path(folder)
        arrays = self.stance.arrays("stance") | self.sentiment.arrays("sentiment")
        info = {
            **self.info,
            "format": FORMAT,
            "lexicon_sha256": default_digest(),
            "labels": {"stance": STANCES, "sentiment": SENTIMENTS},
            "views": {"stance": list(self.stance.vocabulary), "sentiment": list(self.sentiment.vocabulary)},
        }
        with replacing(folder / ARRAYS_FILE) as temporary:
            with temporary.open("wb") as file:
                np.savez_compressed(file, allow_pickle=False, **arrays)
            # Tells a pair of files that do not belong together, as an interruption between the two could leave.
            info["arrays_sha256"] = _sha256(temporary)
        write_json(folder / INFO_FILE, info)

    @classmethod
    def load(cls, path: Path | str, *, actors: ActorIndex | None = None) -> StanceModel:
        """Read a model from the folder that `save` wrote, or from either of its two files; `actors` as of the class.

        Raises
        ------
        ModelError
            If it is missing, damaged, or of another format. Nothing in a model file is ever run.
        """
        folder = Path(path)
        if folder.name in (ARRAYS_FILE, INFO_FILE):
            folder = folder.parent
        for name in (ARRAYS_FILE, INFO_FILE):
            if not (folder / name).is_file():
                raise ModelError(
                    f"no model in {folder}: {name} is missing; a model is a folder with {ARRAYS_FILE} and {INFO_FILE}, "
                    "as written by python -m stance.train --model-dir FOLDER"
                )
        try:
            info = json.loads((folder / INFO_FILE).read_text(encoding="utf-8"))
            if info["format"] != FORMAT:
                raise ModelError(
                    f"{folder / INFO_FILE}: model format {info['format']} is not the format {FORMAT} that this version "
                    "of stance reads; train it again with python -m stance.train"
                )
            expected = {"stance": list(features.STANCE_VIEWS), "sentiment": list(features.SENTIMENT_VIEWS)}
            if info["views"] != expected:
                raise ModelError(
                    f"{folder / INFO_FILE}: the model has the views {info['views']}, this version of stance makes "
                    f"{expected}; train it again with python -m stance.train"
                )
            if info["lexicon_sha256"] != default_digest():
                raise ModelError(
                    f"{folder / INFO_FILE}: the model was trained with another connotation lexicon than the one of this "
                    "version of stance; train it again with python -m stance.train"
                )
            if _sha256(folder / ARRAYS_FILE) != info["arrays_sha256"]:
                raise ValueError(f"{ARRAYS_FILE} is not the one that {INFO_FILE} was written with")
            with _without_collector(), np.load(folder / ARRAYS_FILE, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
                return cls(
                    LinearModel.from_arrays(arrays, "stance", info["views"]["stance"]),
                    LinearModel.from_arrays(arrays, "sentiment", info["views"]["sentiment"]),
                    info,
                    actors,
                )
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            raise ModelError(
                f"the model in {folder} is damaged ({type(error).__name__}: {error}); train it again"
            ) from error


@contextmanager
def _without_collector() -> Iterator[None]:
    """Pause the garbage collector: it would go over the hundred thousand parts of lexicon and actors again and again while they
    are put together, which is a fifth of the time to the first answer."""
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()


def _article_of(content: str) -> tuple[str, list[Dropped]]:
    """The text with spaces in the place of page furniture, so that no offset moves; and what that was."""
    clean = text.check(content)
    if "\n" not in clean.strip():
        return clean, []
    # Not paid for by those who predict single sentences.
    from stance.furniture import furniture

    dropped = furniture(clean)
    pieces = []
    start = 0
    for first, last, _ in dropped:
        pieces += [clean[start:first], " " * (last - first)]
        start = last
    return "".join([*pieces, clean[start:]]), dropped


def _by_sentence(clean: str, found: Sequence[Found]) -> Iterator[tuple[int, int, Sequence[Found]]]:
    """Each sentence's span, and the actors found in it."""
    following = 0
    for start, end in text.split(clean):
        first = following
        while following < len(found) and found[following].start < end:
            following += 1
        yield start, end, found[first:following]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@cache
def default_model() -> StanceModel:
    """Return the model that the package carries, loaded once."""
    return StanceModel.load(DEFAULT_MODEL)
