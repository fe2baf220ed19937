"""How many copies are found, and how many of those found are copies: ``make copies``.

Plants a copy of each article among the articles, with another's headline and a day later, changed in one way: words deleted, replaced
by words of other articles, or swapped with the next; sentences swapped with the next; a dateline and a byline before it; a paragraph
of another article behind it; cut to its first half or quarter. What is no copy is tried, too: the text with other figures, as in the
next of a series of daily reports. The articles are those in ``$STANCE_EVAL_DATA`` (default
``../shared``), or without them the sample corpus. What the parameters are worth is printed for one half of the articles; the figures
are measured on the other, and written with a chart to ``reports/training/``.
"""

from __future__ import annotations

import math
import re
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import combinations
from random import Random
from unittest.mock import patch

from stance import charts, copies
from stance.corpus import ArticleReader
from stance.files import write_chart
from stance.records import Article
from stance.text import split
from tests.conftest import EVAL_DATA, ROOT

SHARES = (0.05, 0.15, 0.30)
# One parameter is changed at a time.
VARIANTS: tuple[dict[str, float], ...] = (
    {}, {"SHINGLE": 2}, {"SHINGLE": 4}, {"PERMUTATIONS": 64}, {"PERMUTATIONS": 256}, {"LEAST_RUNS": 0.05}, {"LEAST_RUNS": 0.2},
    {"RESEMBLES": 0.4}, {"RESEMBLES": 0.45}, {"RESEMBLES": 0.6}, {"CONTAINED": 0.75}, {"CONTAINED": 0.95}, {"FIGURES": 0.0}, {"FIGURES": 0.6},
)  # fmt: skip

# From a text, other articles, and chance, to the changed text.
Change = Callable[[str, Sequence[Article], Random], str]


def deleted(share: float, text: str, others: Sequence[Article], random: Random) -> str:
    """Without some words."""
    return " ".join(word for word in text.split() if random.random() >= share)


def replaced(share: float, text: str, others: Sequence[Article], random: Random) -> str:
    """With other articles' words in the place of some."""
    return " ".join(
        random.choice(random.choice(others).text.split()) if random.random() < share else word for word in text.split()
    )


def _swapped(parts: list[str], share: float, random: Random) -> str:
    place = 0
    while place + 1 < len(parts):
        # A swap moves two.
        if random.random() < share / 2:
            parts[place], parts[place + 1] = parts[place + 1], parts[place]
            place += 1
        place += 1
    return " ".join(parts)


def words_swapped(share: float, text: str, others: Sequence[Article], random: Random) -> str:
    """With some words swapped with the next."""
    return _swapped(text.split(), share, random)


def sentences_swapped(share: float, text: str, others: Sequence[Article], random: Random) -> str:
    """With some sentences swapped with the next."""
    return _swapped([text[start:end] for start, end in split(text)], share, random)


def dateline(text: str, others: Sequence[Article], random: Random) -> str:
    """With a dateline and a byline before it."""
    return f"By Maren Okolie, Staff Writer\n\nTALLINN, Estonia (Agencies) — {text}"


def paragraph_added(text: str, others: Sequence[Article], random: Random) -> str:
    """With a paragraph of 60 words from another article behind it."""
    return f"{text}\n\n{' '.join(random.choice(others).text.split()[:60])}"


def cut(share: float, text: str, others: Sequence[Article], random: Random) -> str:
    """Without its last sentences."""
    spans = split(text)
    return text[: spans[max(0, round(len(spans) * (1 - share)) - 1)][1]]


def other_figures(text: str, others: Sequence[Article], random: Random) -> str:
    """With another figure in the place of each, in digits or spelled out."""

    def other(match: re.Match[str]) -> str:
        if match[0].lower() in copies.SPELLED:
            return random.choice(sorted(copies.SPELLED))
        return "".join(str(random.randrange(10)) if character.isdigit() else character for character in match[0])

    return copies.WORD.sub(other, text)


GRADED = {
    "words deleted": deleted,
    "words replaced": replaced,
    "words swapped": words_swapped,
    "sentences swapped": sentences_swapped,
}
# Name, share that is changed (NaN where there are no degrees), change.
CHANGES: list[tuple[str, float, Change]] = [
    *((name, share, partial(change, share)) for name, change in GRADED.items() for share in SHARES),
    ("dateline and byline added", math.nan, dateline),
    ("paragraph added", math.nan, paragraph_added),
    ("cut to first half", math.nan, partial(cut, 0.5)),
    ("cut to first quarter", math.nan, partial(cut, 0.75)),
]


def planted(articles: Sequence[Article], change: Change) -> Counter[bool]:
    """Plant a changed copy of each article, and count the pairs found, by whether they are a pair of article and copy."""
    random = Random(0)
    corpus = list(articles)
    for article in articles:
        others = [other for other in random.sample(articles, 9) if other is not article]
        day = article.date and article.date + timedelta(1)
        text = change(article.text, others, random)
        corpus.append(replace(article, id=f"copy of {article.id}", date=day, title=others[0].title, text=text))
    groups: dict[str, list[str]] = {}
    for identifier, copy in copies.find_copies(corpus).items():
        groups.setdefault(copy.group, []).append(identifier.removeprefix("copy of "))
    return Counter(one == other for group in groups.values() for one, other in combinations(group, 2))


def measure(articles: Sequence[Article]) -> list[dict[str, object]]:
    """Recall and precision with each change."""
    rows: list[dict[str, object]] = []
    for name, share, change in CHANGES:
        pairs = planted(articles, change)
        rows.append(
            {
                "change": name,
                "share_changed": share,
                "planted": len(articles),
                "pairs_found": pairs.total(),
                "right": pairs[True],
                "recall": pairs[True] / len(articles),
                "precision": pairs[True] / pairs.total() if pairs else math.nan,
            }
        )
    return rows


def mean(rows: Sequence[dict[str, object]], column: str) -> float:
    """Mean of a column of what `measure` returned."""
    return sum(float(str(row[column])) for row in rows) / len(rows)


def main() -> None:
    """Run everything."""
    path = EVAL_DATA / "corpora" / "articles.jsonl"
    source = "R. Baly et al., Article-Bias-Prediction; twenty US and British outlets."
    if not path.is_file():
        print(f"no articles in {EVAL_DATA}; the sample corpus is used, which is small and has some copies of its own\n")
        source = "the sample corpus."
        path = ROOT / "training" / "sample_corpus" / "articles.jsonl"
    articles = list(ArticleReader(path))

    print(
        f"parameters, on {len(articles[::2])} articles: mean recall and precision of all changes, recall of the hardest"
    )
    for variant in VARIANTS:
        with patch.dict(vars(copies), variant):
            rows = measure(articles[::2])
        name = ", ".join(f"{key} {value:g}" for key, value in variant.items()) or "as they are"
        hardest = min(rows, key=lambda row: float(str(row["recall"])))
        means = f"{mean(rows, 'recall'):>7.3f}{mean(rows, 'precision'):>7.3f}"
        print(f"  {name:<18}{means}   {hardest['recall']:.3f} {hardest['change']}")

    start = time.perf_counter()
    copies.find_copies(articles)
    rate = 60 * len(articles) / (time.perf_counter() - start)
    tracemalloc.start()
    copies.find_copies(articles)
    bytes_each = tracemalloc.get_traced_memory()[1] / len(articles)
    tracemalloc.stop()
    length = sum(len(article.text) for article in articles) / len(articles)
    print(
        f"\n{rate:,.0f} articles a minute on one core, at most {bytes_each:,.0f} bytes an article; {length:,.0f} characters each"
    )

    half = articles[1::2]
    rows = measure(half)
    print(f"\n{'on the other half':<28}{'changed':>8}{'recall':>8}{'precision':>11}")
    for row in rows:
        share = float(str(row["share_changed"]))
        degree = "" if math.isnan(share) else f"{share:.0%}"
        print(f"{row['change']:<28}{degree:>8}{row['recall']:>8.3f}{row['precision']:>11.3f}")
    wrong = planted(half, other_figures)[True]
    figures = f"Wrongly taken for copies, of {len(half)} articles with all figures exchanged: {wrong}."
    print(figures)
    write_chart(ROOT / "reports" / "training" / "copies", *charts.copies(rows, f"{figures} Source: {source}"))


if __name__ == "__main__":
    main()
