"""The trained model in use: NumPy alone, no scikit-learn, no pickle."""

from __future__ import annotations

import hashlib
import json
import math
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance import features, text, voice
from stance.actors import ActorIndex, Found, default_actors
from stance.errors import InputError, ModelError
from stance.files import replacing, write_json
from stance.lexicon import default_digest, default_lexicon
from stance.records import SENTIMENTS, STANCES, Mention, Prediction, Sentence, Sentiment, Stance

FORMAT = 2
ARRAYS_FILE = "model.npz"
INFO_FILE = "model.json"
DEFAULT_MODEL = Path(__file__).with_name("default_model")

Array = NDArray[Any]


class LinearModel:
    """Multinomial logistic regression over TF-IDF views, with weights of its own for some actors.

    Parameters
    ----------
    vocabulary : mapping of str to sequence of str
        The terms of each view; positions in all other arrays count through the views in this order.
    idf : array of shape (terms,)
        Inverse document frequency.
    weights : array of shape (terms, 3)
        Shared weights, calibration included.
    intercept : array of shape (3,)
        Shared intercept.
    own : mapping of str to (array of shape (k,), array of shape (k, 3))
        Per actor, the positions of the terms that have a deviation from the shared weights, and the deviations.

    Notes
    -----
    A view's terms count once each (binary term frequency), are weighted by `idf` and scaled to unit length.
    """

    def __init__(
        self,
        vocabulary: Mapping[str, Sequence[str]],
        idf: Array,
        weights: Array,
        intercept: Array,
        own: Mapping[str, tuple[Array, Array]],
    ) -> None:
        self.vocabulary = {view: tuple(terms) for view, terms in vocabulary.items()}
        self.idf = np.asarray(idf, dtype=np.float64)
        self.weights = np.asarray(weights, dtype=np.float32)
        self.intercept = np.asarray(intercept, dtype=np.float64)
        self.own = dict(own)
        self._positions: list[tuple[str, dict[str, int]]] = []
        first = 0
        for view, terms in self.vocabulary.items():
            self._positions.append((view, dict(zip(terms, range(first, first + len(terms)), strict=True))))
            first += len(terms)
        self._for_actor: dict[str, Array] = {}

    def logits(self, views: features.Views, actor: str | None = None) -> Array:
        """Return the three log-odds (up to a constant) of a sentence, for `actor` if it has weights of its own."""
        known: list[Any] = []
        sizes = []
        for view, positions in self._positions:
            found = set(map(positions.get, views[view]))
            found.discard(None)
            if found:
                known += found
                sizes.append(len(found))
        if not known:
            return self.intercept.copy()
        # All views at once: a handful of calls of NumPy, whatever their number.
        values = self.idf[known]
        starts = [0, *accumulate(sizes[:-1])]
        values /= np.repeat(np.sqrt(np.add.reduceat(values * values, starts)), sizes)
        result: Array = self.intercept + values @ self._weights(actor)[known]
        return result

    def probabilities(self, views: features.Views, actor: str | None = None) -> tuple[float, float, float]:
        """Return the three probabilities of a sentence, in the order of the labels."""
        a, b, c = self.logits(views, actor).tolist()
        top = max(a, b, c)
        a, b, c = math.exp(a - top), math.exp(b - top), math.exp(c - top)
        total = a + b + c
        return a / total, b / total, c / total

    def _weights(self, actor: str | None) -> Array:
        if actor is None or actor not in self.own:
            return self.weights
        if actor not in self._for_actor:
            positions, deviations = self.own[actor]
            weights = self.weights.copy()
            weights[positions] += deviations
            self._for_actor[actor] = weights
        return self._for_actor[actor]

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
        for actor, (positions, deviations) in self.own.items():
            content[f"{prefix}.own.{actor}.positions"] = positions.astype(np.uint32)
            content[f"{prefix}.own.{actor}.deviations"] = deviations.astype(np.float16)
        return content

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, Array], prefix: str, views: Iterable[str], own: Iterable[str]
    ) -> LinearModel:
        """Make a model from what `arrays` returned."""
        terms = {view: bytes(arrays[f"{prefix}.terms.{view}"]).decode() for view in views}
        return cls(
            {view: content.split("\n") if content else () for view, content in terms.items()},
            arrays[f"{prefix}.idf"],
            arrays[f"{prefix}.weights"],
            arrays[f"{prefix}.intercept"],
            {
                actor: (
                    arrays[f"{prefix}.own.{actor}.positions"],
                    arrays[f"{prefix}.own.{actor}.deviations"].astype(np.float32),
                )
                for actor in own
            },
        )


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

    def predict(self, content: str) -> Prediction:
        """Tell how a sentence or an article treats each actor it names.

        Parameters
        ----------
        content : str
            Any length; line breaks between paragraphs help.

        Returns
        -------
        Prediction
            Empty as a mapping where no actor is named.

        Raises
        ------
        InputError
            If `content` is not a string, or not text that can be encoded.
        """
        clean = text.check(content)
        found = self.actors.find(clean)
        quoted = voice.quotations(clean) if found else []
        sentences = []
        speaker: str | None = None
        following = 0
        for start, end in text.split(clean):
            first = following
            while following < len(found) and found[following].start < end:
                following += 1
            here = found[first:following]
            mentions: tuple[Mention, ...] = ()
            if here or quoted:
                mentions, speaker = voice.attribute(clean, (start, end), here, quoted, speaker)
            sentences.append(self._sentence(content, clean, start, end, here, mentions))
        return Prediction.gather(sentences)

    def _sentence(
        self, content: str, clean: str, start: int, end: int, found: Sequence[Found], mentions: tuple[Mention, ...]
    ) -> Sentence:
        reading = features.read(clean, start, end, found, self.lexicon)
        stances = {}
        for actor in dict.fromkeys(mention.actor for mention in mentions):
            main = voice.overall(mention for mention in mentions if mention.actor == actor)
            against, neutral, favor = self.stance.probabilities(features.stance_views(reading, actor), actor)
            stances[actor] = Stance(actor, against, neutral, favor, main.voice, main.speaker)
        sentiment = Sentiment(*self.sentiment.probabilities(features.sentiment_views(reading)))
        return Sentence(content[start:end], start, end, mentions, stances, sentiment)

    def predict_batch(self, contents: Iterable[str]) -> Iterator[Prediction]:
        """Predict many texts one after another, as they are asked for.

        Raises
        ------
        InputError
            When a text that cannot be used comes up, with its number; or at once if `contents` is a single string.
        """
        if isinstance(contents, str):
            raise InputError("predict_batch takes many texts, not one string; use predict(text) for one")
        return self._each(contents)

    def _each(self, contents: Iterable[str]) -> Iterator[Prediction]:
        for number, content in enumerate(contents):
            try:
                yield self.predict(content)
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
            "actors_with_own_weights": list(self.stance.own),
        }
        with replacing(folder / ARRAYS_FILE) as temporary:
            with temporary.open("wb") as file:
                np.savez_compressed(file, allow_pickle=False, **arrays)
            # Tells a pair of files that do not belong together, as an interruption between the two could leave.
            info["arrays_sha256"] = _sha256(temporary)
        write_json(folder / INFO_FILE, info)

    @classmethod
    def load(cls, path: Path | str) -> StanceModel:
        """Read a model from the folder that `save` wrote, or from either of its two files.

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
            with np.load(folder / ARRAYS_FILE, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
            return cls(
                LinearModel.from_arrays(arrays, "stance", info["views"]["stance"], info["actors_with_own_weights"]),
                LinearModel.from_arrays(arrays, "sentiment", info["views"]["sentiment"], ()),
                info,
            )
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            raise ModelError(
                f"the model in {folder} is damaged ({type(error).__name__}: {error}); train it again"
            ) from error


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@cache
def default_model() -> StanceModel:
    """Return the model that the package carries, loaded once."""
    return StanceModel.load(DEFAULT_MODEL)
