"""The connotation lexicon: what light a word throws on whom, and where its entries stand in a sentence.

Two tables of tab-separated values, with light and tone from -2 (bad) over 0 (none) to 2 (good):

- ``verbs.tsv``: ``phrase, agent, patient, tone, forms``. In "A condemned B", A is the agent, B the patient. ``forms`` are
  inflected forms that no rule makes, separated by commas.
- ``words.tsv``: ``phrase, of, toward, tone``. Nouns, adjectives, adverbs and phrases: light on the actor they are said of
  ("A's aggression", "aggressive A") and on the one they are directed toward ("aggression toward B").
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from stance.errors import DataError, Fault
from stance.files import packaged
from stance.text import words

VERBS_FILE = "verbs.tsv"
WORDS_FILE = "words.tsv"
VERB_COLUMNS = ("phrase", "agent", "patient", "tone", "forms")
WORD_COLUMNS = ("phrase", "of", "toward", "tone")
LIGHTS = ("-2", "-1", "0", "1", "2")

Form = Literal["base", "third", "past", "participle", ""]

# What British and American spelling write differently, and how the other one has it.
_OUR = (
    "ard arm behavi cand clam col demean endeav fav ferv harb hon hum lab neighb ranc rig rum savi splend tum val vap vig"
).split()
_TWINS = [
    (re.compile(r"(?<=[a-z]{3})is(?=(?:e|es|ed|ing|ations?|ers?)\Z)"), "iz"),
    (re.compile(r"(?<=[a-z]{3})iz(?=(?:e|es|ed|ing|ations?|ers?)\Z)"), "is"),
    (re.compile(r"(?<=[a-z]{3})ys(?=(?:e|es|ed|ing)\Z)"), "yz"),
    (re.compile(rf"\A((?:dis)?(?:{'|'.join(_OUR)}))our"), r"\1or"),
    (re.compile(rf"\A((?:dis)?(?:{'|'.join(_OUR)}))or"), r"\1our"),
    (re.compile(r"\A(defen|offen|preten|licen)c(?=e)"), r"\1s"),
    (re.compile(r"\A(defen|offen|preten|licen)s(?=e)"), r"\1c"),
    (re.compile(r"\Asceptic"), "skeptic"),
    (re.compile(r"\Askeptic"), "sceptic"),
    (re.compile(r"\Aprogramme"), "program"),
    (re.compile(r"\Amanoeuv(?:re|er)"), "maneuver"),
    (re.compile(r"\Amaneuver"), "manoeuvre"),
    (re.compile(r"(?<=[a-z]{2}[aeiou])ll(?=(?:ed|ing)\Z)"), "l"),
]
# Most words have none of these, and are let by at once.
_MAY_HAVE_TWIN = re.compile("is[aei]|iz[aei]|ys[ei]|our|or|ence|ense|cept|kept|gramme|eu|ll[ei]")
_VOWELS = "aeiou"
_SYLLABLES = re.compile("[aeiouy]+")


class Entry(NamedTuple):
    """A word or phrase with its connotations.

    Attributes
    ----------
    phrase : str
        As listed; verbs in the base form.
    verb : bool
        Whether `first` and `second` are the light on agent and patient, or that on the actor the word is said of and on
        the one it is directed toward.
    first, second : int
        Light, from -2 to 2.
    tone : int
        How pleasant what it tells is as news, from -2 to 2.
    """

    phrase: str
    verb: bool
    first: int
    second: int
    tone: int


class Match(NamedTuple):
    """An entry in a sentence: from which word to which (end exclusive), and in what form a verb stands there.

    ``form`` is "past" for past tense and past participle alike, "participle" for the one in -ing, and "" for words that
    are no verbs.
    """

    start: int
    end: int
    entry: Entry
    form: Form


_Candidates = list[tuple[list[str], Entry, Form]]


class Lexicon:
    """Finds entries in sentences, the longest first.

    Parameters
    ----------
    entries : iterable of (Entry, iterable of str)
        Each with the inflected forms that no rule makes.

    Notes
    -----
    Entries are looked up word by word in a sentence that is split already, since all that is asked of a match (what
    stands before it, how far off an actor is) counts words; finding them by character offsets, as actors are found,
    would have to be translated back.
    """

    def __init__(self, entries: Iterable[tuple[Entry, Iterable[str]]]) -> None:
        self.entries: list[Entry] = []
        # First word -> what it is alone, and by the second word what begins with both, longest first. Words such as "be"
        # begin hundreds of phrases, of which hardly one has the right second word.
        self._by_first: dict[str, tuple[_Candidates, dict[str, _Candidates]]] = {}
        for entry, irregular in entries:
            self.entries.append(entry)
            forms: dict[str, Form] = verb_forms(entry.phrase, irregular) if entry.verb else {entry.phrase: ""}
            for form, kind in forms.items():
                split = form.lower().split(" ")
                # What is made of letters alone needs no closer look; most forms are, and there are forty thousand.
                if not all(map(str.isalpha, split)):
                    split = words(form)
                twin = [_twin(word) for word in split]
                for spelled in (split, twin) if twin != split else (split,):
                    if (known := self._by_first.get(spelled[0])) is None:
                        known = self._by_first[spelled[0]] = ([], {})
                    alone, longer = known
                    candidates = longer.setdefault(spelled[1], []) if len(spelled) > 1 else alone
                    candidates.append((spelled, entry, kind))
        for _, longer in self._by_first.values():
            for candidates in longer.values():
                if len(candidates) > 1:
                    candidates.sort(key=lambda candidate: -len(candidate[0]))

    def find(self, sentence: Sequence[str]) -> list[Match]:
        """Return the entries in a sentence given as `text.words`, in order.

        They do not overlap, but for a form that stands for two entries alike, as "attack" does for verb and noun.
        """
        found = []
        place = 0
        following = [*sentence[1:], ""]
        for start, word in enumerate(sentence):
            if start < place or (known := self._by_first.get(word)) is None:
                continue
            alone, longer = known
            longest = 0
            for split, entry, form in longer.get(following[start], ()):
                size = len(split)
                if size < longest:
                    break
                if size == 2 or sentence[start : start + size] == split:
                    found.append(Match(start, start + size, entry, form))
                    longest = size
            if not longest:
                found += [Match(start, start + 1, entry, form) for _, entry, form in alone]
                longest = 1
            place = start + longest
        return found


@cache
def _twin(word: str) -> str:
    """The American spelling of a British word and the other way round, or the word itself: "criticise", "criticize"."""
    if _MAY_HAVE_TWIN.search(word):
        for pattern, other in _TWINS:
            if pattern.search(word):
                return pattern.sub(other, word)
    return word


def verb_forms(phrase: str, irregular: Iterable[str] = ()) -> dict[str, Form]:
    """Return the inflected forms of a verb or verb phrase, whose first word is the verb.

    An irregular form in -ing stands beside the one made by rule ("begging"), in -s as well; any other takes the place
    of the regular past ("shot", not "shooted").
    """
    verb, space, rest = phrase.partition(" ")
    rest = space + rest
    past, participle = _past_and_participle(verb)
    forms: dict[str, Form] = {phrase: "base", _third_person(verb) + rest: "third", participle + rest: "participle"}
    regular = True
    for form in irregular:
        head = form.partition(" ")[0]
        if head.endswith("ing") and head != verb:
            forms[form] = "participle"
        elif head.endswith("s") and not head.endswith("ss"):
            forms[form] = "third"
        else:
            forms[form] = "past"
            regular = False
    if regular:
        forms[past + rest] = "past"
    return forms


def _past_and_participle(verb: str) -> tuple[str, str]:
    if verb.endswith("ie"):
        return verb + "d", verb[:-2] + "ying"
    if verb.endswith("e"):
        return verb + "d", (verb if verb.endswith(("ee", "oe", "ye")) else verb[:-1]) + "ing"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return verb[:-1] + "ied", verb + "ing"
    # "stop", "ban": one syllable, one vowel, one consonant behind it that is no w, x or y.
    short = len(_SYLLABLES.findall(verb)) == 1 and len(verb) > 2
    if short and verb[-1] not in _VOWELS + "wxy" and verb[-2] in _VOWELS and verb[-3] not in _VOWELS:
        return verb + verb[-1] + "ed", verb + verb[-1] + "ing"
    return verb + "ed", verb + "ing"


def _third_person(verb: str) -> str:
    if verb.endswith(("s", "x", "z", "ch", "sh", "o")):
        return verb + "es"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return verb[:-1] + "ies"
    return verb + "s"


def packaged_lexicon() -> tuple[Path, Path]:
    """Return the tables of verbs and of other words that come with the package."""
    verbs, others = packaged("lexicon", VERBS_FILE), packaged("lexicon", WORDS_FILE)
    return verbs[0], others[0]


def read_lexicon(verbs: Path, others: Path) -> Lexicon:
    """Read a lexicon from its two tables.

    Raises
    ------
    DataError
        With all faults of both files.
    """
    faults: list[Fault] = []
    entries = [*_rows(verbs, VERB_COLUMNS, faults), *_rows(others, WORD_COLUMNS, faults)]
    if faults:
        raise DataError(faults)
    return Lexicon(entries)


def _rows(path: Path, columns: tuple[str, ...], faults: list[Fault]) -> Iterator[tuple[Entry, list[str]]]:
    try:
        raw = path.read_bytes()
        content = raw.decode("utf-8")
    except OSError as error:
        faults.append(Fault(path, None, f"cannot be read: {error.strerror}"))
        return
    except UnicodeDecodeError as error:
        faults.append(Fault(path, raw[: error.start].count(b"\n") + 1, "not UTF-8"))
        return
    rows = csv.reader(content.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    header = next(rows, [])
    if tuple(header) != columns:
        faults.append(Fault(path, 1, f"the header must be {', '.join(columns)}, not {', '.join(header)}"))
        return
    seen: dict[str, int] = {}
    for line, row in enumerate(rows, 2):
        wrong = len(faults)
        if len(row) != len(columns):
            faults.append(Fault(path, line, f"{len(columns)} fields are needed ({', '.join(columns)}), not {len(row)}"))
            continue
        phrase, *lights = row[:4]
        if not phrase or phrase != phrase.strip().lower():
            faults.append(Fault(path, line, f"phrase: {phrase!r} must be in lower case, without spaces around it"))
        elif phrase in seen:
            faults.append(Fault(path, line, f"phrase: {phrase!r} is already in line {seen[phrase]}"))
        seen.setdefault(phrase, line)
        for column, light in zip(columns[1:4], lights, strict=True):
            if light not in LIGHTS:
                faults.append(Fault(path, line, f"{column}: {light!r} must be one of {', '.join(LIGHTS)}"))
        if len(faults) == wrong:
            first, second, tone = map(int, lights)
            irregular = [form for form in row[4].split(",") if form] if len(row) > 4 else []
            yield Entry(phrase, columns is VERB_COLUMNS, first, second, tone), irregular


def digest(paths: Iterable[Path]) -> str:
    """Return a SHA-256 of the files' content, by which a model knows the lexicon that it was trained with."""
    hashed = hashlib.sha256()
    for path in paths:
        hashed.update(path.read_bytes())
    return hashed.hexdigest()


@cache
def default_lexicon() -> Lexicon:
    """Return the lexicon that comes with the package, read once."""
    return read_lexicon(*packaged_lexicon())


@cache
def default_digest() -> str:
    """Return the digest of the lexicon that comes with the package."""
    return digest(packaged_lexicon())
