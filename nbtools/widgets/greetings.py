"""What every page says, whichever widget it is of: that it is there, and whether anybody is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from nbtools.widgets.checks import ULID, known_keys, text
from nbtools.widgets.envelope import Parsers


@dataclass(frozen=True, slots=True)
class Open:
    """A page is there and asks what it shows."""

    client: str


@dataclass(frozen=True, slots=True)
class Ping:
    """A page asks whether anybody is there."""


def _open(fields: Mapping[str, object]) -> Open:
    known_keys(fields, {"client"})
    return Open(text(fields, "client", ULID, 26))


def _ping(fields: Mapping[str, object]) -> Ping:
    known_keys(fields, set())
    return Ping()


PARSERS: Parsers = MappingProxyType({"open": _open, "ping": _ping})
