"""``python -m stance.report``: from articles to charts of how each outlet frames each actor, and a page that shows them."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import jinja2
from tqdm import tqdm

from stance import charts
from stance.corpus import ArticleReader
from stance.errors import DataError, Fault
from stance.files import write_chart, write_text
from stance.framing import MINIMUM, Length, Scored, frames
from stance.model import StanceModel
from stance.records import Article, OutletFrame
from stance.score import score_articles

# Columns of the heat map, and forest plots.
MOST_ACTORS = 8


@dataclass(slots=True)
class _Corpus:
    """What is counted while the articles run by."""

    articles: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    months: set[str] = field(default_factory=set)

    def counted(self, articles: Iterator[Article] | tqdm[Article]) -> Iterator[Article]:
        """Pass the articles on, counting them."""
        for article in articles:
            self.articles[article.outlet] += 1
            if article.date:
                self.months.add(article.date.isoformat()[:7])
            yield article


def report(
    model: StanceModel, articles: ArticleReader, out: Path, source: str | None = None, minimum: int = MINIMUM
) -> tuple[Path, list[Fault]]:
    """Score articles and write charts, their CSVs and ``index.html``.

    Parameters
    ----------
    model : StanceModel
    articles : ArticleReader
        Where they come from.
    out : Path
        The folder for it all; made if need be.
    source : str, optional
        What stands under the charts as source; the name of the file or folder by default.
    minimum : int
        Articles of an outlet that must name an actor for a figure to be shown.

    Returns
    -------
    page : Path
        The page.
    faults : list of Fault
        Records that were left out.

    Raises
    ------
    DataError
        If there is no usable article; nothing is written then.
    """
    source = source or articles.path.resolve().name
    corpus = _Corpus()
    scored: list[Scored] = []
    with tqdm(articles, desc="scoring", unit=" articles", disable=None, leave=False, total=len(articles)) as bar:
        for row in score_articles(model, corpus.counted(bar)):
            corpus.rows[row.outlet] += 1
            scored.append(row.scored())
    if not corpus.articles:
        raise DataError(articles.faults or [Fault(articles.path, None, "no article in it")])
    if not scored:
        raise DataError([Fault(articles.path, None, "no article names an actor; stance knows those of actors.toml")])
    overall = frames(scored, minimum=minimum)
    actors = _main_actors(overall)
    timelines = _timelines([row for row in scored if row.actor in actors], minimum)
    sections = _sections(overall, actors, timelines, source)
    for _, drawn in sections:
        for name, _, chart in tqdm(drawn, desc="drawing", unit=" charts", disable=None, leave=False):
            write_chart(out / name, *chart)
    page = out / "index.html"
    first, last = min(corpus.months, default=""), max(corpus.months, default="")
    write_text(
        page,
        _template().render(
            title="How the outlets treat the actors",
            articles=corpus.articles.total(),
            rows=len(scored),
            outlets=[
                {
                    "name": outlet,
                    "articles": count,
                    "rows": corpus.rows[outlet],
                    "timeline": f"by {timelines[outlet][0]}" if outlet in timelines else "too few dated articles",
                }
                for outlet, count in sorted(corpus.articles.items())
            ],
            period=f"{first} to {last}" if first != last else first,
            source=source,
            minimum=minimum,
            sections=[
                {"title": title, "charts": [{"name": name, "alt": alt} for name, alt, _ in drawn]}
                for title, drawn in sections
            ],
            faults=articles.faults,
            version=version("stance"),
            model=str(model.info["arrays_sha256"])[:12],
        ),
    )
    return page, articles.faults


Drawn = tuple[str, str, charts.Chart]


Timelines = dict[str, tuple[Length, list[OutletFrame]]]


def _sections(
    overall: Sequence[OutletFrame], actors: Sequence[str], timelines: Timelines, source: str
) -> list[tuple[str, list[Drawn]]]:
    """Draw everything: title of each section, and its charts by file name and description."""
    names = _file_names([*actors, *timelines])
    heat_map = charts.heat_map(overall, actors, source)
    sections = [
        ("Outlets and actors", [("heatmap", "Net stance of each outlet toward each actor", heat_map)]),
        (
            "Actor by actor",
            [
                (f"forest-{names[actor]}", f"{actor}: net stance of each outlet", charts.forest(overall, actor, source))
                for actor in actors
            ],
        ),
        (
            "Over time",
            [
                (
                    f"timeline-{names[outlet]}",
                    f"{outlet}: net stance by {length}",
                    charts.timeline(by_period, outlet, actors, length, source),
                )
                for outlet, (length, by_period) in timelines.items()
            ],
        ),
    ]
    return [section for section in sections if section[1]]


def _timelines(scored: Sequence[Scored], minimum: int) -> Timelines:
    """For each outlet the shortest periods of which some actor has two with articles enough; without, no timeline."""
    chosen: Timelines = {}
    lengths: tuple[Length, ...] = ("month", "quarter", "year")
    for length in lengths:
        by_period = frames(scored, by=length, minimum=minimum)
        points = Counter((frame.outlet, frame.actor) for frame in by_period if frame.enough)
        for (outlet, _), count in points.items():
            if count > 1:
                chosen.setdefault(outlet, (length, by_period))
    return dict(sorted(chosen.items()))


def _main_actors(overall: Sequence[OutletFrame]) -> list[str]:
    """The actors that most articles name, those first with whom some outlet has articles enough."""
    articles: Counter[str] = Counter()
    shown: set[str] = set()
    for frame in overall:
        articles[frame.actor] += frame.articles
        if frame.enough:
            shown.add(frame.actor)
    ranked = [actor for actor, _ in articles.most_common() if actor in shown] or [a for a, _ in articles.most_common()]
    return ranked[:MOST_ACTORS]


def _file_names(names: Sequence[str]) -> dict[str, str]:
    """A file name for each name, safe on every system, and no two alike."""
    result: dict[str, str] = {}
    for name in names:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "unnamed"
        number = 2
        unique = stem
        while unique in result.values():
            unique = f"{stem}-{number}"
            number += 1
        result[name] = unique
    return result


def _template() -> jinja2.Template:
    # Outlet names come from files: everything is escaped.
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.from_string(Path(__file__).with_name("report.html").read_text(encoding="utf-8"))


if __name__ == "__main__":
    # The way in lies a floor above: it parses, calls, and turns errors into exit codes for all commands alike.
    from stance.cli import main

    sys.exit(main(["report", *sys.argv[1:]]))
