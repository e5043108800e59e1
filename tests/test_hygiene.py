"""Nothing is tracked that does not belong in the repository."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LARGEST = 400_000
# Written in halves, so that this file is not what it finds.
PATTERNS = {
    "a package registry's host": "(py"
    r"pi\.org|python"
    r"hosted\.org|registry\.(npm"
    "js|yarn"
    r"pkg)|deb\.deb"
    r"ian\.org)",
    "a machine's path": "(^|[^A-Za-z0-9_.])/(work|root|home)/[a-z]",
    "a private key": "BEGIN [A-Z ]*PRIVATE KEY",
    "a token": r"\b(gh[pousr]_[A-Za-z0-9]{30}|AKIA[0-9A-Z]{16}|xox[bap]-[0-9A-Za-z-]{20}|sk-[A-Za-z0-9]{30})",
    "work left undone": r"(#|//|/\*|\*|--)\s*(TO" r"DO|FIX" r"ME|XX" r"X)\b",
    "a conflict": "^(<<<<<<<|>>>>>>>) ",
}


def _tracked() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in listing.split("\0") if name and (path := ROOT / name).is_file()]


@pytest.mark.parametrize("what", PATTERNS)
def test_no_tracked_text_holds(what: str) -> None:
    pattern = re.compile(PATTERNS[what], re.MULTILINE)
    found = []
    for path in _tracked():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in pattern.finditer(text)]
    assert found == []


def test_no_tracked_file_is_large() -> None:
    assert [path.name for path in _tracked() if path.stat().st_size > LARGEST] == []


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((ROOT / "nbtools" / "widgets" / "src" / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


def test_no_notebook_is_tracked_with_output() -> None:
    for path in _tracked():
        if path.suffix == ".ipynb":
            cells = json.loads(path.read_text())["cells"]
            assert [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")] == [], path.name
