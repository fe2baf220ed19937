"""``python -m stance.train``: from labelled sentences to a model, with a report of how good it is."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import joblib
import platformdirs
from tqdm import tqdm

from stance import charts, evaluate, fit
from stance.dataset import read_sentences, to_hugging_face, training_sentences
from stance.files import replacing, write_chart
from stance.model import StanceModel

PIPELINES_FILE = "pipelines.joblib"


def model_home() -> Path:
    """Where a trained model goes if nothing else is asked for: ``$STANCE_HOME``, else the user's data folder."""
    home = os.environ.get("STANCE_HOME")
    return Path(home) if home else platformdirs.user_data_path("stance", appauthor=False)


def train(labels: Sequence[Path], model_dir: Path, reports: Path) -> StanceModel:
    """Train, write the model and its charts, and print what came out.

    Parameters
    ----------
    labels : sequence of Path
        JSONL files of labelled sentences; the packaged ones if empty.
    model_dir : Path
        Gets ``model.npz`` and ``model.json``, written when all is done, and the scikit-learn pipelines as
        ``pipelines.joblib`` for those who want to go on from there; nothing in this package opens the latter.
    reports : Path
        Gets the charts, each with its CSV.

    Returns
    -------
    StanceModel
        The model as written.
    """
    sentences = read_sentences(labels) if labels else training_sentences()
    print(
        f"{len(sentences):,} sentences, {sum(len(s.stance) for s in sentences):,} labels, "
        f"{len({s.group for s in sentences})} writer groups; {fit.FOLDS}-fold cross-validation by group",
        flush=True,
    )
    with tqdm(total=fit.STEPS, desc="training", unit="step", disable=None, leave=False) as bar:
        training = fit.train(to_hugging_face(sentences), evaluate.summarize, bar.update)
    for task, validation in training.validations.items():
        _print_validation(task, validation)
        for name, chart in _charts(task, validation, training.model).items():
            write_chart(reports / f"{task}-{name}", *chart)
    training.model.save(model_dir)
    with replacing(model_dir / PIPELINES_FILE) as temporary:
        joblib.dump(training.pipelines, temporary, compress=3)
    size = (model_dir / "model.npz").stat().st_size / 1e6
    print(f"\nmodel   {model_dir}  ({size:.2f} MB)\ncharts  {reports}")
    return training.model


def _charts(task: str, validation: fit.CrossValidation, model: StanceModel) -> dict[str, charts.Chart]:
    source = f"Out-of-fold predictions on our own {len(validation.truth):,} labels, by folds of whole writer groups."
    title = task.capitalize()
    predicted = validation.probabilities.argmax(axis=1)
    scores = evaluate.measure(validation.labels, validation.truth, predicted, validation.probabilities)
    weights = model.stance if task == "stance" else model.sentiment
    return {
        "confusion": charts.confusion(validation.labels, validation.truth, predicted, title, source),
        "reliability": charts.reliability_diagram(
            validation.labels,
            validation.truth,
            validation.probabilities,
            scores.calibration_error or 0.0,
            title,
            source,
        ),
        "words": charts.strongest_terms(
            weights, validation.labels, title, "Shared weights of the model trained on all labels."
        ),
    }


def _print_validation(task: str, validation: fit.CrossValidation) -> None:
    print(f"\n{task}: macro-F1 of every setting, mean and standard deviation over folds")
    print("  strength  class weight  pooling  macro-F1      sd")
    for row in validation.table:
        chosen = all(row[name] == getattr(validation.chosen, name) for name in ("strength", "class_weight", "pooling"))
        print(
            f"  {row['strength']:>8}  {row['class_weight'] or 'none':>12}  {row['pooling']:>7}  {row['macro_f1']:>8.3f}"
            f"  {row['sd']:>6.3f}{'  <- chosen' if chosen else ''}"
        )
    predicted = validation.probabilities.argmax(axis=1)
    scores = {"all": evaluate.measure(validation.labels, validation.truth, predicted, validation.probabilities)}
    scores |= evaluate.by_actor(
        validation.labels, validation.actors, validation.truth, predicted, validation.probabilities
    )
    print(f"\n{task}: out-of-fold, with the chosen setting")
    print(evaluate.table({name: s for name, s in scores.items() if s.n >= evaluate.FEWEST}, validation.labels))


if __name__ == "__main__":
    # The way in lies a floor above: it parses, calls, and turns errors into exit codes for all commands alike.
    from stance.cli import main

    sys.exit(main(["train", *sys.argv[1:]]))
