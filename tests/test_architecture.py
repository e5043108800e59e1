"""The promises of the house that no other tool checks: sizes, words and what is loaded when."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sorted((ROOT / "nbtools").rglob("*.py"))
FRONT_END = sorted(
    path
    for suffix in ("*.ts", "*.css", "*.mjs")
    for path in (ROOT / "nbtools" / "widgets" / "src").rglob(suffix)
    if "node_modules" not in path.parts
)
MAX_FILE = 300
MAX_FUNCTION = 40
FORBIDDEN_IN_PURE = {"PIL", "fsspec", "io", "os", "pathlib", "shutil", "sqlite3", "tempfile"}
# Ways of turning a text into markup or code.
MARKUP = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|\beval\(|new Function|createContextualFragment"
)
HEAVY = (
    "IPython PIL anywidget asyncio duckdb ipykernel ipywidgets jinja2 matplotlib mutagen numpy pandas puremagic "
    "pyarrow rfc8785 sklearn sqlite3 tornado traitlets ulid voila"
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


@pytest.mark.parametrize("path", PYTHON + [path for path in FRONT_END if path.suffix != ".css"], ids=_name)
def test_a_file_has_fewer_than_300_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) < MAX_FILE


@pytest.mark.parametrize("path", PYTHON, ids=_name)
def test_a_function_has_fewer_than_40_lines_beside_its_docstring(path: Path) -> None:
    long = {
        node.name: size for node in _functions(ast.parse(path.read_text())) if (size := _size(node)) >= MAX_FUNCTION
    }
    assert long == {}


def _size(function: Function) -> int:
    first = function.body[0]
    documented = ast.get_docstring(function, clean=False) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


@pytest.mark.parametrize("path", PYTHON, ids=_name)
def test_everything_public_is_documented(path: Path) -> None:
    tree = ast.parse(path.read_text())
    missing = [name for name, node in _public("module", tree) if not ast.get_docstring(node)]
    assert missing == []


def _public(name: str, node: ast.Module | ast.ClassDef) -> Iterator[tuple[str, ast.Module | ast.ClassDef | Function]]:
    yield name, node
    for child in node.body:
        if isinstance(child, ast.ClassDef) and not child.name.startswith("_"):
            yield from _public(child.name, child)
        elif isinstance(child, Function) and not child.name.startswith("_"):
            yield f"{name}.{child.name}", child


@pytest.mark.parametrize("path", PYTHON, ids=_name)
def test_every_function_is_annotated(path: Path) -> None:
    bare = []
    for function in _functions(ast.parse(path.read_text())):
        given = function.args
        arguments = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
        named = [each for each in arguments if each is not None and each.arg not in {"self", "cls"}]
        if function.returns is None or any(each.annotation is None for each in named):
            bare.append(function.name)
    assert bare == []


@pytest.mark.parametrize("path", FRONT_END, ids=_name)
def test_the_front_end_never_makes_markup_from_text(path: Path) -> None:
    assert MARKUP.findall(path.read_text()) == []


PURE = [path for path in PYTHON if path.relative_to(ROOT).parts[1] in {"labels", "orders", "splits"}]


@pytest.mark.parametrize("path", PURE, ids=_name)
def test_the_pure_rooms_touch_no_disk(path: Path) -> None:
    tree = ast.parse(path.read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} & FORBIDDEN_IN_PURE == set()
    assert [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "open"] == []


def test_importing_nbtools_loads_nothing_heavy() -> None:
    assert _loaded_by("import nbtools") & set(HEAVY.split()) == set()


def test_importing_nbtools_loads_none_of_its_rooms() -> None:
    assert {name for name in _loaded_by("import nbtools") if name.startswith("nbtools")} == {"nbtools"}


def _loaded_by(program: str) -> set[str]:
    listing = f"import sys\n{program}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_nothing_is_imported_that_is_installed_only_for_tests() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    named = [each for name in ("test", "bench") for each in extras[name] if not each.startswith("nbtools")]
    only = {re.split(r"[^\w.-]", each)[0] for each in named}
    homes = packages_distributions()
    strangers = {
        f"{_name(path)}: {module}"
        for path in PYTHON
        for module in _imported(ast.parse(path.read_text()))
        if only.intersection(homes.get(module, []))
    }
    assert strangers == set()


def _imported(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found
