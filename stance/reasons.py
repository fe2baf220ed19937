"""Why a sentence was read as it was: each word's share in the log-odds, to be printed, shown as HTML or drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal, NamedTuple

from stance.records import STANCES, Stance

# Shares smaller than this part of the largest one are not worth a reader's time.
_SHOWN = 0.05
_BAR = 12
# Purple and orange as in the charts, which colour-blind readers tell apart.
_FAVOR, _AGAINST = "84,39,136", "179,88,6"
_ANSI = {"favor": "\x1b[35m", "against": "\x1b[33m"}
_RESET = "\x1b[0m"


class Contribution(NamedTuple):
    """What a word or phrase adds to the log-odds of the three labels.

    Attributes
    ----------
    text : str
        The word or phrase as written.
    start, end : int
        Character offsets in the text that was handed in, end exclusive.
    against, neutral, favor : float
        Added to the logit of each label.
    """

    text: str
    start: int
    end: int
    against: float
    neutral: float
    favor: float

    @property
    def score(self) -> float:
        """How far it moves the log-odds of favor over against; negative toward against."""
        return self.favor - self.against


@dataclass(frozen=True, slots=True)
class Explanation:
    """A sentence's stance toward an actor, taken apart into what its words contribute.

    For each label, the base and the contributions add up to the logit; the softmax of the three logits are the
    probabilities.

    Attributes
    ----------
    actor : str
        The target.
    text : str
        The sentence.
    start, end : int
        Its character offsets in the text that was handed in, end exclusive.
    stance : Stance
        The prediction.
    base : tuple of float
        Logits of a sentence without any known word: against, neutral, favor.
    contributions : tuple of Contribution
        In the order of the sentence, one for every word or phrase that the model knows.
    """

    actor: str
    text: str
    start: int
    end: int
    stance: Stance
    base: tuple[float, float, float]
    contributions: tuple[Contribution, ...]

    @property
    def logits(self) -> dict[str, float]:
        """The three logits by label."""
        return {
            label: base + sum(getattr(contribution, label) for contribution in self.contributions)
            for label, base in zip(STANCES, self.base, strict=True)
        }

    @property
    def strongest(self) -> list[Contribution]:
        """The contributions that move favor against against, the largest first; small ones left out."""
        ranked = sorted(self.contributions, key=lambda contribution: -abs(contribution.score))
        least = _SHOWN * abs(ranked[0].score) if ranked else 0.0
        return [contribution for contribution in ranked if abs(contribution.score) > least]

    def __str__(self) -> str:
        return self.to_terminal()

    def to_terminal(self, *, color: bool = False) -> str:
        """Return the sentence's reasons as lines of plain text, with ANSI colours if asked for."""
        shown = self.strongest
        width = max((len(contribution.text) for contribution in shown), default=0)
        largest = max((abs(contribution.score) for contribution in shown), default=1.0)
        lines = [_plain(self.text), "", _headline(self)]
        for contribution in shown:
            bar = "█" * max(1, round(_BAR * abs(contribution.score) / largest))
            side = _side(contribution.score)
            if color:
                bar = f"{_ANSI[side]}{bar}{_RESET}" + " " * (_BAR - len(bar))
            lines.append(f"  {_plain(contribution.text):<{width}}  {contribution.score:+.2f}  {bar:<{_BAR}}  {side}")
        rest = sum(contribution.score for contribution in self.contributions) - sum(c.score for c in shown)
        base = self.base[2] - self.base[0]
        lines.append(f"  {'(all other words)':<{width}}  {rest:+.2f}")
        lines.append(f"  {'(before any word)':<{width}}  {base:+.2f}")
        return "\n".join(lines)

    def to_html(self) -> str:
        """Return the sentence as HTML with its words shaded by what they contribute; all text is escaped."""
        largest = max((abs(contribution.score) for contribution in self.contributions), default=0.0) or 1.0
        pieces: list[str] = []
        place = self.start
        for contribution in self.contributions:
            pieces.append(escape(self.text[place - self.start : contribution.start - self.start]))
            color = _FAVOR if contribution.score > 0 else _AGAINST
            shade = 0.6 * abs(contribution.score) / largest
            pieces.append(
                f'<span style="background:rgba({color},{shade:.2f})" title="{contribution.score:+.2f} '
                f'{_side(contribution.score)}">{escape(contribution.text)}</span>'
            )
            place = contribution.end
        pieces.append(escape(self.text[place - self.start :]))
        return (
            f'<p style="line-height:1.8">{"".join(pieces)}</p>\n<p><small>{escape(_headline(self))} '
            f'<span style="background:rgba({_FAVOR},0.4)">toward favor</span> '
            f'<span style="background:rgba({_AGAINST},0.4)">toward against</span></small></p>'
        )

    def _repr_html_(self) -> str:
        return self.to_html()


def page(explanations: Sequence[Explanation]) -> str:
    """Return a page of HTML that shows the explanations one below the other."""
    body = "\n".join(explanation.to_html() for explanation in explanations)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Why the stance</title>\n'
        '<meta name="viewport" content="width=device-width">\n</head>\n'
        f'<body style="font-family:sans-serif;max-width:48em;margin:2em auto;padding:0 1em">\n{body}\n</body>\n</html>\n'
    )


def _headline(explanation: Explanation) -> str:
    stance = explanation.stance
    return (
        f"{explanation.actor}: {stance.label or 'no single label'}, score {stance.score:+.2f} "
        f"(against {stance.p_against:.2f}, neutral {stance.p_neutral:.2f}, favor {stance.p_favor:.2f})."
    )


def _side(score: float) -> Literal["favor", "against"]:
    return "favor" if score > 0 else "against"


def _plain(text: str) -> str:
    """Without line breaks, nor anything that a terminal would take for a command."""
    return "".join(character if character.isprintable() else " " for character in text)
