"""What every message of a browser is wrapped in, whichever widget it is for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from nbtools.errors import MessageError
from nbtools.widgets.checks import mapping, shorten, within_bounds

VERSION = 1

Parsers: TypeAlias = Mapping[str, Callable[[Mapping[str, object]], Any]]


def parse(content: object, buffers: Sequence[object], parsers: Parsers) -> Any:
    """Check one message of a browser, and return what its parser makes of it.

    Parameters
    ----------
    content : object
        What came, as JSON gave it.
    buffers : sequence
        The binary buffers that came with it; no message has any.
    parsers : mapping of str to callable
        The messages that a widget knows, by type; each is given its other fields.

    Raises
    ------
    MessageError
        If anything in it is not as the schema has it. The text is short, whatever came.
    """
    if buffers:
        raise MessageError("a message carries no binary buffers")
    within_bounds(content)
    fields = mapping(content, "a message")
    if type(fields.get("v")) is not int or fields["v"] != VERSION:
        raise MessageError(f"this kernel speaks version {VERSION}, not {shorten(fields.get('v'))}: reload the page")
    kind = fields.get("type")
    parser = parsers.get(kind) if isinstance(kind, str) else None
    if parser is None:
        raise MessageError(f"there is no message of type {shorten(kind)}")
    return parser({key: value for key, value in fields.items() if key not in ("v", "type")})
