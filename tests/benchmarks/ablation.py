"""What each part of the features is worth, and what others would bring: ``make ablation``.

Each variant is trained on our own sentences without every tenth writer group, and measured on those groups and on labelled real
sentences; and trained on NewsMTSC's training set and measured on its two development sets, which tells whether an idea is good for
other targets too. The real sentences come from ``$STANCE_EVAL_DATA`` (default ``../shared``). Nothing is calibrated, all other
settings are those of the packaged model. Writes ``reports/training/ablation.csv`` and ``.md``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from sklearn.cluster import MiniBatchKMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.feature_selection import SelectKBest, chi2
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from tqdm import tqdm
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from stance import features
from stance.dataset import LabelledSentence, read_sentences, training_sentences
from stance.features import Reading, Views, ngrams, stance_views
from stance.files import write_csv, write_text
from stance.fit import Settings, labels_found
from stance.labels import read_labels
from stance.model import DEFAULT_MODEL, INFO_FILE
from stance.records import STANCES
from tests.benchmarks.learning_curve import HELD_OUT
from tests.conftest import EVAL_DATA, ROOT

Array = NDArray[Any]

ALL = features.STANCE_VIEWS
CLUSTERS = 200
SELECTED = 20_000
BAGS = 5
# How long stretches of characters are, and how many words the wide window has.
CHARACTERS = (3, 4, 5)
WIDE = 10


class Case(NamedTuple):
    """A sentence with one target."""

    reading: Reading
    actor: str
    text: str
    label: int


class Data(NamedTuple):
    """What is trained on, and what is measured on by name."""

    train: list[Case]
    tests: dict[str, list[Case]]


def cases(sentences: Sequence[LabelledSentence]) -> list[Case]:
    """Every label whose target stands in its sentence."""
    return [
        Case(reading, label.actor, sentence.text, STANCES.index(label.label))
        for sentence, label, reading in labels_found(sentences)
    ]


def data() -> list[Data]:
    """Our own sentences, and NewsMTSC."""
    gold = EVAL_DATA / "gold"
    sentences = training_sentences()
    held = set(sorted({sentence.group for sentence in sentences})[::HELD_OUT])
    ours = Data(
        cases([s for s in sentences if s.group not in held]),
        {
            "held-out writers": cases([s for s in sentences if s.group in held]),
            "real sentences": cases(read_sentences([gold / "dev.jsonl"])),
        },
    )
    parts = {
        name: cases(read_labels([str(gold / f"newsmtsc.{name}.jsonl")]).sentences)
        for name in ("train", "rw_dev", "mt_dev")
    }
    return [ours, Data(parts["train"], {"NewsMTSC rw": parts["rw_dev"], "NewsMTSC mt": parts["mt_dev"]})]


Make = Callable[[Case], Views]


def base(case: Case) -> Views:
    """The views as they are."""
    return stance_views(case.reading, case.actor)


def blind(case: Case) -> Views:
    """Words without knowledge of the target."""
    return {"sentence": case.reading.words}


def sides(case: Case) -> Views:
    """All words before the first and after the last mention, with the side marked."""
    words, places = features.targeted(case.reading, case.actor)
    return base(case) | {"sides": ["<" + w for w in words[: places[0]]] + [">" + w for w in words[places[-1] + 1 :]]}


def wide(case: Case) -> Views:
    """A window of ten words on either side."""
    words, places = features.targeted(case.reading, case.actor)
    near = [f"<{w}" for p in places for w in words[max(0, p - WIDE) : p]]
    return base(case) | {"wide": near + [f">{w}" for p in places for w in words[p + 1 : p + 1 + WIDE]]}


def clause(case: Case) -> Views:
    """The words of the target's clauses alone, beside the rest."""
    words, places = features.targeted(case.reading, case.actor)
    mine = {case.reading.borders[place] for place in places}
    return base(case) | {"clause": [w for w, b in zip(words, case.reading.borders, strict=False) if b in mine]}


def characters(case: Case) -> Views:
    """Stretches of characters within words."""
    views = base(case)
    parts = [f" {w} "[i : i + n] for w in set(views["sentence"]) for n in CHARACTERS for i in range(len(w) + 3 - n)]
    return views | {"characters": parts}


def stems(case: Case) -> Views:
    """The first five letters of longer words."""
    views = base(case)
    return views | {"stems": [word[:5] for word in views["sentence"] if len(word) >= 5]}


def trigrams(case: Case) -> Views:
    """Runs of three words."""
    views = base(case)
    return views | {"threes": [g for g in ngrams(views["sentence"], 3) if g.count(" ") == 2]}


def no_scopes(case: Case) -> Views:
    """Denials and mere cases read as facts; negation next to a word still counts."""
    marks = [mark if mark == "not " else "" for mark in case.reading.marks]
    return stance_views(case.reading._replace(marks=marks), case.actor)


def no_borders(case: Case) -> Views:
    """Clause borders hold nothing up."""
    return stance_views(case.reading._replace(borders=[0] * (len(case.reading.words) + 1)), case.actor)


_ANALYZER = SentimentIntensityAnalyzer()


def general_lexicon(case: Case) -> Views:
    """VADER's tone of the sentence and of what stands before and after the target."""
    words, places = features.targeted(case.reading, case.actor)
    parts = {"all": words, "before": words[: places[0]], "after": words[places[-1] + 1 :]}
    tones = {name: _ANALYZER.polarity_scores(" ".join(part))["compound"] for name, part in parts.items()}
    return base(case) | {"general": [f"{name} {round(4 * tone)}" for name, tone in tones.items()]}


def quoted(case: Case) -> Views:
    """Whether quotation marks and verbs of saying stand before or after the target."""
    words, places = features.targeted(case.reading, case.actor)
    marks = ['"', "“", "”", "said", "says", "told", "according", "accused", "claimed"]
    return base(case) | {"order": [f"{'<' if i < places[0] else '>'}{w}" for i, w in enumerate(words) if w in marks]}


class Clusters:
    """Words by the company they keep in the training sentences: k-means on a reduced matrix of words and sentences."""

    def __init__(self, train: Sequence[Case]) -> None:
        counter = TfidfVectorizer(analyzer=lambda case: case.reading.words, min_df=3)
        matrix = counter.fit_transform(list({case.text: case for case in train}.values())).T
        places = TruncatedSVD(50, random_state=0).fit_transform(matrix)
        places /= np.linalg.norm(places, axis=1, keepdims=True) + 1e-9
        of = MiniBatchKMeans(CLUSTERS, random_state=0, n_init=3).fit_predict(places)
        self.of = dict(zip(counter.get_feature_names_out(), of, strict=True))

    def __call__(self, case: Case) -> Views:
        """The cluster of each word."""
        views = base(case)
        return views | {"clusters": [str(self.of[w]) for w in views["sentence"] if w in self.of]}


def matrices(make: Make, views: Sequence[str], data: Data) -> tuple[Any, dict[str, Any]]:
    """TF-IDF of the views, as in training."""
    train = [make(case) for case in data.train]
    tests = {name: [make(case) for case in some] for name, some in data.tests.items()}
    blocks, test_blocks = [], {name: [] for name in tests}  # type: ignore[var-annotated]
    for view in views:
        vectorizer = TfidfVectorizer(
            analyzer=lambda one, view=view: one[view], binary=True, min_df=4 if view in ("pairs", "threes") else 2
        )
        blocks.append(vectorizer.fit_transform(train))
        for name, some in tests.items():
            test_blocks[name].append(vectorizer.transform(some))
    return scipy.sparse.hstack(blocks, format="csr"), {
        name: scipy.sparse.hstack(some, format="csr") for name, some in test_blocks.items()
    }


Learn = Callable[[Any, Array, Sequence[Case]], Callable[[Any, Sequence[Case]], Array]]


def plain(settings: Settings, class_weight: str | None = None) -> Learn:
    """One logistic regression."""

    def learn(x: Any, y: Array, _: Sequence[Case]) -> Callable[[Any, Sequence[Case]], Array]:
        model = LogisticRegression(C=settings.strength, class_weight=class_weight, max_iter=400).fit(x, y)
        return lambda test, _: model.predict(test)

    return learn


def selected(settings: Settings) -> Learn:
    """The terms that say most by chi-squared."""

    def learn(x: Any, y: Array, some: Sequence[Case]) -> Callable[[Any, Sequence[Case]], Array]:
        choice = SelectKBest(chi2, k=min(SELECTED, x.shape[1])).fit(x, y)
        model = plain(settings)(choice.transform(x), y, some)
        return lambda test, cases: model(choice.transform(test), cases)

    return learn


def bagged(settings: Settings) -> Learn:
    """The mean of several, each on a draw of the examples; still one linear model."""

    def learn(x: Any, y: Array, _: Sequence[Case]) -> Callable[[Any, Sequence[Case]], Array]:
        random = np.random.default_rng(0)
        draws = [random.integers(0, len(y), len(y)) for _ in range(BAGS)]
        models = [LogisticRegression(C=settings.strength, max_iter=400).fit(x[rows], y[rows]) for rows in draws]
        return lambda test, _: np.mean([model.decision_function(test) for model in models], axis=0).argmax(axis=1)

    return learn


def pooled(settings: Settings, scale: float) -> Learn:
    """Weights of its own for each frequent actor beside shared ones (Daume 2007)."""

    def learn(x: Any, y: Array, some: Sequence[Case]) -> Callable[[Any, Sequence[Case]], Array]:
        names, counts = np.unique([case.actor for case in some], return_counts=True)
        frequent = names[np.argsort(-counts)][:6]

        def copies(matrix: Any, cases: Sequence[Case]) -> Any:
            of = [
                scipy.sparse.diags_array([scale * (case.actor == name) for case in cases]) @ matrix for name in frequent
            ]
            return scipy.sparse.hstack([matrix, *of], format="csr")

        model = plain(settings)(copies(x, some), y, some)
        return lambda test, cases: model(copies(test, cases), cases)

    return learn


def separate(settings: Settings) -> Learn:
    """A model of its own for each frequent actor, one for all others."""

    def learn(x: Any, y: Array, some: Sequence[Case]) -> Callable[[Any, Sequence[Case]], Array]:
        actors = np.array([case.actor for case in some], dtype=object)
        names, counts = np.unique(actors.astype(str), return_counts=True)
        models = {}
        for name in names[np.argsort(-counts)][:6]:
            mine = actors == name
            if len(set(y[mine])) == len(STANCES):
                models[name] = plain(settings)(x[mine], y[mine], some)
        rest = plain(settings)(x, y, some)

        def predict(test: Any, cases: Sequence[Case]) -> Array:
            result = rest(test, cases)
            for name, model in models.items():
                mine = np.array([case.actor == name for case in cases])
                if mine.any():
                    result[mine] = model(test[mine], cases)
            return result

        return predict

    return learn


def main() -> int:
    """Run all variants and write the table."""
    if not (EVAL_DATA / "gold").is_dir():
        print(f"no evaluation data in {EVAL_DATA}; set STANCE_EVAL_DATA to a folder that has it", file=sys.stderr)
        return 2
    settings = Settings(**json.loads((DEFAULT_MODEL / INFO_FILE).read_text(encoding="utf-8"))["settings"]["stance"])
    one = plain(settings)
    balanced = plain(settings, "balanced")

    def without(view: str) -> tuple[str, ...]:
        return tuple(name for name in ALL if name != view)

    variants: list[tuple[str, Make | None, Sequence[str], Learn]] = [
        ("words, target-blind", blind, ("sentence",), one),
        ("words, target masked", base, ("sentence",), one),
        ("+ window of four words on either side", base, ("sentence", "near"), one),
        ("+ pairs of words", base, ("sentence", "near", "pairs"), one),
        ("+ lexicon: light by place", base, ("sentence", "near", "pairs", "light"), one),
        ("+ lexicon: entries by place", base, ("sentence", "near", "pairs", "light", "cue"), one),
        ("**all: + lexicon: tone**", base, ALL, one),
        *[(f"all without {view}", base, without(view), one) for view in ALL],
        ("all, denials and mere cases read as facts", no_scopes, ALL, one),
        ("all, without clause borders", no_borders, ALL, one),
        ("all + whole left and right side", sides, (*ALL, "sides"), one),
        ("all + window of ten words", wide, (*ALL, "wide"), one),
        ("all + the target's clause", clause, (*ALL, "clause"), one),
        ("all + characters", characters, (*ALL, "characters"), one),
        ("all + stems of five letters", stems, (*ALL, "stems"), one),
        ("all + runs of three words", trigrams, (*ALL, "threes"), one),
        ("all + general sentiment lexicon by side", general_lexicon, (*ALL, "general"), one),
        ("all + word clusters", None, (*ALL, "clusters"), one),
        ("all + order of quotes and target", quoted, (*ALL, "order"), one),
        ("all, classes weighed alike", base, ALL, balanced),
        ("all, 20,000 terms by chi-squared", base, ALL, selected(settings)),
        ("all, mean of five bagged models", base, ALL, bagged(settings)),
        ("all, partial pooling by actor", base, ALL, pooled(settings, 0.5)),
        ("all, a model for each actor", base, ALL, separate(settings)),
    ]
    sets = data()
    rows: list[dict[str, object]] = []
    for name, make, views, learn in tqdm(variants, desc="variants", disable=None, leave=False):
        row: dict[str, object] = {"variant": name.strip("*")}
        for some in sets:
            x, tests = matrices(make or Clusters(some.train), views, some)
            predict = learn(x, np.array([case.label for case in some.train]), some.train)
            for test, matrix in tests.items():
                truth = [case.label for case in some.tests[test]]
                row[test] = float(f1_score(truth, predict(matrix, some.tests[test]), average="macro"))
        rows.append(row)
        print("  ".join(f"{v:.3f}" if isinstance(v, float) else f"{v:<46}" for v in row.values()), flush=True)
    names = [name for name in rows[0] if name != "variant"]
    counts = {name: len(some) for one_set in sets for name, some in one_set.tests.items()}
    table = [
        "# Ablation", "", f"Macro-F1 of stance, from `make ablation`. {(__doc__ or '').split(chr(10) * 2)[1]}", "",
        "| variant | " + " | ".join(f"{name} (n = {counts[name]:,})" for name in names) + " |", "| --- |" + " --- |" * len(names),
        *[f"| {row['variant']} | " + " | ".join(f"{row[name]:.3f}" for name in names) + " |" for row in rows], "",
        "Differences of less than two points on the real sentences and three on NewsMTSC's are within chance. Exchanging actors' names for more "
        "training data is not in the table: names are masked, so that an exchange changes nothing (`stance audit`).", "",
    ]  # fmt: skip
    reports = ROOT / "reports" / "training"
    write_csv(reports / "ablation.csv", rows)
    write_text(reports / "ablation.md", "\n".join(table))
    return 0


if __name__ == "__main__":
    sys.exit(main())
