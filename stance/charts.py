"""Figures: each function returns a `Figure` and the rows behind it, and saves nothing."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from numpy.typing import NDArray

from stance.audit import ACTORS, Audit
from stance.evaluate import reliability
from stance.framing import SAID, Length, Spoken, periods
from stance.model import LinearModel
from stance.reasons import Explanation
from stance.records import OutletFrame

Rows = list[dict[str, object]]
Chart = tuple[Figure, Rows]
Array = NDArray[Any]

DPI = 150
# Orange against, purple favor: told apart by every kind of colour vision, and without party colours.
_MAP = colormaps["PuOr"]
_AGAINST, _NEUTRAL, _FAVOR = "#b35806", "#6e6e6e", "#542788"
_INK, _FAINT = "#222222", "#d9d9d9"
# Actors in one timeline: more lines than that cannot be told apart.
_MOST_LINES = 4
_MOST_TICKS = 8
# Okabe and Ito's palette, with a marker each for print without colour.
_LINES = (("#0072b2", "o"), ("#d55e00", "s"), ("#009e73", "^"), ("#cc79a7", "D"))
_STANCE_AXIS = "net stance: mean of P(favor) − P(against)"


def _figure(width: float, height: float) -> Figure:
    figure = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
    figure.get_layout_engine().set(w_pad=0.15, h_pad=0.1)  # type: ignore[union-attr, call-arg]
    return figure


def _signed(value: float) -> str:
    """Two places with a sign, a true minus, and no sign on zero."""
    text = f"{value:+.2f}"
    return "0.00" if text[1:] == "0.00" else text.replace("-", "−")


def _title(figure: Figure, title: str, note: str) -> None:
    """Put what the figure shows above it, and how to read it and where it comes from below."""
    columns = int(figure.get_figwidth() * 8.2)
    figure.suptitle(textwrap.fill(title, columns), x=0.02, ha="left", fontsize=14, fontweight="bold", color=_INK)
    figure.supxlabel(
        textwrap.fill(note, int(figure.get_figwidth() * 15.5)), x=0.02, ha="left", fontsize=8, color="#555555"
    )


def _plain(axes: Axes, *, grid: str | None = None) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(_FAINT)
    axes.tick_params(color=_FAINT, labelcolor=_INK)
    if grid:
        axes.grid(axis=grid, color=_FAINT, linewidth=0.6)  # type: ignore[arg-type]
        axes.set_axisbelow(True)


def _rows(frames: Sequence[OutletFrame]) -> Rows:
    return [
        {
            "outlet": frame.outlet,
            "actor": frame.actor,
            **({"period": frame.period} if frame.period else {}),
            "articles": frame.articles,
            "sentences": frame.rows,
            "net_stance": frame.net,
            "low_95": frame.low,
            "high_95": frame.high,
            "mean_p_against": frame.against,
            "mean_p_neutral": frame.neutral,
            "mean_p_favor": frame.favor,
            "enough_articles": frame.enough,
        }
        for frame in frames
    ]


def _reach(frames: Sequence[OutletFrame]) -> float:
    """Half the width of a scale that holds all intervals, in steps of a tenth."""
    ends = [abs(value) for frame in frames if frame.enough for value in (frame.net, frame.low, frame.high)]
    return min(1.0, float(np.ceil(max(ends, default=0.1) * 10) / 10))


def _interval_note(minimum: int, source: str) -> str:
    return (
        f"Interval: 95 %, bootstrap over articles; shown from {minimum} articles. The score is the model's reading of the "
        f"words, not a fact about the actor. Source: {source}."
    )


def heat_map(frames: Sequence[OutletFrame], actors: Sequence[str], source: str, voice: Spoken = "both") -> Chart:
    """Draw outlets against actors, coloured by net stance.

    Parameters
    ----------
    frames : sequence of OutletFrame
        Of the whole period.
    actors : sequence of str
        The columns, in order.
    source : str
        Named under the chart.
    voice : {"both", "narrator", "attributed"}
        Whose sentences the frames are of.

    Returns
    -------
    figure : matplotlib.figure.Figure
    rows : list of dict
        What was drawn.
    """
    said = "" if voice == "both" else f", {SAID[voice]}"
    shown = [frame for frame in frames if frame.actor in actors]
    outlets = sorted({frame.outlet for frame in shown})
    cells = {(frame.outlet, frame.actor): frame for frame in shown}
    reach = _reach(shown)
    norm = Normalize(-reach, reach)
    figure = _figure(max(7.0, 2.6 + 1.25 * len(actors)), 2.2 + 0.62 * len(outlets))
    axes = figure.add_subplot()
    for y, outlet in enumerate(outlets):
        for x, actor in enumerate(actors):
            frame = cells.get((outlet, actor))
            if frame is None or not frame.enough:
                few = "–" if frame is None else f"n={frame.articles:,}"
                axes.text(x, y, few, ha="center", va="center", fontsize=9, color="#8a8a8a")
                continue
            colour = _MAP(norm(frame.net))
            axes.add_patch(_cell(x, y, colour))
            dark = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2] < 0.55
            ink = "white" if dark else _INK
            strong = "bold" if frame.leans else "normal"
            axes.text(
                x, y - 0.10, _signed(frame.net), ha="center", va="center", color=ink, fontweight=strong, fontsize=11
            )
            axes.text(
                x, y + 0.24, f"{_signed(frame.low)} to {_signed(frame.high)}  n={frame.articles:,}", ha="center", va="center",
                color=ink, fontsize=6.5,
            )  # fmt: skip
    axes.set_xlim(-0.5, len(actors) - 0.5)
    axes.set_ylim(len(outlets) - 0.5, -0.5)
    axes.set_xticks(range(len(actors)), [textwrap.fill(actor, 14) for actor in actors])
    axes.set_yticks(range(len(outlets)), outlets)
    axes.xaxis.tick_top()
    axes.tick_params(length=0, labelcolor=_INK)
    axes.spines[:].set_visible(False)
    _title(
        figure,
        f"Net stance of each outlet toward each actor{said} (orange: against, purple: favor)",
        f"Colours run from {_signed(-reach)} to {_signed(reach)}. Bold: the interval does not hold zero. n: articles that name the actor. {_interval_note(_minimum(shown), source)}",
    )
    return figure, _rows(shown)


def _cell(x: float, y: float, colour: Any) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((x - 0.48, y - 0.46), 0.96, 0.92, color=colour, linewidth=0)


def _minimum(frames: Sequence[OutletFrame]) -> int:
    return frames[0].minimum if frames else 0


def forest(frames: Sequence[OutletFrame], actor: str, source: str) -> Chart:
    """Draw the outlets' net stance toward one actor with intervals, most favourable first."""
    shown = sorted((frame for frame in frames if frame.actor == actor and frame.enough), key=lambda frame: frame.net)
    left_out = [frame for frame in frames if frame.actor == actor and not frame.enough]
    figure = _figure(8.5, 2.3 + 0.42 * max(2, len(shown)))
    axes = figure.add_subplot()
    axes.axvline(0, color="#8a8a8a", linewidth=1)
    for y, frame in enumerate(shown):
        colour = {"against": _AGAINST, "favor": _FAVOR, None: _NEUTRAL}[frame.leans]
        axes.plot([frame.low, frame.high], [y, y], color=colour, linewidth=2.5, solid_capstyle="round")
        axes.plot(frame.net, y, "o", color=colour, markersize=8)
    axes.set_yticks(range(len(shown)), [f"{frame.outlet}  (n={frame.articles:,})" for frame in shown])
    axes.set_ylim(-0.6, max(2, len(shown)) - 0.4)
    reach = _reach(shown)
    axes.set_xlim(-reach, reach)
    axes.set_xlabel(f"← against      {_STANCE_AXIS}      favor →", color=_INK)
    _plain(axes, grid="x")
    if not shown:
        axes.text(0, 0.5, "no outlet with enough articles", ha="center", color="#8a8a8a")
    hidden = f" Too few articles: {', '.join(f'{f.outlet} ({f.articles})' for f in left_out)}." if left_out else ""
    _title(
        figure,
        f"{actor}: net stance of each outlet, with 95 % intervals",
        f"Orange: interval below zero; purple: above; grey: holds zero. n: articles that name the actor.{hidden} "
        f"{_interval_note(_minimum(shown or left_out), source)}",
    )
    return figure, _rows([*reversed(shown), *left_out])


def timeline(frames: Sequence[OutletFrame], outlet: str, actors: Sequence[str], length: Length, source: str) -> Chart:
    """Draw one outlet's net stance by period toward up to four of `actors`; where articles are too few, the line breaks.

    Parameters
    ----------
    frames : sequence of OutletFrame
        By periods of the given length.
    outlet : str
        Whose.
    actors : sequence of str
        Those with most articles are drawn.
    length : {"month", "quarter", "year"}
        Of the periods.
    source : str
        Named under the chart.
    """
    mine = [frame for frame in frames if frame.outlet == outlet and frame.actor in actors]
    counts = {actor: sum(f.articles for f in mine if f.actor == actor and f.enough) for actor in actors}
    drawn = [actor for actor in sorted(actors, key=lambda a: -counts[a]) if counts[actor]][:_MOST_LINES]
    shown = [frame for frame in mine if frame.actor in drawn and frame.enough]
    named = [str(frame.period) for frame in shown]
    along = periods(min(named), max(named)) if named else []
    figure = _figure(8.5, 4.6)
    axes = figure.add_subplot()
    axes.axhline(0, color="#8a8a8a", linewidth=1)
    for actor, (colour, marker) in zip(drawn, _LINES, strict=False):
        by_period = {frame.period: frame for frame in shown if frame.actor == actor}
        values = [
            (frame.net, frame.low, frame.high) if (frame := by_period.get(period)) else (np.nan,) * 3
            for period in along
        ]
        net, low, high = (np.array(column) for column in zip(*values, strict=True))
        places = np.arange(len(along))
        axes.fill_between(places, low, high, color=colour, alpha=0.15, linewidth=0)
        # Bars as well as bands: a period between two gaps has no band.
        axes.vlines(places, low, high, color=colour, alpha=0.45, linewidth=1.2)
        label = f"{actor} ({counts[actor]:,})"
        axes.plot(places, net, marker=marker, color=colour, linewidth=2, markersize=6, label=label)
    if drawn:
        axes.legend(frameon=False, ncols=len(drawn), loc="upper left", bbox_to_anchor=(0, 1.13), fontsize=9)
    else:
        axes.text(0.5, 0.6, f"no {length} with enough articles", ha="center", color="#8a8a8a", transform=axes.transAxes)
    step = -(-len(along) // _MOST_TICKS) or 1
    axes.set_xticks(range(0, len(along), step), along[::step])
    axes.set_xlim(-0.5, max(len(along), 1) - 0.5)
    reach = _reach(shown)
    axes.set_ylim(-reach, reach)
    axes.set_ylabel("net stance: against ↓  favor ↑", color=_INK)
    _plain(axes, grid="y")
    _title(
        figure,
        f"{outlet}: net stance by {length} toward the actors it names most",
        f"In brackets: articles in the periods shown. Bands are the intervals. {_interval_note(_minimum(mine), source)}",
    )
    return figure, _rows(mine)


def confusion(labels: Sequence[str], truth: Array, predicted: Array, task: str, source: str) -> Chart:
    """Draw how often each label was taken for which."""
    counts = np.zeros((len(labels), len(labels)), dtype=int)
    np.add.at(counts, (truth, predicted), 1)
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    figure = _figure(6.4, 5.6)
    axes = figure.add_subplot()
    axes.imshow(shares, cmap="Purples", vmin=0, vmax=1)
    for y, x in np.ndindex(counts.shape):
        axes.text(
            x, y, f"{shares[y, x]:.0%}\n{counts[y, x]:,}", ha="center", va="center", fontsize=12,
            color="white" if shares[y, x] > 0.55 else _INK, fontweight="bold" if x == y else "normal",
        )  # fmt: skip
    axes.set_xticks(range(len(labels)), [f"{label}" for label in labels])
    axes.set_yticks(
        range(len(labels)), [f"{label}\n(n={n:,})" for label, n in zip(labels, counts.sum(axis=1), strict=True)]
    )
    axes.set_xlabel("label predicted", color=_INK)
    axes.set_ylabel("label given by readers", color=_INK)
    axes.tick_params(length=0, labelcolor=_INK)
    axes.spines[:].set_visible(False)
    right = float(np.trace(counts)) / max(1, counts.sum())
    _title(
        figure,
        f"{task}: {right:.0%} of labels are right in cross-validation",
        f"Share of each row, and number of labels. {source}",
    )
    rows: Rows = [
        {"given": labels[y], "predicted": labels[x], "n": int(counts[y, x]), "share_of_given": float(shares[y, x])}
        for y, x in np.ndindex(counts.shape)
    ]
    return figure, rows


def reliability_diagram(
    labels: Sequence[str], truth: Array, probabilities: Array, error: float, task: str, source: str
) -> Chart:
    """Draw, per class, how often what was given a probability turned out right."""
    figure = _figure(6.4, 5.8)
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="#8a8a8a", linewidth=1, linestyle="--", label="perfect calibration")
    rows: Rows = []
    for k, (label, colour, marker) in enumerate(zip(labels, (_AGAINST, _NEUTRAL, _FAVOR), "os^", strict=True)):
        bins = reliability(probabilities[:, k], truth == k)
        axes.plot(
            [b["confidence"] for b in bins],
            [b["right"] for b in bins],
            marker=marker,
            color=colour,
            linewidth=1.8,
            label=label,
        )
        # Points of few labels scatter; their size says so.
        axes.scatter(
            [b["confidence"] for b in bins],
            [b["right"] for b in bins],
            s=[20 + b["n"] / 4 for b in bins],
            color=colour,
            marker=marker,
            alpha=0.35,
        )
        rows += [{"class": label, **b} for b in bins]
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_aspect("equal")
    axes.set_xlabel("probability that the model gave", color=_INK)
    axes.set_ylabel("share of labels that were so", color=_INK)
    axes.legend(frameon=False, loc="upper left")
    _plain(axes, grid="both")
    _title(
        figure,
        f"{task}: expected calibration error {error:.3f}",
        f"Ten bins; larger marks hold more labels (n={len(truth):,} in all). {source}",
    )
    return figure, rows


def learning_curve(rows: Rows, source: str) -> Chart:
    """Draw what more labels bring.

    Parameters
    ----------
    rows : list of dict
        With ``labels`` (how many were learned from), ``measured_on``, and ``score``; several rows of the same two are
        repeats, drawn as mean and range.
    source : str
        Named under the chart.
    """
    figure = _figure(8.5, 5.2)
    axes = figure.add_subplot()
    sets = list(dict.fromkeys(str(row["measured_on"]) for row in rows))
    for name, (colour, marker) in zip(sets, _LINES, strict=False):
        scores: dict[int, list[float]] = {}
        for row in rows:
            if row["measured_on"] == name:
                scores.setdefault(int(str(row["labels"])), []).append(float(str(row["score"])))
        sizes = sorted(scores)
        means = [float(np.mean(scores[size])) for size in sizes]
        low, high = [min(scores[size]) for size in sizes], [max(scores[size]) for size in sizes]
        axes.fill_between(sizes, low, high, color=colour, alpha=0.15, linewidth=0)
        axes.plot(sizes, means, marker=marker, color=colour, linewidth=2, markersize=6, label=name)
        axes.annotate(f"{means[-1]:.2f}", (sizes[-1], means[-1]), (6, 0), textcoords="offset points", va="center")
    axes.set_xscale("log")
    ticks = sorted({int(str(row["labels"])) for row in rows})
    axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel("labels learned from (log scale)", color=_INK)
    axes.set_ylabel("score", color=_INK)
    axes.legend(frameon=False, loc="upper left", fontsize=9)
    _plain(axes, grid="both")
    _title(figure, "What more labels bring", f"Means of repeats, bands from worst to best. {source}")
    return figure, rows


def copies(rows: Rows, source: str) -> Chart:
    """Draw how many copies are found, and how many of those found are copies, by how a copy was changed.

    Parameters
    ----------
    rows : list of dict
        With ``change`` (how), ``share_changed`` (0 to 1; NaN where the change has no degrees), ``planted`` (copies), ``recall`` and
        ``precision`` (of pairs).
    source : str
        Named under the chart.
    """
    shares = sorted({share for row in rows if not np.isnan(share := float(str(row["share_changed"])))})
    graded = list(dict.fromkeys(str(row["change"]) for row in rows if float(str(row["share_changed"])) in shares))
    others = [row for row in rows if str(row["change"]) not in graded]
    ticks = [f"{share:.0%}" for share in shares] + [textwrap.fill(str(row["change"]), 12) for row in others]
    figure = _figure(9, 6.4)
    panels = figure.subplots(2, 1, sharex=True)
    for axes, measure in zip(panels, ("recall", "precision"), strict=True):
        for k, (name, (colour, marker)) in enumerate(zip(graded, _LINES, strict=False)):
            scores = [float(str(row[measure])) for row in rows if row["change"] == name]
            # A little beside each other: many are 1.
            places = np.arange(len(shares)) + 0.06 * (k - (len(graded) - 1) / 2)
            axes.plot(places, scores, marker=marker, color=colour, linewidth=2, markersize=7, label=name)
        for place, row in enumerate(others, len(shares)):
            score = float(str(row[measure]))
            axes.bar(place, score, width=0.5, color="#9a9a9a")
            axes.annotate(f"{score:.3f}", (place, score), (0, 3), textcoords="offset points", ha="center", fontsize=10)
        axes.axvline(len(shares) - 0.5, color=_FAINT, linewidth=1)
        axes.set_ylim(0, 1.12)
        axes.set_yticks(np.linspace(0, 1, 6))
        axes.set_ylabel(f"{measure} of pairs", color=_INK)
        _plain(axes, grid="y")
    panels[1].set_xticks(range(len(ticks)), ticks)
    panels[1].set_xlabel("share of the text that was changed, or what was done to it", color=_INK)
    panels[1].legend(frameon=False, loc="lower left")
    planted = sum(int(str(row["planted"])) for row in rows)
    _title(
        figure,
        "Copies of articles that are found (recall), and found pairs that are copies (precision)",
        f"n={planted:,} copies planted, {planted // len(rows):,} with each change, and all with another article's headline. {source}",
    )
    return figure, rows


def strongest_terms(model: LinearModel, labels: Sequence[str], task: str, source: str, most: int = 14) -> Chart:
    """Draw the terms with the largest weights for and against each class."""
    terms = [(view, term) for view, view_terms in model.vocabulary.items() for term in view_terms]
    # A weight counts times the idf it meets; centred, since only differences between the classes matter.
    weights = model.weights * model.idf[:, None].astype(np.float32)
    weights = weights - weights.mean(axis=1, keepdims=True)
    figure = _figure(11, 5.6)
    rows: Rows = []
    for k, (label, colour) in enumerate(zip(labels, (_AGAINST, _NEUTRAL, _FAVOR), strict=True)):
        best = np.argsort(-weights[:, k], kind="stable")[:most]
        axes = figure.add_subplot(1, len(labels), k + 1)
        axes.barh(range(len(best)), weights[best, k], color=colour)
        axes.set_yticks(range(len(best)), [_spoken(*terms[i]) for i in best], fontsize=9)
        axes.invert_yaxis()
        axes.set_title(label, color=colour, fontweight="bold", loc="left")
        axes.set_xlabel("weight × idf", color=_INK)
        _plain(axes, grid="x")
        rows += [
            {"class": label, "view": terms[i][0], "term": terms[i][1], "weight": float(weights[i, k])} for i in best
        ]
    _title(
        figure,
        f"{task}: the words that speak most for each label",
        "T is the actor in question, A any other. “… T”: just before it, “T …”: just after; no mark: anywhere. “cue”: T is agent, "
        "patient, owner … of an entry of the lexicon; “light”: of one with this light (++ to −−; a, b: behind another actor or a "
        f"border of clauses); “tone”: of words before (<) or after (>) T. {source}",
    )
    return figure, rows


def risk_coverage(points: Mapping[str, Sequence[Mapping[str, float]]], source: str) -> Chart:
    """Draw how often the surest predictions are wrong, a line for each set of predictions.

    Parameters
    ----------
    points : mapping of str to sequence of mappings
        What `stance.card.risk_coverage` returned, by name.
    source : str
    """
    figure = _figure(7.5, 5)
    axes = figure.add_subplot()
    rows: Rows = []
    for (name, curve), (colour, marker) in zip(points.items(), _LINES, strict=False):
        axes.plot(
            [100 * point["coverage"] for point in curve], [100 * point["error"] for point in curve],
            color=colour, marker=marker, markersize=4, label=name,
        )  # fmt: skip
        rows += [{"measured_on": name, **point} for point in curve]
    axes.set_xlabel("share of predictions kept, the surest first (%)", color=_INK)
    axes.set_ylabel("of these wrong (%)", color=_INK)
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, loc="upper left")
    _plain(axes, grid="both")
    _title(figure, "How often the surest predictions are wrong", source)
    return figure, rows


def explanation(explained: Explanation, most: int = 14) -> Chart:
    """Draw what the words of a sentence contribute to its stance toward an actor, the largest on top.

    Parameters
    ----------
    explained : Explanation
    most : int
        Bars at most.
    """
    shown = explained.strongest[:most]
    scores = [contribution.score for contribution in shown]
    figure = _figure(8, 2.1 + 0.34 * max(3, len(shown)))
    axes = figure.add_subplot()
    axes.barh(range(len(shown)), scores, color=[_FAVOR if score > 0 else _AGAINST for score in scores])
    axes.set_yticks(range(len(shown)), [textwrap.shorten(contribution.text, 40) for contribution in shown])
    axes.invert_yaxis()
    axes.axvline(0, color=_INK, linewidth=0.8)
    reach = 1.25 * max(map(abs, scores), default=1.0)
    axes.set_xlim(-reach, reach)
    for place, score in enumerate(scores):
        axes.annotate(
            _signed(score), (score, place), (4 if score > 0 else -4, 0), textcoords="offset points", va="center",
            ha="left" if score > 0 else "right", fontsize=9, color=_INK,
        )  # fmt: skip
    axes.set_xlabel("← toward against     log-odds of favor over against     toward favor →", color=_INK)
    _plain(axes)
    stance = explained.stance
    _title(
        figure,
        f"Why the sentence is read as “{' or '.join(stance.labels)}” toward {explained.actor}",
        f"“{textwrap.shorten(explained.text, 300)}” P(against) {stance.p_against:.2f}, P(neutral) {stance.p_neutral:.2f}, "
        f"P(favor) {stance.p_favor:.2f}. With what is not shown the bars add up to the log-odds exactly.",
    )
    rows: Rows = [
        {
            "text": contribution.text,
            "start": contribution.start,
            "against": contribution.against,
            "neutral": contribution.neutral,
            "favor": contribution.favor,
        }
        for contribution in explained.contributions
    ]
    return figure, rows


def exchanges(result: Audit, source: str) -> Chart:
    """Draw how far scores move when one actor's name takes the place of another's."""
    values = np.full((len(ACTORS), len(ACTORS)), np.nan)
    rows: Rows = []
    for (one, other), change in result.pairs.items():
        values[ACTORS.index(one), ACTORS.index(other)] = change.mean_moved
        rows.append(
            {
                "named": one,
                "put_in_its_place": other,
                "predictions": change.n,
                "share_with_another_label": change.label_share,
                "mean_absolute_change_of_score": change.mean_moved,
            }
        )
    figure = _figure(8, 5.8)
    axes = figure.add_subplot()
    axes.imshow(values, cmap="Greys", vmin=0, vmax=0.1, aspect="auto")
    for (one, other), change in result.pairs.items():
        axes.annotate(
            f"{change.mean_moved:.4f}\n{change.label_share:.1%}", (ACTORS.index(other), ACTORS.index(one)),
            ha="center", va="center", fontsize=9, color="white" if change.mean_moved > 0.06 else _INK,
        )  # fmt: skip
    axes.set_xticks(range(len(ACTORS)), ACTORS, rotation=20)
    axes.set_yticks(range(len(ACTORS)), ACTORS)
    axes.set_xlabel("put in its place", color=_INK)
    axes.set_ylabel("named in the sentence", color=_INK)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    overall = result.overall
    _title(
        figure,
        "What changes when only the actor's name is another",
        f"Above: mean absolute change of the score (scale of shades: 0 to 0.1). Below: share of predictions with another label. "
        f"{overall.n:,} exchanges in {result.sentences:,} sentences; all together {overall.mean_moved:.4f} and "
        f"{overall.label_share:.2%}. {source}",
    )
    return figure, rows


def _spoken(view: str, term: str) -> str:
    """A term as a reader would write it: where it stands, with short masks."""
    words = term.lstrip("<>").replace("TARGET", "T").replace("ACTOR", "A")
    if view == "near":
        return f"{words} … T" if term.startswith("<") else f"T … {words}"
    return words if view in ("sentence", "pairs") else f"{view}: {term.replace('-', '−')}"
