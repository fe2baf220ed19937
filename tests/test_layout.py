"""The floors of the package, its public surface, and what predicting must not load."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import stance

PACKAGE = Path(stance.__file__).parent

# A module imports only from floors below its own.
FLOORS = {
    "errors": 0, "records": 0,
    "files": 1, "actors": 1, "text": 1, "furniture": 1, "reasons": 1,
    "lexicon": 2, "voice": 2, "rows": 2,
    "features": 3, "pages": 3,
    "model": 4,
    "copies": 5, "corpus": 5, "dataset": 5, "framing": 5,
    "score": 6, "fit": 6, "labels": 6,
    "evaluate": 7, "audit": 7,
    "charts": 8, "card": 8, "studies": 8,
    "train": 9, "report": 9,
    "cli": 10, "__main__": 11,
}  # fmt: skip

# Each of these is the business of some modules only.
HEAVY = {
    "datasets": {"rows", "dataset", "fit"},
    "trafilatura": {"pages"},
    "ftfy": {"corpus"},
    "matplotlib": {"charts", "files"},
    "sklearn": {"fit", "evaluate", "studies"},
    "scipy": {"fit"},
    "jinja2": {"report"},
    "rensa": {"copies"},
}

MODULES = sorted(path.stem for path in PACKAGE.glob("*.py") if path.stem != "__init__")


def imports(module: str) -> set[str]:
    """Every module that a module imports, also inside functions; not what it starts when run as a program."""
    tree = ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
    if module != "__main__":
        tree.body = [
            node for node in tree.body if not (isinstance(node, ast.If) and "__name__" in ast.unparse(node.test))
        ]
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_every_module_has_a_floor() -> None:
    """The table above and the package name the same modules."""
    assert set(MODULES) == set(FLOORS)


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_down(module: str) -> None:
    """A module imports only from floors below its own, so that there is no cycle."""
    inner = {name.split(".")[1] for name in imports(module) if name.startswith("stance.")} & set(FLOORS)
    assert all(FLOORS[other] < FLOORS[module] for other in inner), inner


@pytest.mark.parametrize("module", MODULES)
def test_heavy_libraries_stay_where_they_belong(module: str) -> None:
    """Hugging Face, matplotlib, scikit-learn and the like are imported by the modules whose job they are."""
    tops = {name.split(".")[0] for name in imports(module)}
    for library, allowed in HEAVY.items():
        assert library not in tops or module in allowed, f"{module} imports {library}"


def test_predicting_loads_nothing_heavy() -> None:
    """A process that only predicts never pays for scikit-learn, datasets or matplotlib."""
    code = (
        "import sys, stance; result = stance.predict('Russia thanked China.'); assert len(result) == 2;"
        "print([m for m in ('sklearn', 'scipy', 'datasets', 'matplotlib', 'pandas', 'pyarrow', 'joblib', 'rensa') if m in sys.modules])"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output.strip() == "[]"


def test_importing_loads_not_even_numpy() -> None:
    """`import stance` is lazy."""
    code = "import sys, stance; print('numpy' in sys.modules, stance.__version__)"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output.split() == ["False", stance.__version__]


def test_public_names_exist_and_have_docstrings() -> None:
    """Everything in `__all__` is there, documented, and shown by `dir`."""
    for name in stance.__all__:
        assert getattr(stance, name).__doc__, name
        assert name in dir(stance)


def test_unknown_name_is_an_attribute_error() -> None:
    """A misspelt name fails as it does in any module."""
    with pytest.raises(AttributeError, match="no attribute 'predikt'"):
        _ = stance.predikt


def test_every_public_function_is_documented() -> None:
    """No public function, class or method of the package lacks a docstring."""
    bare = []
    for module in MODULES:
        tree = ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
        scopes: list[ast.Module | ast.ClassDef] = [tree, *(n for n in tree.body if isinstance(n, ast.ClassDef))]
        for scope in scopes:
            for node in scope.body:
                if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                    bare += [f"{module}.{node.name}"] if not ast.get_docstring(node) else []
    assert bare == []
