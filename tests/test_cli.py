"""The commands as a person meets them: what they print, and how faults end."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest

import stance
from stance import cli, fit
from stance.dataset import LabelledSentence, packaged_sentences
from tests.conftest import ROOT, WriteLines

GOOD = {"outlet": "A", "date": "2025-01-01", "title": "Kyiv thanks Norway", "text": "NATO met Japan."}
COMMANDS = ("predict", "explain", "score", "report", "train", "evaluate", "audit", "validate")


def run(*arguments: object, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        input=stdin.decode("latin-1"),
        encoding="latin-1",
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` tells what the command does and shows how."""
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--help"])
    assert ended.value.code == 0
    assert f"  stance {command}" in capsys.readouterr().out


def test_without_a_command_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """A bare `stance` explains itself."""
    assert cli.main([]) == 0
    told = capsys.readouterr().out
    assert all(command in told for command in COMMANDS)


@pytest.mark.parametrize("module", ["stance.train", "stance.report"])
def test_modules_run_without_warnings(module: str) -> None:
    """`python -m stance.train` and `python -m stance.report` start cleanly."""
    done = run("-W", "error", "-m", module, "--help")
    assert (done.returncode, done.stderr) == (0, "")


def test_predict_takes_text_file_and_standard_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same text gives the same answer in all three ways."""
    text = "Observers accused Belarus of torturing prisoners."
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    told = []
    for argument in (text, str(path), "-"):
        assert cli.main(["predict", argument]) == 0
        told.append(capsys.readouterr().out)
    assert told[0] == told[1] == told[2]
    assert "Belarus  against" in told[0]


def test_predict_shows_sentences_of_an_article(capsys: pytest.CaptureFixture[str]) -> None:
    """An article is told as a whole and sentence by sentence; a text without actors says so."""
    assert cli.main(["predict", "Russia met China.\nIt rained."]) == 0
    told = capsys.readouterr().out
    assert "] Russia met China.\n    Russia" in told
    assert told.rstrip().endswith("It rained.")
    assert cli.main(["predict", "It rained."]) == 0
    assert "No actor is named." in capsys.readouterr().out


def test_score_and_report(write_lines: WriteLines, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both commands write what they say, and say where."""
    articles = write_lines("a.jsonl", [GOOD])
    assert cli.main(["score", str(articles), "--out", str(tmp_path / "t.csv")]) == 0
    assert "4 rows from 1 articles" in capsys.readouterr().out
    assert cli.main(["report", str(articles), "--out", str(tmp_path / "r"), "--source", "Mine"]) == 0
    assert "index.html" in capsys.readouterr().out
    assert "Source: Mine" in (tmp_path / "r" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["score", "report"])
def test_a_bad_record_is_reported_and_the_rest_kept(
    write_lines: WriteLines, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """The others are scored and written; the bad ones are listed and make the exit code 2."""
    articles = write_lines("a.jsonl", [GOOD, "{broken", {**GOOD, "date": "soon"}])
    out = tmp_path / ("t.csv" if command == "score" else "r")
    assert cli.main([command, str(articles), "--out", str(out)]) == 2
    assert out.exists()
    told = capsys.readouterr().err
    assert "a.jsonl:2: not JSON" in told
    assert "a.jsonl:3: date: 'soon'" in told
    assert "2 records were left out" in told


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["predict", "nothere.txt"], "nothere.txt: no such file"),
        (["predict", "."], "is a folder"),
        (["predict", "latin.txt"], "latin.txt:2: not UTF-8"),
        (["predict", "Russia", "--model", "."], "no model in ."),
        (["score", "none.jsonl", "--out", "t.csv"], "none.jsonl: cannot be read"),
        (["score", "bad.jsonl", "--out", "t.csv"], "bad.jsonl:1: not JSON"),
        (["score", "good.jsonl", "--out", "t.xlsx"], "not to .xlsx"),
        (["score", "good.jsonl", "--out", "latin.txt/t.csv"], "latin.txt"),
        (["report", "bad.jsonl"], "bad.jsonl:1: not JSON"),
        (["report", "good.jsonl", "--min-articles", "1"], "at least 2 articles"),
        (["train", "bad.jsonl"], "bad.jsonl:1: not JSON"),
        (["evaluate", "none.jsonl"], "none.jsonl: cannot be read"),
        (["validate", "bad.jsonl"], "bad.jsonl:1: not JSON"),
    ],
)
def test_faults_end_in_two_and_one_message(
    write_lines: WriteLines,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    """Bad input ends in exit code 2 with one clear message, no traceback, and nothing written."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "latin.txt").write_bytes(b"Russia\ncaf\xe9\n")
    write_lines("bad.jsonl", ["{broken"])
    write_lines("good.jsonl", [GOOD])
    before = sorted(tmp_path.rglob("*"))
    assert cli.main(arguments) == 2
    told = capsys.readouterr().err
    assert told.startswith("stance: ")
    assert message in told
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("command", ["score", "report"])
def test_columns_and_standard_input(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Columns of any name are told by options, articles come from a pipe, and what was mended is said."""
    line = b'{"Zeitung": "A", "Tag": "20250101", "Kopf": "Kyiv thanks Norway\\u00e2\\u20ac\\u2122s king", "Rumpf": null, "Nr": 9}\n'
    options = ["--outlet-column=Zeitung", "--date-column=Tag", "--title-column=Kopf", "--text-column=Rumpf"]
    out = tmp_path / ("t.csv" if command == "score" else "r")
    for last, code in (("Nr", 0), ("No", 2)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(line)))
        assert cli.main([command, "-", "--out", str(out), *options, "--id-column", last]) == code
    told = capsys.readouterr().err
    assert "mended in 1 article" in told
    assert "standard input: there is no column 'No' for the id; columns found: Zeitung, Tag, Kopf, Rumpf, Nr" in told
    page = (out if command == "score" else out / "index.html").read_text(encoding="utf-8")
    assert ("9,A,2025-01-01,0," if command == "score" else "Source: standard input") in page


@pytest.mark.parametrize("command", ["score", "report"])
def test_strict_stops_and_writes_nothing(
    command: str, tmp_path: Path, write_lines: WriteLines, capsys: pytest.CaptureFixture[str]
) -> None:
    """With `--strict` the first bad record ends it all, with exit code 2."""
    articles = write_lines("a.jsonl", [GOOD, "{broken", {**GOOD, "date": "soon"}])
    assert cli.main([command, str(articles), "--out", str(tmp_path / "t.csv"), "--strict"]) == 2
    told = capsys.readouterr().err
    assert "1 fault found, nothing was done:" in told
    assert "a.jsonl:2: not JSON" in told
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]


def test_a_folder_is_scored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Texts in a sub-folder for each outlet; another file in it is told, and makes the exit code 2."""
    for outlet in ("A", "B"):
        (tmp_path / "in" / outlet).mkdir(parents=True)
        (tmp_path / "in" / outlet / "2025-01-01.txt").write_text("NATO met Japan.", encoding="utf-8")
    arguments = ["score", str(tmp_path / "in"), "--out", str(tmp_path / "t.csv")]
    assert cli.main(arguments) == 0
    assert "from 2 articles" in capsys.readouterr().out
    (tmp_path / "in" / "notes.docx").write_text("x", encoding="utf-8")
    assert cli.main(arguments) == 2
    assert "files not read: 1 .docx" in capsys.readouterr().err


def test_wrong_arguments_end_in_two() -> None:
    """An unknown command or a missing argument is a usage error, as everywhere."""
    for arguments in (["nonsense"], ["score", "a.jsonl"], ["report", "a.jsonl", "--min-articles", "many"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        assert ended.value.code == 2


def test_no_traceback_from_a_real_process(tmp_path: Path) -> None:
    """Seen from outside, a fault is one message on standard error."""
    done = run("-m", "stance", "score", tmp_path / "none.jsonl", "--out", tmp_path / "t.csv")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    done = run("-m", "stance", "predict", "-", stdin=b"Russia \xff")
    assert (done.returncode, "standard input:1: not UTF-8" in done.stderr) == (2, True)


def test_a_reader_that_stops_is_no_fault() -> None:
    """`stance predict … | head` ends quietly."""
    text = "\n".join(["Russia met China."] * 5000)
    code = f'"{sys.executable}" -m stance predict - | head -n 1'
    done = subprocess.run(code, shell=True, input=text, text=True, capture_output=True, check=True)
    assert done.stderr == ""


def test_an_interrupted_training_leaves_the_old_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is written before all is learned."""

    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(fit, "train", interrupted)
    (tmp_path / "model.npz").write_text("old")
    assert cli.main(["train", "--model-dir", str(tmp_path), "--reports", str(tmp_path / "r")]) == 130
    assert "interrupted" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["model.npz"]


def test_model_home_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`$STANCE_HOME` decides where a trained model goes; without it the user's data folder."""
    from stance.train import model_home

    monkeypatch.setenv("STANCE_HOME", str(tmp_path))
    assert model_home() == tmp_path
    monkeypatch.delenv("STANCE_HOME")
    assert model_home().name == "stance"


def test_validate_passes_the_packaged_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    """The command that contributors run finds no fault in what is there."""
    assert cli.main(["validate", *map(str, packaged_sentences())]) == 0
    assert "no fault" in capsys.readouterr().out


def test_evaluate_reports_on_gold(eval_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On real sentences the model beats the majority class and VADER, and every core actor has its line."""
    assert cli.main(["evaluate", str(eval_data / "gold" / "dev.jsonl")]) == 0
    told = capsys.readouterr().out
    lines: dict[str, list[str]] = {}
    for line in told.splitlines():
        # The first table with a name is the one on stance.
        lines.setdefault(line[2:16].strip(), line.split())
    macro = {name: float(lines[name][name.count(" ") + 2]) for name in ("stance (ours)", "majority class", "VADER")}
    assert macro["stance (ours)"] > max(macro["majority class"], macro["VADER"]) + 0.1
    assert {"Russia", "Ukraine", "NATO", "China", "United States", "European Union"} <= set(lines)
    assert "1,083 labels in 616 sentences" in told


def test_ruwa_charts_are_of_this_package() -> None:
    """The committed charts of real outlets hold aggregates only: known columns, no sentence."""
    tables = sorted((ROOT / "reports" / "ruwa").glob("*.csv"))
    assert len(tables) > 10
    for table in tables:
        lines = table.read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith("outlet,actor,"), table
        assert max(map(len, lines)) < 160, table


def test_explain_prints_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Words with their shares on the terminal, a page, a figure; other endings and absent actors are refused."""
    text = "NATO condemned Russia's attack."
    page, figure = tmp_path / "why.html", tmp_path / "why.svg"
    assert cli.main(["explain", text, "--actor", "Russia", "--html", str(page), "--figure", str(figure)]) == 0
    assert "condemned" in capsys.readouterr().out
    assert "condemned</span>" in page.read_text(encoding="utf-8")
    assert figure.read_text(encoding="utf-8").startswith("<?xml")
    assert cli.main(["explain", text, "--actor", "Russia", "--figure", "why.bmp"]) == 2
    assert ".png, .svg, .pdf" in capsys.readouterr().err
    assert cli.main(["explain", text, "--actor", "Peru"]) == 2
    assert "it names NATO, Russia" in capsys.readouterr().err


def test_predict_with_coverage_shows_sets(capsys: pytest.CaptureFixture[str]) -> None:
    """All labels of the set, joined by "or"; a coverage out of range is refused."""
    assert cli.main(["predict", "Critics condemned what admirers of Kyiv praised.", "--coverage", "0.9"]) == 0
    assert "against or neutral" in capsys.readouterr().out
    assert cli.main(["predict", "Kyiv", "--coverage", "90"]) == 2
    assert "between 0.5 and 0.99" in capsys.readouterr().err


def test_audit_writes_its_table(tmp_path: Path, write_lines: WriteLines, capsys: pytest.CaptureFixture[str]) -> None:
    """On sentences of one's own; sentences without an actor of the audit are refused."""
    row = {"text": "Rebels accused Russia of murder.", "stance": [{"actor": "Russia", "label": "against"}]}
    path = write_lines("mine.jsonl", [row])
    assert cli.main(["audit", str(path), "--out", str(tmp_path)]) == 0
    assert "all exchanges of actors" in capsys.readouterr().out
    assert (tmp_path / "audit.png").is_file()
    other = write_lines("other.jsonl", [{**row, "text": "Rebels met.", "stance": []}])
    assert cli.main(["audit", str(other), "--out", str(tmp_path)]) == 2


def test_training_on_own_labels(
    tmp_path: Path, sentences: list[LabelledSentence], capsys: pytest.CaptureFixture[str]
) -> None:
    """From a CSV of labels: a model, its scores beside the packaged one's, and the labels that look wrong."""
    pytest.importorskip("cleanlab", reason="extra cleanlab is not installed")
    groups = sorted({s.group for s in sentences if s.group.startswith("x")})[:8]
    path = tmp_path / "mine.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "target", "label", "group"])
        for s in sentences:
            if s.group in groups:
                writer.writerows([s.text, label.actor, label.label, s.group] for label in s.stance)
    folder = tmp_path / "model"
    arguments = ["train", str(path), "--model-dir", str(folder), "--reports", str(tmp_path / "r"), "--check-labels"]
    assert cli.main(arguments) == 0
    told = capsys.readouterr().out
    assert "packaged model" in told
    assert "never seen in training" in told
    assert "labels are suspect" in told
    assert (
        stance.load_model(folder).predict("Russia met China.").sentiment
        == stance.predict("Russia met China.").sentiment
    )
    assert (tmp_path / "r" / "suspect-labels.csv").is_file()


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("Russia lied.,Russia,against\n" * 5, "at least 5 groups, and 5 labels of each"),
        ("".join(f"Russia lied {n}.,Russia,against\n" for n in range(20)), "0 neutral, 0 favor"),
    ],
)
def test_too_little_to_learn_from(tmp_path: Path, rows: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Five rows, or one class only, end with a clear error, and nothing is written."""
    path = tmp_path / "few.csv"
    path.write_text(f"text,target,label\n{rows}", encoding="utf-8")
    folder = tmp_path / "model"
    assert cli.main(["train", str(path), "--model-dir", str(folder), "--reports", str(tmp_path / "r")]) == 2
    assert message in capsys.readouterr().err
    assert not folder.exists()
    assert not (tmp_path / "r").exists()


def test_predict_tells_for_whom_a_speaker_speaks(capsys: pytest.CaptureFixture[str]) -> None:
    """Behind a speaker whose words do not name it stands the actor that he speaks for."""
    assert cli.main(["predict", "“NATO is a threat,” Lavrov said."]) == 0
    assert "attributed: Lavrov (for Russia)" in capsys.readouterr().out


def test_predict_shows_what_an_article_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An article's voices, its strongest sentences, what it says twice, and what was not read are told."""
    story = "Observers condemned Russia's brutal attack on the harbour. “Russia is a reliable partner,” Lavrov said."
    path = tmp_path / "a.txt"
    path.write_text(f"Share this article\n{story}\nIt rained all day.\n{story}", encoding="utf-8")
    assert cli.main(["predict", str(path)]) == 0
    told = capsys.readouterr().out
    assert "most against: Observers condemned" in told
    assert "most favor: “Russia is" in told
    assert "lines of page furniture, not read: 1 (share 1)" in told
    assert "(said before, in sentence 1; not counted again)" in told


def test_actors_of_ones_own_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file of actors is used, its faults end in exit code 2, and so does a day that is none."""
    mine = tmp_path / "mine.toml"
    mine.write_text('[actors.Luna]\nkind = "state"\npeople = ["Jo Fox"]\n', encoding="utf-8")
    assert cli.main(["predict", "Jo Fox spoke.", "--actors", str(mine)]) == 0
    assert "Luna" in capsys.readouterr().out
    mine.write_text('[actors.Luna]\nkind = "moon"\n', encoding="utf-8")
    assert cli.main(["predict", "Jo Fox spoke.", "--actors", str(mine)]) == 2
    assert "actors.Luna.kind: must be one of state" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stopped:
        cli.main(["predict", "Rutte spoke.", "--date", "May"])
    assert stopped.value.code == 2
    assert cli.main(["predict", "Rutte spoke.", "--date", "2015-05-01"]) == 0
    assert "Netherlands" in capsys.readouterr().out
