"""How news text treats geopolitical actors: stance toward each, sentiment, and who voices it.

>>> import stance
>>> result = stance.predict("NATO condemned Russia's unprovoked attack on Ukraine.")
>>> result["Russia"].label
'against'

`predict`, `predict_batch` and `load_model` are the way in; they need nothing but NumPy and the packaged model. What is
heavier (training, charts, reports) is imported by its own name: ``stance.train``, ``stance.charts``, ``stance.report``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from stance.errors import DataError, InputError, ModelError, StanceError
    from stance.model import StanceModel
    from stance.records import Article, Mention, OutletFrame, Prediction, Sentence, Sentiment, Stance

__version__ = "0.1.0"

__all__ = [
    "Article",
    "DataError",
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
    "load_model",
    "predict",
    "predict_batch",
]

_HOMES = {
    "stance.errors": ("DataError", "InputError", "ModelError", "StanceError"),
    "stance.model": ("StanceModel",),
    "stance.records": ("Article", "Mention", "OutletFrame", "Prediction", "Sentence", "Sentiment", "Stance"),
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


def predict(text: str) -> Prediction:
    """Tell how a sentence or an article treats each geopolitical actor it names, with the packaged model.

    Parameters
    ----------
    text : str
        A sentence or a whole article; line breaks between paragraphs help.

    Returns
    -------
    Prediction
        A mapping from actor name to `Stance`, empty where no actor is named; with ``.sentiment`` and ``.sentences``.

    Raises
    ------
    InputError
        If `text` is not a string, or not text that can be encoded.

    Examples
    --------
    >>> result = predict("Beijing hailed the accord; Washington called it a sham.")
    >>> list(result)
    ['China', 'United States']
    """
    from stance.model import default_model

    return default_model().predict(text)


def predict_batch(texts: Iterable[str]) -> Iterator[Prediction]:
    """Predict many texts one after another, as they are asked for, with the packaged model.

    Parameters
    ----------
    texts : iterable of str
        May be endless; one text is in memory at a time.

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

    return default_model().predict_batch(texts)


def load_model(path: Path | str) -> StanceModel:
    """Load a model that ``python -m stance.train`` wrote.

    Parameters
    ----------
    path : path
        The folder, or one of its files ``model.npz`` and ``model.json``.

    Returns
    -------
    StanceModel
        With `predict` and `predict_batch` of its own.

    Raises
    ------
    ModelError
        If it is missing, damaged, or of another format. Nothing in a model file is ever run.
    """
    from stance.model import StanceModel

    return StanceModel.load(path)
