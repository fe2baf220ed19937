"""Studies of a training beyond one cross-validation: how much it varies, against the packaged model, and for actors that it
has not seen; and which labels it doubts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import joblib
import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from stance.errors import InputError
from stance.evaluate import FEWEST, measure
from stance.fit import FOLDS, CrossValidation, Examples, Settings, hold_out
from stance.model import LinearModel
from stance.records import STANCES

Array = NDArray[Any]

REPEATS = 3
# Actors that are left out of the training in turn: those with the most labels.
UNSEEN = 6


@dataclass(frozen=True, slots=True)
class Repeated:
    """Macro-F1 over repeated cross-validations, each with other folds of whole groups.

    Attributes
    ----------
    scores : list of float
        One per repeat, over all out-of-fold predictions.
    per_fold : list of float
        One per fold of every repeat.
    reference : float or None
        The same labels, by a model that was trained on other data.
    reference_per_fold : list of float or None
        The same folds, by that model.
    """

    scores: list[float]
    per_fold: list[float]
    reference: float | None
    reference_per_fold: list[float] | None


def repeated(
    views: tuple[str, ...],
    settings: Settings,
    examples: Examples,
    measured: Array,
    reference: LinearModel | None,
    advance: Callable[[int], object] = lambda steps: None,
) -> Repeated:
    """Cross-validate `REPEATS` times with the settings chosen, beside a reference on the same folds.

    Parameters
    ----------
    views : tuple of str
    settings : Settings
    examples : Examples
    measured : array of bool, shape (n,)
        The examples that are measured, in folds of whole groups; the others teach in every fold.
    reference : LinearModel, optional
        One that did not see the measured examples.
    advance : callable
        Called with 1 after each repeat.
    """
    truth = examples.truth
    theirs = None if reference is None else np.array([reference.logits(one).argmax() for one in examples.views])
    scores, per_fold = [], []
    reference_per_fold: list[float] = []
    rows, others = np.flatnonzero(measured), np.flatnonzero(~measured)
    groups = [examples.groups[row] for row in rows]
    for seed in range(REPEATS):
        folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed).split(rows, truth[rows], groups)
        jobs = [
            joblib.delayed(hold_out)(views, [settings], examples, np.concatenate([others, rows[train]]), rows[test])
            for train, test in folds
        ]
        predicted = np.full(len(truth), -1)
        for test, (logits,) in joblib.Parallel(n_jobs=min(joblib.cpu_count(), FOLDS))(jobs):
            predicted[test] = logits.argmax(axis=1)
            per_fold.append(_macro_f1(truth[test], predicted[test]))
            if theirs is not None:
                reference_per_fold.append(_macro_f1(truth[test], theirs[test]))
        scores.append(_macro_f1(truth[measured], predicted[measured]))
        advance(1)
    if theirs is None:
        return Repeated(scores, per_fold, None, None)
    return Repeated(scores, per_fold, _macro_f1(truth[measured], theirs[measured]), reference_per_fold)


def unseen_actors(
    views: tuple[str, ...],
    settings: Settings,
    examples: Examples,
    advance: Callable[[int], object] = lambda steps: None,
) -> dict[str, tuple[int, float]]:
    """Leave one actor out: train without any label of it, predict them all.

    Parameters
    ----------
    views : tuple of str
    settings : Settings
    examples : Examples
    advance : callable
        Called with 1 after each actor; there are at most `UNSEEN`.

    Returns
    -------
    dict of str to (int, float)
        Labels and macro-F1 of the actors with the most labels.
    """
    named = np.array(examples.actors, dtype=object)
    actors = [actor for actor, count in Counter(examples.actors).most_common(UNSEEN) if count >= FEWEST]
    splits = [(np.flatnonzero(named != actor), np.flatnonzero(named == actor)) for actor in actors]
    usable = [
        (actor, split) for actor, split in zip(actors, splits, strict=True) if len(set(examples.truth[split[0]])) > 2
    ]
    jobs = [joblib.delayed(hold_out)(views, [settings], examples, train, test) for _, (train, test) in usable]
    result = {}
    found = joblib.Parallel(n_jobs=min(joblib.cpu_count(), UNSEEN), return_as="generator")(jobs)
    for (actor, _), (test, (logits,)) in zip(usable, found, strict=True):
        result[actor] = (len(test), _macro_f1(examples.truth[test], logits.argmax(axis=1)))
        advance(1)
    return result


def suspects(validation: CrossValidation) -> Array:
    """Return the labels that are likely wrong, the most doubtful first.

    Confident learning (Northcutt et al. 2021) on the out-of-fold probabilities, by cleanlab.

    Returns
    -------
    array of int
        Positions in the validation's examples.
    """
    from cleanlab.filter import find_label_issues

    ranked: Array = find_label_issues(
        validation.truth, validation.probabilities, return_indices_ranked_by="self_confidence", n_jobs=1
    )
    return ranked


def require_cleanlab() -> None:
    """Raise an `InputError` that names the extra unless cleanlab is installed."""
    if find_spec("cleanlab") is None:
        raise InputError("--check-labels needs cleanlab: pip install 'stance[cleanlab]'")


def _macro_f1(truth: Array, predicted: Array) -> float:
    return measure(STANCES, truth, predicted).macro_f1


def spread(scores: Sequence[float]) -> str:
    """Mean and standard deviation, as one reads them."""
    return f"{np.mean(scores):.3f} ± {np.std(scores, ddof=1):.3f}"
