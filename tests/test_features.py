"""From sentence and target to n-grams."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stance.actors import default_actors
from stance.features import STANCE_VIEWS, ngrams, sentiment_views, stance_views, tokenize


def tokens(text: str) -> list[tuple[str, str | None]]:
    return tokenize(text, 0, len(text), default_actors().find(text))


def test_names_are_masked() -> None:
    """The target and the other actors lose their names, numbers their values, negations keep their own token."""
    views = stance_views(tokens("The European Union didn't back Russia in 2022."), "Russia")
    assert views["sentence"] == ["the", "ACTOR", "did", "not", "back", "TARGET", "in", "0", "."]


def test_views_are_what_stands_around_the_target() -> None:
    """Left ends with the target, right begins with it, near marks the side."""
    views = stance_views(tokens("He praised NATO troops"), "NATO")
    assert views["left"] == ["he", "praised", "TARGET", "he praised", "praised TARGET", "he praised TARGET"]
    assert views["right"] == ["TARGET", "troops", "TARGET troops"]
    assert views["near"] == ["<he", "<praised", "<he praised", ">troops"]


@given(
    st.sampled_from(default_actors().actors),
    st.sampled_from(default_actors().actors),
    st.sampled_from(["{} attacked {} again", "{}'s envoy thanked {}, twice", "{} and {} met"]),
)
def test_views_do_not_depend_on_the_name(one: str, other: str, frame: str) -> None:
    """The same words about another actor make the same features: names carry no weight of their own."""
    if one == other:
        return
    mine = stance_views(tokens(frame.format(one, other)), one)
    reference = stance_views(tokens(frame.format("Russia", "China")), "Russia")
    assert mine == reference


def test_sentiment_sees_no_target() -> None:
    """For the sentence's tone all actors look alike."""
    assert sentiment_views(tokens("Russia hit Ukraine")) == sentiment_views(tokens("China hit Japan"))


@given(st.lists(st.text("ab", min_size=1, max_size=2), max_size=8), st.integers(1, 4))
def test_ngrams_are_all_runs(words: list[str], longest: int) -> None:
    """There are as many n-grams of each length as a sequence has runs."""
    grams = ngrams(words, longest)
    assert len(grams) == sum(max(0, len(words) - size + 1) for size in range(1, longest + 1))
    assert set(STANCE_VIEWS) == set(stance_views([("TARGET", "Russia")], "Russia"))
