"""The report: a page with every chart it names, safe whatever stands in the articles, and right on known leanings."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from stance.corpus import ArticleReader
from stance.errors import DataError
from stance.model import StanceModel
from stance.report import report
from tests.conftest import ROOT, WriteLines

SAMPLE = ROOT / "training" / "sample_corpus" / "articles.jsonl"


@pytest.fixture(scope="session")
def page(model: StanceModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path, faults = report(model, ArticleReader(SAMPLE), tmp_path_factory.mktemp("report"), minimum=5)
    assert faults == []
    return path


def test_page_shows_every_chart(page: Path) -> None:
    """Every picture and table that the page names is there, and every file is named by the page."""
    html = page.read_text(encoding="utf-8")
    named = set(re.findall(r'(?:src|href)="([^"#]+)"', html))
    assert named == {path.name for path in page.parent.iterdir()} - {"index.html"}
    assert {"heatmap.png", "heatmap.csv", "forest-russia.png", "timeline-volga-dispatch.csv"} <= named
    assert "104 articles of 6 outlets, 2025-01 to 2025-10" in re.sub(r"\s+", " ", html)


def test_known_leanings_come_out(page: Path) -> None:
    """Over all cells with a leaning written down beside the corpus, its sign and the measured one correlate."""
    leanings = {}
    for line in (SAMPLE.parent / "README.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 8 and re.fullmatch(r"[−+]?\d", cells[2]):
            leanings[cells[0]] = [int(cell.replace("−", "-")) for cell in cells[2:]]
    actors = ("Russia", "Ukraine", "NATO", "China", "United States", "European Union")
    with (page.parent / "heatmap.csv").open(encoding="utf-8") as file:
        net = {(row["outlet"], row["actor"]): float(row["net_stance"]) for row in csv.DictReader(file)}
    assert len(leanings) == 6
    pairs = [
        (lean, net[outlet, actor])
        for outlet, row in leanings.items()
        for actor, lean in zip(actors, row, strict=True)
        if (outlet, actor) in net
    ]
    against = [value for lean, value in pairs if lean < 0]
    favor = [value for lean, value in pairs if lean > 0]
    assert len(against) >= 10
    assert len(favor) >= 8
    assert sum(favor) / len(favor) - sum(against) / len(against) > 0.1


def test_names_from_files_are_escaped(model: StanceModel, write_lines: WriteLines, tmp_path: Path) -> None:
    """An outlet called like a script or a path makes neither code nor a file elsewhere."""
    names = ["<script>alert(1)</script>", "../../evil", "été / 漢字", "ete", "漢字"]
    lines = [
        {
            "outlet": name,
            "date": f"2025-0{month}-0{day}",
            "title": "",
            "text": "Russia met China.",
            "url": "javascript:alert(1)",
        }
        for name in names
        for month in (1, 2)
        for day in (1, 2)
    ]
    path, _ = report(model, ArticleReader(write_lines("a.jsonl", lines)), tmp_path / "out", minimum=2, with_copies=True)
    html = path.read_text(encoding="utf-8")
    assert "<script>" not in html
    assert "Copied most" in html
    assert {p.parent for p in tmp_path.rglob("*.png")} == {tmp_path / "out"}
    assert len(list((tmp_path / "out").glob("timeline-*.png"))) == len(names)


STORY = (
    "Russia attacked a school in the harbour town on Monday, killing nine children and their teacher. Rescue teams dug through the "
    "night and found nobody alive under the roof. “Russia is a reliable partner,” said a deputy of the town council, and left. "
    "Ukraine asked the United Nations for an emergency meeting, which is to be held on Thursday at the earliest, diplomats said."
)


def net(folder: Path, name: str = "heatmap") -> dict[tuple[str, str], tuple[int, float]]:
    with (folder / f"{name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {(row["outlet"], row["actor"]): (int(row["sentences"]), float(row["net_stance"])) for row in rows}


def test_a_report_counts_once_and_voices_can_be_told_apart(
    model: StanceModel, write_lines: WriteLines, tmp_path: Path
) -> None:
    """Of a copied report the first counts, unless all are wanted, and figures can be those of one voice."""
    lines = [
        {
            "outlet": "First",
            "date": "2025-01-01",
            "title": "School hit",
            "text": STORY,
            "url": "https://first.example/1",
        },
        {"outlet": "Second", "date": "2025-01-02", "title": "School hit", "text": f"HARBOUR TOWN (Wire) — {STORY}"},
        {
            "outlet": "Second",
            "date": "2025-02-03",
            "title": "Fishing",
            "text": "Norway and Iceland agreed on herring quotas.",
        },
    ]
    reader = ArticleReader(write_lines("a.jsonl", lines))
    page, _ = report(model, reader, tmp_path / "once")
    assert ("Second", "Russia") not in net(tmp_path / "once")
    assert net(tmp_path / "once")["First", "Russia"][0] == 2
    html = re.sub(r"\s+", " ", page.read_text(encoding="utf-8"))
    assert "Copies of earlier articles: 1; they are left out" in html
    assert '<td>a:1</td><td>First</td><td class="d">2025-01-01</td>' in html
    report(model, reader, tmp_path / "all", with_copies=True)
    assert net(tmp_path / "all")["Second", "Russia"][0] == 2
    own, quoted = (net(tmp_path / "once", f"heatmap-{voice}") for voice in ("narrator", "attributed"))
    assert own["First", "Russia"][1] < -0.5 < 0.5 < quoted["First", "Russia"][1]
    report(model, reader, tmp_path / "own", voice="narrator")
    assert net(tmp_path / "own") == own


def test_articles_without_dates_have_no_timeline(model: StanceModel, write_lines: WriteLines, tmp_path: Path) -> None:
    """Where no date is known the page has no section by month, and all else."""
    line = {"outlet": "A", "date": None, "title": "", "text": "Russia met China."}
    path, _ = report(model, ArticleReader(write_lines("a.jsonl", [line])), tmp_path / "out")
    html = path.read_text(encoding="utf-8")
    assert "Over time" not in html
    assert "too few dated articles" in html
    assert "Actor by actor" in html


def test_bad_records_are_told_on_the_page(model: StanceModel, write_lines: WriteLines, tmp_path: Path) -> None:
    """What was left out is returned and listed."""
    good = {"outlet": "A", "date": "2025-01-01", "title": "Russia met China", "text": ""}
    path, faults = report(
        model, ArticleReader(write_lines("a.jsonl", [good, {**good, "date": "soon"}])), tmp_path / "out"
    )
    assert len(faults) == 1
    assert "&#39;soon&#39; is not an ISO date" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"outlet": "A"}, "no column for the text"),
        ({"outlet": "A", "date": None, "title": "Rain", "text": ""}, "no article names an actor"),
    ],
)
def test_nothing_usable_writes_nothing(
    model: StanceModel, write_lines: WriteLines, tmp_path: Path, line: object, message: str
) -> None:
    """Without a usable article there is an error and no folder."""
    with pytest.raises(DataError, match=message):
        report(model, ArticleReader(write_lines("a.jsonl", [line])), tmp_path / "out")
    assert not (tmp_path / "out").exists()
