"""Labelled data of others, as it comes: JSONL, CSV, TSV, Parquet, or a Hugging Face dataset, in the common layouts.

A row is a label: a text, a target, what it is toward the target. The layouts are told apart by their columns:

- ours: ``text`` and ``stance`` (see `stance.dataset`),
- plain: text, target and label, by any of the names in `COLUMNS`,
- NewsMTSC: ``sentence, mention, from, to, polarity``, or ``sentence_normalized`` with a list of ``targets``,
- SemEval-2016 task 6: ``Tweet, Target, Stance``.

Targets are actors by any of their names; others are taken too if they stand in the text, by position or as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stance.actors import default_actors
from stance.dataset import LabelledSentence, StanceLabelled, parse_sentences
from stance.errors import DataError, Fault, InputError
from stance.rows import Row, sound_rows
from stance.text import check

#: What each of our columns may be called; the first that a file has is taken.
COLUMNS = {
    "text": ("text", "sentence", "Tweet", "tweet", "sentence_normalized", "content"),
    "target": ("target", "actor", "Target", "entity", "mention"),
    "label": ("label", "stance", "Stance", "polarity", "sentiment"),
    "group": ("group", "article_id", "document_id", "outlet"),
    "start": ("start", "from"),
    "end": ("end", "to"),
}
_NEEDED = ("text", "target", "label")
#: How the three labels are written, in lower case.
LABELS = {
    "against": ("against", "negative", "con", "anti", "oppose", "-1", "-1.0", "2.0"),
    "neutral": ("neutral", "none", "neither", "0", "0.0", "4.0"),
    "favor": ("favor", "favour", "positive", "pro", "support", "for", "1", "1.0", "6.0"),
}
_LABEL_OF = {written: label for label, forms in LABELS.items() for written in forms}


@dataclass(frozen=True, slots=True)
class Labels:
    """What was read.

    Attributes
    ----------
    sentences : list of LabelledSentence
        One for each text, with all its labels.
    left_out : list of Fault
        Labels that cannot be learned from: their target does not stand in the text, or stands there twice, with another
        label each.
    """

    sentences: list[LabelledSentence]
    left_out: list[Fault]


def read_labels(sources: Iterable[str], columns: Mapping[str, str] | None = None) -> Labels:
    """Read labelled data from files, folders or Hugging Face datasets.

    Parameters
    ----------
    sources : iterable of str
        JSONL, CSV, TSV or Parquet files; else a folder or name that `datasets.load_dataset` knows, with ``:SPLIT`` behind
        it for another split than "train".
    columns : mapping of str to str, optional
        For keys of `COLUMNS` what the data calls them, where it is none of the names there.

    Raises
    ------
    DataError
        With all faults of all sources.
    InputError
        If a source cannot be opened at all.
    """
    faults: list[Fault] = []
    left_out: list[Fault] = []
    sentences: list[LabelledSentence] = []
    for source in sources:
        path = Path(source)
        rows = list(sound_rows(source, faults))
        if rows and isinstance(rows[0][1].get("stance"), (list, dict)):
            sentences += parse_sentences(path, rows, faults, {})
            continue
        sentences += _gathered(path, rows, dict(columns or {}), faults, left_out)
    if not faults and not sentences:
        faults.append(Fault(Path("LABELS"), None, "no labelled sentence in it"))
    if faults:
        raise DataError(faults)
    return Labels(sentences, left_out)


def _gathered(
    path: Path, rows: Sequence[tuple[int, Row]], columns: dict[str, str], faults: list[Fault], left_out: list[Fault]
) -> list[LabelledSentence]:
    """Put the rows of one source together by text; add its faults."""
    flat = [(line, one) for line, row in rows for one in _flattened(row)]
    if not flat:
        return []
    present = {name for _, row in flat for name in row}
    there = f"there are {', '.join(sorted(present))}"
    for key, name in columns.items():
        if name not in present:
            faults.append(Fault(path, None, f"there is no column {name!r} for {key}; {there}"))
    named = {key: columns.get(key) or next((n for n in names if n in present), None) for key, names in COLUMNS.items()}
    missing = [key for key in _NEEDED if named[key] is None]
    faults += [
        Fault(
            path,
            None,
            f"no column for the {key}: one of {', '.join(COLUMNS[key])} is needed, or name it with --{key}-column; {there}",
        )
        for key in missing
    ]
    if missing or any(name not in present for name in columns.values()):
        return []
    by_text: dict[str, dict[str, tuple[StanceLabelled, int]]] = {}
    groups: dict[str, str] = {}
    for line, row in flat:
        values = {key: row.get(name) if name else None for key, name in named.items()}
        wrong = len(faults)
        text = _text(values["text"], path, line, faults)
        label = _label(values["label"], path, line, faults)
        target = str(values["target"] or "").strip()
        if not target:
            faults.append(Fault(path, line, f"{named['target']}: the target is empty"))
        if len(faults) > wrong or text is None or label is None:
            continue
        placed = _placed(text, target, values["start"], values["end"])
        if placed is None:
            left_out.append(Fault(path, line, f"{target!r} does not stand in the text"))
            continue
        known = by_text.setdefault(text, {})
        other, place = known.setdefault(placed.actor, (replace(placed, label=label), line))
        if other.label != label and other.start != placed.start:
            left_out.append(
                Fault(path, line, f"{target!r} stands in the text twice, with another label in line {place}")
            )
        elif other.label != label:
            faults.append(
                Fault(path, line, f"{label} toward {target!r}, but line {place} says {other.label} of the same text")
            )
        groups.setdefault(text, str(values["group"] or "").strip())
    return [
        LabelledSentence(
            id=f"{path.stem}:{number}",
            text=text,
            sentiment=None,
            stance=tuple(label for label, _ in known.values()),
            register=None,
            group=groups[text] or f"{path.stem}:{number}",
        )
        for number, (text, known) in enumerate(by_text.items(), 1)
    ]


def _flattened(row: Row) -> Iterator[Row]:
    """One row for each target where a row has a list of them, as NewsMTSC's files have."""
    targets = row.get("targets")
    if isinstance(targets, list) and all(isinstance(target, dict) for target in targets):
        for target in targets:
            yield {**{key: value for key, value in row.items() if key != "targets"}, **target}
    else:
        yield row


def _text(value: object, path: Path, line: int, faults: list[Fault]) -> str | None:
    if not isinstance(value, str) or not value.strip():
        faults.append(Fault(path, line, "the text is empty"))
        return None
    try:
        return check(value)
    except InputError as error:
        faults.append(Fault(path, line, f"the text cannot be used: {error}"))
        return None


def _label(value: object, path: Path, line: int, faults: list[Fault]) -> str | None:
    label = _LABEL_OF.get(str(value).strip().lower())
    if label is None:
        accepted = "; ".join(f"{label}: {', '.join(forms)}" for label, forms in LABELS.items())
        faults.append(Fault(path, line, f"the label {value!r} is not known; {accepted}"))
    return label


def _placed(text: str, target: str, start: object, end: object) -> StanceLabelled | None:
    """The target where the data says that it stands, else as an actor that the text names, else where it is written so;
    None where none of this is so."""
    index = default_actors()
    whole = [found.actor for found in index.find(target) if (found.start, found.end) == (0, len(target))]
    actor = target if target in index.actors else whole[0] if whole else None
    try:
        first, last = int(float(str(start))), int(float(str(end)))
    except ValueError:
        pass
    else:
        if 0 <= first < last <= len(text) and text[first:last].lower() == target.lower():
            return StanceLabelled(actor or target, "neutral", start=first, end=last)
    if actor and any(found.actor == actor for found in index.find(text)):
        return StanceLabelled(actor, "neutral")
    match = re.search(rf"(?<!\w){re.escape(target)}(?!\w)", text, flags=re.IGNORECASE)
    return StanceLabelled(target, "neutral", start=match.start(), end=match.end()) if match else None
