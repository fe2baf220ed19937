"""From a sentence and the actors named in it to the tokens that the models weigh.

The same functions serve training and use, so that the two cannot drift apart. The target's name is replaced by
``TARGET`` and every other actor's by ``ACTOR``: the models see what is said about an actor, never which one it is.

Beside n-grams there are tokens of the connotation lexicon, by where the target stands to an entry: ``agent--`` is "the
target does what throws a clearly bad light on the doer", ``toward+`` "something that throws a good light on whom it is
directed toward is directed toward the target".
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from stance.actors import Found
from stance.lexicon import Lexicon, Match
from stance.text import words as split_words

TARGET = "TARGET"
ACTOR = "ACTOR"

#: Views of a sentence for the stance toward one actor.
STANCE_VIEWS = ("near", "sentence", "light", "cue", "tone")
#: Views for the sentiment of a sentence.
SENTIMENT_VIEWS = ("sentence", "tone")

# How many tokens around a target the view "near" holds on either side, and its longest n-gram.
WINDOW = 4
LONGEST_NEAR = 2
LONGEST_SENTIMENT = 2

# How a light or tone from -2 to 2 is written in a token; -2 and -1 are reached from the end.
_LIGHT = ("0", "+", "++", "--", "-")
_BE = frozenset("is are was were be been being am get gets got getting".split())
_NOT = frozenset(
    "not no never without neither nor hardly deny denies denied denying refuse refuses refused refusing fail fails"
    " failed failing cannot nobody nothing".split()
)
_BORDERS = frozenset(
    ', ; : — – - ( ) “ ” " but while that which who whom because after before when where if although though and as'
    " since until amid despite".split()
)
_LINKS = frozenset("and or , & with".split())
_COPULAS = frozenset("is are was were has had have remains remain remained became becomes become".split())
_DIRECTED = frozenset("against on to toward towards for with at over onto upon in".split())
_PREPOSITIONS = _DIRECTED | {"of", "by", "from"}
# How far before an entry a negation, or a form of "be", is looked for.
_NEGATION_REACH = 4
_PASSIVE_REACH = 3
# So near a noun an actor's name before it is its attribute ("Russian military aggression").
_ATTRIBUTE_REACH = 3

Views = dict[str, list[str]]


class Reading(NamedTuple):
    """A sentence as the models see it.

    Attributes
    ----------
    words : list of str
        Lower-cased tokens; a mention is one token, ``ACTOR``, whatever its length.
    owners : list of (str or None)
        For each token the actor that it names, if it does.
    matches : list of Match
        Entries of the connotation lexicon.
    """

    words: list[str]
    owners: list[str | None]
    matches: list[Match]


def read(text: str, start: int, end: int, found: Sequence[Found], lexicon: Lexicon) -> Reading:
    """Split a sentence into tokens, and find the lexicon's entries in it.

    Parameters
    ----------
    text : str
        The whole text.
    start, end : int
        The sentence's span in it.
    found : sequence of Found
        The actors named in the sentence, in order, offsets in `text`.
    lexicon : Lexicon
    """
    words: list[str] = []
    owners: list[str | None] = []
    for a, b, actor in found:
        before = split_words(text[start:a])
        words += before
        owners += [None] * len(before)
        words.append(ACTOR)
        owners.append(actor)
        start = b
    rest = split_words(text[start:end])
    words += rest
    owners += [None] * len(rest)
    return Reading(words, owners, lexicon.find(words))


def stance_views(reading: Reading, actor: str) -> Views:
    """Return the tokens of each view of a sentence with `actor` as target.

    ``near`` holds n-grams of a window around each mention with the side marked, ``sentence`` all words, ``light``
    and ``tone`` what the lexicon's entries throw on the target by its place, ``cue`` which entries they are.
    """
    owners = reading.owners
    words = [TARGET if owner == actor else word for word, owner in zip(reading.words, owners, strict=True)]
    places = [place for place, owner in enumerate(owners) if owner == actor]
    near: list[str] = []
    for place in places:
        before = words[max(0, place - WINDOW) : place]
        after = words[place + 1 : place + 1 + WINDOW]
        near += ["<" + gram for gram in ngrams(before, LONGEST_NEAR)]
        near += [">" + gram for gram in ngrams(after, LONGEST_NEAR)]
    light, cue, tone = _connotations(words, owners, places, reading.matches)
    return {"near": near, "sentence": words, "light": light, "cue": cue, "tone": tone}


def sentiment_views(reading: Reading) -> Views:
    """Return the tokens of each view of a sentence as a whole, all actors masked alike."""
    total = 0
    tones = []
    for start, _, entry, _ in reading.matches:
        negated = _negated(reading.words, start)
        total += -entry.tone if negated else entry.tone
        tones.append(f"{negated}{_LIGHT[entry.tone]}")
    tones.append(f"sum{max(-5, min(5, total))}")
    return {"sentence": ngrams(reading.words, LONGEST_SENTIMENT), "tone": tones}


def ngrams(words: Sequence[str], longest: int) -> list[str]:
    """Return all runs of 1 to `longest` words, each joined by spaces."""
    grams = list(words)
    for size in range(2, longest + 1):
        grams += map(" ".join, zip(*(words[shift:] for shift in range(size)), strict=False))
    return grams


def _negated(words: Sequence[str], start: int) -> str:
    """A mark for what is negated shortly before `start`."""
    return "" if _NOT.isdisjoint(words[max(0, start - _NEGATION_REACH) : start]) else "not "


def _connotations(
    words: Sequence[str], owners: Sequence[str | None], places: Sequence[int], matches: Sequence[Match]
) -> tuple[list[str], list[str], list[str]]:
    """Tokens of the views ``light``, ``cue`` and ``tone``."""
    spans = [_coordinated(words, owners, place) for place in places]
    # Numbers of other actors and of clause borders before each token: a difference counts those in between.
    actors = [0, *accumulate(word == ACTOR for word in words)]
    borders = [0, *accumulate(word in _BORDERS for word in words)]
    light: list[str] = []
    cue: list[str] = []
    tone: list[str] = []
    sums: dict[str, float] = {}
    for match in matches:
        start, end, entry, _ = match
        negated = _negated(words, start)
        between, others, bounds = _nearest(spans, start, end, actors, borders)
        target_first = between[1] == start
        scope = ("a" if others else "") + ("b" if bounds else "")
        role, thrown = _role(words, match, between, target_first)
        light.append(f"{negated}{role}{scope}{_LIGHT[thrown]}")
        if not scope:
            close = "near" if between[1] - between[0] < WINDOW else "far"
            light.append(f"{negated}{role} {close}{_LIGHT[thrown]}")
            cue.append(f"{negated}{role} {entry.phrase}")
        tone.append(f"{'<' if target_first else '>'}{negated}{_LIGHT[entry.tone]}")
        if not others:
            group = role if entry.verb else "word"
            signed = -thrown if negated else thrown
            sums[group] = sums.get(group, 0.0) + (signed / 2 if bounds else signed)
    for group, total in sums.items():
        light.append(f"sum {group} {max(-3, min(3, round(total)))}")
    light.append(f"sum {max(-4, min(4, round(sum(sums.values()))))}")
    tone.append(f"sum {max(-4, min(4, sum(match.entry.tone for match in matches)))}")
    return light, cue, tone


def _coordinated(words: Sequence[str], owners: Sequence[str | None], place: int) -> tuple[int, int]:
    """The span of the list in which a mention stands ("Russia, China and Iran"): what is said of one is said of each."""
    start, end = place, place + 1
    while start >= 2 and words[start - 1] in _LINKS and owners[start - 2] is not None:
        start -= 2
    while end + 1 < len(words) and words[end] in _LINKS and owners[end + 1] is not None:
        end += 2
    return start, end


def _nearest(
    spans: Sequence[tuple[int, int]], start: int, end: int, actors: Sequence[int], borders: Sequence[int]
) -> tuple[tuple[int, int], int, int]:
    """The gap between a match and the mention that has least in between; other actors and clause borders in it."""
    best: tuple[int, int, int, int, int] | None = None
    for first, last in spans:
        low, high = (last, start) if last <= start else (end, first)
        if low > high:
            # The match lies within a list of actors.
            low = high = start
        key = (actors[high] - actors[low], borders[high] - borders[low], high - low, low, high)
        if best is None or key < best:
            best = key
    assert best is not None
    return (best[3], best[4]), best[0], best[1]


def _role(words: Sequence[str], match: Match, between: tuple[int, int], target_first: bool) -> tuple[str, int]:
    """What the target is to an entry by its place, and the light that falls on it there."""
    start, end, entry, form = match
    low, high = between
    if entry.verb:
        by = end < len(words) and words[end] == "by"
        passive = form == "past" and (by or not _BE.isdisjoint(words[max(0, start - _PASSIVE_REACH) : start]))
        if target_first:
            return ("patient", entry.second) if passive else ("agent", entry.first)
        if not passive:
            return "patient", entry.second
        return ("agent", entry.first) if "by" in words[low:high] else ("beside", entry.first)
    if target_first:
        gap = words[low:high]
        if not gap:
            return "attribute", entry.first
        if gap[0] in "'’" and "s" in gap[:2]:
            return "possessor", entry.first
        if gap[0] in _COPULAS:
            return "subject", entry.first
        if len(gap) < _ATTRIBUTE_REACH and _BORDERS.isdisjoint(gap) and _DIRECTED.isdisjoint(gap):
            return "compound", entry.first
        return "before", entry.first
    if low == high:
        # "attack on TARGET" as an entry of its own knows what its preposition does; an adjective has none.
        if end - start > 1 and words[end - 1] in _PREPOSITIONS:
            return "toward", entry.second
        return "modified", entry.first
    preposition = words[end]
    if preposition in _DIRECTED:
        return f"toward {preposition}", entry.second
    if preposition in _PREPOSITIONS:
        return preposition, entry.first
    return "after", entry.first
