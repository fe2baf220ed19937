"""Whether the model holds a grudge: what becomes of a prediction when only the name of the actor is another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from stance.actors import ALIAS_FIELDS, Found, default_actors, default_aliases
from stance.model import StanceModel
from stance.records import Stance

#: The actors that are put in each other's place.
ACTORS = ("Russia", "Ukraine", "NATO", "China", "United States", "European Union")
# Sentences kept of those whose label changed.
_EXAMPLES = 3
# Names that a text gives an article.
_WITH_ARTICLE = ("United ", "European Union")
# Names of the same that are spelled in several ways.
_SPELLINGS = {"Kyiv": "Kiev", "Kiev": "Kyiv", "Zelensky": "Zelenskiy", "Zelenskiy": "Zelensky", "Zelenskyy": "Zelensky"}
_APOSTROPHES = str.maketrans("'’", "’'")


def _country_for(kind: str) -> Callable[[str, str], str | None]:
    return lambda surface, actor: actor if _kind(surface, actor) == kind else None


#: What else is exchanged, within one actor: how another kind of name becomes the country's, or one spelling another.
KINDS: dict[str, Callable[[str, str], str | None]] = {
    "leader": _country_for("people"),
    "capital": _country_for("capital"),
    "body": _country_for("bodies"),
    "adjective or people": _country_for("demonyms"),
    "spelling": lambda surface, actor: _SPELLINGS.get(surface),
}
APOSTROPHE = "apostrophe"


@dataclass(slots=True)
class Change:
    """What an exchange of names did, over many sentences.

    Attributes
    ----------
    n : int
        Predictions compared.
    labels : int
        How many got another label.
    moved : float
        Sum of the distances between the scores.
    examples : list of (str, str)
        The first few sentences whose label changed, before and after.
    """

    n: int = 0
    labels: int = 0
    moved: float = 0.0
    examples: list[tuple[str, str]] = field(default_factory=list)

    @property
    def label_share(self) -> float:
        """Share of the predictions that got another label."""
        return self.labels / self.n if self.n else 0.0

    @property
    def mean_moved(self) -> float:
        """Mean distance between the scores."""
        return self.moved / self.n if self.n else 0.0

    def add(self, before: Stance, after: Stance, texts: tuple[str, str]) -> None:
        """Count one prediction and its counterpart."""
        self.n += 1
        self.moved += abs(before.score - after.score)
        if before.label != after.label:
            self.labels += 1
            if len(self.examples) < _EXAMPLES:
                self.examples.append(texts)

    @classmethod
    def total(cls, changes: Iterable[Change]) -> Change:
        """All of them as one."""
        result = cls()
        for change in changes:
            result.n += change.n
            result.labels += change.labels
            result.moved += change.moved
            result.examples += change.examples[: _EXAMPLES - len(result.examples)]
        return result


@dataclass(frozen=True, slots=True)
class Audit:
    """What changes when names are exchanged.

    Attributes
    ----------
    sentences : int
        Sentences that name one of `ACTORS`.
    pairs : dict of (str, str) to Change
        By the actor that was named and the one put in its place.
    kinds : dict of str to Change
        By what was exchanged, of `KINDS` and `APOSTROPHE`.
    """

    sentences: int
    pairs: dict[tuple[str, str], Change]
    kinds: dict[str, Change]

    @property
    def overall(self) -> Change:
        """All pairs together."""
        return Change.total(self.pairs.values())


def audit(model: StanceModel, texts: Iterable[str], advance: Callable[[int], object] = lambda steps: None) -> Audit:
    """Exchange names in sentences and see what becomes of the predictions.

    Every pair of `ACTORS` is exchanged both ways, in whatever form the sentence names them (country, people, adjective,
    capital, leader); where a sentence names both they change places. A form that the other actor does not have is left
    out.

    Parameters
    ----------
    model : StanceModel
    texts : iterable of str
        Sentences.
    advance : callable
        Called with 1 after each sentence.
    """
    pairs = {(one, other): Change() for one in ACTORS for other in ACTORS if one != other}
    kinds = {kind: Change() for kind in (*KINDS, APOSTROPHE)}
    count = 0
    for text in texts:
        found = default_actors().find(text)
        named = [actor for actor in dict.fromkeys(mention.actor for mention in found) if actor in ACTORS]
        count += bool(named)
        before = model.predict(text) if named else {}
        for actor in named:
            for other in ACTORS:
                if other == actor:
                    continue
                changed = _exchanged(text, found, {actor: other, other: actor})
                after = model.predict(changed) if changed else {}
                if changed and other in after:
                    pairs[actor, other].add(before[actor], after[other], (text, changed))
            for kind, changed in _renamed(text, found, actor):
                after = model.predict(changed)
                if actor in after:
                    kinds[kind].add(before[actor], after[actor], (text, changed))
        advance(1)
    return Audit(count, pairs, kinds)


def _exchanged(text: str, found: Sequence[Found], places: Mapping[str, str]) -> str | None:
    """The text with each actor of `places` called by the other's name, or None where a form has no counterpart."""
    forms = {
        mention: _counterpart(text[mention.start : mention.end], mention.actor, places[mention.actor])
        for mention in found
        if mention.actor in places
    }
    if None in forms.values():
        return None
    return _rewritten(text, found, forms)


def _counterpart(surface: str, actor: str, other: str) -> str | None:
    """What the other actor is called where this one is called so."""
    theirs = default_aliases()[other]
    kind = _kind(surface, actor)
    if kind == "demonyms":
        mine = default_aliases()[actor]["demonyms"]
        # The first is the adjective, which for an organisation is its name; the last the people.
        if surface == mine[0]:
            return theirs["demonyms"][0] if theirs["demonyms"] else other
        return theirs["demonyms"][-1] if theirs["demonyms"] else None
    if kind == "names":
        return other
    return theirs[kind][0] if kind and theirs[kind] else None


def _kind(surface: str, actor: str) -> str | None:
    mine = default_aliases()[actor]
    return next((kind for kind in ALIAS_FIELDS if surface in mine[kind]), None)


def _renamed(text: str, found: Sequence[Found], actor: str) -> Iterator[tuple[str, str]]:
    """The text with the actor called otherwise: the kind of exchange, and the text."""
    surfaces = {mention: text[mention.start : mention.end] for mention in found if mention.actor == actor}
    for kind, exchange in KINDS.items():
        forms = {mention: exchange(surface, actor) for mention, surface in surfaces.items()}
        if any(form not in (None, surfaces[mention]) for mention, form in forms.items()):
            yield kind, _rewritten(text, found, forms)
    if (other := text.translate(_APOSTROPHES)) != text:
        yield APOSTROPHE, other


def _rewritten(text: str, found: Sequence[Found], forms: Mapping[Found, str | None]) -> str:
    """The text with forms in the place of mentions, with article and possessive as each form needs them."""
    pieces: list[str] = []
    start = 0
    for mention in found:
        form = forms.get(mention)
        if form is None:
            continue
        before = text[start : mention.start]
        surface = text[mention.start : mention.end]
        if surface.startswith(_WITH_ARTICLE) and before.lower().endswith("the "):
            before = before[: -len("the ")]
        if form.startswith(_WITH_ARTICLE) and not before.lower().endswith("the "):
            form = f"the {form}"
        if not before.strip() and start == 0:
            form = form[:1].upper() + form[1:]
        start = mention.end
        mark = text[start : start + 1]
        if mark in ("'", "’") and (text[start + 1 : start + 2] == "s" or surface.endswith("s")):
            start += 1 + (text[start + 1 : start + 2] == "s")
            form += mark if form.endswith("s") else f"{mark}s"
        pieces += [before, form]
    return "".join(pieces) + text[start:]


def table(result: Audit) -> str:
    """Return the audit as lines of plain text."""
    lines = [f"  {'':<44}  {'n':>6}  other label  mean |change of score|"]
    rows = {"all exchanges of actors": result.overall}
    rows |= {f"{one} -> {other}": change for (one, other), change in result.pairs.items()}
    rows |= {f"{kind}, exchanged within an actor": change for kind, change in result.kinds.items()}
    lines += [
        f"  {name:<44}  {change.n:>6,}  {change.label_share:>11.1%}  {change.mean_moved:>22.4f}"
        for name, change in rows.items()
    ]
    return "\n".join(lines)
