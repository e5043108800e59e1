"""Where the notebooks, the page's template and Voilà's settings lie.

In a checkout they lie beside the package and are read there, so that an edit shows
without an install; a wheel puts them under ``<prefix>/share``.
"""

from __future__ import annotations

import site
import sys
from pathlib import Path

import nbtools
from nbtools.errors import ServeError


def checkout() -> Path | None:
    """Return the root of the checkout that nbtools runs from, or None if it is installed."""
    root = Path(nbtools.__file__).resolve().parents[1]
    marks = (root / "pyproject.toml", root / "voila" / "templates" / "nbtools" / "conf.json")
    return root if all(mark.is_file() for mark in marks) else None


def find_notebook(name: str) -> Path:
    """Return the path of one of nbtools' notebooks.

    Parameters
    ----------
    name : str
        Such as ``annotate``.

    Raises
    ------
    ServeError
        If it is not installed.
    """
    return _find(Path("notebooks") / f"{name}.ipynb", Path("notebooks") / f"{name}.ipynb")


def config_folder() -> Path:
    """Return the folder that holds ``voila.json``.

    Raises
    ------
    ServeError
        If it is not installed.
    """
    return _find(Path("voila") / "voila.json", Path("voila.json")).parent


def _find(in_checkout: Path, installed: Path) -> Path:
    root = checkout()
    tried = [root / in_checkout] if root else [prefix / "share" / "nbtools" / installed for prefix in _prefixes()]
    for path in tried:
        if path.is_file():
            return path
    looked = ", ".join(map(str, tried))
    raise ServeError(
        f"nbtools is not completely installed: there is no {looked}. Install it again: pip install -U nbtools-data"
    )


def _prefixes() -> list[Path]:
    return [Path(sys.prefix), Path(site.getuserbase()), Path(sys.base_prefix)]
