"""The commands: parse, call, print. Every fault of input ends in exit code 2 and one message."""

from __future__ import annotations

import argparse
import datetime
import os
import sys
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from stance import load_model
from stance.corpus import COLUMNS, ArticleReader
from stance.errors import DataError, Fault, InputError, StanceError
from stance.files import FIGURES, write_figure, write_text
from stance.framing import MINIMUM
from stance.model import StanceModel
from stance.reasons import page
from stance.records import Prediction, Stance

_WRAPPED = argparse.RawDescriptionHelpFormatter
# Faults listed on the terminal before the rest is only counted.
_LISTED = 20
_ARTICLES = """\
ARTICLES is a JSONL, CSV or TSV file, also packed as .gz or .zst, a Parquet file, a Hugging Face dataset by name or folder
(NAME:SPLIT for another split than train), or - for JSONL on standard input; with an outlet and a text in each record, and
if known date, title, id and url, by the usual names. Or it is a folder of text files and web pages (.txt, .html; web pages
need the extra html), a sub-folder for each outlet, or one such file. Dates are ISO, RFC 2822 or seconds since 1970."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0, or 2 where input was at fault."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if not hasattr(chosen, "run"):
        parser.print_help()
        return 0
    try:
        run: Callable[[argparse.Namespace], int] = chosen.run
        return run(chosen)
    except StanceError as error:
        print(f"stance: {error}", file=sys.stderr)
    except BrokenPipeError:
        # The reader, such as `head`, has enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        print(f"stance: {place}{error.strerror or error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("stance: interrupted; files that were there before are as they were", file=sys.stderr)
        return 130
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stance",
        formatter_class=_WRAPPED,
        description="How news text treats geopolitical actors.",
        epilog="examples:\n"
        '  stance predict "NATO condemned Russia\'s unprovoked attack on Ukraine."\n'
        "  stance report articles.jsonl --out reports/mine\n\n"
        "Each command has help of its own: stance COMMAND --help",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    predict = _command(
        commands, "predict", _predict, "tell how a text treats the actors it names",
        'stance predict "Beijing hailed the accord."\nstance predict article.txt --date 2015-05-01\ncat article.txt | stance predict -',
    )  # fmt: skip
    predict.add_argument(
        "text", metavar="TEXT|FILE", help="the text itself, a UTF-8 file that holds it, or - for standard input"
    )
    _model_option(predict)

    predict.add_argument(
        "--coverage",
        metavar="SHARE",
        type=float,
        help="show all labels that a set needs to hold the right one this often, such as 0.9",
    )
    _date_option(predict)
    _actors_option(predict)

    explain = _command(
        commands, "explain", _explain, "tell which words made the stance toward an actor",
        'stance explain "NATO condemned Russia\'s attack on Ukraine." --actor Russia\n'
        "stance explain article.txt --actor China --html why.html",
    )  # fmt: skip
    explain.add_argument(
        "text", metavar="TEXT|FILE", help="the text itself, a UTF-8 file that holds it, or - for standard input"
    )
    explain.add_argument("--actor", required=True, help="whom to explain; one that the text names")
    explain.add_argument("--html", metavar="FILE", type=Path, help="write a page with the words shaded")
    explain.add_argument("--figure", metavar="FILE", type=Path, help="draw it, as .png, .svg or .pdf")
    _date_option(explain)
    _actors_option(explain)
    _model_option(explain)

    score = _command(
        commands, "score", _score, "score every sentence and actor of many articles into a table",
        "stance score articles.jsonl --out scores.parquet\nstance score pages/ --out scores.csv\n"
        "zcat articles.jsonl.gz | stance score - --out scores.csv --outlet-column Zeitung --text-column Artikel",
        f"{_ARTICLES}\n\n"
        "The table has one row per sentence and actor; sentence 0 is the title, start and end are character offsets in the\n"
        "title or the text. repeats is the earlier sentence that says the same, copy_of the article that this one is a copy of:\n"
        "leave both out when you count. Lines of page furniture are not read. Records that cannot be used are left out, listed,\n"
        "and make the exit code 2; all others are in the table.",
    )  # fmt: skip
    _articles_options(score)
    score.add_argument(
        "--out", metavar="TABLE", type=Path, required=True, help="file to write: .parquet, .csv or .jsonl"
    )
    _model_option(score)
    _actors_option(score)

    report = _command(
        commands, "report", _report, "chart how each outlet treats each actor",
        'stance report articles.jsonl --out reports/mine\nstance report articles.csv --out reports/mine --source "My archive, 2024"\n'
        "stance report archive/ --voice narrator --actors mine.toml",
        f"{_ARTICLES}\n\n"
        "What an article says twice, and a report that others copy, counts once. Open index.html in the folder when it is done.",
    )  # fmt: skip
    _articles_options(report)
    report.add_argument(
        "--out", metavar="FOLDER", type=Path, default=Path("reports"), help="folder to write to (default: reports)"
    )
    report.add_argument("--source", help="named under each chart (default: the name of the file)")
    report.add_argument(
        "--min-articles",
        type=int,
        default=MINIMUM,
        metavar="N",
        help="articles needed for a figure (default: %(default)s)",
    )
    report.add_argument(
        "--voice",
        choices=("both", "narrator", "attributed"),
        default="both",
        help="whose sentences count: all, the outlet's own, or those of the people it quotes (default: both)",
    )
    report.add_argument(
        "--with-copies",
        action="store_true",
        help="count copies of a report like the first (default: a report counts once)",
    )
    _model_option(report)
    _actors_option(report)

    train = _command(
        commands, "train", _train, "train a model from labelled sentences",
        "stance train\nstance train mine.jsonl --model-dir my-model\n"
        "stance train survey.csv --text-column Satz --target-column Land --label-column Urteil --add-to-default\n"
        "stance train labels.parquet --check-labels",
        "Without LABELS it trains from the sentences that come with the package. LABELS are JSONL, CSV, TSV or Parquet files,\n"
        "or a Hugging Face dataset by name or folder (NAME:SPLIT for another split than train), a row for each label: text,\n"
        "target, label (against, neutral, favor, or negative, positive, none, -1, 0, 1 …); NewsMTSC's and SemEval's columns\n"
        "are known. The model goes to --model-dir, else to the folder in $STANCE_HOME, else to the user's data folder; load\n"
        "it with stance.load_model(FOLDER).",
    )  # fmt: skip
    train.add_argument("labels", metavar="LABELS", nargs="*", help="files, or Hugging Face datasets")
    train.add_argument(
        "--add-to-default", action="store_true", help="learn from the package's own sentences beside LABELS"
    )
    train.add_argument("--check-labels", action="store_true", help="list the labels that are likely wrong")
    train.add_argument(
        "--gold", metavar="FILE", type=Path, nargs="+", default=[],
        help="labelled sentences that are not learned from, to measure the model on for its card",
    )  # fmt: skip
    for key in ("text", "target", "label", "group"):
        train.add_argument(f"--{key}-column", metavar="NAME", help=f"what LABELS call the {key}")
    train.add_argument("--model-dir", metavar="FOLDER", type=Path, help="folder for the model")
    train.add_argument(
        "--reports",
        metavar="FOLDER",
        type=Path,
        default=Path("reports/training"),
        help="folder for charts (default: %(default)s)",
    )

    evaluate = _command(
        commands, "evaluate", _evaluate, "measure a model on labelled sentences, beside simple baselines",
        "stance evaluate gold.jsonl\nstance evaluate --pairs training/contrast/test/*.jsonl",
    )  # fmt: skip
    evaluate.add_argument("gold", metavar="GOLD", type=Path, nargs="+", help="JSONL files of labelled sentences")
    evaluate.add_argument(
        "--pairs", action="store_true", help="the files hold contrast pairs: count those of which all is right"
    )
    _model_option(evaluate)

    audit = _command(
        commands, "audit", _audit, "show whether a model treats actors differently for their names alone",
        "stance audit\nstance audit gold.jsonl --out reports/mine",
        "Puts the actors' names in each other's place, pair by pair, and says how often the label changes and how far the\n"
        "score moves. Without SENTENCES it uses the contrast pairs and a tenth of the sentences that come with the package.",
    )  # fmt: skip
    audit.add_argument("sentences", metavar="SENTENCES", type=Path, nargs="*", help="JSONL files of labelled sentences")
    audit.add_argument(
        "--out", metavar="FOLDER", type=Path, default=Path("reports/training"),
        help="folder for the chart and its figures (default: %(default)s)",
    )  # fmt: skip
    _model_option(audit)

    validate = _command(
        commands, "validate", _validate, "list all faults of files of labelled sentences",
        "stance validate training/sentences/*.jsonl",
    )  # fmt: skip
    validate.add_argument("labels", metavar="LABELS", type=Path, nargs="+", help="JSONL files of labelled sentences")
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    summary: str,
    examples: str,
    more: str = "",
) -> argparse.ArgumentParser:
    indented = "\n".join(f"  {line}" for line in examples.splitlines())
    parser = commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.\n\n{more}".rstrip(),
        epilog=f"examples:\n{indented}",
        formatter_class=_WRAPPED,
    )
    parser.set_defaults(run=run)
    return parser


def _model_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model", metavar="FOLDER", type=Path, help="a trained model (default: the one in the package)"
    )


def _articles_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "articles", metavar="ARTICLES", help="file, folder, Hugging Face dataset, or - for standard input"
    )
    for field in COLUMNS:
        parser.add_argument(f"--{field}-column", metavar="NAME", help=f"what ARTICLES call the {field}")
    parser.add_argument("--strict", action="store_true", help="stop at the first record that cannot be used")


def _articles(chosen: argparse.Namespace) -> ArticleReader:
    columns = {field: name for field in COLUMNS if (name := getattr(chosen, f"{field}_column"))}
    return ArticleReader(chosen.articles, columns, strict=chosen.strict)


def _actors_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--actors",
        metavar="TOML",
        type=Path,
        help="actors of your own, added to those of the package or in their place",
    )


def _date_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--date", metavar="YYYY-MM-DD", type=_day, help="when the text was written: who held which office then counts"
    )


def _day(written: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{written!r} is not a date such as 2022-02-28") from None


def _model(chosen: argparse.Namespace) -> StanceModel:
    return load_model(chosen.model, actors=getattr(chosen, "actors", None))


def _predict(chosen: argparse.Namespace) -> int:
    prediction = _model(chosen).predict(_text(chosen.text), coverage=chosen.coverage, date=chosen.date)
    print(_told(prediction))
    return 0


def _explain(chosen: argparse.Namespace) -> int:
    if chosen.figure and chosen.figure.suffix.lower() not in FIGURES:
        raise InputError(f"{chosen.figure}: a figure can be written to {', '.join(FIGURES)}")
    explanations = _model(chosen).explanations(_text(chosen.text), chosen.actor, date=chosen.date)
    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    print("\n\n".join(explanation.to_terminal(color=color) for explanation in explanations))
    if chosen.html:
        write_text(chosen.html, page(explanations))
        print(f"\npage in {chosen.html}")
    if chosen.figure:
        from stance.charts import explanation as draw

        strongest = max(explanations, key=lambda one: abs(one.stance.score))
        write_figure(chosen.figure, draw(strongest)[0])
        print(f"\nfigure in {chosen.figure}")
    return 0


def _text(given: str) -> str:
    if given == "-":
        return _decoded(sys.stdin.buffer.read(), "standard input")
    path = Path(given)
    try:
        content = path.read_bytes() if path.is_file() else None
    except (OSError, ValueError):
        # A text too long, or with characters that no file name has, is a text.
        return given
    if content is not None:
        return _decoded(content, given)
    if path.is_dir() and given.strip():
        raise InputError(f"{given}: is a folder; give a text, a file, or - for standard input")
    if path.suffix and " " not in given.strip() and len(path.suffix) <= 5 and path.suffix[1:].isalnum():
        raise InputError(f"{given}: no such file; a text of one word is given on standard input")
    return given


def _decoded(content: bytes, place: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(
            f"{place}:{line}: not UTF-8 (byte {error.start}); convert it, for example with iconv -t UTF-8"
        ) from None


def _told(prediction: Prediction) -> str:
    """A prediction as a person reads it: the whole first, then sentence by sentence."""
    lines = []
    several = len(prediction.sentences) > 1
    if not prediction:
        lines.append("No actor is named.")
    else:
        width = max(map(len, prediction))
        lines.append(f"{'':<{width}}  stance    score  against  neutral  favor  voice")
        voiced = {voice: prediction.voiced(voice) for voice in ("narrator", "attributed")}
        for actor, stance in prediction.items():
            lines.append(_line(actor, stance, width))
            if several:
                lines += [f"{'':<{width}}    {detail}" for detail in _details(prediction, actor, voiced)]
    tone = prediction.sentiment
    lines.append(f"sentiment: {' or '.join(tone.labels)} ({max(tone.probabilities.values()):.2f})")
    if prediction.dropped:
        kinds = Counter(line.rule for line in prediction.dropped)
        told = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())
        lines.append(f"lines of page furniture, not read: {len(prediction.dropped)} ({told})")
    if several:
        for sentence in prediction.sentences:
            again = (
                ""
                if sentence.repeats is None
                else f" (said before, in sentence {sentence.repeats + 1}; not counted again)"
            )
            lines += ["", f"[{' or '.join(sentence.sentiment.labels)}] {sentence.text}{again}"]
            width = max(map(len, sentence.stances), default=0)
            lines += [f"    {_line(actor, stance, width)}" for actor, stance in sentence.stances.items()]
    return "\n".join(lines)


def _details(prediction: Prediction, actor: str, voiced: Mapping[str, Mapping[str, Stance]]) -> Iterator[str]:
    """What an article says of an actor: by voice, its strongest sentences, and how its headline fits."""
    if all(actor in stances for stances in voiced.values()):
        parts = [
            f"{voice} {stances[actor].score:+.2f} ({stances[actor].sentences})" for voice, stances in voiced.items()
        ]
        yield f"by voice (sentences): {', '.join(parts)}"
    labels: tuple[Literal["against", "favor"], ...] = ("against", "favor")
    for label in labels:
        if sentence := prediction.strongest(actor, label):
            yield f"most {label}: {textwrap.shorten(sentence.text, 100, placeholder=' …')}"
    yield from prediction.flags(actor)


def _line(actor: str, stance: Stance, width: int) -> str:
    speaker = f": {stance.speaker}" if stance.speaker else ""
    if stance.speaker_actor and stance.speaker_actor not in speaker:
        speaker += f" (for {stance.speaker_actor})"
    count = f"  ({stance.sentences} sentences)" if stance.sentences > 1 else ""
    return (
        f"{actor:<{width}}  {' or '.join(stance.labels):<8}  {stance.score:+.2f}  {stance.p_against:>7.2f}  {stance.p_neutral:>7.2f}"
        f"  {stance.p_favor:>5.2f}  {stance.voice}{speaker}{count}"
    )


def _score(chosen: argparse.Namespace) -> int:
    from tqdm import tqdm

    from stance.score import check_format, copies_among, score_articles, write_table

    check_format(chosen.out)
    reader = _articles(chosen)
    copies, count = copies_among(reader)
    if not count:
        raise DataError(reader.faults or [Fault(reader.path, None, "no article in it")])
    with tqdm(reader, desc="scoring", unit=" articles", disable=None, leave=False, total=count) as bar:
        rows = write_table(chosen.out, score_articles(_model(chosen), bar, copies))
    copied = sum(not copy.origin for copy in copies.values())
    print(f"{rows:,} rows from {count:,} articles in {chosen.out}; copies of earlier articles: {copied:,}")
    return _told_of(reader)


def _report(chosen: argparse.Namespace) -> int:
    from stance.report import report

    reader = _articles(chosen)
    page, _ = report(
        _model(chosen), reader, chosen.out, chosen.source, chosen.min_articles,
        voice=chosen.voice, with_copies=chosen.with_copies,
    )  # fmt: skip
    print(f"report in {page}")
    return _told_of(reader)


def _told_of(reader: ArticleReader) -> int:
    """Say what was mended and which records were left out; the exit code tells that there were some."""
    if reader.mended:
        plural = "articles" if reader.mended > 1 else "article"
        print(f"stance: a broken encoding was mended in {reader.mended:,} {plural}", file=sys.stderr)
    faults = reader.faults
    for fault in faults[:_LISTED]:
        print(f"  {fault}", file=sys.stderr)
    if len(faults) > _LISTED:
        print(f"  … and {len(faults) - _LISTED:,} more", file=sys.stderr)
    if faults:
        plural = "records were" if len(faults) > 1 else "record was"
        print(f"stance: {len(faults):,} {plural} left out, as listed; all others were used", file=sys.stderr)
    return 2 if faults else 0


def _train(chosen: argparse.Namespace) -> int:
    from stance.train import Request, model_home, train

    keys = ("text", "target", "label", "group")
    columns = {key: name for key in keys if (name := getattr(chosen, f"{key}_column"))}
    request = Request(tuple(chosen.labels), columns, chosen.add_to_default, chosen.check_labels, tuple(chosen.gold))
    train(request, chosen.model_dir or model_home(), chosen.reports)
    return 0


def _evaluate_pairs(chosen: argparse.Namespace) -> int:
    from stance.dataset import read_pairs
    from stance.evaluate import pairs_right

    print("contrast pairs of which both sentences are right, by what was edited")
    for kind, (right, total) in pairs_right(_model(chosen), read_pairs(chosen.gold)).items():
        print(f"  {kind:<12}  {right:>4} of {total:>4}  {right / total:>4.0%}")
    return 0


def _evaluate(chosen: argparse.Namespace) -> int:
    if chosen.pairs:
        return _evaluate_pairs(chosen)
    from stance.dataset import read_sentences
    from stance.evaluate import evaluate, table, vader_installed
    from stance.records import SENTIMENTS, STANCES

    sentences = read_sentences(chosen.gold)
    result = evaluate(_model(chosen), sentences)
    if result.stance:
        print(
            f"stance toward an actor, {sum(len(s.stance) for s in sentences):,} labels in {len(sentences):,} sentences"
        )
        print(table({"stance (ours)" if name == "stance" else name: s for name, s in result.stance.items()}, STANCES))
        print("\nper actor, ours")
        print(table(result.by_actor, STANCES))
        print(f"\nactors not found in their sentence: {result.not_found} (they count as wrong)")
    if result.sentiment:
        print("\nsentiment of the sentence")
        print(
            table(
                {"stance (ours)" if name == "stance" else name: s for name, s in result.sentiment.items()}, SENTIMENTS
            )
        )
    if not vader_installed():
        print("\nVADER is not installed, so it is not beside them: pip install 'stance[bench]'")
    return 0


def _audit(chosen: argparse.Namespace) -> int:
    from tqdm import tqdm

    from stance.audit import audit, table
    from stance.charts import exchanges
    from stance.dataset import audit_sentences, read_sentences
    from stance.files import write_chart

    sentences = read_sentences(chosen.sentences) if chosen.sentences else audit_sentences()
    with tqdm(total=len(sentences), desc="auditing", unit=" sentences", disable=None, leave=False) as bar:
        result = audit(_model(chosen), [sentence.text for sentence in sentences], bar.update)
    if not result.overall.n:
        raise InputError("no sentence names an actor whose name could be exchanged")
    print(f"{result.sentences:,} sentences, names exchanged")
    print(table(result))
    for before, after in result.overall.examples:
        print(f"\nlabel changed from  {before}\n              to    {after}")
    of = ", ".join(path.name for path in chosen.sentences) or "the package's own sentences"
    write_chart(chosen.out / "audit", *exchanges(result, f"Sentences: {of}."))
    print(f"\nchart  {chosen.out / 'audit.png'}")
    return 0


def _validate(chosen: argparse.Namespace) -> int:
    from stance.dataset import read_sentences

    sentences = read_sentences(chosen.labels, complete=True)
    print(f"{len(sentences):,} sentences, {sum(len(s.stance) for s in sentences):,} labels, no fault")
    return 0
