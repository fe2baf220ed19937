"""Telling an article's lines from those of the page around it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.furniture import furniture

BODY = (
    "The ministers met in the old town hall on Monday. They spoke for three hours.",
    "Afterwards the hosts called the talks open and useful.",
    "Neither side gave details of what had been agreed.",
)
# Of the five real articles, the lines that are furniture; all others are the article.
SEEDS = {
    "000": [],
    "001": [5, 7, 43, 45, 47, 49],
    "002": [1, 23],
    # 33 and 55 are links to other stories between the paragraphs; 57 the authors' signs, all behind it other stories.
    "003": [*range(1, 12), 15, 19, 33, 55, *range(57, 154)],
    "004": [1, 3, 5, 7, 19],
}


def dropped(text: str) -> list[tuple[str, str]]:
    return [(text[start:end], rule) for start, end, rule in furniture(text)]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("ADVERTISEMENT", "advertisement"),
        ("Story continues below advertisement", "advertisement"),
        ("____", "rule"),
        ("https://example.org/a/b?c=1", "address"),
        ("Share Tweet WhatsApp E-mail", "share"),
        ("Follow Ann Reed on Twitter", "follow"),
        ("Sign up for our weekly letter on Asia", "subscription"),
        ("Courier Premium", "subscription"),
        ("Leave a reply", "comments"),
        ("Show all 17 comments", "comments"),
        ("Skip to main content", "navigation"),
        ("Go to homepage", "navigation"),
        ("PoliticsNorthern Europe", "navigation"),
        ("SEE ALSO: Five things to know about the ferry", "other story"),
        ("Watch the full interview below:", "other story"),
        ("Senate votes on the harbour bill Read more", "other story"),
        ("Minister, Mayor hold third meeting since the flood", "other story"),
        ("Updated at 5:28 p.m. ET", "time"),
        ("Business 3 hours ago", "time"),
        ("March 3, 2024", "time"),
        ("Last updated: 12 May 2023", "time"),
        ("14:32 CET", "ticker"),
        ("LIVE", "ticker"),
        ("FTSE 100 7,512.3 +0.45%", "ticker"),
        ("Brent crude $84.20 ▼ 1.3 %", "ticker"),
        ("By Ann Reed and Tom Fox", "byline"),
        ("Of: Jan Maler", "byline"),
        ("ar/tf (AP, dpa)", "byline"),
        ("Tom Fox contributed to this report.", "byline"),
        ("— With assistance by Ann Reed", "byline"),
        ("The minister at the harbour. Photo: Ann Reed/Courier", "caption"),
        ("Fishermen wait in the rain © Jan Maler/imago", "caption"),
        ("FILE PHOTO: A ferry leaves the port, May 3, 2021. REUTERS/Ann Reed", "caption"),
    ],
)
def test_a_line_of_furniture_is_dropped_and_said_why(line: str, rule: str) -> None:
    """Each kind of furniture is known by its own line, wherever on the page it stands."""
    text = "\n\n".join([BODY[0], line, *BODY[1:]])
    assert dropped(text) == [(line, rule)]


@pytest.mark.parametrize(
    "line",
    [
        "What did the minister say?",
        "A new start",
        "Doubts about the deal",
        "Will it hold?",
        "Share prices fell by a tenth after the news.",
        "Follow-up talks are planned for May.",
        "Updated figures show that 40 people were hurt.",
        "Posted to the border in 2014, he stayed for nine years.",
        "By Monday all had left.",
        "Live and let live was the motto.",
        "At 14:32 the lights went out.",
        "Turnout: 54.3 percent",
        "“We will not sign,” he said.",
        "Subscribers to the fund pay 5 percent a year, the ministry said.",
        "The photo: a blurred ship at night.",
        "Search teams found two survivors on Tuesday.",
        "More than 40 people were hurt.",
        "The reporter, who works for Reuters, was freed.",
        "Russia, China and Iran held a drill.",
        "In Kyiv, Poland's president spoke of a turning point.",
    ],
)
def test_what_an_article_says_is_kept(line: str) -> None:
    """Sentences and subheadings that begin like furniture stay."""
    text = "\n\n".join([BODY[0], line, *BODY[1:]])
    assert dropped(text) == []


def test_all_after_the_end_is_dropped() -> None:
    """Teasers, captions and topics behind a heading of the page's end go with it, whatever they say."""
    end = [
        "Related topics",
        "A man repairs nets in the harbour.",
        "Why the ferry stopped",
        "Europe",
        "A long winter ahead?",
    ]
    assert [line for line, _ in dropped("\n".join([*BODY, *end]))] == end


def test_a_link_at_the_end_is_dropped_but_not_a_sentence_cut_off() -> None:
    """The title of another story stands last without a stop; so does a sentence of which the page gave only the beginning."""
    link, question = "Mayor opens new bridge over Northern River", "Why did ferry company's talks with islanders fail?"
    assert dropped("\n".join([*BODY, link])) == [(link, "other story")]
    assert dropped("\n".join([*BODY, "Officials said the bridge had been planned for years and that more"])) == []
    assert dropped("\n".join([*BODY, question])) == []
    assert dropped("\n".join([*BODY, question, "ar/tf (AP)"])) == [(question, "other story"), ("ar/tf (AP)", "byline")]


def test_a_box_in_the_middle_does_not_end_the_article() -> None:
    """A heading such as "Related" with running text behind it drops no more than itself."""
    assert dropped("\n".join([BODY[0], "Related", BODY[1], BODY[2]])) == []
    assert dropped("\n".join([BODY[0], "Most read", BODY[1], BODY[2]])) == [("Most read", "navigation")]


def test_a_menu_goes_with_its_head() -> None:
    """Short lines directly under a line of navigation are items of the menu; behind an empty line they are not."""
    text = "\n".join(["Skip to content", "World", "War and peace", "", "A new start", "", *BODY])
    assert [line for line, _ in dropped(text)] == ["Skip to content", "World", "War and peace"]


def test_alternative_text_goes_with_its_caption() -> None:
    """A line that says what the caption under it says is the picture's description."""
    text = "\n".join(
        [
            "The mayor opens the new bridge in spring",
            "The mayor opens the new bridge in springImage: Ann Reed/AP",
            *BODY,
        ]
    )
    assert [rule for _, rule in dropped(text)] == ["caption", "caption"]


def test_a_headline_said_twice_is_read_once() -> None:
    """Of a line without a stop that stands on a page twice, the second is dropped."""
    assert dropped("\n\n".join(["Ferry stopped", "Ferry stopped", *BODY])) == [("Ferry stopped", "repeated line")]


def test_the_headline_of_the_text_itself_is_kept() -> None:
    """A title with a comma for "and" that stands before all running text is the article's own."""
    title = "Minister, Mayor hold third meeting since the flood"
    assert dropped("\n".join([title, *BODY])) == []
    assert dropped("\n".join([*BODY, title, *BODY])) == [(title, "other story")]


def test_a_single_line_is_never_furniture() -> None:
    """A text of one line is what the caller wants read."""
    assert furniture("Advertisement") == furniture("\n Share this \n") == furniture("") == []


@given(st.text(alphabet=st.sampled_from("aB1 .?!\n:/—©“”,\x0b\u2028"), max_size=120))
def test_spans_are_lines(text: str) -> None:
    """Whatever the text, what is dropped are whole lines, in order, without the white space around them."""
    last = -1
    for start, end, rule in furniture(text):
        assert last < start < end <= len(text)
        assert rule
        assert text[start:end] == text[start:end].strip()
        assert not text[text.rfind("\n", 0, start) + 1 : start].strip()
        assert not text[end:].partition("\n")[0].strip()
        last = end


@pytest.mark.parametrize("seed", SEEDS)
def test_real_pages_line_by_line(eval_data: Path, seed: str) -> None:
    """Of five real articles exactly the furniture is dropped, checked by line number."""
    (path,) = (eval_data / "seeds").glob(f"{seed}_*")
    text = path.read_text(encoding="utf-8")
    empty = {number for number, line in enumerate(text.split("\n"), 1) if not line.strip()}
    found = [text.count("\n", 0, start) + 1 for start, _, _ in furniture(text)]
    assert found == [number for number in SEEDS[seed] if number not in empty]
