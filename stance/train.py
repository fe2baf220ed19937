"""``python -m stance.train``: from labelled sentences to a model, with a report of how good it is."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

import joblib
import numpy as np
import platformdirs
from tqdm import tqdm

from stance import card, charts, evaluate, features, fit, studies
from stance.dataset import LabelledSentence, read_sentences, to_hugging_face, training_sentences
from stance.files import replacing, write_chart, write_csv, write_text
from stance.labels import Labels, read_labels
from stance.model import StanceModel, default_model

PIPELINES_FILE = "pipelines.joblib"
# Labels listed on the terminal before the rest is only counted.
_LISTED = 10


def model_home() -> Path:
    """Where a trained model goes if nothing else is asked for: ``$STANCE_HOME``, else the user's data folder."""
    home = os.environ.get("STANCE_HOME")
    return Path(home) if home else platformdirs.user_data_path("stance", appauthor=False)


@dataclass(frozen=True, slots=True)
class Request:
    """What to train from, and what to find out on the way.

    Attributes
    ----------
    labels : tuple of str
        Sources as `stance.labels.read_labels` takes them; none for the packaged sentences.
    columns : mapping of str to str
        What the sources call their columns, where it is no usual name.
    add_to_default : bool
        Learn from the packaged sentences beside the labels.
    check_labels : bool
        Rank labels that are likely wrong.
    gold : tuple of Path
        Labelled sentences that are not learned from, to measure the model on for its card.
    """

    labels: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    add_to_default: bool = False
    check_labels: bool = False
    gold: tuple[Path, ...] = ()


def train(request: Request, model_dir: Path, reports: Path) -> StanceModel:
    """Train, write the model and its charts, and print what came out.

    Parameters
    ----------
    request : Request
    model_dir : Path
        Gets ``model.npz`` and ``model.json``, written when all is done, and the scikit-learn pipelines as
        ``pipelines.joblib`` for those who want to go on from there; nothing in this package opens the latter.
    reports : Path
        Gets the charts, each with its CSV, the model card, and the suspect labels.

    Returns
    -------
    StanceModel
        The model as written.

    Raises
    ------
    DataError
        With all faults of the labels; nothing is written then.
    InputError
        If there is too little to learn from.
    """
    if request.check_labels:
        studies.require_cleanlab()
    gold = read_sentences(request.gold) if request.gold else []
    theirs = read_labels(request.labels, request.columns) if request.labels else Labels([], [])
    for fault in theirs.left_out[:_LISTED]:
        print(f"  left out: {fault}", file=sys.stderr)
    if theirs.left_out:
        print(f"{len(theirs.left_out):,} labels left out, since they cannot be learned from", file=sys.stderr)
    ours = training_sentences() if request.add_to_default or not request.labels else []
    sentences = [*theirs.sentences, *ours]
    print(
        f"{len(sentences):,} sentences, {sum(len(s.stance) for s in sentences):,} labels, "
        f"{len({s.group for s in sentences})} groups; {fit.FOLDS}-fold cross-validation by group",
        flush=True,
    )
    steps = fit.STEPS + (studies.REPEATS + studies.UNSEEN if request.labels else 0)
    with tqdm(total=steps, desc="training", unit="step", disable=None, leave=False) as bar:
        transfer = fit.TRANSFER if ours else fit.NO_TRANSFER
        # Our own sentences need no other model, which after a change of the features could not be loaded.
        fallback = default_model() if request.labels else None
        training = fit.train(to_hugging_face(sentences), evaluate.summarize, bar.update, transfer, fallback)
        studied = _studied(training, theirs.sentences, bar.update) if request.labels else None
    for task, validation in training.validations.items():
        _print_validation(task, validation)
        for name, chart in _charts(task, validation, training.model).items():
            write_chart(reports / f"{task}-{name}", *chart)
    if studied:
        _print_studies(**studied)
    if request.check_labels:
        _write_suspects(training.validations["stance"], sentences, reports / "suspect-labels.csv")
    model = training.model
    _write_card(model, sentences, training.validations["stance"], gold, studied["unseen"] if studied else {}, reports)
    model.save(model_dir)
    with replacing(model_dir / PIPELINES_FILE) as temporary:
        joblib.dump(training.pipelines, temporary, compress=3)
    size = (model_dir / "model.npz").stat().st_size / 1e6
    print(f"\nmodel   {model_dir}  ({size:.2f} MB)\ncharts  {reports}")
    return model


class _Studied(TypedDict):
    repeated: studies.Repeated
    unseen: dict[str, tuple[int, float]]


def _studied(training: fit.Training, theirs: Sequence[LabelledSentence], advance: Callable[[int], object]) -> _Studied:
    """Measure the user's labels once more, beside the packaged model; those of the package, if added, only teach."""
    examples, chosen = training.examples["stance"], training.validations["stance"].chosen
    measured = np.arange(len(examples.truth)) < sum(1 for _ in fit.labels_found(theirs))
    views = features.STANCE_VIEWS
    return {
        "repeated": studies.repeated(views, chosen, examples, measured, default_model().stance, advance),
        "unseen": studies.unseen_actors(views, chosen, examples, advance),
    }


def _write_card(
    model: StanceModel,
    sentences: Sequence[LabelledSentence],
    validation: fit.CrossValidation,
    gold: Sequence[LabelledSentence],
    unseen: Mapping[str, tuple[int, float]],
    reports: Path,
) -> None:
    own = card.out_of_fold(sentences, validation)
    curves = {"out of fold, own sentences": card.risk_coverage(own)}
    judged = None
    if gold:
        name = f"{len(gold):,} other labelled sentences"
        judged = (name, card.on_gold(model, gold))
        curves[name] = card.risk_coverage(judged[1])
    write_chart(
        reports / "risk-coverage",
        *charts.risk_coverage(
            curves, f"Stance; surest by the probability of the label. {len(own.truth):,} labels out of fold."
        ),
    )
    texts = [sentence.text for sentence in sentences]
    write_text(reports / "model-card.md", card.card(model, own, judged, texts, unseen))


def _print_studies(repeated: studies.Repeated, unseen: Mapping[str, tuple[int, float]]) -> None:
    print(f"\nstance: macro-F1 over {studies.REPEATS} repeats with other folds  {studies.spread(repeated.scores)}")
    if repeated.reference is not None and repeated.reference_per_fold is not None:
        print(
            f"stance: per fold, trained here              {studies.spread(repeated.per_fold)}\n"
            f"stance: per fold, packaged model            {studies.spread(repeated.reference_per_fold)}"
            f"  (all: {repeated.reference:.3f})"
        )
    for actor, (n, score) in unseen.items():
        print(f"stance: macro-F1 on {actor}, never seen in training  {score:.3f}  (n = {n:,})")


def _write_suspects(validation: fit.CrossValidation, sentences: Sequence[LabelledSentence], path: Path) -> None:
    """Rank doubtful labels, write them, and print the first."""
    places = list(fit.labels_found(sentences))
    rows: list[dict[str, object]] = []
    for number in studies.suspects(validation):
        sentence, label, _ = places[number]
        best = int(validation.probabilities[number].argmax())
        rows.append(
            {
                "id": sentence.id,
                "actor": label.actor,
                "label": label.label,
                "model": validation.labels[best],
                "p_of_label": float(validation.probabilities[number, validation.truth[number]]),
                "text": sentence.text,
            }
        )
    print(f"\n{len(rows):,} labels are suspect (confident learning on out-of-fold probabilities)")
    for row in rows[:_LISTED]:
        print(f"  {row['id']}  {row['actor']}: {row['label']}, model {row['model']}  {str(row['text'])[:90]}")
    if rows:
        write_csv(path, rows)
        print(f"all in {path}")


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
            weights, validation.labels, title, "Weights of the model trained on all labels."
        ),
    }


def _print_validation(task: str, validation: fit.CrossValidation) -> None:
    print(f"\n{task}: macro-F1 of every setting, mean and standard deviation over folds")
    print("  strength  macro-F1      sd")
    for row in validation.table:
        chosen = "  <- chosen" if row["strength"] == validation.chosen.strength else ""
        print(f"  {row['strength']:>8}  {row['macro_f1']:>8.3f}  {row['sd']:>6.3f}{chosen}")
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
