"""What may be asked: each kind of task in words, with its settings and a value as labels hold it."""

from __future__ import annotations

import html
import inspect
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from nbtools.labels.kinds import KINDS, kind_of
from nbtools.labels.kinds.base import Kind

_SETTINGS = re.compile(r"^((?:``\w+``(?:, )?)+) : (.+)\n((?:    .+\n?)+)", re.MULTILINE)
_BIRD = {"id": "s1", "label": "jay"}
_SIZE = {"width": 640, "height": 480}
_OF = {"of": ["answer_a", "answer_b"]}
_FORM = [
    {"name": "species", "kind": "choice", "options": ["jay", "rook"]},
    {"name": "age", "kind": "number", "when": {"species": ["rook"]}},
]


@dataclass(frozen=True)
class Example:
    """A task of a kind, and a value as labels of it hold it.

    Attributes
    ----------
    options : tuple of str
        Its options.
    settings : mapping
        Some of its settings.
    value : object
        What a label holds.
    """

    options: tuple[str, ...]
    settings: Mapping[str, Any]
    value: Any


def _of(value: Any, *options: str, **settings: Any) -> Example:
    return Example(options, settings, value)


EXAMPLES: Mapping[str, Example] = MappingProxyType(
    {
        "choice": _of("jay", "jay", "rook"),
        "choices": _of(["jay", "rook"], "jay", "rook"),
        "text": _of("a jay calls", lines=1),
        "number": _of(3, min=0, integer=True, unit="eggs"),
        "rating": _of(4, max=5),
        "spans": _of(
            {
                "text_hash": "c4ce3f4d4eddaa217f1dce7af713471d",
                "spans": [{"id": "s1", "start": 2, "end": 5, "option": "bird"}],
                "relations": [],
            },
            "bird",
            "place",
            relations=["eats"],
        ),
        "compare": _of({"better": "a", "left": "b"}, **_OF),
        "rank": _of(["answer_b", "answer_a"], **_OF),
        "regions": _of({"duration": 9.5, "regions": [{**_BIRD, "start": 0.5, "end": 2.0}]}, "jay", "rook"),
        "boxes": _of(
            {**_SIZE, "shapes": [{**_BIRD, "x": 40, "y": 30, "w": 120, "h": 80, "attributes": {"young": False}}]},
            "jay",
            "rook",
            attributes={"young": bool},
        ),
        "polygons": _of(
            {**_SIZE, "shapes": [{**_BIRD, "points": [[40, 30], [160, 30], [100, 110]], "attributes": {}}]},
            "jay",
            "rook",
        ),
        "points": _of({**_SIZE, "shapes": [{"id": "s1", "label": "beak", "x": 40, "y": 30, "attributes": {}}]}, "beak"),
        "form": _of({"species": "rook", "age": 3.0}, fields=_FORM),
    }
)


class Told:
    """A few lines to be read.

    Parameters
    ----------
    text : str
        The lines.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        """Return the lines."""
        return self.text

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self.text)}</pre>"


def kinds(name: str | None = None) -> Told:
    """Tell which kinds of task there are, or what one is set to and answered with.

    Parameters
    ----------
    name : str, optional
        A kind, such as ``"number"``.

    Raises
    ------
    SchemaError
        If there is no such kind.
    """
    if name is None:
        width = max(map(len, KINDS))
        lines = [f"{one:{width}}  {_about(kind_of(one))}" for one in KINDS]
        return Told("\n".join([*lines, 'next: nbtools.kinds("number"), for what it is set to and answered with']))
    kind, example = kind_of(name), EXAMPLES[name]
    lines = [f"{name}: {_about(kind)}", ""]
    for setting, words in settings_told(kind).items():
        default = kind.defaults[setting]
        lines += [f"{setting}={_python(default)}", f"    {words}"]
    lines += ["" if kind.defaults else "It has no settings.", f"A label holds, for example: {_python(example.value)}"]
    return Told("\n".join([*lines, f"next: {_call(name, example)}"]))


def settings_told(kind: Kind) -> dict[str, str]:
    """Return of each setting of a kind what the class says of it, by name, in their order."""
    found: dict[str, str] = {}
    for one in type(kind).__mro__:
        for names, form, words in _SETTINGS.findall(inspect.cleandoc(one.__doc__ or "") + "\n"):
            said = f"{form}: {' '.join(words.split())}".replace("``", "").replace("`", "'")
            found = dict.fromkeys(re.findall(r"\w+", names), said) | found
    return {setting: found[setting] for setting in kind.defaults if setting in found}


def _about(kind: Kind) -> str:
    first = inspect.cleandoc(type(kind).__doc__ or "").partition("\n\n")[0]
    return " ".join(first.split()).replace("`", "'")


def _call(kind: str, example: Example) -> str:
    given = {"options": list(example.options)} if example.options else {}
    more = "".join(f", {name}={_python(value)}" for name, value in {**given, **example.settings}.items())
    return f'ds.task("…", kind="{kind}"{more})'


def _python(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_python(name)}: {_python(one)}' for name, one in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_python, value))}]"
    if isinstance(value, type):
        return value.__name__
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
