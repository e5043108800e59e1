"""An ingest that is killed at any moment and called again comes to the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import MANY


@pytest.mark.faults
@pytest.mark.parametrize(("what", "moments"), [("files", 300 if MANY else 30), ("table", 100 if MANY else 8)])
def test_killed_and_finished_is_as_never_disturbed(tmp_path: Path, what: str, moments: int) -> None:
    program = Path(__file__).with_name("killed.py")
    command = [sys.executable, str(program), str(tmp_path), str(moments), "7", what]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == "same", f"{done.stdout}\n{done.stderr[-2000:]}"
