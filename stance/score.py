"""From many articles to a table: one row per sentence and actor."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from tqdm import tqdm

from stance.copies import Copy, find_copies
from stance.errors import InputError
from stance.files import replacing
from stance.framing import Scored
from stance.model import StanceModel
from stance.records import Article

FORMATS = (".parquet", ".csv", ".jsonl")
# Rows held in memory before they are written.
_BATCH = 10_000


@dataclass(frozen=True, slots=True)
class ScoredRow:
    """One sentence and actor of an article.

    Attributes
    ----------
    article_id, outlet, date
        Of the article; date in ISO form, or None.
    sentence : int
        0 for the title, from 1 for the sentences of the text.
    start, end : int
        The sentence's character offsets in the title (sentence 0) or in the text, end exclusive.
    actor : str
        Whom the stance is toward.
    label : str
        "against", "neutral" or "favor".
    score : float
        ``P(favor) - P(against)``.
    p_against, p_neutral, p_favor : float
        Calibrated probabilities.
    voice : str
        "narrator" or "attributed".
    speaker : str or None
        The source as written.
    speaker_actor : str or None
        The actor that the source speaks for.
    sentiment : str
        Tone of the sentence: "negative", "neutral" or "positive".
    repeats : int or None
        The sentence of the same article, as numbered here, that this one says once more.
    copy_of : str or None
        Id of the article that this one is a copy of: the earliest of its group.
    similarity : float or None
        How like that one it is, from 0 to 1.
    """

    article_id: str
    outlet: str
    date: str | None
    sentence: int
    start: int
    end: int
    actor: str
    label: str
    score: float
    p_against: float
    p_neutral: float
    p_favor: float
    voice: str
    speaker: str | None
    speaker_actor: str | None
    sentiment: str
    repeats: int | None = None
    copy_of: str | None = None
    similarity: float | None = None

    def counts(self, *, with_copies: bool = False) -> bool:
        """Whether the row belongs in a summary: said for the first time, and, unless they are wanted, not by a copy."""
        return self.repeats is None and (with_copies or self.copy_of is None)

    def scored(self) -> Scored:
        """What framing needs of the row."""
        month = self.date[:7] if self.date else None
        return Scored(
            self.article_id, self.outlet, month, self.actor, self.p_against, self.p_neutral, self.p_favor, self.voice
        )


COLUMNS = tuple(field.name for field in fields(ScoredRow))


def score_article(model: StanceModel, article: Article, copy: Copy | None = None) -> Iterator[ScoredRow]:
    """Yield a row for every actor in every sentence of an article, title first; `copy` is what `find_copies` says of it."""
    sentences = model.predict(article).sentences
    titles = sum(sentence.headline for sentence in sentences)
    # A title is one sentence to the reader, whatever stops stand in it.
    numbers = [max(0, place - titles + 1) for place in range(len(sentences))]
    copied = None if copy is None or copy.origin else copy
    for number, sentence in zip(numbers, sentences, strict=True):
        for actor, stance in sentence.stances.items():
            yield ScoredRow(
                article_id=article.id,
                outlet=article.outlet,
                date=article.date.isoformat() if article.date else None,
                sentence=number,
                start=sentence.start,
                end=sentence.end,
                actor=actor,
                label=stance.best,
                score=stance.score,
                **{f"p_{label}": value for label, value in stance.probabilities.items()},
                voice=stance.voice,
                speaker=stance.speaker,
                speaker_actor=stance.speaker_actor,
                sentiment=sentence.sentiment.labels[0],
                repeats=None if sentence.repeats is None else numbers[sentence.repeats],
                copy_of=copied.group if copied else None,
                similarity=copied.similarity if copied else None,
            )


def copies_among(articles: Iterable[Article]) -> tuple[dict[str, Copy], int]:
    """Run through a corpus before it is scored, with a progress bar: what `find_copies` says of it, and how many articles."""
    count = 0

    def counted() -> Iterator[Article]:
        nonlocal count
        for article in tqdm(articles, desc="looking for copies", unit=" articles", disable=None, leave=False):
            count += 1
            yield article

    return find_copies(counted()), count


def score_articles(
    model: StanceModel, articles: Iterable[Article], copies: Mapping[str, Copy] | None = None
) -> Iterator[ScoredRow]:
    """Yield the rows of many articles, one article in memory at a time; `copies` is what `find_copies` found among them."""
    for article in articles:
        yield from score_article(model, article, (copies or {}).get(article.id))


def write_table(path: Path, rows: Iterable[ScoredRow]) -> int:
    """Write scored rows to Parquet, CSV or JSONL, by the ending of `path`.

    Returns
    -------
    int
        How many rows were written.

    Raises
    ------
    InputError
        If the ending is none of these, before the first row is asked for.
    """
    check_format(path)
    count = 0
    with replacing(path) as temporary, _WRITERS[path.suffix.lower()](temporary) as write:
        batch: list[dict[str, Any]] = []
        for row in rows:
            batch.append(asdict(row))
            count += 1
            if len(batch) == _BATCH:
                write(batch)
                batch = []
        write(batch)
    return count


def check_format(path: Path) -> None:
    """Raise an `InputError` unless a table can be written to a file of this name."""
    if path.suffix.lower() not in FORMATS:
        raise InputError(f"{path}: a table can be written to {', '.join(FORMATS)}, not to {path.suffix or 'no ending'}")
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name a file")


Write = Callable[[list[dict[str, Any]]], object]


@contextmanager
def _csv(path: Path) -> Iterator[Write]:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=COLUMNS, lineterminator="\n")
        writer.writeheader()
        yield writer.writerows


@contextmanager
def _jsonl(path: Path) -> Iterator[Write]:
    with path.open("w", encoding="utf-8") as file:
        yield lambda rows: file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@contextmanager
def _parquet(path: Path) -> Iterator[Write]:
    # pyarrow takes a third of a second to import, which no other format should pay.
    import pyarrow
    import pyarrow.parquet

    kinds = {"int": pyarrow.int64(), "float": pyarrow.float64()}
    schema = pyarrow.schema([(field.name, kinds.get(str(field.type), pyarrow.string())) for field in fields(ScoredRow)])
    with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        yield lambda rows: writer.write_table(pyarrow.Table.from_pylist(rows, schema=schema))


_WRITERS = {".csv": _csv, ".jsonl": _jsonl, ".parquet": _parquet}
