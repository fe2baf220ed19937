"""From a sentence and the actors named in it to the tokens that the models weigh.

The same functions serve training and use, so that the two cannot drift apart. The target's name is replaced by
``TARGET`` and every other actor's by ``ACTOR``: the models see what is said about an actor, never which one it is.

Beside n-grams there are tokens of the connotation lexicon, by where the target stands to an entry: ``agent--`` is "the
target does what throws a clearly bad light on the doer", ``toward+`` "something that throws a good light on whom it is
directed toward is directed toward the target".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from stance.actors import Found
from stance.lexicon import Lexicon, Match
from stance.text import word_spans
from stance.text import words as split_words

TARGET = "TARGET"
ACTOR = "ACTOR"
POSSESSIVE = "'s"

#: Views of a sentence for the stance toward one actor.
STANCE_VIEWS = ("near", "sentence", "pairs", "light", "cue", "tone")
#: Views for the sentiment of a sentence.
SENTIMENT_VIEWS = ("sentence", "pairs", "light", "cue", "tone")

# How many tokens around a target the view "near" holds on either side, and its longest n-gram.
WINDOW = 4
LONGEST_NEAR = 2

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
# By word what it does to a clause: takes a charge back ("denied that"), makes it a mere case, negates, says that it is (not)
# shown, calls it false, ends it.
_SCOPE_WORDS = {
    word: kind
    for kind, words in {
        "denial": "deny denies denied denying denial denials reject rejects rejected rejecting dismiss dismisses dismissed"
        " dismissing refute refutes refuted refuting disprove disproved debunk debunks debunked debunking rebut rebuts"
        " rebutted",
        "case": "if unless whether",
        "no": "no not nothing nowhere never without neither nobody none cannot",
        "shown": "evidence proof prove proven proved show shows showed shown suggest suggests suggested sign signs indication"
        " confirm confirmed confirmation true",
        "false": "false untrue slander slanders fabrication fabrications fabricated myth myths baseless unfounded groundless"
        " invention inventions invented nonsense hoax fake fiction lie lies wrong legend",
        "end": '; . : — “ ” " but although though while whereas however yet',
        "comma": ",",
    }.items()
    for word in words.split()
}
# What is called false, and by which form of "be".
_CLAIMS = frozenset(
    "that claim claims claimed allegation allegations report reports story stories charge charges accusation accusations"
    " rumour rumours rumor rumors suggestion suggestions tale idea talk assertion assertions account".split()
)
_CALLED = frozenset("is are was were as".split())
# How far before an entry a negation, or a form of "be", is looked for; and before "false" a form of "be".
_NEGATION_REACH = 4
_CALLED_REACH = 4
_PASSIVE_REACH = 3
# Sums of tones beyond this are told apart no more.
_STEPS = 5
# So near a noun an actor's name before it is its attribute ("Russian military aggression").
_ATTRIBUTE_REACH = 3

Views = dict[str, list[str]]
#: For each term of each view the places of the tokens that it was made from.
Origins = dict[str, list[Sequence[int]]]
# Terms, each with the number of the match that it is made of, or None for sums over all.
_Terms = list[tuple[str, int | None]]


class Reading(NamedTuple):
    """A sentence as the models see it.

    Attributes
    ----------
    words : list of str
        Lower-cased tokens; a mention is one token, ``ACTOR``, whatever its length, with its article; behind it
        `POSSESSIVE`, if it is one.
    owners : list of (str or None)
        For each token the actor that it names, if it does.
    matches : list of Match
        Entries of the connotation lexicon.
    borders : list of int
        Number of clause borders before each token, and in all.
    pairs : list of str
        What two tokens stand side by side.
    marks : list of str
        For each entry a mark for what is said of it: "not " where it is negated, "deny " where it is told only to be denied or called
        unproven, "if " in a mere case, else nothing.
    """

    words: list[str]
    owners: list[str | None]
    matches: list[Match]
    borders: list[int]
    pairs: list[str]
    marks: list[str]


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
    for name_start, name_end, actor in found:
        a, b = _extent(text, start, name_start, name_end)
        before = split_words(text[start:a])
        words += before
        owners += [None] * len(before)
        words.append(ACTOR)
        owners.append(actor)
        if b > name_end:
            words.append(POSSESSIVE)
            owners.append(None)
        start = b
    rest = split_words(text[start:end])
    words += rest
    owners += [None] * len(rest)
    borders = [0, *accumulate(word in _BORDERS for word in words)]
    matches = lexicon.find(words)
    scopes = _scopes(words)
    marks = [_negated(words, match.start, scopes) for match in matches]
    return Reading(words, owners, matches, borders, list(map(" ".join, pairwise(words))), marks)


def token_spans(text: str, start: int, end: int, found: Sequence[Found]) -> list[tuple[int, int]]:
    """Return where each token of `read` stands in the text; the arguments are the same."""
    spans: list[tuple[int, int]] = []
    for name_start, name_end, _ in found:
        a, b = _extent(text, start, name_start, name_end)
        spans += [(start + first, start + last) for first, last in word_spans(text[start:a])]
        spans.append((a, name_end))
        if b > name_end:
            spans.append((name_end, b))
        start = b
    return spans + [(start + first, start + last) for first, last in word_spans(text[start:end])]


def _extent(text: str, free: int, start: int, end: int) -> tuple[int, int]:
    """What belongs to a name: an article before it (not before `free`), a possessive behind it.

    "the United States'" and "Russia's" are the same to the models: neither article nor ending tells them of whom one speaks.
    """
    article = start - len("the ")
    if article >= free and text[article:start].lower() == "the " and not text[max(0, article - 1) : article].isalnum():
        start = article
    if text[end : end + 1] in ("'", "’"):
        if text[end + 1 : end + 2] in ("s", "S") and not text[end + 2 : end + 3].isalnum():
            end += 2
        elif text[end - 1 : end] in ("s", "S") and text[end + 1 : end + 2] == " ":
            end += 1
    return start, end


def stance_views(reading: Reading, actor: str) -> Views:
    """Return the tokens of each view of a sentence with `actor` as target.

    ``near`` holds n-grams of a window around each mention with the side marked, ``sentence`` all words, ``pairs`` what
    two stand side by side, ``light`` and ``tone`` what the lexicon's entries throw on the target by its place, ``cue``
    which entries they are.
    """
    words, places = targeted(reading, actor)
    return _stance_views(words, places, reading, _connotations(words, places, reading))


def traced_stance_views(reading: Reading, actor: str) -> tuple[Views, Origins]:
    """Return `stance_views`, and for each of their terms the tokens from which it was made.

    A sum over the lexicon's entries is made from all of them, or from the target where there is none.
    """
    words, places = targeted(reading, actor)
    connotations = _connotations(words, places, reading)
    numbers = range(len(words))
    near: list[Sequence[int]] = []
    for place in places:
        for side in (numbers[max(0, place - WINDOW) : place], numbers[place + 1 : place + 1 + WINDOW]):
            near += [side[i : i + size] for size in range(1, LONGEST_NEAR + 1) for i in range(len(side) - size + 1)]
    spans = [numbers[match.start : match.end] for match in reading.matches]
    everything: Sequence[int] = [place for span in spans for place in span] or places
    light, cue, tone = ([everything if match is None else spans[match] for _, match in terms] for terms in connotations)
    single: list[Sequence[int]] = [(place,) for place in numbers]
    origins: Origins = {
        "near": near,
        "sentence": single,
        "pairs": list(pairwise(numbers)),
        "light": light,
        "cue": cue,
        "tone": tone,
    }
    return _stance_views(words, places, reading, connotations), origins


def _stance_views(
    words: list[str], places: Sequence[int], reading: Reading, connotations: tuple[_Terms, _Terms, _Terms]
) -> Views:
    near: list[str] = []
    for place in places:
        before = words[max(0, place - WINDOW) : place]
        after = words[place + 1 : place + 1 + WINDOW]
        near += ["<" + gram for gram in ngrams(before, LONGEST_NEAR)]
        near += [">" + gram for gram in ngrams(after, LONGEST_NEAR)]
    # Most pairs are the same for every target, and need not be put together, and hashed, again.
    pairs = reading.pairs.copy()
    for at in {at for place in places for at in (place - 1, place) if 0 <= at < len(pairs)}:
        pairs[at] = f"{words[at]} {words[at + 1]}"
    light, cue, tone = ([term for term, _ in terms] for terms in connotations)
    return {"near": near, "sentence": words, "pairs": pairs, "light": light, "cue": cue, "tone": tone}


def targeted(reading: Reading, actor: str) -> tuple[list[str], list[int]]:
    """Return the tokens with the target masked as such, and where it stands."""
    owners = reading.owners
    words = [TARGET if owner == actor else word for word, owner in zip(reading.words, owners, strict=True)]
    return words, [place for place, owner in enumerate(owners) if owner == actor]


def sentiment_views(reading: Reading, stances: Iterable[Views]) -> Views:
    """Return the tokens of each view of a sentence as a whole, all actors masked alike.

    Parameters
    ----------
    reading : Reading
    stances : iterable of Views
        What `stance_views` made of the sentence for each actor in it: ``light`` holds what falls on any of them.
    """
    words = reading.words
    cue = []
    tone = []
    total = 0
    for (_, _, entry, _), mark in zip(reading.matches, reading.marks, strict=True):
        total += -entry.tone if mark == "not " else entry.tone
        cue.append(f"{mark}{entry.phrase}")
        tone.append(f"{mark}{_LIGHT[entry.tone]}")
        tone.append(f"{mark}{_LIGHT[entry.first]}{_LIGHT[entry.second]}{_LIGHT[entry.tone]}")
    tone += [f"sum>{step}" for step in range(-_STEPS, _STEPS + 1) if total > step]
    for value, count in Counter(match.entry.tone for match in reading.matches).items():
        tone.append(f"count{_LIGHT[value]} {min(3, count)}")
    light = [token for views in stances for token in views["light"]]
    return {"sentence": words, "pairs": reading.pairs, "light": light, "cue": cue, "tone": tone}


def ngrams(words: Sequence[str], longest: int) -> list[str]:
    """Return all runs of 1 to `longest` words, each joined by spaces."""
    grams = list(words)
    for size in range(2, longest + 1):
        grams += map(" ".join, zip(*(words[shift:] for shift in range(size)), strict=False))
    return grams


def _scopes(words: Sequence[str]) -> list[str]:
    """For each token a mark for what stands over it: "deny ", "if ", or nothing."""
    scopes = [""] * len(words)
    denied = supposed = negated = False
    last = -1
    for place, word in enumerate(words):
        kind = _SCOPE_WORDS.get(word)
        if kind is None:
            continue
        # Nothing changes between two such words.
        if denied or supposed:
            scopes[last + 1 : place] = ["deny " if denied else "if "] * (place - last - 1)
        if kind == "end":
            denied = supposed = False
            negated = negated and word in '“”"'
        elif kind == "comma":
            supposed = False
        scopes[place] = "deny " if denied else "if " if supposed else ""
        last = place
        if kind == "denial" or (negated and kind == "shown"):
            denied = True
        elif kind == "no":
            negated = True
        elif kind == "case":
            supposed = True
        elif kind == "false" and not _CALLED.isdisjoint(words[max(0, place - _CALLED_REACH) : place]):
            # "The claim that … is false": all from the claim on.
            claim = next((back for back in range(place - 1, -1, -1) if words[back] in _CLAIMS), place)
            scopes[claim:place] = ["deny "] * (place - claim)
    if denied or supposed:
        scopes[last + 1 :] = ["deny " if denied else "if "] * (len(words) - last - 1)
    return scopes


def _negated(words: Sequence[str], start: int, scopes: Sequence[str]) -> str:
    """A mark for what is negated shortly before `start`, or stands under a denial or in a mere case."""
    return scopes[start] if _NOT.isdisjoint(words[max(0, start - _NEGATION_REACH) : start]) else "not "


def _connotations(words: Sequence[str], places: Sequence[int], reading: Reading) -> tuple[_Terms, _Terms, _Terms]:
    """Terms of the views ``light``, ``cue`` and ``tone``."""
    spans = [_coordinated(words, reading.owners, place) for place in places]
    # Numbers of other actors and of clause borders before each token: a difference counts those in between.
    actors = [0, *accumulate(word == ACTOR for word in words)]
    borders = reading.borders
    matches = reading.matches
    light: _Terms = []
    cue: _Terms = []
    tone: _Terms = []
    sums: dict[str, float] = {}
    for number, (match, negated) in enumerate(zip(matches, reading.marks, strict=True)):
        start, end, entry, _ = match
        between, others, bounds = _nearest(spans, start, end, actors, borders)
        target_first = between[1] == start
        scope = ("a" if others else "") + ("b" if bounds else "")
        role, thrown = _role(words, match, between, target_first)
        light.append((f"{negated}{role}{scope}{_LIGHT[thrown]}", number))
        if not scope:
            close = "near" if between[1] - between[0] < WINDOW else "far"
            light.append((f"{negated}{role} {close}{_LIGHT[thrown]}", number))
            cue.append((f"{negated}{role} {entry.phrase}", number))
        tone.append((f"{'<' if target_first else '>'}{negated}{_LIGHT[entry.tone]}", number))
        if not others:
            group = role if entry.verb else "word"
            signed = -thrown if negated == "not " else 0 if negated else thrown
            sums[group] = sums.get(group, 0.0) + (signed / 2 if bounds else signed)
    for group, total in sums.items():
        light.append((f"sum {group} {max(-3, min(3, round(total)))}", None))
    light.append((f"sum {max(-4, min(4, round(sum(sums.values()))))}", None))
    tone.append((f"sum {max(-4, min(4, sum(match.entry.tone for match in matches)))}", None))
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
        if gap[0] == POSSESSIVE:
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
