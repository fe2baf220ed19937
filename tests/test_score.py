"""The scored table: its columns, its offsets, and its three formats."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pyarrow.parquet
import pytest

from stance.errors import InputError
from stance.model import StanceModel
from stance.records import Article
from stance.score import COLUMNS, score_article, score_articles, write_table

ARTICLE = Article(
    "a1",
    "Courier",
    date(2025, 3, 1),
    "Kyiv thanks Norway. Again",
    "It rained.\n\nPutin said NATO lied. China stayed out.",
)


def test_columns_are_the_documented_ones() -> None:
    """One row per sentence and actor, with these columns in this order."""
    assert COLUMNS == (
        "article_id", "outlet", "date", "sentence", "start", "end", "actor", "label", "score",
        "p_against", "p_neutral", "p_favor", "voice", "speaker", "speaker_actor", "sentiment",
        "repeats", "copy_of", "similarity",
    )  # fmt: skip


def test_rows_point_into_title_and_text(model: StanceModel) -> None:
    """Sentence 0 is the title, the others count from 1 in the text, and offsets cut out the sentence."""
    rows = list(score_article(model, ARTICLE))
    assert [(row.sentence, row.actor) for row in rows] == [
        (0, "Ukraine"), (0, "Norway"), (2, "Russia"), (2, "NATO"), (3, "China"),
    ]  # fmt: skip
    assert ARTICLE.title[rows[0].start : rows[0].end] == "Kyiv thanks Norway."
    assert ARTICLE.text[rows[2].start : rows[2].end] == "Putin said NATO lied."
    assert (rows[3].voice, rows[3].speaker, rows[3].date) == ("attributed", "Putin", "2025-03-01")


def test_rows_say_what_predict_says(model: StanceModel) -> None:
    """The table and the API give the same figures."""
    rows = [row for row in score_article(model, ARTICLE) if row.sentence == 3]
    stance = model.predict(ARTICLE.text)["China"]
    assert [(row.score, row.label, row.p_favor) for row in rows] == [(stance.score, stance.label, stance.p_favor)]


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_every_format_holds_the_same(model: StanceModel, tmp_path: Path, ending: str) -> None:
    """All rows arrive in each format, numbers to full precision."""
    rows = list(score_articles(model, [ARTICLE]))
    path = tmp_path / "new" / f"table{ending}"
    assert write_table(path, rows) == len(rows)
    if ending == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            found = [(row["actor"], float(row["score"]), row["speaker"] or None) for row in csv.DictReader(file)]
    elif ending == ".jsonl":
        found = [(r["actor"], r["score"], r["speaker"]) for r in map(json.loads, path.read_text("utf-8").splitlines())]
    else:
        table = pyarrow.parquet.read_table(path)
        assert table.column_names == list(COLUMNS)
        found = [(row["actor"], row["score"], row["speaker"]) for row in table.to_pylist()]
    assert found == [(row.actor, row.score, row.speaker) for row in rows]


def test_a_failure_leaves_the_old_table(model: StanceModel, tmp_path: Path) -> None:
    """If the rows break off, the file that was there stays and no half file is left."""
    path = tmp_path / "table.csv"
    path.write_text("old")

    def rows() -> object:
        yield from score_article(model, ARTICLE)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_table(path, rows())  # type: ignore[arg-type]
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_unknown_formats_are_refused(tmp_path: Path) -> None:
    """A table cannot be written to a format that is not known, nor over a folder."""
    with pytest.raises(InputError, match=r"\.parquet, \.csv, \.jsonl, not to \.xlsx"):
        write_table(tmp_path / "a.xlsx", [])
    (tmp_path / "b.csv").mkdir()
    with pytest.raises(InputError, match="is a folder"):
        write_table(tmp_path / "b.csv", [])
