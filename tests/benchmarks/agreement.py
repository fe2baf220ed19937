"""How far the readers of our sentences and lexicon agree: ``make agreement`` prints the tables of the datasheets.

The readings lie in ``training/readings/``: what each of two independent readers said, and a third where they differed. The first label
of the older writer groups (those before ``w``) had been settled between two readers before.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import krippendorff

ROOT = Path(__file__).parents[2]
READINGS = ROOT / "training" / "readings"
# Alpha of an actor with fewer labels is noise.
FEWEST = 150

Rows = list[dict[str, str]]


def readings(name: str) -> Rows:
    """The rows of a table of readings."""
    with (READINGS / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def alpha(first: Sequence[str], second: Sequence[str]) -> float:
    """Krippendorff's alpha of two readers, nominal."""
    return float(krippendorff.alpha(value_counts=_counts(first, second), level_of_measurement="nominal"))


def ordinal_alpha(first: Sequence[int], second: Sequence[int]) -> float:
    """Krippendorff's alpha of two readers, ordinal."""
    return float(krippendorff.alpha(reliability_data=[list(first), list(second)], level_of_measurement="ordinal"))


def _counts(first: Sequence[str], second: Sequence[str]) -> list[list[int]]:
    values = sorted({*first, *second})
    pairs = zip(first, second, strict=True)
    return [[(one == value) + (other == value) for value in values] for one, other in pairs]


def stance_agreement() -> dict[str, tuple[int, float]]:
    """Number of labels and alpha: over all, per class (that class against the rest), and per actor with enough labels."""
    rows = readings("stance")
    result = {"all": _agreement(rows)}
    for label in ("against", "neutral", "favor"):
        merged = [{key: str(row[key] == label) for key in ("label_1", "label_2")} for row in rows]
        result[label] = (sum(row["label_1"] == label for row in rows), _agreement(merged)[1])
    for actor, count in Counter(row["actor"] for row in rows).most_common():
        if count >= FEWEST:
            result[actor] = _agreement([row for row in rows if row["actor"] == actor])
    return result


def _agreement(rows: Rows) -> tuple[int, float]:
    return len(rows), alpha([row["label_1"] for row in rows], [row["label_2"] for row in rows])


def other_agreement() -> dict[str, tuple[int, float]]:
    """Number of readings and alpha of voice and of the sentence's tone."""
    voices, tones = readings("stance"), readings("sentiment")
    return {
        "voice": (len(voices), alpha([r["voice_1"] for r in voices], [r["voice_2"] for r in voices])),
        "sentiment": (len(tones), alpha([r["label_1"] for r in tones], [r["label_2"] for r in tones])),
    }


def lexicon_agreement() -> dict[str, tuple[int, float]]:
    """Number of entries and ordinal alpha of each column of the lexicon's two tables."""
    result = {}
    for table, columns in (("verbs", ("agent", "patient", "tone")), ("words", ("of", "toward", "tone"))):
        rows = readings(f"lexicon-{table}")
        for column in columns:
            values = [[int(row[f"{column}_{reader}"]) for row in rows] for reader in (1, 2)]
            result[f"{table}, {column}"] = (len(rows), ordinal_alpha(*values))
    return result


def main() -> None:
    """Print everything as tables in Markdown."""
    for title, table in (
        ("Stance", stance_agreement()), ("Voice and sentiment", other_agreement()), ("Lexicon", lexicon_agreement())
    ):  # fmt: skip
        print(f"\n| {title} | readings | alpha |\n| --- | --- | --- |")
        for name, (count, value) in table.items():
            print(f"| {name} | {count:,} | {value:.3f} |")


if __name__ == "__main__":
    main()
