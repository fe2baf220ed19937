"""The wheel, alone in an empty folder: it trains, predicts and reports."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

SAMPLE = ROOT / "training" / "sample_corpus" / "articles.jsonl"


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but the wheel's content; its dependencies are the environment's."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("stance-*.whl")
    target = folder / "site"
    zipfile.ZipFile(wheel).extractall(target)
    return target


def run(installed: Path, cwd: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(installed), "STANCE_HOME": str(cwd / "home"), "PYTHONSAFEPATH": "1"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_wheel_holds_what_it_must_and_no_more(installed: Path) -> None:
    """Code, data files, sentences and model are in it; tests, reports and pickles are not."""
    names = {str(path.relative_to(installed)) for path in installed.rglob("*") if path.is_file()}
    assert {"stance/actors.toml", "stance/report.html", "stance/py.typed", "stance/default_model/model.npz"} <= names
    for folder in ("sentences", "lexicon", "contrast/train", "contrast/test"):
        assert any(name.startswith(f"stance/training/{folder}/") for name in names), folder
    assert not [name for name in names if name.endswith(".joblib") or not name.startswith("stance")]


def test_wheel_predicts_alone(installed: Path, tmp_path: Path) -> None:
    """The code that runs is the wheel's, not the checkout's, and it answers."""
    code = "import stance; print(stance.__file__); print(stance.predict('Observers accused Belarus of torture.')['Belarus'].label)"
    place, label = run(installed, tmp_path, "-c", code).splitlines()
    assert Path(place).is_relative_to(installed)
    assert label == "against"


def test_wheel_reports_alone(installed: Path, tmp_path: Path) -> None:
    """Charts and page come out of the wheel's own template and model."""
    run(installed, tmp_path, "-m", "stance.report", str(SAMPLE), "--out", "reports")
    assert (tmp_path / "reports" / "index.html").is_file()
    assert (tmp_path / "reports" / "heatmap.png").stat().st_size > 10_000


def test_wheel_trains_alone(installed: Path, tmp_path: Path) -> None:
    """Training finds the wheel's own sentences, and what it writes can be loaded and used."""
    told = run(installed, tmp_path, "-m", "stance.train")
    assert "macro-F1" in told
    assert str(tmp_path / "home") in told
    assert (tmp_path / "home" / "pipelines.joblib").is_file()
    assert (tmp_path / "reports" / "training" / "stance-confusion.png").is_file()
    code = "import stance; print(stance.load_model('home').predict('Observers accused Belarus of torture.')['Belarus'].label)"
    assert run(installed, tmp_path, "-c", code).strip() == "against"
