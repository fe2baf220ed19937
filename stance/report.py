"""``python -m stance.report``: from articles to charts of how each outlet frames each actor, and a page that shows them."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

import jinja2
from tqdm import tqdm

from stance import charts
from stance.copies import Copy
from stance.corpus import ArticleReader
from stance.errors import DataError, Fault
from stance.files import write_chart, write_text
from stance.framing import MINIMUM, SAID, Length, Scored, Spoken, frames
from stance.model import StanceModel
from stance.records import Article, OutletFrame
from stance.score import copies_among, score_articles

# Columns of the heat map, and forest plots.
MOST_ACTORS = 8
# Groups of copies in the page's table.
MOST_GROUPS = 15


@dataclass(slots=True)
class _Corpus:
    """What is counted while the articles run by."""

    copies: Mapping[str, Copy]
    articles: Counter[str] = field(default_factory=Counter)
    copied: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    months: set[str] = field(default_factory=set)
    origins: dict[str, Article] = field(default_factory=dict)
    outlets: dict[str, Counter[str]] = field(default_factory=dict)

    def counted(self, articles: Iterator[Article] | tqdm[Article]) -> Iterator[Article]:
        """Pass the articles on, counting them."""
        for article in articles:
            self.articles[article.outlet] += 1
            if copy := self.copies.get(article.id):
                if copy.origin:
                    # The text is not needed any more, and may be long.
                    self.origins[article.id] = replace(article, text="")
                else:
                    self.copied[article.outlet] += 1
                    self.outlets.setdefault(copy.group, Counter())[article.outlet] += 1
            if article.date:
                self.months.add(article.date.isoformat()[:7])
            yield article

    def groups(self) -> list[dict[str, object]]:
        """The reports that were copied most often, with where they come from and who has them."""
        most = sorted(self.outlets.items(), key=lambda group: (-group[1].total(), group[0]))[:MOST_GROUPS]
        return [
            {
                "id": group,
                "outlet": self.origins[group].outlet,
                "date": self.origins[group].date or "",
                "copies": outlets.total(),
                "by": ", ".join(f"{outlet} {count}" for outlet, count in outlets.most_common()),
            }
            for group, outlets in most
        ]


def report(
    model: StanceModel,
    articles: ArticleReader,
    out: Path,
    source: str | None = None,
    minimum: int = MINIMUM,
    *,
    voice: Spoken = "both",
    with_copies: bool = False,
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
    voice : {"both", "narrator", "attributed"}
        Whose sentences count; for both, heat maps of either voice are drawn beside.
    with_copies : bool
        Whether copies of an article count like the first.

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
    copies, count = copies_among(articles)
    corpus = _Corpus(copies)
    scored: list[Scored] = []
    with tqdm(articles, desc="scoring", unit=" articles", disable=None, leave=False, total=count) as bar:
        for row in score_articles(model, corpus.counted(bar), copies):
            if row.counts(with_copies=with_copies) and voice in ("both", row.voice):
                corpus.rows[row.outlet] += 1
                scored.append(row.scored())
    if not corpus.articles:
        raise DataError(articles.faults or [Fault(articles.path, None, "no article in it")])
    if not scored:
        message = f"no article names an actor {SAID[voice]}; stance knows those of actors.toml"
        raise DataError([Fault(articles.path, None, message)])
    overall = frames(scored, minimum=minimum)
    actors = _main_actors(overall)
    timelines = _timelines([row for row in scored if row.actor in actors], minimum)
    note = "; ".join([source, *([SAID[voice]] if voice != "both" else []), *_copies_note(corpus, with_copies)])
    sections = _sections(overall, actors, timelines, note, voice)
    if voice == "both":
        sections.insert(1, ("By voice", _by_voice(scored, actors, minimum, note)))
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
            said=SAID[voice],
            copies=corpus.copied.total(),
            with_copies=with_copies,
            groups=corpus.groups(),
            outlets=[
                {
                    "name": outlet,
                    "articles": count,
                    "copies": corpus.copied[outlet],
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


def _copies_note(corpus: _Corpus, with_copies: bool) -> list[str]:
    if not corpus.copied:
        return []
    return [f"{corpus.copied.total():,} copies {'count too' if with_copies else 'left out'}"]


def _by_voice(scored: Sequence[Scored], actors: Sequence[str], minimum: int, source: str) -> list[Drawn]:
    """Heat maps of what the outlets say themselves, and of what they have others say."""
    voices: tuple[Spoken, ...] = ("narrator", "attributed")
    voiced = {voice: frames(scored, minimum=minimum, voice=voice) for voice in voices}
    return [
        (
            f"heatmap-{voice}",
            f"Net stance of each outlet toward each actor, {SAID[voice]}",
            charts.heat_map(theirs, actors, source, voice),
        )
        for voice, theirs in voiced.items()
        if any(frame.actor in actors for frame in theirs)
    ]


def _sections(
    overall: Sequence[OutletFrame], actors: Sequence[str], timelines: Timelines, source: str, voice: Spoken
) -> list[tuple[str, list[Drawn]]]:
    """Draw everything: title of each section, and its charts by file name and description."""
    names = _file_names([*actors, *timelines])
    heat_map = charts.heat_map(overall, actors, source, voice)
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
