"""How news text treats geopolitical actors: stance toward each, sentiment, and who voices it.

>>> import stance
>>> result = stance.predict("NATO condemned Russia's unprovoked attack on Ukraine.")
>>> result["Russia"].label
'against'

`predict`, `predict_batch`, `explain` and `load_model` are the way in; they need nothing but NumPy and the packaged model. What is
heavier (training, charts, reports) is imported by its own name: ``stance.train``, ``stance.charts``, ``stance.report``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from pathlib import Path

    from stance.errors import DataError, InputError, ModelError, StanceError
    from stance.model import StanceModel
    from stance.reasons import Contribution, Explanation
    from stance.records import Article, Dropped, Mention, OutletFrame, Prediction, Sentence, Sentiment, Stance

__version__ = "0.1.0"

__all__ = [
    "Article",
    "Contribution",
    "DataError",
    "Dropped",
    "Explanation",
    "InputError",
    "Mention",
    "ModelError",
    "OutletFrame",
    "Prediction",
    "Sentence",
    "Sentiment",
    "Stance",
    "StanceError",
    "StanceModel",
    "explain",
    "load_model",
    "predict",
    "predict_batch",
]

_HOMES = {
    "stance.errors": ("DataError", "InputError", "ModelError", "StanceError"),
    "stance.model": ("StanceModel",),
    "stance.reasons": ("Contribution", "Explanation"),
    "stance.records": ("Article", "Dropped", "Mention", "OutletFrame", "Prediction", "Sentence", "Sentiment", "Stance"),
}


def __getattr__(name: str) -> Any:
    # Lazy, so that `import stance` costs next to nothing.
    for module, names in _HOMES.items():
        if name in names:
            from importlib import import_module

            value = getattr(import_module(module), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module 'stance' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def predict(text: str | Article, *, coverage: float | None = None, date: date | None = None) -> Prediction:
    """Tell how a sentence or an article treats each geopolitical actor it names, with the packaged model.

    Parameters
    ----------
    text : str or Article
        A sentence or a whole article; line breaks between paragraphs help, and of a text with several lines those are left
        out that are furniture of a page. An `Article` has a headline and a date of its own.
    coverage : float, optional
        Ask for prediction sets (``.labels``) that hold the right label of a sentence this often, from 0.5 to 0.99;
        ``.label`` is then None where the set holds more than one.
    date : datetime.date, optional
        When it was written: who stands for whom is decided by that month. Without a date, who held an office last counts.

    Returns
    -------
    Prediction
        A mapping from actor name to `Stance`, empty where no actor is named; with ``.sentiment`` and ``.sentences``.

    Raises
    ------
    InputError
        If `text` is neither, or not text that can be encoded, or `coverage` out of range.

    Examples
    --------
    >>> result = predict("Beijing hailed the accord; Washington called it a sham.")
    >>> list(result)
    ['China', 'United States']
    >>> import datetime
    >>> list(predict("Rutte met reporters.", date=datetime.date(2015, 5, 1)))
    ['Netherlands']
    """
    from stance.model import default_model

    return default_model().predict(text, coverage=coverage, date=date)


def predict_batch(texts: Iterable[str | Article], *, coverage: float | None = None) -> Iterator[Prediction]:
    """Predict many texts one after another, as they are asked for, with the packaged model.

    Parameters
    ----------
    texts : iterable of str or Article
        May be endless; one text is in memory at a time.
    coverage : float, optional
        As in `predict`.

    Returns
    -------
    iterator of Prediction
        In the same order.

    Raises
    ------
    InputError
        When a text that cannot be used comes up, with its number.

    Examples
    --------
    >>> [len(result) for result in predict_batch(["Russia and China met.", "It rained."])]
    [2, 0]
    """
    from stance.model import default_model

    return default_model().predict_batch(texts, coverage=coverage)


def explain(text: str, actor: str, *, date: date | None = None) -> Explanation:
    """Tell which words made a sentence's stance toward an actor, with the packaged model.

    Parameters
    ----------
    text : str
        A sentence; of a longer text that sentence is explained which has the strongest stance toward the actor.
    actor : str
        One that the text names, by its name in ``actors.toml``.
    date : datetime.date, optional
        As in `predict`.

    Returns
    -------
    Explanation
        Words and phrases with their contributions, which add up to the logits. Printed, it is a table; in a notebook it
        shows the sentence with its words shaded; `stance.charts.explanation` draws it.

    Raises
    ------
    InputError
        If the text does not name the actor, or is no text.

    Examples
    --------
    >>> explain("NATO condemned Russia's unprovoked attack on Ukraine.", "Russia").strongest[0].text
    'condemned'
    """
    from stance.model import default_model

    return default_model().explain(text, actor, date=date)


def load_model(path: Path | str | None = None, *, actors: Path | str | None = None) -> StanceModel:
    """Load a model that ``python -m stance.train`` wrote, or the packaged one, with the packaged actors or your own.

    Parameters
    ----------
    path : path, optional
        The folder, or one of its files ``model.npz`` and ``model.json``; without it the model that the package carries.
    actors : path, optional
        A TOML file laid out as ``actors.toml``: its actors are added, and what it says of known ones takes the place of what
        was there.

    Returns
    -------
    StanceModel
        With `predict`, `predict_batch` and `explain` of its own.

    Raises
    ------
    ModelError
        If it is missing, damaged, or of another format. Nothing in a model file is ever run.
    DataError
        If `actors` has faults: all of them at once.
    """
    from pathlib import Path

    from stance.actors import actors_with
    from stance.model import DEFAULT_MODEL, StanceModel

    who = None if actors is None else actors_with(Path(actors))
    return StanceModel.load(DEFAULT_MODEL if path is None else path, actors=who)
