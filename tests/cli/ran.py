"""What a command came to, and what would have been served."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from nbtools import serve

Run = Callable[..., "Ran"]
Served = list[tuple[serve.Dashboard, int, bool]]


class Ran:
    """What a command came to."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err

    @property
    def json(self) -> Any:
        return json.loads(self.out)
