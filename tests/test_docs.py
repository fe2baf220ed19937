"""The documents: every command and snippet of theirs works, and what they point to is there."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest

import stance
from stance import cli
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("training/**/*.md")])


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def commands(text: str) -> list[str]:
    lines = [line for block in blocks(text, "sh") for line in block.splitlines()]
    return [line.split("  #")[0].strip() for line in lines if line.strip() and not line.startswith("#")]


def test_readme_python_is_true() -> None:
    """The README's Python prints, to the letter, what the README says."""
    examples = doctest.DocTestParser().get_doctest("\n".join(blocks(README, "python")), {}, "README.md", "README.md", 0)
    assert len(examples.examples) >= 8
    failures, _ = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).run(examples)
    assert failures == 0


def test_docstring_examples_are_true() -> None:
    """The examples in the public docstrings print what they say."""
    results = doctest.testmod(stance)
    for name in ("predict", "predict_batch"):
        for example in doctest.DocTestFinder().find(
            getattr(stance, name), globs={"predict": stance.predict, "predict_batch": stance.predict_batch}
        ):
            assert doctest.DocTestRunner().run(example).failed == 0
    assert results.failed == 0
    assert results.attempted >= 3


def test_every_command_in_the_readme_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each command of ours that the README shows runs, on small files of the names it uses; make targets exist."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("stance.train.train", lambda request, model_dir, reports: None)
    sample = (ROOT / "training/sample_corpus/articles.jsonl").read_text(encoding="utf-8")
    (tmp_path / "articles.jsonl").write_text("\n".join(sample.splitlines()[:12]) + "\n", encoding="utf-8")
    (tmp_path / "article.txt").write_text("Russia met China.", encoding="utf-8")
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "2025-01-02.txt").write_text("Russia met China.", encoding="utf-8")
    (tmp_path / "mine.toml").write_text(blocks(README, "toml")[0], encoding="utf-8")
    labels = sorted((ROOT / "training" / "sentences").glob("*.jsonl"))[0].read_text(encoding="utf-8")
    for name in ("gold.jsonl", "mine.jsonl"):
        (tmp_path / name).write_text(labels, encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    ours = 0
    for command in commands(README):
        words = shlex.split(command)
        if words[0] == "make":
            assert all(f"\n{target}:" in makefile for target in words[1:]), command
        elif words[0] == "stance" or words[:3] in (
            ["python", "-m", "stance"],
            ["python", "-m", "stance.train"],
            ["python", "-m", "stance.report"],
        ):
            ours += 1
            arguments = words[1:] if words[0] == "stance" else words[3:]
            verb = [] if words[0] == "stance" or words[2] == "stance" else [words[2].removeprefix("stance.")]
            assert cli.main([*verb, *arguments]) == 0, capsys.readouterr().err
        else:
            assert words[:2] in (["git", "clone"], ["pip", "install"]) or words[0] == "cd", command
    assert ours >= 5


def test_contributing_names_what_ci_runs() -> None:
    """The commands that CONTRIBUTING tells are those of the Makefile's `test`, which CI calls."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    steps = re.search(r"^test:.*\n((?:\t.*\n)+)", makefile, flags=re.MULTILINE)
    assert steps
    for step in steps[1].replace("$(BIN)/", "").splitlines():
        assert step.strip() in CONTRIBUTING
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    """Every relative link and picture of a document exists."""
    for target in re.findall(r"\]\(([^)#\s]+)\)", document.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_actor_count_in_the_readme_is_true() -> None:
    """The README counts actors and sentences as they are."""
    from stance.actors import default_actors
    from stance.dataset import packaged_sentences, read_sentences

    sentences = read_sentences(packaged_sentences())
    labels = sum(len(sentence.stance) for sentence in sentences)
    told = re.sub(r"\s+", " ", README)
    assert f"{len(default_actors().actors)} actors" in told
    assert f"{len(sentences):,} sentences with {labels:,} labels" in told


def test_lock_file_names_no_registry() -> None:
    """The lock file pins every package with hashes and carries no address."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--index" not in lock.replace("--no-emit-index-url", "")
    pins = [line for line in lock.splitlines() if re.match(r"[a-z0-9]", line)]
    assert all(re.match(r"[\w.-]+==[\w.]+( ;.*)? \\$", line) for line in pins), [p for p in pins if "==" not in p]
    assert lock.count("--hash=sha256:") > len(pins)
