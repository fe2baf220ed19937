"""Copies over a corpus: what is one report, and what only looks like it."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.copies import NEIGHBOURS, RESEMBLES, Copy, find_copies
from stance.corpus import ArticleReader
from stance.errors import InputError
from stance.records import Article
from tests.benchmarks import copies as benchmark
from tests.conftest import ROOT

SYLLABLES = "ba ke lo mi nu ra se to vi wa zu fen gar hol jen pil quor stam tren ulm".split()
SENTENCES = (
    "The {} of {} told the {} on Monday that {} would {} the {} within {} weeks.",
    "According to {}, about {} {} were {} near {}, and the {} {} again.",
    "“We will {} every {} of the {},” said {} {} in {}, “and {} with it.”",
    "{} and {} have {} over the {} since the {}, when {} {} left {}.",
)


def word(random: Random) -> str:
    return "".join(random.choices(SYLLABLES, k=random.randint(2, 3)))


def prose(seed: int, sentences: int = 20) -> str:
    """A report of made-up words, the same for the same seed."""
    random = Random(seed)
    templates = random.choices(SENTENCES, k=sentences)
    return "\n".join(template.format(*(word(random) for _ in range(template.count("{}")))) for template in templates)


def article(name: str, text: str, day: int | None = 1, title: str = "", outlet: str = "Courier") -> Article:
    return Article(name, outlet, None if day is None else date(2025, 3, 1) + timedelta(day - 1), title, text)


def exchanged(text: str, every: int, seed: int = 0) -> str:
    """A rewriting with a new word in the place of every so-manieth."""
    random = Random(seed)
    return " ".join(word(random) if (n + seed) % every == 0 else old for n, old in enumerate(text.split()))


def joined(*articles: Article) -> list[set[str]]:
    """The groups that are found, by ids."""
    groups: dict[str, set[str]] = {}
    for identifier, copy in find_copies(articles).items():
        groups.setdefault(copy.group, set()).add(identifier)
    return list(groups.values())


def test_equal_but_for_case_marks_and_space() -> None:
    """An exact copy has similarity 1, whatever a site makes of quotation marks, case and white space."""
    text = prose(1)
    other = text.upper().replace("“", '"').replace("”", '"').replace("\n", "  \n\n ")
    found = find_copies([article("late", text, 2), article("early", other, 1), article("apart", prose(2))])
    assert found == {"late": Copy("early", False, 1.0), "early": Copy("early", True, 1.0)}


@pytest.mark.parametrize(
    "copy",
    [
        f"By Ilse Tarn, Courier Staff\n\nPORT VELL (Agency) — {prose(1)}",
        f"{prose(1)}\n{prose(90, 3)}",
        "\n".join(prose(1).splitlines()[:10]),
        "\n".join(prose(1).splitlines()[12:18]),
        "\n".join(reversed(prose(1).splitlines())),
        exchanged(prose(1), 4),
    ],
    ids=[
        "dateline and byline",
        "own end",
        "first half",
        "a few sentences of the middle",
        "turned round",
        "every fourth word exchanged",
    ],
)
def test_a_report_stays_the_same_report(copy: str) -> None:
    """Framed, cut, turned round or rewritten word by word, under another headline, it is a copy."""
    first = article("wire", prose(1), 1, "Wire headline")
    found = find_copies([first, article("print", copy, 2, "Quite another line", "Ledger"), article("apart", prose(2))])
    assert set(found) == {"wire", "print"}
    assert found["print"].group == "wire"
    assert 0.6 < found["print"].similarity <= 1


def test_a_report_in_an_article_of_its_own() -> None:
    """A short report that was cut out of a long article is a copy; a long article that took in a short report is not."""
    short, long = prose(1, 8), f"{prose(7)}\n{prose(1, 8)}\n{prose(8)}"
    assert joined(article("long", long, 1), article("short", short, 2)) == [{"long", "short"}]
    assert joined(article("short", short, 1), article("long", long, 2)) == []


def test_what_shares_half_its_words_is_another_report() -> None:
    """An article that has every second word from another, or half of its sentences, is not a copy."""
    assert joined(article("one", prose(1)), article("other", exchanged(prose(1), 2), 2)) == []
    assert joined(article("one", prose(1)), article("other", f"{prose(1, 10)}\n{prose(9, 12)}", 2)) == []


LOSSES = (
    "On day {} of the war in Zubaland the ministry in Port Vell put losses at {} soldiers, {} of them in the past day. It counted {} tanks,"
    " {} guns, {} lorries and {} aircraft that its forces had destroyed. The figures could not be checked by reporters who work in the"
    " region. Fighting went on along the river, where the army said it had held all its positions through the night, and in the hills"
    " to the north of the town, which both sides claim. The ministry said supplies were reaching every unit, that the road by the lake was"
    " open again, and that the wounded had been brought to safety. Officials of the other side did not answer requests for comment"
    " and have given no account of what they lost since spring, when talks about an exchange of prisoners broke down for good."
)
TODAY = (200, 5100, 40, 310, 260, 900, 21)


def test_daily_reports_with_other_figures_are_not_copies() -> None:
    """Of one template, long or short, the report of the next day is another report; the same day's from another outlet is a copy."""
    tomorrow = (201, 5160, 60, 312, 263, 907, 22)
    for template in (LOSSES, LOSSES.split(" The figures")[0]):
        first = article("first", template.format(*TODAY), 1)
        again = article("again", f"PORT VELL — {template.format(*TODAY)}", 1)
        following = article("next", template.format(*tomorrow), 2)
        assert joined(first, following, again) == [{"first", "again"}]


@pytest.mark.parametrize(
    ("day", "outlet", "copy"),
    [(1, "Courier", True), (2, "Ledger", True), (2, "Courier", False), (8, "Ledger", False), (None, "Courier", True)],
)
def test_a_short_report_may_come_again(day: int | None, outlet: str, copy: bool) -> None:
    """A short text in nearly the same words is a copy on the same day, or elsewhere on the next; else a line that comes again."""
    line = "Rain is expected over Zubaland and the lakes of Port Vell today, and farmers are glad of it after the dry spring"
    first, other = article("one", line), article("other", f"{line}, reports say", day, outlet=outlet)
    assert joined(first, other) == ([{"one", "other"}] if copy else [])
    assert joined(first, replace(other, text=f"{line}!")) == [{"one", "other"}]


def test_a_brief_cut_from_a_report_with_more_figures() -> None:
    """A few sentences are a copy of the long report they come from, though it has other figures besides; with one of their own they are not."""
    report = f"{prose(1, 6)}\n{LOSSES.format(*TODAY)}"
    brief = " ".join(LOSSES.format(*TODAY).split()[:45])
    assert joined(article("report", report), article("brief", brief)) == [{"report", "brief"}]
    assert joined(article("report", report), article("brief", brief.replace("5100", "5200"))) == []


def test_headlines_are_copies_only_if_equal() -> None:
    """A few words with one of them changed can say the opposite."""
    line = "Zubaland agrees to talks with Kelomi over the lakes"
    one, same = article("one", "", title=line), article("same", line.upper())
    assert joined(one, same, article("other", "", title=line.replace("agrees", "objects"))) == [{"one", "same"}]


def test_chains_of_likeness_join_nothing() -> None:
    """Each of a series is a rewriting of the one before; what has moved away from the origin is not in its group."""
    chain = [prose(1)]
    for seed in range(6):
        chain.append(exchanged(chain[-1], 5, seed))
    found = find_copies([article(str(n), text, n + 1) for n, text in enumerate(chain)])
    assert found["1"].group == "0"
    assert "6" not in found or found["6"].group != "0"
    assert all(copy.similarity >= RESEMBLES for copy in found.values())


def test_origin_by_date_then_by_order() -> None:
    """The earliest is the origin; without date an article comes last; of one day the first in the corpus."""
    text = prose(1)
    found = find_copies(
        [article("undated", text, None), article("b", text, 2), article("a", text, 2), article("c", text, 3)]
    )
    assert {copy.group for copy in found.values()} == {"b"}
    assert [name for name, copy in found.items() if copy.origin] == ["b"]
    assert list(found) == ["undated", "b", "a", "c"]
    assert find_copies([article("y", text, None), article("x", f"{text} End.", None)])["x"].group == "y"


def test_more_copies_than_neighbours_are_compared() -> None:
    """A report that a hundred outlets print, each a little changed, is one group."""
    many = [article(str(n), exchanged(prose(1), 20, n), n % 5 + 1) for n in range(3 * NEIGHBOURS)]
    assert joined(*many) == [{copy.id for copy in many}]


def test_page_furniture_joins_nothing() -> None:
    """Articles of a site that all end with the same words stay apart."""
    end = "Sign up for our letter and share this page with friends. All rights are reserved by the publisher of the Courier."
    assert joined(*(article(str(n), f"{prose(n, 6)}\n{end}") for n in range(200))) == []


def test_nothing_to_compare() -> None:
    """Neither an empty corpus nor articles without words have copies."""
    assert find_copies([]) == {}
    assert find_copies([article("one", "…"), article("other", "…"), article("third", "Two words")]) == {}


def test_ids_must_be_unique() -> None:
    """Results go by id, so that two articles with one id cannot be told apart."""
    with pytest.raises(InputError, match="two articles have the id 'x'; ids must be unique"):
        find_copies([article("x", "One"), article("x", "Another")])


words = st.lists(st.sampled_from(prose(5, 3).split()), min_size=1, max_size=40).map(" ".join)


@settings(deadline=None)
@given(st.lists(words, max_size=8), st.data())
def test_an_exact_copy_is_always_in_the_group(texts: Sequence[str], data: st.DataObject) -> None:
    """Whatever else is in the corpus, an article and its equal are together."""
    text = data.draw(words)
    corpus = [article(str(n), other, n + 1) for n, other in enumerate(texts)]
    copied = data.draw(st.permutations([*corpus, article("one", text, 30), article("equal", text.title(), None)]))
    found = find_copies(copied)
    assert found["one"].group == found["equal"].group


@settings(deadline=None, max_examples=50)
@given(st.permutations(range(12)))
def test_the_order_of_the_corpus_does_not_matter(order: list[int]) -> None:
    """With a date each, the same articles make the same groups in any order."""
    texts = [prose(1), prose(2), prose(3), *(exchanged(prose(n % 3 + 1), 4 + n % 5, n) for n in range(9))]
    corpus = [article(str(n), text, n + 1) for n, text in enumerate(texts)]
    found = find_copies(corpus)
    assert len(found) == 12
    assert find_copies([corpus[n] for n in order]) == found


def test_reprints_of_the_sample_corpus() -> None:
    """The four agency reports that two of its outlets print are found, and nothing else."""
    articles = list(ArticleReader(ROOT / "training" / "sample_corpus" / "articles.jsonl"))
    assert sorted(map(sorted, joined(*articles))) == [[f"nc-{n}", f"pl-{n}"] for n in range(17, 21)]


@pytest.mark.parametrize("turned", [False, True])
def test_a_machine_rewriting(eval_data: Path, turned: bool) -> None:
    """A real report and its rewriting by machine are one; reports on other calls of the same two presidents are not."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((eval_data / "seeds").glob("*.txt"))]
    articles = [article(str(n), text, None) for n, text in enumerate(texts)]
    assert joined(*(reversed(articles) if turned else articles)) == [{"0", "1"}]


def test_real_articles(eval_data: Path) -> None:
    """No two of 500 articles on foreign affairs are copies; speed and memory are as promised."""
    articles = list(ArticleReader(eval_data / "corpora" / "articles.jsonl"))
    start = time.perf_counter()
    assert find_copies(articles) == {}
    assert len(articles) / (time.perf_counter() - start) > 10_000 / 60
    tracemalloc.start()
    try:
        find_copies(articles[:200])
        assert tracemalloc.get_traced_memory()[1] / 200 < 4_000
    finally:
        tracemalloc.stop()


def test_planted_copies(eval_data: Path) -> None:
    """Of copies of real articles that were changed in many ways nearly all are found, and nothing that is none."""
    articles = list(ArticleReader(eval_data / "corpora" / "articles.jsonl"))[1::10]
    rows = benchmark.measure(articles)
    assert benchmark.mean(rows, "recall") > 0.93
    assert benchmark.mean(rows, "precision") > 0.99
    assert min(float(str(row["recall"])) for row in rows) > 0.7
    assert benchmark.planted(articles, benchmark.other_figures)[True] <= 2


def test_headlines_and_leads(eval_data: Path) -> None:
    """Among 16,351 headlines and leads, full of daily templates, more than 80 pairs of two outlets are found, nearly all of the same day."""
    articles = {one.id: one for one in ArticleReader(eval_data / "corpora" / "ruwa.jsonl")}
    found = find_copies(articles.values())
    pairs = [(articles[name], articles[copy.group]) for name, copy in found.items()]
    across = [(one, other) for one, other in pairs if one.outlet != other.outlet]
    assert len(across) > 80
    assert all(one.date and other.date and (one.date - other.date).days <= 1 for one, other in across)
    # Most items are no copies of anything.
    assert len(found) < 0.05 * len(articles)


def test_a_copy_of_a_copy(eval_data: Path) -> None:
    """A real article that is reprinted with a dateline, and from there cut to half, makes one group with the first as origin."""
    first = next(iter(ArticleReader(eval_data / "corpora" / "articles.jsonl")))
    second = replace(first, id="2", text=f"TALLINN (Agency) — {first.text}")
    third = replace(first, id="3", text=second.text[: len(second.text) // 2])
    assert joined(first, second, third) == [{first.id, "2", "3"}]
