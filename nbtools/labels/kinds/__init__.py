"""The kinds of task: what may be asked, and what answers it. Each is a module of its own.

A kind is loaded when a task of it is touched, so that none costs those who do not use it.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TypeGuard

from nbtools.errors import SchemaError, did_you_mean
from nbtools.labels.kinds.base import Kind

_PLACES = MappingProxyType(
    {
        "choice": "nbtools.labels.kinds.choice:Choice",
        "choices": "nbtools.labels.kinds.choice:Choices",
        "text": "nbtools.labels.kinds.text:Text",
        "number": "nbtools.labels.kinds.number:Number",
        "rating": "nbtools.labels.kinds.rating:Rating",
        "spans": "nbtools.labels.kinds.spans:Spans",
        "compare": "nbtools.labels.kinds.compare:Compare",
        "rank": "nbtools.labels.kinds.rank:Rank",
        "regions": "nbtools.labels.kinds.regions:Regions",
        "boxes": "nbtools.labels.kinds.boxes:Boxes",
        "polygons": "nbtools.labels.kinds.polygons:Polygons",
        "points": "nbtools.labels.kinds.points:Points",
        "form": "nbtools.labels.kinds.form:Form",
    }
)
KINDS = tuple(_PLACES)
_loaded: dict[str, Kind] = {}


def is_kind(name: object) -> TypeGuard[str]:
    """Tell whether there is a kind of this name."""
    return isinstance(name, str) and name in _PLACES


def kind_of(name: object) -> Kind:
    """Return a kind of task.

    Parameters
    ----------
    name : str
        Its name.

    Raises
    ------
    SchemaError
        If there is none of this name.
    """
    if not is_kind(name):
        hint = did_you_mean(str(name), KINDS)
        raise SchemaError(f"{str(name)[:80]!r} is no kind of task; there are {', '.join(map(repr, KINDS))}{hint}")
    if name not in _loaded:
        module, _, attribute = _PLACES[name].partition(":")
        _loaded[name] = getattr(import_module(module), attribute)()
    return _loaded[name]
