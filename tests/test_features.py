"""From sentence and target to tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.actors import default_actors
from stance.features import (
    SENTIMENT_VIEWS,
    STANCE_VIEWS,
    Reading,
    ngrams,
    read,
    sentiment_views,
    stance_views,
    token_spans,
    traced_stance_views,
)  # fmt: skip
from stance.lexicon import Entry, Lexicon

LEXICON = Lexicon(
    [
        (Entry("condemn", True, 0, -2, -1), ()),
        (Entry("murder", True, -2, 1, -2), ()),
        (Entry("back", True, 1, 2, 1), ()),
        (Entry("aggression", False, -2, 1, -2), ()),
        (Entry("attack on", False, -2, 1, -2), ()),
        (Entry("aid", False, 1, 2, 1), ()),
        (Entry("brave", False, 2, 0, 1), ()),
    ]
)


def reading(text: str) -> Reading:
    return read(text, 0, len(text), default_actors().find(text), LEXICON)


def light(text: str, actor: str) -> list[str]:
    return [token for token in stance_views(reading(text), actor)["light"] if not token.startswith("sum")]


def test_names_are_masked() -> None:
    """The target and the other actors lose their names, numbers their values, negations keep their own token."""
    views = stance_views(reading("The European Union didn't back Russia in 2022."), "Russia")
    assert views["sentence"] == ["ACTOR", "did", "not", "back", "TARGET", "in", "0", "."]


@pytest.mark.parametrize("name", ["Russia", "the United States", "The Netherlands", "NATO"])
def test_article_and_ending_tell_nothing(name: str) -> None:
    """A name with its article, and any possessive of it, reads like any other."""
    ending = "'" if name.endswith("s") else "’s"
    assert reading(f"We saw {name}{ending} envoy and {name}.").words == "we saw ACTOR 's envoy and ACTOR .".split()


def test_the_window_marks_the_side() -> None:
    """What stands shortly before or after the target, in words and pairs."""
    views = stance_views(reading("He praised NATO troops"), "NATO")
    assert views["near"] == ["<he", "<praised", "<he praised", ">troops"]


@pytest.mark.parametrize(
    ("text", "actor", "expected"),
    [
        ("Russia condemned Japan.", "Russia", "agent0"),
        ("Russia condemned Japan.", "Japan", "patient--"),
        ("Japan was condemned by Russia.", "Japan", "patient--"),
        ("Japan was condemned by Russia.", "Russia", "agent0"),
        ("Villagers murdered by Russian troops", "Russia", "agent--"),
        ("The brave Ukrainian crew", "Ukraine", "modified++"),
        ("Ukraine is brave.", "Ukraine", "subject++"),
        ("Russian aggression went on.", "Russia", "attribute--"),
        ("Russian military aggression went on.", "Russia", "compound--"),
        ("Russia's renewed aggression went on.", "Russia", "possessor--"),
        ("The aggression of Russia went on.", "Russia", "of--"),
        ("Aid for Ukraine arrived.", "Ukraine", "toward for++"),
        ("The attack on Ukraine went on.", "Ukraine", "toward+"),
        ("Russia did not condemn Japan.", "Japan", "not patient--"),
        ("Russia, which borders Norway, condemned Japan.", "Russia", "agentab0"),
        ("Minsk condemned Russia, China and Iran.", "Iran", "patient--"),
    ],
)
def test_light_falls_by_the_place_of_the_target(text: str, actor: str, expected: str) -> None:
    """Who does, who suffers, whose it is, and toward whom: with other actors and clause borders as barriers."""
    assert expected in light(text, actor)


def test_lights_add_up_unless_another_actor_stands_between() -> None:
    """What is thrown on another actor is not counted for the target."""
    assert "sum -3" not in stance_views(reading("Tokyo met Seoul after Minsk murdered Kazakhs."), "Japan")["light"]
    assert "sum -2" in stance_views(reading("Minsk murdered them."), "Belarus")["light"]


def test_tone_counts_the_whole_sentence() -> None:
    """The tone of all entries, and whether they are negated, whoever is meant."""
    tone = sentiment_views(reading("They never condemn aggression."), [])["tone"]
    assert {"not -", "not --", "sum>2", "count- 1", "count-- 1"} <= set(tone)
    assert "sum>3" not in tone


@given(
    st.sampled_from(default_actors().actors),
    st.sampled_from(default_actors().actors),
    st.sampled_from(["{} condemned {} again", "{}'s envoy backed {}, twice", "{} and {} met", "aid for {} from {}"]),
)
def test_views_do_not_depend_on_the_name(one: str, other: str, frame: str) -> None:
    """The same words about another actor make the same features: names carry no weight of their own."""
    if one == other:
        return
    mine = stance_views(reading(frame.format(one, other)), one)
    reference = stance_views(reading(frame.format("Russia", "China")), "Russia")
    assert mine == reference


def test_sentiment_sees_no_target() -> None:
    """For the sentence's tone all actors look alike."""
    one, other = reading("Russia backed Ukraine"), reading("China backed Japan")
    assert sentiment_views(one, [stance_views(one, "Russia"), stance_views(one, "Ukraine")]) == sentiment_views(
        other, [stance_views(other, "China"), stance_views(other, "Japan")]
    )


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("The minister denied claims that Russia had murdered them.", "deny agent--"),
        ("There is no evidence, they said, that Russia had murdered them.", "deny agent--"),
        ("The claim that Russia murdered them is a slander.", "deny agent--"),
        ("If Russia murdered them, they would leave.", "if agent--"),
        ("If they left, Russia murdered them.", "agent--"),
        ("They denied it, but Russia murdered them.", "agent--"),
    ],
)
def test_denials_and_mere_cases_are_marked(text: str, marked: str) -> None:
    """What is told only to be denied, or as a mere case, is another matter than what is told as a fact."""
    assert marked in light(text, "Russia")


@given(
    st.lists(st.sampled_from("Russia China , and 's condemned by was aid to didn't don’t İzmir 12 “ attack on".split()))
)
def test_every_term_has_its_tokens(words: list[str]) -> None:
    """The traced views are the views, each term with tokens of the sentence, and each token with its place in the text."""
    text = " ".join(words)
    found = default_actors().find(text)
    sentence = reading(text)
    spans = token_spans(text, 0, len(text), found)
    assert len(spans) == len(sentence.words)
    assert all(
        owner or sentence.words[number] in ("0", "not", text[a:b].lower(), text[a:b])
        for number, ((a, b), owner) in enumerate(zip(spans, sentence.owners, strict=True))
    )
    for actor in {owner for owner in sentence.owners if owner}:
        views, origins = traced_stance_views(sentence, actor)
        assert views == stance_views(sentence, actor)
        for view, terms in views.items():
            assert len(origins[view]) == len(terms)
            assert all(origin and set(origin) <= set(range(len(spans))) for origin in origins[view])


@given(st.lists(st.sampled_from("Russia China , and 's condemned by was aid to not aggression brave murdered".split())))
def test_every_view_is_made_of_any_words(words: list[str]) -> None:
    """Whatever the order of words, every actor named gets every view."""
    text = " ".join(words)
    for actor in {owner for owner in reading(text).owners if owner}:
        assert set(stance_views(reading(text), actor)) == set(STANCE_VIEWS)
    assert set(sentiment_views(reading(text), [])) == set(SENTIMENT_VIEWS)


@given(st.lists(st.text("ab", min_size=1, max_size=2), max_size=8), st.integers(1, 4))
def test_ngrams_are_all_runs(words: list[str], longest: int) -> None:
    """There are as many n-grams of each length as a sequence has runs."""
    grams = ngrams(words, longest)
    assert len(grams) == sum(max(0, len(words) - size + 1) for size in range(1, longest + 1))
