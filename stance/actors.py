"""Who is who, and when: from the words of a text to the actors they name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick

from stance.errors import DataError, Fault

ACTORS_FILE = Path(__file__).with_name("actors.toml")
# Those who stand for an actor, thousands of them: a table is sooner read than TOML.
PEOPLE_FILE = Path(__file__).with_name("people.tsv")

# "Xi" in capitals is a Roman numeral.
SHORTEST_IN_CAPITALS = 4

# Words that name an actor, as opposed to what kind of thing it is.
ALIAS_FIELDS = ("names", "demonyms", "capital", "bodies", "people")
KINDS = ("state", "alliance", "union", "bloc", "organisation", "group")

_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_ALWAYS = "0000-00"
_STILL = "9999-99"
# "Michael Jordan", "Janet A. Napolitano"
_LAST_WORD = re.compile(r"([^\W\d_][\w’'-]*)[ ](?:[A-Z]\.[ ])?\Z")
_NEXT_WORD = re.compile(r"[ ]([^\W\d_][\w’'-]*)")


class Found(NamedTuple):
    """An alias in a text: character offsets (end exclusive) and the actor it names."""

    start: int
    end: int
    actor: str


class Person(NamedTuple):
    """Who stands for an actor, and when.

    Attributes
    ----------
    names : tuple of str
        As news texts write them; a surname alone only where it is hardly anybody else's.
    office : str
        What they were; for the reader.
    first, last : str
        Months ("2010-10") in which the office began and ended, both within; `last` is "9999-99" for who holds it still.
    """

    names: tuple[str, ...]
    office: str
    first: str = _ALWAYS
    last: str = _STILL


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor and the words that name it.

    Attributes
    ----------
    name : str
        As in results; the first of `names`.
    kind : str
        One of `KINDS`.
    names, demonyms, capital, bodies : tuple of str
        What it is called, its people and their adjective, its capital and seats of government, its official bodies.
    people : tuple of Person
        Who stands for it.
    """

    name: str
    kind: str
    names: tuple[str, ...]
    demonyms: tuple[str, ...] = ()
    capital: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()

    def aliases(self, field: str) -> tuple[str, ...]:
        """All words of one of `ALIAS_FIELDS`, people now in office first."""
        if field != "people":
            words: tuple[str, ...] = getattr(self, field)
            return words
        return tuple(name for person in sorted(self.people, key=lambda p: p.last != _STILL) for name in person.names)


class Guard(NamedTuple):
    """What tells that an alias means somebody or something else.

    Attributes
    ----------
    words : tuple of str
        If one of these stands in the text, the alias names nobody ...
    but : tuple of str
        ... unless one of these stands there too.
    person : str
        "surname", "given name" or "either": the alias is also that of persons, to be told by a given name before it or a family
        name behind it.
    town : bool
        Whether towns elsewhere have this name, to be told by the place behind it.
    """

    words: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    person: str = ""
    town: bool = False


_SURNAME = Guard(person="surname")


@dataclass(frozen=True, slots=True)
class ActorList:
    """All that ``actors.toml`` says.

    Attributes
    ----------
    actors : dict of str to Actor
        By name.
    decoys : tuple of str
        Phrases that hold an alias and mean something else.
    unless : dict of str to Guard
        By alias, when it means something else.
    given_names, family_names : frozenset of str
        Of persons.
    places : tuple of str
        What stands behind a comma where a capital's name is that of a town elsewhere ("Moscow, Idaho").
    """

    actors: dict[str, Actor]
    decoys: tuple[str, ...] = ()
    unless: Mapping[str, Guard] = field(default_factory=dict)
    given_names: frozenset[str] = frozenset()
    family_names: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()

    def changed(self, path: Path) -> ActorList:
        """Add the actors of a file of the same layout, or put what it says in the place of what was there.

        An actor of the same name keeps the fields that the file does not give. A word that the file gives to an actor is
        taken from any other.

        Raises
        ------
        DataError
            With all faults of the file.
        """
        content = _toml(path)
        faults: list[Fault] = []
        named = content.get("actors", {})
        known = {name: self.actors.get(name) for name in (named if isinstance(named, dict) else {})}
        mine = _parsed(content, lambda place, message: faults.append(Fault(path, None, f"{place}: {message}")), known)
        if not mine.actors and not mine.decoys and not faults:
            faults.append(Fault(path, None, 'no actor in it; one begins with a line such as [actors."New Republic"]'))
        if faults:
            raise DataError(faults)
        taken = {word for actor in mine.actors.values() for kind in ALIAS_FIELDS for word in actor.aliases(kind)}
        others = {name: _without(actor, taken) for name, actor in self.actors.items() if name not in mine.actors}
        return replace(
            self,
            actors={**others, **mine.actors},
            decoys=(*(decoy for decoy in self.decoys if decoy not in taken), *mine.decoys),
            unless={**{alias: guard for alias, guard in self.unless.items() if alias not in taken}, **mine.unless},
        )


def _without(actor: Actor, taken: set[str]) -> Actor:
    """The actor without some of its aliases."""

    def left(words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(word for word in words if word not in taken)

    people = [person._replace(names=left(person.names)) for person in actor.people]
    return replace(
        actor,
        names=left(actor.names),
        demonyms=left(actor.demonyms),
        capital=left(actor.capital),
        bodies=left(actor.bodies),
        people=tuple(person for person in people if person.names),
    )


class _Alias(NamedTuple):
    """An alias: whom it names from when to when, the last in office first; nobody where it is a decoy."""

    terms: tuple[tuple[str, str, str], ...]
    guard: Guard | None


class ActorIndex:
    """Finds actors in text by longest match on word boundaries.

    Parameters
    ----------
    who : ActorList
        Aliases are matched as written and in capitals.

    Notes
    -----
    All aliases are searched for at once (Aho and Corasick 1975). The search returns every occurrence, and the choice
    of the longest is made after the word boundaries were checked: a longest-match automaton would let "US Na" in
    "US Navy" hide "US".
    """

    def __init__(self, who: ActorList) -> None:
        self.actors = tuple(who.actors)
        self._given, self._family = who.given_names, who.family_names
        # Behind a comma: "Moscow, Idaho".
        self._places = tuple(f", {form}" for place in who.places for form in _forms(place))
        unless = dict(who.unless)
        terms: dict[str, list[tuple[str, str, str]]] = {}
        for actor in who.actors.values():
            for word, first, last in _words(actor):
                terms.setdefault(word, []).append((last, first, actor.name))
            for person in actor.people:
                for name in person.names:
                    if " " not in name:
                        unless.setdefault(name, _SURNAME)
            for word in (actor.name, *actor.capital):
                unless[word] = unless.get(word, Guard())._replace(town=True)
        aliases: dict[str, _Alias] = {}
        for word, held in terms.items():
            if len(held) > 1:
                held = sorted(set(held), reverse=True)
            alias = _Alias(tuple(held), unless.get(word))
            for form in _forms(word):
                aliases.setdefault(form, alias)
        nobody = _Alias((), None)
        for decoy in who.decoys:
            for form in _forms(decoy):
                aliases.setdefault(form, nobody)
        self._names = frozenset(aliases)
        self._aliases = tuple(aliases.values())
        self._automaton = AhoCorasick(list(aliases))

    def find(self, text: str, on: date | None = None) -> list[Found]:
        """Return the actors named in `text`, in order, without overlaps.

        Parameters
        ----------
        text : str
        on : datetime.date, optional
            When it was written: persons stand for whom they stood in that month, or for nobody. Without it, for whom they
            stood last.
        """
        hits = []
        for pattern, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            # An alias may begin or end in punctuation ("U.S."); only where it ends in a letter must the word end too.
            if start and text[start].isalnum() and _in_word(text[start - 1]):
                continue
            if end < len(text) and text[end - 1].isalnum() and _in_word(text[end]):
                continue
            hits.append((start, -end, pattern))
        # Of aliases that overlap the first counts, unless the second is longer: "President Petro" in "President Petro Poroshenko".
        chosen: list[tuple[int, int, int]] = []
        for start, minus_end, pattern in sorted(hits):
            if chosen and start < chosen[-1][1]:
                first, last, _ = chosen[-1]
                if -minus_end <= last or -minus_end - start <= last - first:
                    continue
                chosen.pop()
            chosen.append((start, -minus_end, pattern))
        month = f"{on:%Y-%m}" if on else None
        found = []
        for start, end, pattern in chosen:
            terms, guard = self._aliases[pattern]
            if not terms or (guard and self._elsewhere(text, start, end, guard)):
                continue
            # The last in office stands first.
            holders = terms if month is None else [term for term in terms if term[1] <= month <= term[0]]
            if holders:
                found.append(Found(start, end, holders[0][2]))
        return found

    def _elsewhere(self, text: str, start: int, end: int, guard: Guard) -> bool:
        """Whether an alias means something else here."""
        if guard.person in ("surname", "either"):
            before = _LAST_WORD.search(text, max(0, start - 30), start)
            # With an initial between, it may be the person's own given name.
            if before and _cased(before[1]) in self._given and f"{before[1]} {text[start:end]}" not in self._names:
                return True
        if guard.person in ("given name", "either"):
            behind = _NEXT_WORD.match(text, end)
            if behind and _cased(behind[1]) in self._family:
                return True
        if guard.town and text.startswith(self._places, end):
            return True
        return any(word in text for word in guard.words) and not any(word in text for word in guard.but)


def _cased(word: str) -> str:
    return word.capitalize() if word.isupper() else word


def _forms(alias: str) -> tuple[str, ...]:
    return (alias,) if len(alias) < SHORTEST_IN_CAPITALS else (alias, alias.upper())


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


@cache
def default_list() -> ActorList:
    """Return what the packaged ``actors.toml`` and ``people.tsv`` say."""
    # A test holds both files, put together, to what `_parsed` asks for.
    who = _parsed(_toml(ACTORS_FILE), lambda place, message: None, {})
    people: dict[str, list[Person]] = {}
    for actor, names, office, first, last in _people():
        people.setdefault(actor, []).append(Person(tuple(names.split("; ")), office, first, last or _STILL))
    actors = {name: replace(actor, people=tuple(people.get(name, ()))) for name, actor in who.actors.items()}
    return replace(who, actors=actors)


def _people() -> list[list[str]]:
    _, *rows = PEOPLE_FILE.read_text(encoding="utf-8").splitlines()
    return [row.split("\t") for row in rows]


@cache
def default_aliases() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return of each actor of ``actors.toml`` the words that name it, by field (one of `ALIAS_FIELDS`)."""
    return {name: {kind: actor.aliases(kind) for kind in ALIAS_FIELDS} for name, actor in default_list().actors.items()}


@cache
def default_actors() -> ActorIndex:
    """Return the index of the packaged ``actors.toml``, built once."""
    return ActorIndex(default_list())


def actors_with(path: Path) -> ActorIndex:
    """Return the index of the packaged actors, changed as a file says; see `ActorList.changed`."""
    return ActorIndex(default_list().changed(path))


def _toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise DataError([Fault(path, None, f"cannot be read: {error.strerror}")]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError([Fault(path, None, f"not TOML: {error}")]) from error


_Fault = Callable[[str, str], None]


def _parsed(content: Mapping[str, Any], fault: _Fault, known: Mapping[str, Actor | None]) -> ActorList:
    """Make the list of a file's content; what is wrong is told to `fault`, as place and message."""
    tables = ("actors", "decoys", "unless", "given_names", "family_names", "places")
    for key in content:
        if key not in tables:
            fault(key, f"not known; a file of actors has {', '.join(tables)}")
    actors: dict[str, Actor] = {}
    owners: dict[str, list[tuple[str, str, str]]] = {}
    for name, entry in _table(content, "actors", fault).items():
        place = f"actors.{name}"
        if not isinstance(entry, dict):
            fault(place, f'must be a table with names, not {_kind(entry)}; begin it with [actors."{name}"]')
            continue
        actor = _actor(name, entry, place, fault, known.get(name))
        actors[name] = actor
        for word, first, last in _words(actor):
            for other, begun, ended in owners.get(word, []):
                if other != name and first <= ended and begun <= last:
                    fault(place, f"{word!r} already names {other}; at any time an alias names one actor")
            owners.setdefault(word, []).append((name, first, last))
    lists = {key: _strings(content, key, key, fault) for key in ("decoys", "given_names", "family_names", "places")}
    for decoy in lists["decoys"]:
        if decoy in owners:
            fault("decoys", f"{decoy!r} is also an alias of {owners[decoy][0][0]}")
    unless = {}
    for alias, rule in _table(content, "unless", fault).items():
        place = f"unless.{alias}"
        if not isinstance(rule, dict) or not set(rule) <= {"words", "but", "person"}:
            fault(place, "must be a table with words, but, person")
            continue
        if alias not in owners:
            fault(place, "is no alias of an actor")
        person = rule.get("person", "")
        if person not in ("", "surname", "given name", "either"):
            fault(f"{place}.person", f'must be "surname", "given name" or "either", not {person!r}')
        unless[alias] = Guard(_strings(rule, "words", place, fault), _strings(rule, "but", place, fault), person)
    return ActorList(
        actors,
        lists["decoys"],
        unless,
        frozenset(lists["given_names"]),
        frozenset(lists["family_names"]),
        lists["places"],
    )


def _words(actor: Actor) -> Iterator[tuple[str, str, str]]:
    """Each alias with its first and last month."""
    for kind in ALIAS_FIELDS[:-1]:
        for word in actor.aliases(kind):
            yield word, _ALWAYS, _STILL
    for person in actor.people:
        for name in person.names:
            yield name, person.first, person.last


def _actor(name: str, entry: Mapping[str, Any], place: str, fault: _Fault, known: Actor | None) -> Actor:
    for key in entry:
        if key not in ("kind", *ALIAS_FIELDS):
            fault(f"{place}.{key}", f"not known; an actor has kind, {', '.join(ALIAS_FIELDS)}")
    kind = entry.get("kind", known.kind if known else None)
    if kind not in KINDS:
        fault(f"{place}.kind", f"must be one of {', '.join(KINDS)}, not {kind!r}")
    base = known or Actor(name, "", (name,))
    people = [
        person
        for number, row in enumerate(_list(entry, "people", place, fault), 1)
        if (person := _person(row, f"{place}.people {number}", fault))
    ]

    def given(field: str) -> tuple[str, ...]:
        return _strings(entry, field, place, fault) if field in entry else base.aliases(field)

    names = given("names")
    return Actor(
        name,
        str(kind),
        names if name in names else (name, *names),
        given("demonyms"),
        given("capital"),
        given("bodies"),
        tuple(people) if "people" in entry else base.people,
    )


def _person(row: object, place: str, fault: _Fault) -> Person | None:
    if isinstance(row, str):
        row = {"names": [row]}
    if not isinstance(row, dict) or not set(row) <= {"names", "office", "from", "until"}:
        fault(
            place, 'must be a name, or a table such as { names = ["Jo Fox"], office = "president", from = "2024-01" }'
        )
        return None
    names = _strings(row, "names", place, fault)
    if not names:
        fault(f"{place}.names", "must hold a name")
    first, last = row.get("from", _ALWAYS), row.get("until", _STILL)
    for key, month, default in (("from", first, _ALWAYS), ("until", last, _STILL)):
        if month != default and not (isinstance(month, str) and _MONTH.fullmatch(month)):
            fault(f"{place}.{key}", f'must be a month such as "2024-01", not {month!r}')
            return None
    if last < first:
        fault(place, f"ends ({last}) before it begins ({first})")
    return Person(names, str(row.get("office", "")), first, last)


def _table(content: Mapping[str, Any], key: str, fault: _Fault) -> Mapping[str, Any]:
    value = content.get(key, {})
    if isinstance(value, dict):
        return value
    fault(key, f"must be a table, not {_kind(value)}")
    return {}


def _list(content: Mapping[str, Any], key: str, place: str, fault: _Fault) -> Iterable[object]:
    value = content.get(key, [])
    if isinstance(value, list):
        return value
    fault(f"{place}.{key}", f"must be a list, not {_kind(value)}")
    return ()


def _strings(content: Mapping[str, Any], key: str, place: str, fault: _Fault) -> tuple[str, ...]:
    """The strings of a list, without those that cannot be used."""
    words = []
    for value in _list(content, key, place, fault):
        if isinstance(value, str) and value.strip() == value != "":
            words.append(value)
        else:
            fault(f"{place}.{key}", f"must hold strings without white space around them, not {value!r}")
    return tuple(words)


def _kind(value: object) -> str:
    return {"str": "a string", "list": "a list", "dict": "a table"}.get(type(value).__name__, type(value).__name__)
