"""From a sentence and the actors named in it to the tokens that the models weigh.

The same functions serve training and use, so that the two cannot drift apart. The target's name is replaced by
``TARGET`` and every other actor's by ``ACTOR``: the models see what is said about an actor, never which one it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from stance.actors import Found

TARGET = "TARGET"
ACTOR = "ACTOR"

#: Views of a sentence for the stance toward one actor, and their longest n-grams.
STANCE_VIEWS: dict[str, int] = {"left": 3, "right": 3, "near": 2, "sentence": 1}
#: Views for the sentiment of a sentence.
SENTIMENT_VIEWS: dict[str, int] = {"sentence": 2}

# How many tokens around a target the view "near" holds on either side.
WINDOW = 4

_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
# n't carries the negation and must not fall apart into "n" and "t".
_NEGATION = re.compile(r"n['’]t\b")

Token = tuple[str, str | None]
Views = dict[str, list[str]]


def tokenize(text: str, start: int, end: int, found: Sequence[Found]) -> list[Token]:
    """Split a sentence into lower-cased tokens.

    Parameters
    ----------
    text : str
        The whole text.
    start, end : int
        The sentence's span in it.
    found : sequence of Found
        The actors named in the sentence, in order, offsets in `text`.

    Returns
    -------
    list of (str, str or None)
        The token, and the actor if it names one: a mention is one token, whatever its length. All numbers are "0".
    """
    tokens: list[Token] = []
    for a, b, actor in found:
        tokens += _words(text[start:a])
        tokens.append((ACTOR, actor))
        start = b
    tokens += _words(text[start:end])
    return tokens


def _words(text: str) -> list[Token]:
    plain = _NEGATION.sub(" not", text.lower())
    return [("0" if token.isdigit() else token, None) for token in _TOKEN.findall(plain)]


def stance_views(tokens: Sequence[Token], actor: str) -> Views:
    """Return the n-grams of each view of a sentence with `actor` as target.

    ``left`` is what stands before the last mention of the target, ``right`` what stands after the first, ``near`` a
    window around each with the side marked, ``sentence`` everything.
    """
    words = [TARGET if owner == actor else word for word, owner in tokens]
    places = [place for place, (_, owner) in enumerate(tokens) if owner == actor]
    near: list[str] = []
    for place in places:
        before = words[max(0, place - WINDOW) : place]
        after = words[place + 1 : place + 1 + WINDOW]
        near += ["<" + gram for gram in ngrams(before, STANCE_VIEWS["near"])]
        near += [">" + gram for gram in ngrams(after, STANCE_VIEWS["near"])]
    return {
        "left": ngrams(words[: places[-1] + 1], STANCE_VIEWS["left"]),
        "right": ngrams(words[places[0] :], STANCE_VIEWS["right"]),
        "near": near,
        "sentence": ngrams(words, STANCE_VIEWS["sentence"]),
    }


def sentiment_views(tokens: Sequence[Token]) -> Views:
    """Return the n-grams of each view of a sentence as a whole, all actors masked alike."""
    return {"sentence": ngrams([word for word, _ in tokens], SENTIMENT_VIEWS["sentence"])}


def ngrams(words: Sequence[str], longest: int) -> list[str]:
    """Return all runs of 1 to `longest` words, each joined by spaces."""
    grams = list(words)
    for size in range(2, longest + 1):
        grams += map(" ".join, zip(*(words[shift:] for shift in range(size)), strict=False))
    return grams
