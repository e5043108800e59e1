"""Runs every check that needs no server: ``.venv/bin/python .ci/lint.py``.

All of them run even when one fails, so that one run shows everything.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
SRC = ROOT / "nbtools" / "widgets" / "src"
CHECKS = [
    ("ruff check", ["ruff", "check", "--quiet"], ROOT),
    ("ruff format", ["ruff", "format", "--check", "--quiet"], ROOT),
    ("mypy", ["mypy"], ROOT),
    ("import-linter", ["lint-imports", "--no-logo"], ROOT),
    ("tsc", ["npm", "run", "--silent", "types"], SRC),
    ("biome", ["npm", "run", "--silent", "lint"], SRC),
    ("node --test", ["npm", "run", "--silent", "test"], SRC),
]


def main() -> None:
    """Run the checks and end with 1 if any failed."""
    environment = {**os.environ, "PATH": os.pathsep.join([str(BIN), os.environ.get("PATH", "")])}
    failed = []
    for name, command, folder in CHECKS:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        print(f"{'failed' if done.returncode else 'ok    '}  {name}", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout, flush=True)
    if failed:
        sys.exit(
            f"failed: {', '.join(failed)}. What ruff and biome can mend: ruff check --fix, ruff format, npm run fix"
        )


if __name__ == "__main__":
    main()
