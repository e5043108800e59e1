"""How an option is split: it is retired, keeps its labels, and names the options that took its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nbtools.errors import SchemaError
from nbtools.labels.options import Option, given, listed

Parts = Mapping[str, Sequence[str | Mapping[str, Any] | Option]]
_FEWEST = 2


def read_parts(split: Parts, ids: Mapping[str, str]) -> dict[str, list[Option]]:
    """Return the parts of each option that is to be split, by its id.

    Parameters
    ----------
    split : mapping
        Present name or id of an option → its parts, as options are given.
    ids : mapping of str to str
        The id of each option that is named.

    Raises
    ------
    SchemaError
        If they are not two options or more, each once, and others than the one that is split.
    """
    found = {}
    for name, parts in split.items():
        made = [given(one) for one in listed(parts)]
        names = [one.name for one in made]
        if len(set(names)) < max(_FEWEST, len(names)) or name in names:
            raise SchemaError(
                f"split={{{name!r}: {str(names)[:80]}}}: an option is split into two others or more, each there once; "
                f'to give it another name: rename={{{name!r}: "…"}}'
            )
        found[ids[name]] = made
    return found


def divided(options: Sequence[Option], parted: Mapping[str, Sequence[Option]], kept: Sequence[Option]) -> list[Option]:
    """Return options in which some are split, each before its parts.

    Parameters
    ----------
    options : sequence of Option
        Those that stand where they are.
    parted : mapping
        As `read_parts` returns it. A part that is among the options stays what and where it is.
    kept : sequence of Option
        Parts of earlier splits that are not among the options.

    Raises
    ------
    SchemaError
        If a part is retired.
    """
    waiting = {one.id: one for one in kept}
    known = {word: one for one in (*options, *kept) for word in (one.id, one.name)}
    there = {one.id for one in known.values()}
    whole = []
    for one in options:
        parts = [
            known.setdefault(part.name, replace(part, group=part.group or one.group)) for part in parted.get(one.id, ())
        ]
        for part in parts:
            if part.retired:
                raise SchemaError(f"{one.name!r} cannot be split into {part.name!r}, which is retired: name another")
        waiting |= {part.id: part for part in parts if part.id not in there}
        whole.append(replace(one, parts=tuple(part.id for part in parts)) if parts else one)
    return [each for one in whole for each in _with_parts(one, waiting)] + list(waiting.values())


def _with_parts(one: Option, waiting: dict[str, Option]) -> list[Option]:
    parts = [waiting.pop(part) for part in one.parts or () if part in waiting]
    return [one, *(each for part in parts for each in _with_parts(part, waiting))]
