"""From many articles to a table: one row per sentence and actor."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

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
    sentiment : str
        Tone of the sentence: "negative", "neutral" or "positive".
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
    sentiment: str

    def scored(self) -> Scored:
        """What framing needs of the row."""
        month = self.date[:7] if self.date else None
        return Scored(self.article_id, self.outlet, month, self.actor, self.p_against, self.p_neutral, self.p_favor)


COLUMNS = tuple(field.name for field in fields(ScoredRow))


def score_article(model: StanceModel, article: Article) -> Iterator[ScoredRow]:
    """Yield a row for every actor in every sentence of an article, title first."""
    # A title is one sentence to the reader, whatever stops stand in it.
    title = [(0, sentence) for sentence in model.predict(article.title).sentences]
    for number, sentence in [*title, *enumerate(model.predict(article.text).sentences, 1)]:
        for actor, stance in sentence.stances.items():
            yield ScoredRow(
                article_id=article.id,
                outlet=article.outlet,
                date=article.date.isoformat() if article.date else None,
                sentence=number,
                start=sentence.start,
                end=sentence.end,
                actor=actor,
                label=stance.labels[0],
                score=stance.score,
                **{f"p_{label}": value for label, value in stance.probabilities.items()},
                voice=stance.voice,
                speaker=stance.speaker,
                sentiment=sentence.sentiment.labels[0],
            )


def score_articles(model: StanceModel, articles: Iterable[Article]) -> Iterator[ScoredRow]:
    """Yield the rows of many articles, one article in memory at a time."""
    for article in articles:
        yield from score_article(model, article)


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
