"""From raw text to sentences, by spans: offsets always refer to the text that was handed in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from operator import itemgetter

from stance.errors import InputError

# Control and format characters and odd spaces become spaces one for one, so that no offset moves. Joiners and marks of
# writing direction (U+200C to U+200F) belong to their scripts and stay.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\xa0\u2000-\u200b\u202f\u2028-\u202e\u2060-\u2064\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")

# Where a sentence can end: terminal punctuation with closing quotes or brackets behind it and white space after, or
# the end of a line.
_CANDIDATE = re.compile(r"""(?P<mark>[.!?…]+)(?P<close>["'”’»)\]]*)[ \t]+(?=\S)|(?P<line>\s*\n\s*)""")
# With the full-width marks that translation leaves, which need no space behind them.
_WIDE = re.compile(_CANDIDATE.pattern + r"""|(?P<wide>[。！？]["'”’»)\]]*[ \t]*)(?=[^\s。！？])""")
_LAST_WORD = re.compile(r"[^\s(\[“\"'‘«]+$")
_WIDE_MARK = re.compile("[。！？]")
# Before these dots stand for what was left out.
_OPENING = frozenset(' .[(“‘«"')
_SPACED_DOTS = re.compile(r".?\w(?:\.(?: \.){2}|(?: \.){3}) \Z")
# A line that is a list in itself begins with the number or letter of its first item: "1) …", "• 9. …", "a. …".
_LIST = re.compile(r"^[ \t]*(?P<bullet>[•⁃][ \t]*)?(?P<item>\d{1,2}|a)(?P<sign>\.\)|\)|\.)[ \t]", re.MULTILINE)
_ITEM = re.compile(r"[•⁃]?\s*(?:\d{1,2}|[a-z])(?:\.\)|\.)\Z")
_INITIALS = re.compile(r"(?:\w\.)*\w\Z")
_WORD = re.compile(r"[^\W\d_]+")
_PLAIN = re.compile(r"\w+")
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
# n't carries the negation and must not fall apart into "n" and "t".
_NEGATION = re.compile(r"n['’]t\b")
_TOKEN_IN_PLACE = re.compile(r"[^\W\d_]+?(?=n['’]t\b)|n['’]t\b|[^\W\d_]+|\d+|[^\w\s]")

# Before these a dot is never the end.
_TITLES = frozenset(
    "mr mrs ms dr prof gen maj col lt sgt capt cmdr adm brig rep sen gov rev hon fr st mt messrs vs etc e.g i.e cf approx"
    " no nos fig figs art sec vol pp ft amb supt insp pres gens sens reps govs n°".split()
)
# Before these it is the end only where a word follows that begins sentences.
_MAYBE = frozenset(
    "jan feb mar apr jun jul aug sep sept oct nov dec inc corp co ltd llc plc bros dept univ assn ave blvd rd jr sr"
    " a.m p.m u.s u.k u.n e.u u.s.a d.c ph.d ariz calif conn del fla ga ill ind kan ky la mass md mich minn miss mo mont"
    " neb nev okla ore pa tenn tex va vt wash wis wyo n.y n.j n.c s.c n.h n.m n.d s.d w.va r.i".split()
)
_STARTERS = frozenset(
    "the a an this that these those he she it they we i you his her its their our there here in on at as after before"
    " but and so yet however meanwhile if when while since although though for from with by last earlier then now what"
    " who why how where some many most no not both all".split()
)


# What is longer than this without a letter is left a sentence of its own.
_LONGEST_REST = 4
# A text without any sentence end must not make one sentence of a million characters.
LONGEST = 2000

# A sentence repeats an earlier one if it has so many runs of three words from it, by its own words: 18 of 30 words, but all four runs
# of six words, where another word makes another sentence.
_RETOLD = 0.6
# Shorter sentences repeat only equal ones.
_RETOLD_WORDS = 6
# Told in other words: it has so many of its content words, of at least so many, from two adjacent sentences. In 500 articles on foreign
# affairs one sentence in 900 is told again so.
_RETOLD_CONTENT = 0.65
_FEWEST_CONTENT = 12
_FUNCTION_WORDS = _STARTERS | frozenset(
    "or of to is are was were be been being him them which whose nor than then have had has do does did will would can could may might must"
    " should also said says say told s t into over up out me my us us because until during between against under through very just only other any"
    " each such own same one two new more mr mrs ms about".split()
)


def check(text: object) -> str:
    """Return `text` with control characters and odd spaces made spaces, at the same length.

    Raises
    ------
    InputError
        If it is not a string, or holds half characters (lone surrogates) that no encoding can write.
    """
    if not isinstance(text, str):
        hint = "; decode it first, for example text.decode('utf-8')" if isinstance(text, bytes | bytearray) else ""
        raise InputError(f"text must be a string, not {type(text).__name__}{hint}")
    broken = None if text.isascii() else _SURROGATE.search(text)
    if broken:
        raise InputError(
            f"text holds a lone surrogate at character {broken.start()}: it was not decoded as what it is; "
            "read it as UTF-8, with errors='replace' if it must be"
        )
    return _CONTROL.sub(" ", text)


def split(text: str) -> list[tuple[int, int]]:
    """Split a text into sentences.

    Returns
    -------
    list of (int, int)
        Start and end of each sentence, without the white space around it. A line break ends a sentence unless the
        text goes on in lower case, as in hard-wrapped text. What runs on for more than `LONGEST` characters is cut at a
        space.
    """
    spans: list[tuple[int, int]] = []
    pattern = _CANDIDATE if text.isascii() or not _WIDE_MARK.search(text) else _WIDE
    for begin, end in pairwise([0, *_items(text), len(text)]):
        start = begin
        for candidate in pattern.finditer(text, begin, end):
            if candidate["line"] is not None:
                cut = candidate.start()
                following = text[candidate.end() : candidate.end() + 1]
                if candidate["line"].count("\n") == 1 and following.islower() and text[cut - 1 : cut] not in ".!?":
                    continue
            elif candidate["mark"] is not None:
                cut = candidate.end("close")
                if not _ends(text, start, candidate):
                    continue
            else:
                cut = candidate.end()
            _append(spans, text, start, cut)
            start = candidate.end()
        _append(spans, text, start, end)
    return spans


def _items(text: str) -> list[int]:
    """Where the second and further items of lists begin whose items stand in one line."""
    begins = []
    for first in _LIST.finditer(text):
        place = first.end()
        end = text.find("\n", place)
        end = len(text) if end < 0 else end
        item = first["item"]
        while True:
            item = str(int(item) + 1) if item.isdigit() else chr(ord(item) + 1)
            bullet = r"[•⁃][ \t]*" if first["bullet"] else ""
            following = re.compile(rf"(?<=\s){bullet}{item}{re.escape(first['sign'])}[ \t]").search(text, place, end)
            if not following:
                break
            begins.append(following.start())
            place = following.end()
    return begins


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    # A quotation mark left behind a sentence is no sentence.
    short = start < end <= start + _LONGEST_REST and not any(map(str.isalnum, text[start:end]))
    if short and spans and "\n" not in text[spans[-1][1] : start]:
        spans[-1] = (spans[-1][0], end)
        return
    while end - start > LONGEST:
        cut = text.rfind(" ", start + 1, start + LONGEST)
        cut = start + LONGEST if cut < 0 else cut
        spans.append((start, cut))
        start = cut + (text[cut] == " ")
    if start < end:
        spans.append((start, end))


def _ends(text: str, start: int, candidate: re.Match[str]) -> bool:
    """Whether punctuation followed by white space ends the sentence that began at `start`."""
    after = candidate.end()
    following = text[after]
    before = text[candidate.start() - 1] if candidate.start() else " "
    if following.islower() or following == ".":
        return False
    if before in _OPENING:
        # What was left out, "[...] It", "“… It", and the dots of ". . ." end nothing, but a stop behind such dots does.
        earlier = text[max(0, candidate.start() - 8) : candidate.start()]
        left_out = before not in ' "' or not earlier[:-1] or earlier[-2] in (".!?" if before == " " else " ")
        if left_out and not (candidate["mark"] == "." and _SPACED_DOTS.match(earlier)):
            return False
    if _ITEM.match(text, start, candidate.end("close")):
        return False
    if candidate["mark"] != "." or candidate["close"]:
        return True
    # 80 characters hold any abbreviation, and keep the search off the whole of a text without white space.
    last = _LAST_WORD.search(text, max(start, candidate.start() - 80), candidate.start())
    if last is None:
        return True
    word = last[0]
    lowered = word.lower()
    if lowered in _TITLES:
        # "No. 10" but "He said no."
        return lowered in ("no", "nos", "art", "sec", "fig") and not following.isdigit()
    if word == "I":
        # "you and I." but "Albert I. Jones"
        return not text[start : candidate.start() - 1].rstrip().rpartition(" ")[2][:1].isupper()
    if lowered in _MAYBE or _INITIALS.match(word):
        next_word = _WORD.match(text, after)
        # Behind a single letter goes a name, behind a number anything.
        free = len(word) > 1 or word.isdigit()
        return next_word is not None and free and next_word[0].lower() in _STARTERS
    return True


def words(text: str) -> list[str]:
    """Split a text into lower-cased words and single marks; all numbers are "0", and "n't" is "not"."""
    plain = _NEGATION.sub(" not", _lower(text))
    return ["0" if token.isdigit() else token for token in _TOKEN.findall(plain)]


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return where each of `words` stands in the text."""
    return [match.span() for match in _TOKEN_IN_PLACE.finditer(_lower(text))]


def _lower(text: str) -> str:
    """In lower case with every character in its place: a few, such as "İ", have a longer lower case and stay."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)


def repeated(texts: Sequence[str]) -> list[range | None]:
    """Find the sentences that say once more what earlier ones of the same text say: a summary's, a caption's, a line told twice.

    Parameters
    ----------
    texts : sequence of str
        The sentences, in order.

    Returns
    -------
    list of range or None
        For each sentence the places of the earlier one that it repeats, or of two adjacent ones that it puts together; else None. It is
        equal to one but for case and punctuation, has most of its runs of words from there, or most of its content words, and no figure
        of its own.
    """
    places: dict[tuple[str, ...], int] = {}
    # By hash, each run of words belongs to the first sentence that has it, so that a sentence costs one look-up a word.
    owners: dict[int, int] = {}
    said: list[set[str]] = []
    result: list[range | None] = []
    for place, text in enumerate(texts):
        words = _PLAIN.findall(text.casefold())
        said.append(set(words))
        earlier = places.setdefault(tuple(words), place) if words else place
        where = range(earlier, earlier + 1)
        if earlier == place and len(words) >= _RETOLD_WORDS:
            runs = map(hash, zip(words, words[1:], words[2:], strict=False))
            found = Counter(owners.setdefault(run, place) for run in runs)
            del found[place]
            where = _most(found, _RETOLD * len(words), 1) or where
            content = said[-1] - _FUNCTION_WORDS
            if where.start == place and len(content) >= _FEWEST_CONTENT:
                # Retold in other words it still has a run or two from where it comes.
                starts = {start for at in found for start in (at - 1, at) if 0 <= start < place - 1}
                shared = Counter({start: len(content & (said[start] | said[start + 1])) for start in sorted(starts)})
                where = _most(shared, _RETOLD_CONTENT * len(content), 2) or where
            if any(word.isdigit() and all(word not in said[at] for at in where) for word in words):
                where = range(place, place + 1)
        result.append(None if where.start == place else where)
    return result


def _most(counts: Counter[int], least: float, size: int) -> range | None:
    """The `size` places from the one on that was counted most often, if that is often enough."""
    place, count = max(counts.items(), key=itemgetter(1), default=(0, -1))
    return range(place, place + size) if count >= least else None
