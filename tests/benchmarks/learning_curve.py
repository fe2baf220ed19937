"""What more labels bring, and what either resource is worth: ``make curve``.

Trains on nested random parts of the packaged sentences, whole writer groups at a time, and measures on labelled real sentences (from
``$STANCE_EVAL_DATA``, default ``../shared``, where it is there), on writer groups that are held out, and on contrast pairs. Writes a
chart and its figures to ``reports/training/``, and prints the same with the lexicon or the sentences left out.
"""

from __future__ import annotations

import json

import numpy as np
from tqdm import tqdm

from stance import charts, features
from stance.dataset import LabelledSentence, packaged_pairs, read_pairs, read_sentences, training_sentences
from stance.evaluate import evaluate, pairs_right
from stance.files import write_chart
from stance.fit import Settings, export, fit, stance_examples
from stance.model import DEFAULT_MODEL, INFO_FILE, StanceModel, default_model
from tests.conftest import EVAL_DATA, ROOT

SIZES = (1_000, 2_000, 4_000, 8_000, 16_000)
REPEATS = 3
# Every tenth writer group is held out.
HELD_OUT = 10
NO_LEXICON = ("near", "sentence", "pairs")


def trained(sentences: list[LabelledSentence], settings: Settings, views: tuple[str, ...]) -> StanceModel:
    """A model whose stance was learned from some sentences; its sentiment is the packaged model's."""
    linear = export(fit(views, settings, stance_examples(sentences)))
    return StanceModel(linear, default_model().sentiment, {})


class Measures:
    """The three things that a model is measured on."""

    def __init__(self, held_out: list[LabelledSentence]) -> None:
        self.held_out = held_out
        self.pairs = read_pairs(packaged_pairs("test"))
        gold = EVAL_DATA / "gold" / "dev.jsonl"
        self.gold = read_sentences([gold]) if gold.is_file() else []

    def scores(self, model: StanceModel) -> dict[str, float]:
        """Score by name of what it was measured on."""
        right, total = pairs_right(model, self.pairs)["all"]
        result = {
            "held-out writers (macro-F1)": evaluate(model, self.held_out).stance["stance"].macro_f1,
            "contrast pairs (both right)": right / total,
        }
        if self.gold:
            result = {"real sentences (macro-F1)": evaluate(model, self.gold).stance["stance"].macro_f1} | result
        return result


def part(groups: dict[str, list[LabelledSentence]], labels: int, random: np.random.Generator) -> list[LabelledSentence]:
    """Groups in random order, until they hold enough labels; the last is cut."""
    chosen: list[LabelledSentence] = []
    count = 0
    for name in random.permutation(sorted(groups)):
        for sentence in groups[name]:
            if count >= labels:
                return chosen
            chosen.append(sentence)
            count += len(sentence.stance)
    return chosen


def main() -> None:
    """Run everything."""
    sentences = training_sentences()
    names = sorted({sentence.group for sentence in sentences})
    held = set(names[::HELD_OUT])
    measures = Measures([s for s in sentences if s.group in held])
    groups: dict[str, list[LabelledSentence]] = {}
    for sentence in sentences:
        if sentence.group not in held:
            groups.setdefault(sentence.group, []).append(sentence)
    everything = [sentence for group in groups.values() for sentence in group]
    total = sum(len(sentence.stance) for sentence in everything)
    settings = Settings(**json.loads((DEFAULT_MODEL / INFO_FILE).read_text(encoding="utf-8"))["settings"]["stance"])
    sizes = [size for size in SIZES if size < 0.9 * total]
    rows: list[dict[str, object]] = []
    with tqdm(total=len(sizes) * REPEATS + 1, desc="training", unit="model", disable=None, leave=False) as bar:
        for repeat in range(REPEATS):
            for size in sizes:
                some = part(groups, size, np.random.default_rng(repeat))
                for name, score in measures.scores(trained(some, settings, features.STANCE_VIEWS)).items():
                    rows.append({"labels": size, "measured_on": name, "repeat": repeat, "score": score})
                bar.update(1)
        with_all = measures.scores(trained(everything, settings, features.STANCE_VIEWS))
        for name, score in with_all.items():
            rows.append({"labels": total, "measured_on": name, "repeat": 0, "score": score})
    rows.sort(key=lambda row: (str(row["measured_on"]), int(str(row["labels"]))))
    source = f"Trained on our own sentences without every tenth writer group ({len(held)} of {len(names)} held out)."
    write_chart(ROOT / "reports" / "training" / "learning-curve", *charts.learning_curve(rows, source))

    thousand = part(groups, 1_000, np.random.default_rng(0))
    variants = {
        "without the lexicon": (everything, NO_LEXICON),
        "without the sentences, but 1,000 labels": (thousand, features.STANCE_VIEWS),
        "without both": (thousand, NO_LEXICON),
    }
    results = {"all": with_all}
    results |= {name: measures.scores(trained(some, settings, views)) for name, (some, views) in variants.items()}
    print(f"{'':<42}" + "  ".join(results["all"]))
    for name, scores in results.items():
        print(f"{name:<42}" + "  ".join(f"{score:>{len(key)}.3f}" for key, score in scores.items()))


if __name__ == "__main__":
    main()
