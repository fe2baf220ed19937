"""Files are written whole or not at all."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from stance.files import replacing, write_csv, write_json


def test_an_error_leaves_the_old_file(tmp_path: Path) -> None:
    """Whatever goes wrong while writing, the old content stays and no temporary file is left."""
    path = tmp_path / "new" / "a.txt"
    with replacing(path) as temporary:
        temporary.write_text("one")
    with pytest.raises(TypeError), replacing(path) as temporary:
        temporary.write_text(None)  # type: ignore[arg-type]
    assert path.read_text() == "one"
    assert [p.name for p in path.parent.iterdir()] == ["a.txt"]


def test_csv_has_four_places_and_no_nan(tmp_path: Path) -> None:
    """Floats are rounded for reading, a missing figure is an empty field, text keeps commas and quotes."""
    write_csv(
        tmp_path / "a.csv", [{"name": 'x, "y"', "value": 1 / 3, "n": 2}, {"name": "é", "value": math.nan, "n": 0}]
    )
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == 'name,value,n\n"x, ""y""",0.3333,2\né,,0\n'


def test_json_is_readable(tmp_path: Path) -> None:
    """JSON is indented, keeps letters as they are, and ends in a line break."""
    write_json(tmp_path / "a.json", {"name": "Čaputová"})
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert "Čaputová" in text
    assert text.endswith("}\n")
    assert json.loads(text) == {"name": "Čaputová"}
