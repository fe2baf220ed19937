"""Labelled sentences: reading, checking, and the bridge to Hugging Face `datasets`.

A file is JSONL, one sentence a line::

    {"id": "w1-001", "text": "…", "sentiment": "negative", "register": "wire", "group": "w1",
     "stance": [{"actor": "Russia", "label": "against", "voice": "attributed", "speaker": "the governor",
                 "speaker_actor": "Ukraine"}]}

`stance` may also be an object with the actors' names as keys.

Contrast pairs lie in files of their own, a pair a line::

    {"id": "k1-001", "edit": "roles", "register": "wire", "group": "k1",
     "sentences": [{"text": "…", "sentiment": "…", "stance": […]}, {"text": "…", "sentiment": "…", "stance": […]}]}
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from stance.actors import default_actors
from stance.errors import DataError, Fault, InputError
from stance.files import packaged
from stance.records import SENTIMENTS, STANCES
from stance.rows import Row, sound_rows
from stance.text import check

if TYPE_CHECKING:
    import datasets

T = TypeVar("T")

# What a contrast pair teaches lies in a word or two, against all the others that its sentences share.
CONTRAST_WEIGHT = 2.0
VOICES = ("narrator", "attributed")
REGISTERS = (
    "broadcast", "broadsheet", "business", "government", "headline", "military", "ngo", "op-ed", "social",
    "state-media", "tabloid", "think-tank", "ticker", "translated", "wire",
)  # fmt: skip
#: What may be edited in a contrast pair.
EDITS = (
    "roles", "negation", "verb", "word", "denial", "preposition", "voice", "loaded", "condition", "outcome",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StanceLabelled:
    """A reader's judgement of one actor in a sentence.

    Attributes
    ----------
    actor : str
        Name as in ``actors.toml``.
    label : {"against", "neutral", "favor"}
        The light in which the sentence puts the actor.
    voice : {"narrator", "attributed"} or None
        Whose view it is; None where it was not settled.
    speaker : str or None
        The source as written.
    speaker_actor : str or None
        The actor for whom the source speaks.
    start, end : int or None
        Where a target stands that is none of our actors; else None.
    """

    actor: str
    label: str
    voice: str | None = None
    speaker: str | None = None
    speaker_actor: str | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A sentence with its labels.

    Attributes
    ----------
    id : str
        Unique within the data.
    text : str
        The sentence.
    sentiment : {"negative", "neutral", "positive"} or None
        None where it was not settled.
    stance : tuple of StanceLabelled
        One per actor labelled.
    register : str or None
        The kind of text it sounds like, one of `REGISTERS`.
    group : str
        Who wrote it; cross-validation keeps the sentences of a group together. The id where none is given.
    weight : float
        How much it counts in training.
    """

    id: str
    text: str
    sentiment: str | None
    stance: tuple[StanceLabelled, ...]
    register: str | None
    group: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class ContrastPair:
    """Two sentences that differ by the smallest edit that changes a label (Gardner et al. 2020).

    Attributes
    ----------
    id : str
        Unique within the data; the sentences have the same with ``a`` and ``b`` behind it.
    edit : str
        What was edited, one of `EDITS`.
    first, second : LabelledSentence
        Both of the same register and writer group.
    """

    id: str
    edit: str
    first: LabelledSentence
    second: LabelledSentence

    @property
    def changed(self) -> tuple[str, ...]:
        """The actors that are named in both with different labels."""
        labels = {label.actor: label.label for label in self.first.stance}
        return tuple(x.actor for x in self.second.stance if labels.get(x.actor, x.label) != x.label)


def packaged_sentences() -> list[Path]:
    """Return the files of the sentences that come with the package."""
    return packaged("sentences", "*.jsonl")


def packaged_pairs(half: Literal["train", "test"]) -> list[Path]:
    """Return the files of the contrast pairs that come with the package: those to train with, or those to test with."""
    return packaged(f"contrast/{half}", "*.jsonl")


def training_sentences() -> list[LabelledSentence]:
    """Return all that the packaged model learns from: the sentences, and those of the pairs to train with."""
    pairs = read_pairs(packaged_pairs("train"))
    return [
        *read_sentences(packaged_sentences(), complete=True),
        *(replace(sentence, weight=CONTRAST_WEIGHT) for pair in pairs for sentence in (pair.first, pair.second)),
    ]


def audit_sentences() -> list[LabelledSentence]:
    """Return what the model is audited on if nothing else is given: all contrast pairs, and every tenth sentence."""
    pairs = read_pairs([*packaged_pairs("train"), *packaged_pairs("test")])
    return [
        *read_sentences(packaged_sentences())[::10],
        *(sentence for pair in pairs for sentence in (pair.first, pair.second)),
    ]


def read_sentences(paths: Iterable[Path], *, complete: bool = False) -> list[LabelledSentence]:
    """Read labelled sentences.

    Parameters
    ----------
    paths : iterable of Path
        JSONL files, or whatever else `stance.rows` reads.
    complete : bool
        Ask for all that our own sentences have: register, group, sentiment and voice everywhere, and a label for
        every actor that is found in the text, and for no other.

    Raises
    ------
    DataError
        With all faults of all files.
    """
    faults: list[Fault] = []
    sentences: list[LabelledSentence] = []
    seen: dict[str, str] = {}
    for path in paths:
        here = parse_sentences(path, sound_rows(path, faults), faults, seen, complete=complete)
        if not here and not faults:
            faults.append(Fault(path, None, "no labelled sentence in it"))
        sentences += here
    if faults:
        raise DataError(faults)
    return sentences


def read_pairs(paths: Iterable[Path]) -> list[ContrastPair]:
    """Read contrast pairs, which must be complete as our own sentences are.

    Raises
    ------
    DataError
        With all faults of all files.
    """
    faults: list[Fault] = []
    pairs: list[ContrastPair] = []
    seen: dict[str, str] = {}
    for path in paths:
        for line, pair in _checked(path, sound_rows(path, faults), _pair, faults):
            for sentence in (pair.first, pair.second):
                _once(sentence, path, line, seen, faults)
            pairs.append(pair)
    if faults:
        raise DataError(faults)
    return pairs


def parse_sentences(
    path: Path,
    rows: Iterable[tuple[int, Row]],
    faults: list[Fault],
    seen: dict[str, str],
    *,
    complete: bool = False,
) -> list[LabelledSentence]:
    """Return what rows with their line numbers hold, whatever they were read from; add their faults, and to `seen` the
    ids and texts, each of which may stand once."""
    sentences = []
    for line, sentence in _checked(path, rows, partial(_sentence, complete=complete), faults):
        _once(sentence, path, line, seen, faults)
        sentences.append(sentence)
    return sentences


def _checked(
    path: Path, rows: Iterable[tuple[int, Row]], parse: Callable[..., T | None], faults: list[Fault]
) -> Iterator[tuple[int, T]]:
    """Line number and what `parse` makes of each row that has no fault; it gets the row, a name for it, and a list for
    its faults."""
    for line, row in rows:
        messages: list[str] = []
        parsed = parse(row, f"{path.stem}:{line}", faults=messages)
        faults += [Fault(path, line, message) for message in messages]
        if parsed is not None and not messages:
            yield line, parsed


def _pair(row: Row, _name: str, faults: list[str]) -> ContrastPair | None:
    identifier = _optional_string(row, "id", True, faults)
    edit = _one_of(row, "edit", EDITS, True, faults)
    content = row.get("sentences")
    if not isinstance(content, list) or len(content) != 2 or not all(isinstance(one, dict) for one in content):
        faults.append("sentences: must be a list of two JSON objects")
        return None
    shared = {"register": row.get("register"), "group": row.get("group")}
    sentences = []
    for letter, one in zip("ab", content, strict=True):
        messages: list[str] = []
        sentences.append(
            _sentence({**one, **shared, "id": f"{identifier}{letter}"}, "", complete=True, faults=messages)
        )
        faults += [f"sentence {letter}: {message}" for message in messages]
    first, second = sentences
    if faults or first is None or second is None or identifier is None or edit is None:
        return None
    pair = ContrastPair(identifier, edit, first, second)
    if not pair.changed:
        faults.append("sentences: no actor named in both has another label in the second than in the first")
    return pair


def _once(sentence: LabelledSentence, path: Path, line: int, seen: dict[str, str], faults: list[Fault]) -> None:
    """Add a fault for an id or a text that was there before; `seen` remembers them with their places."""
    place = f"{path.name}:{line}"
    for kind, value in (("id", sentence.id), ("text", sentence.text)):
        if (other := seen.setdefault(f"{kind} {value}", place)) != place:
            faults.append(Fault(path, line, f"{kind}: the same as in {other}; each may stand once"))


def _sentence(row: Row, name: str, *, complete: bool, faults: list[str]) -> LabelledSentence | None:
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        faults.append(f"text: must be a string that is not empty, not {_kind(text)}")
        text = ""
    try:
        text = check(text)
    except InputError as error:
        faults.append(f"text: {error}")
        text = ""
    identifier = _optional_string(row, "id", complete, faults) or name
    labels = tuple(_labels(row.get("stance"), text, complete, faults))
    if complete and text:
        named = dict.fromkeys(found.actor for found in default_actors().find(text))
        given = dict.fromkeys(label.actor for label in labels)
        faults += [f"stance: the text names {actor}, which has no label" for actor in named if actor not in given]
        faults += [
            f"stance: {actor} is labelled but not named in the text, as far as actors.toml goes"
            for actor in given
            if actor not in named
        ]
    return LabelledSentence(
        id=identifier,
        text=text,
        sentiment=_one_of(row, "sentiment", SENTIMENTS, complete, faults),
        stance=labels,
        register=_one_of(row, "register", REGISTERS, complete, faults),
        group=_optional_string(row, "group", complete, faults) or identifier,
    )


def _labels(content: object, text: str, complete: bool, faults: list[str]) -> Iterator[StanceLabelled]:
    if isinstance(content, dict):
        content = [{"actor": actor, **(label if isinstance(label, dict) else {})} for actor, label in content.items()]
    if not isinstance(content, list):
        faults.append(f"stance: must be a list of labels, or an object with actors as keys, not {_kind(content)}")
        return
    actors = default_actors().actors
    given = set()
    for number, row in enumerate(content, 1):
        if not isinstance(row, dict):
            faults.append(f"stance {number}: must be a JSON object, not {_kind(row)}")
            continue
        inner: list[str] = []
        actor = _one_of(row, "actor", actors, True, inner)
        label = _one_of(row, "label", STANCES, True, inner)
        voice = _one_of(row, "voice", VOICES, complete, inner)
        speaker = _optional_string(row, "speaker", False, inner)
        speaker_actor = (
            _one_of(row, "speaker_actor", actors, False, inner)
            if complete
            else _optional_string(row, "speaker_actor", False, inner)
        )
        if actor in given:
            inner.append(f"actor: {actor} is labelled twice")
        if complete and voice == "narrator" and (speaker or speaker_actor):
            inner.append("speaker: the narrator has none; voice must be attributed, or speaker and speaker_actor null")
        if complete and speaker and speaker not in text:
            inner.append(f"speaker: {speaker!r} does not stand in the text; give it as written")
        faults += [f"stance {number}: {message}" for message in inner]
        if actor and label and not inner:
            given.add(actor)
            yield StanceLabelled(actor, label, voice, speaker, speaker_actor)


def _one_of(row: dict[str, Any], field: str, allowed: Sequence[str], required: bool, faults: list[str]) -> str | None:
    value = row.get(field)
    if value is None and not required:
        return None
    if isinstance(value, str) and value in allowed:
        return value
    if len(allowed) > 20:
        near = difflib.get_close_matches(str(value), allowed, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else "see actors.toml"
    else:
        hint = f"must be one of {', '.join(allowed)}"
    faults.append(f"{field}: {_kind(value) if value is None else repr(value)} is not known; {hint}")
    return None


def _optional_string(row: dict[str, Any], field: str, required: bool, faults: list[str]) -> str | None:
    value = row.get(field)
    if value is None and not required:
        return None
    if isinstance(value, str) and value.strip():
        return value
    faults.append(f"{field}: must be a string that is not empty, not {_kind(value)}")
    return None


def _kind(value: object) -> str:
    if value is None:
        return "missing or null"
    return "an empty string" if value == "" else type(value).__name__


def digest(sentences: Iterable[LabelledSentence]) -> str:
    """Return a SHA-256 of texts and labels that does not depend on their order or on how files are cut."""
    lines = sorted(json.dumps(asdict(sentence), sort_keys=True, ensure_ascii=False) for sentence in sentences)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def to_hugging_face(sentences: Iterable[LabelledSentence]) -> datasets.Dataset:
    """Return the sentences as a Hugging Face ``Dataset`` with typed columns, held in memory."""
    import datasets

    string = datasets.Value("string")
    columns = dict.fromkeys(("id", "text", "sentiment", "register", "group"), string)
    stance = dict.fromkeys(("actor", "label", "voice", "speaker", "speaker_actor"), string)
    stance |= dict.fromkeys(("start", "end"), datasets.Value("int64"))
    return datasets.Dataset.from_list(
        [asdict(sentence) for sentence in sentences],
        features=datasets.Features({**columns, "stance": datasets.List(stance), "weight": datasets.Value("float64")}),
    )


def from_hugging_face(dataset: datasets.Dataset) -> list[LabelledSentence]:
    """Return the rows of a ``Dataset`` with the columns of `to_hugging_face` as sentences."""
    return [
        LabelledSentence(**{**row, "stance": tuple(StanceLabelled(**label) for label in row["stance"])})
        for row in dataset.to_list()
    ]
