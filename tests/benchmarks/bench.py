"""Speed and size on this machine, in one run: ``make bench``.

The text is the sample corpus and, where ``$STANCE_EVAL_DATA`` (default ``../shared``) has it, 600 real sentences. Each figure is the
best of several rounds, ours and VADER's in turn, so that a machine that slows down slows both.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import mean, median

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

import stance
from stance.actors import default_actors
from stance.copies import find_copies
from stance.corpus import ArticleReader
from stance.furniture import furniture
from stance.model import DEFAULT_MODEL
from stance.records import Article
from stance.text import repeated, split
from stance.voice import quotations

ROOT = Path(__file__).parents[2]
EVAL_DATA = Path(os.environ.get("STANCE_EVAL_DATA", ROOT.parent / "shared"))
ROUNDS = 7


def sample_sentences() -> list[str]:
    """Sentences of the sample corpus."""
    articles = ArticleReader(ROOT / "training" / "sample_corpus" / "articles.jsonl")
    return [article.text[a:b] for article in articles for a, b in split(article.text)]


def real_sentences() -> list[str]:
    """Real sentences of 20 to 30 words, or none."""
    path = EVAL_DATA / "gold" / "dev.jsonl"
    if not path.is_file():
        return []
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    return [text for text in texts if 20 <= len(text.split()) <= 30]


def seconds(work: Callable[[], object]) -> float:
    """Time one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def rates(name: str, texts: list[str]) -> None:
    """Print sentences per second of single calls, a batch, and VADER, taken in turn."""
    vader = SentimentIntensityAnalyzer()
    # As many explanations as there are sentences, of one actor each.
    named = [(text, next(iter(found))) for text in texts if (found := stance.predict(text))]
    contenders: dict[str, Callable[[], object]] = {
        "single calls": lambda: [stance.predict(text) for text in texts],
        "batch": lambda: list(stance.predict_batch(texts)),
        "explanations": lambda: [stance.explain(text, actor) for text, actor in named],
        "VADER": lambda: [vader.polarity_scores(text) for text in texts],
    }
    for work in contenders.values():
        work()
    times: dict[str, list[float]] = {contender: [] for contender in contenders}
    for _ in range(ROUNDS):
        for contender, work in contenders.items():
            times[contender].append(seconds(work))
    words = mean(len(text.split()) for text in texts)
    print(f"\n{name}: {len(texts)} sentences, {words:.0f} words on average")
    for contender, taken in times.items():
        ratio = median(ours / theirs for ours, theirs in zip(times["VADER"], taken, strict=True))
        count = len(named) if contender == "explanations" else len(texts)
        compared = "" if contender == "explanations" else f"   {ratio:.2f} × VADER"
        print(f"  {contender:<14}{count / min(taken):>9,.0f} a second{compared}")


def articles() -> list[Article]:
    """Real articles, or those of the sample corpus."""
    real = EVAL_DATA / "corpora" / "articles.jsonl"
    return list(ArticleReader(real if real.is_file() else ROOT / "training" / "sample_corpus" / "articles.jsonl"))


def steps() -> None:
    """Print how fast the steps of reading an article are."""
    corpus = articles()
    texts = [article.text for article in corpus]
    spans = [split(text) for text in texts]
    index = default_actors()
    found = [index.find(text) for text in texts]
    sentences = sum(map(len, spans))
    print(
        f"\n{len(texts)} articles of {mean(map(len, texts)):,.0f} characters, {sentences:,} sentences; sentences a second"
    )
    work: dict[str, Callable[[], object]] = {
        "page furniture": lambda: [furniture(text) for text in texts],
        "sentence ends": lambda: [split(text) for text in texts],
        "actors": lambda: [index.find(text) for text in texts],
        "quotations": lambda: [quotations(text) for text in texts],
        "repetitions": lambda: [
            repeated([text[a:b] for a, b in ends]) for text, ends in zip(texts, spans, strict=True)
        ],
    }  # fmt: skip
    for name, step in work.items():
        print(f"  {name:<16}{sentences / min(seconds(step) for _ in range(ROUNDS)):>9,.0f}")
    print(
        f"  {'whole articles':<16}{sentences / seconds(lambda: [stance.predict(article) for article in corpus]):>9,.0f}"
    )
    print(
        f"  actors: {sum(map(len, found)):,} mentions; copies: {60 * len(corpus) / seconds(lambda: find_copies(corpus)):,.0f} articles a minute"
    )


def cold_start() -> None:
    """Print the time of a new process from its start to the first prediction, and of a bare one."""
    first = "import stance; stance.predict('NATO condemned the attack.')"
    whole = median(seconds(lambda: subprocess.run([sys.executable, "-c", first], check=True)) for _ in range(ROUNDS))
    bare = median(seconds(lambda: subprocess.run([sys.executable, "-c", ""], check=True)) for _ in range(ROUNDS))
    print(f"cold start to first prediction   {whole:.3f} s   (a bare Python: {bare:.3f} s)")


def training() -> None:
    """Print the time of a whole training, cross-validation and charts included."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "stance.train", "--model-dir", folder, "--reports", f"{folder}/reports"]
        taken = seconds(lambda: subprocess.run(command, check=True, capture_output=True))
    print(f"training, all of it              {taken:.0f} s")


def main() -> None:
    """Run everything."""
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}; best of {ROUNDS} rounds, ratios are medians\n")
    cold_start()
    size = sum(path.stat().st_size for path in DEFAULT_MODEL.glob("model.*"))
    print(f"model size                       {size / 1e6:.2f} MB")
    rates("sample corpus", sample_sentences())
    if real := real_sentences():
        rates("real sentences", real)
    else:
        print(f"\nno real sentences in {EVAL_DATA}; set STANCE_EVAL_DATA to a folder that has them")
    steps()
    print()
    training()


if __name__ == "__main__":
    main()
