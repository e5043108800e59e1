"""`number`: how many, how long, how likely.

A value is an int where `integer` is set, else a float.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from nbtools.errors import LabelError, SchemaError
from nbtools.labels.kinds.base import ItemFacts, Kind
from nbtools.labels.kinds.settings import flag, optional_number, optional_word

if TYPE_CHECKING:
    from nbtools.labels.task import Task

LARGEST = 2**53 - 1
_WRITTEN = re.compile(r"\s*[+-]?\d{1,30}(\.\d{0,30})?([eE][+-]?\d{1,3})?\s*")
_NEAR = 1e-6


class Number(Kind):
    """A number, perhaps between bounds and in steps.

    Its settings:

    ``min``, ``max`` : number, optional
        The least and the most it can be.
    ``step`` : number, optional
        What two neighbors differ by, counted from ``min``, else from 0.
    ``integer`` : bool
        Whether it is a whole number.
    ``unit`` : str, optional
        What stands beside it, such as ``"kg"``.
    ``slider`` : bool, optional
        Whether there is a slider beside the field; where both bounds are given unless
        said otherwise.
    """

    defaults: ClassVar[Mapping[str, Any]] = MappingProxyType(
        {"min": None, "max": None, "step": None, "integer": False, "unit": None, "slider": None}
    )

    def checked(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Return the settings, each of its type, and such that some number fits them all."""
        least, most = optional_number(settings, "min"), optional_number(settings, "max")
        step = optional_number(settings, "step")
        bounded = least is not None and most is not None
        if bounded and least >= most:  # type: ignore[operator]
            raise SchemaError(f"min={least!r}, max={most!r}: min is less than max")
        if step is not None and (step <= 0 or (bounded and step > most - least)):  # type: ignore[operator]
            raise SchemaError(f"step={step!r}: it is more than 0, and no more than max - min")
        if flag(settings, "integer"):
            for name in ("min", "max", "step"):
                value = settings[name]
                if value is not None and value != int(value):
                    raise SchemaError(f"{name}={value!r}: with integer=True it is a whole number")
                settings[name] = None if value is None else int(value)
        optional_word(settings, "unit")
        settings["slider"] = bounded if settings["slider"] is None else flag(settings, "slider")
        if settings["slider"] and not bounded:
            raise SchemaError("slider=True: a slider has two ends, so give min and max")
        return settings

    def check(self, task: Task, value: Any, item: ItemFacts) -> int | float:
        """Return the number as it is kept; a text that is one is taken, as tables have them."""
        number = _number(task.name, value)
        settings = task.settings
        least, most, step, unit = (settings[name] for name in ("min", "max", "step", "unit"))
        if (least is not None and number < least) or (most is not None and number > most):
            bounds = [f"at least {least}"] if least is not None else []
            bounds += [f"at most {most}"] if most is not None else []
            raise LabelError(f"{task.name!r} is {' and '.join(bounds)}{f' {unit}' if unit else ''}, not {number}")
        if settings["integer"] and number != int(number):
            raise LabelError(f"{task.name!r} is a whole number, and {number} is none: round it")
        if step is not None:
            number = _on_step(task.name, number, least or 0, step)
        return int(number) if settings["integer"] else float(number)

    def words(self, task: Task, value: Any) -> str:
        """Return the number with its unit."""
        unit = task.settings["unit"]
        return f"{value:.15g} {unit}" if unit else f"{value:.15g}"


def _number(task: str, value: Any) -> int | float:
    if isinstance(value, str) and _WRITTEN.fullmatch(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise LabelError(f"{task!r} takes a number, and {str(value)[:80]!r} is none")
    if abs(value) > LARGEST or not math.isfinite(value):
        raise LabelError(f"{task!r} takes a finite number of at most 2^53, and this is {str(value)[:40]}")
    return value


def _on_step(task: str, number: float, start: float, step: float) -> float:
    steps = round((number - start) / step)
    # In decimals, because 0.1 times 3 is not 0.3 in floats.
    nearest = float(Decimal(repr(start)) + steps * Decimal(repr(step)))
    if abs(nearest - number) > step * _NEAR:
        raise LabelError(f"{task!r} goes in steps of {step} from {start}, and {number} lies between: take {nearest:g}")
    return nearest
