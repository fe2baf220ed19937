"""Quality floors of the packaged model: ``make floors`` raises them to what is measured, ``make test`` holds the model to them.

A floor lies a little below what was measured when it was set. ``--lower`` allows floors to fall, for a change that is worth it; say why
in the commit. The digests tell for which data and lexicon the floors were set.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path

from stance.audit import audit
from stance.dataset import audit_sentences, digest, packaged_pairs, read_pairs, read_sentences, training_sentences
from stance.evaluate import Evaluation, evaluate, pairs_right
from stance.files import write_json
from stance.lexicon import default_digest
from stance.model import StanceModel, default_model
from tests.conftest import EVAL_DATA, ROOT

FLOORS_FILE = ROOT / "training" / "floors.json"
# Between a floor and what was measured: rounding of another machine's arithmetic moves a score less than that.
SLACK = 0.003


def measured(model: StanceModel, eval_data: Path | None) -> dict[str, float]:
    """Everything that has a floor, higher is better: on our own data, and on real sentences where there are any."""
    validated = model.info["cross_validation"]
    texts = [sentence.text for sentence in audit_sentences()[::4]]
    right, total = pairs_right(model, read_pairs(packaged_pairs("test")))["all"]
    result = {
        "cross-validation, stance macro-F1": validated["stance"]["macro_f1"],
        "cross-validation, sentiment macro-F1": validated["sentiment"]["macro_f1"],
        "cross-validation, 1 - stance calibration error": 1 - validated["stance"]["calibration_error"],
        "contrast pairs, share with both right": right / total,
        "audit, share of labels that an exchange of names leaves": 1 - audit(model, texts).overall.label_share,
    }
    return result | (_on_gold(evaluate(model, read_sentences([gold(eval_data)]))) if eval_data else {})


def gold(eval_data: Path) -> Path:
    """The labelled real sentences."""
    return eval_data / "gold" / "dev.jsonl"


def _on_gold(result: Evaluation) -> dict[str, float]:
    ours = result.stance["stance"]
    return {
        "gold dev, stance macro-F1": ours.macro_f1,
        "gold dev, stance accuracy": ours.accuracy,
        "gold dev, 1 - stance calibration error": 1 - (ours.calibration_error or 0.0),
        "gold dev, sentiment macro-F1": result.sentiment["stance"].macro_f1,
    }


def main() -> int:
    """Measure, print, and write the floors."""
    parser = argparse.ArgumentParser(description="Set the quality floors to what the packaged model reaches.")
    parser.add_argument("--lower", action="store_true", help="allow floors to fall")
    lower = parser.parse_args().lower
    if not gold(EVAL_DATA).is_file():
        print(f"no evaluation data in {EVAL_DATA}; set STANCE_EVAL_DATA to a folder that has it", file=sys.stderr)
        return 2
    old = json.loads(FLOORS_FILE.read_text(encoding="utf-8"))["floors"] if FLOORS_FILE.is_file() else {}
    scores = measured(default_model(), EVAL_DATA)
    new = {name: math.floor((score - SLACK) * 1000) / 1000 for name, score in scores.items()}
    fallen = [name for name in new if new[name] < old.get(name, -math.inf)]
    for name, score in scores.items():
        print(f"{name:<48}  {score:.4f}   floor {old.get(name, '–')} -> {new[name]}")
    if fallen and not lower:
        print(f"not written, lower than before: {', '.join(fallen)}; --lower allows it", file=sys.stderr)
        return 2
    write_json(
        FLOORS_FILE,
        {"dataset_sha256": digest(training_sentences()), "lexicon_sha256": default_digest(), "floors": new},
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
