"""Who is who: from the words of a text to the actors they name."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick

ACTORS_FILE = Path(__file__).with_name("actors.toml")

# "Xi" in capitals is a Roman numeral.
SHORTEST_IN_CAPITALS = 4

# Words that name an actor, as opposed to what kind of thing it is.
ALIAS_FIELDS = ("names", "demonyms", "capital", "bodies", "people")


class Found(NamedTuple):
    """An alias in a text: character offsets (end exclusive) and the actor it names."""

    start: int
    end: int
    actor: str


class ActorIndex:
    """Finds actors in text by longest match on word boundaries.

    Parameters
    ----------
    aliases : mapping of str to iterable of str
        Actor name to the words that name it, matched as written and in capitals.
    decoys : iterable of str
        Phrases that hold an alias and mean something else; where one is the longest match, nothing is found.

    Notes
    -----
    All aliases are searched for at once (Aho and Corasick 1975). The search returns every occurrence, and the choice
    of the longest is made after the word boundaries were checked: a longest-match automaton would let "US Na" in
    "US Navy" hide "US".
    """

    def __init__(self, aliases: Mapping[str, Iterable[str]], decoys: Iterable[str] = ()) -> None:
        self.actors = tuple(aliases)
        owners: dict[str, str | None] = {}
        for actor, words in aliases.items():
            for word in words:
                for form in _forms(word):
                    owners.setdefault(form, actor)
        for decoy in decoys:
            for form in _forms(decoy):
                owners[form] = None
        self._owners = tuple(owners.values())
        self._automaton = AhoCorasick(list(owners))

    def find(self, text: str) -> list[Found]:
        """Return the actors named in `text`, in order, without overlaps."""
        hits = []
        for pattern, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            # An alias may begin or end in punctuation ("U.S."); only where it ends in a letter must the word end too.
            if start and text[start].isalnum() and _in_word(text[start - 1]):
                continue
            if end < len(text) and text[end - 1].isalnum() and _in_word(text[end]):
                continue
            hits.append((start, -end, pattern))
        hits.sort()
        found = []
        free = 0
        for start, minus_end, pattern in hits:
            if start < free:
                continue
            free = -minus_end
            owner = self._owners[pattern]
            if owner is not None:
                found.append(Found(start, free, owner))
        return found


def _forms(alias: str) -> tuple[str, ...]:
    return (alias,) if len(alias) < SHORTEST_IN_CAPITALS else (alias, alias.upper())


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


@cache
def default_aliases() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return of each actor of ``actors.toml`` the words that name it, by field (one of `ALIAS_FIELDS`)."""
    return {
        actor: {field: tuple(entry.get(field, ())) for field in ALIAS_FIELDS}
        for actor, entry in _content()["actors"].items()
    }


@cache
def default_actors() -> ActorIndex:
    """Return the index of the packaged ``actors.toml``, built once."""
    aliases = {
        actor: [alias for words in fields.values() for alias in words] for actor, fields in default_aliases().items()
    }
    return ActorIndex(aliases, _content()["decoys"])


@cache
def _content() -> dict[str, Any]:
    with ACTORS_FILE.open("rb") as file:
        return tomllib.load(file)
