"""From scored rows to how each outlet treats each actor, with intervals: pure arithmetic."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stance.errors import InputError
from stance.records import OutletFrame

REPLICATES = 2000
LEVEL = 0.95
# Below ten clusters a percentile interval is far too narrow; it is shown as "too few" instead.
MINIMUM = 10
SEED = 7
# Replicates times articles that are drawn at a time; bounds the memory to some tens of megabytes.
_BLOCK = 2_000_000


Length = Literal["month", "quarter", "year"]
Spoken = Literal["narrator", "attributed", "both"]
#: Whose sentences count, in words.
SAID: dict[Spoken, str] = {
    "both": "in any voice",
    "narrator": "in the outlet's own voice",
    "attributed": "in the voice of those it quotes",
}


class Scored(NamedTuple):
    """What framing needs of a scored row: one sentence and actor."""

    article_id: str
    outlet: str
    month: str | None
    actor: str
    p_against: float
    p_neutral: float
    p_favor: float
    voice: str


def frames(
    rows: Iterable[Scored], *, by: Length | None = None, minimum: int = MINIMUM, voice: Spoken = "both"
) -> list[OutletFrame]:
    """Summarise how each outlet treats each actor.

    Net stance is the mean of ``P(favor) - P(against)`` over all sentences of an outlet that name an actor. Its 95 %
    interval is a percentile cluster bootstrap: whole articles are drawn with replacement, since the sentences of an
    article are not independent (Davison and Hinkley 1997, section 3.8).

    Parameters
    ----------
    rows : iterable of Scored
        One per sentence and actor.
    by : {"month", "quarter", "year"}, optional
        Split by periods of this length; rows without a date are left out.
    minimum : int
        Articles needed for an interval.
    voice : {"both", "narrator", "attributed"}
        Whose sentences count: all, the outlet's own, or those of the people it quotes.

    Returns
    -------
    list of OutletFrame
        Sorted by outlet, actor, period.

    Raises
    ------
    InputError
        If `minimum` is below 2.
    """
    if minimum < 2:
        raise InputError(f"minimum must be at least 2 articles, not {minimum}: one article has no spread")
    # Per outlet, actor and period: article -> [sentences, against, neutral, favor].
    cells: dict[tuple[str, str, str | None], dict[str, list[float]]] = {}
    for row in rows:
        if (by and row.month is None) or voice not in ("both", row.voice):
            continue
        period = _period(row.month, by) if by and row.month else None
        cell = cells.setdefault((row.outlet, row.actor, period), {})
        sums = cell.setdefault(row.article_id, [0.0, 0.0, 0.0, 0.0])
        sums[0] += 1
        sums[1] += row.p_against
        sums[2] += row.p_neutral
        sums[3] += row.p_favor
    ordered = sorted(cells.items(), key=lambda item: (item[0][0], item[0][1], item[0][2] or ""))
    return [_frame(*key, np.array(list(cell.values())), minimum) for key, cell in ordered]


def _period(month: str, length: Length) -> str:
    """The name of the period that holds a month: "2025-03", "2025-Q1" or "2025"."""
    if length == "quarter":
        return f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"
    return month if length == "month" else month[:4]


def periods(first: str, last: str) -> list[str]:
    """Return the names of all periods from `first` to `last`, both of the same length, in order."""
    names = [first]
    while names[-1] < last:
        year, _, part = names[-1].partition("-")
        number = int(part.removeprefix("Q") or 1)
        if not part or part in ("12", "Q4"):
            names.append(f"{int(year) + 1:04d}" + {"": "", "12": "-01", "Q4": "-Q1"}[part])
        else:
            names.append(f"{year}-Q{number + 1}" if part.startswith("Q") else f"{year}-{number + 1:02d}")
    return names


def _frame(outlet: str, actor: str, period: str | None, sums: NDArray[Any], minimum: int) -> OutletFrame:
    count, against, neutral, favor = sums.sum(axis=0).tolist()
    low = high = math.nan
    if len(sums) >= minimum:
        low, high = interval(sums[:, 3] - sums[:, 1], sums[:, 0])
    return OutletFrame(
        outlet=outlet,
        actor=actor,
        period=period,
        articles=len(sums),
        rows=int(count),
        net=(favor - against) / count,
        low=low,
        high=high,
        against=against / count,
        neutral=neutral / count,
        favor=favor / count,
        minimum=minimum,
    )


def interval(totals: Sequence[float] | NDArray[Any], counts: Sequence[float] | NDArray[Any]) -> tuple[float, float]:
    """Bootstrap the ratio ``sum(totals) / sum(counts)`` over clusters.

    Parameters
    ----------
    totals, counts : array, shape (clusters,)
        Sum of the scores and number of scores in each cluster; counts above 0.

    Returns
    -------
    low, high : float
        Ends of the 95 % percentile interval of `REPLICATES` replicates; the same for the same input.
    """
    data = np.column_stack([totals, counts])
    clusters = len(data)
    random = np.random.default_rng(SEED)
    ratios = []
    left = REPLICATES
    while left:
        size = min(left, max(1, _BLOCK // clusters))
        drawn = random.multinomial(clusters, np.full(clusters, 1 / clusters), size=size) @ data
        ratios.append(drawn[:, 0] / drawn[:, 1])
        left -= size
    low, high = np.quantile(np.concatenate(ratios), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
