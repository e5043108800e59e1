"""`regions`: stretches of a recording, each with a label; they may overlap, and be moments where the task says so.

A value is ``{"duration": …, "regions": [{"id", "label", "start", "end"}, …]}``, in seconds
from the beginning of the sound or video. A region's id is its own and stays when the region
is moved or gets another label; `label` is the id of an option, null in a task without
options; where the task declares attributes, ``attributes`` holds what is said of them.
`duration` is that of the recording, null where it is not known. No regions at all are an
answer too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from nbtools.errors import LabelError
from nbtools.labels.kinds.base import UNKNOWN, ItemFacts, Kind
from nbtools.labels.kinds.partattributes import declared, said
from nbtools.labels.kinds.parts import give_ids, id_of, label_of, list_of, mapping_of
from nbtools.labels.kinds.settings import flag

if TYPE_CHECKING:
    from nbtools.labels.task import Task

NONE = "no regions"
_REGION = ("id", "label", "start", "end", "attributes")
_SHOWN = 60
_EXAMPLE = '[{"start": 0.5, "end": 2.0, "label": …}]'
_LONGEST = 1e8


class Regions(Kind):
    """Stretches of a recording.

    Its settings:

    ``overlap`` : bool
        Whether regions may overlap.
    ``points`` : bool
        Whether a region may be a moment, which starts and ends at once.
    ``attributes`` : mapping
        What else is said of each region, by name: a list of options, ``"text"``,
        ``"number"`` or ``bool``. None unless given.
    """

    has_options: ClassVar[bool] = True
    needs_options: ClassVar[bool] = False
    needs_item: ClassVar[bool] = True
    draws: ClassVar[str | None] = "recording"
    defaults: ClassVar[Mapping[str, Any]] = MappingProxyType(
        {"overlap": True, "points": False, "attributes": MappingProxyType({})}
    )

    def checked(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Return the settings, each of its type."""
        flag(settings, "overlap")
        flag(settings, "points")
        return settings | {"attributes": declared(settings["attributes"])}

    def check(self, task: Task, value: Any, item: ItemFacts) -> dict[str, Any]:
        """Return the regions in the order of time, and the duration of the recording.

        A list is taken for the regions of a value. A region without an id gets one; the
        duration is the item's, and a value's own only where that is not known.
        """
        given = value if isinstance(value, Mapping) else {"regions": value}
        mapping_of(task, given, ("duration", "regions"), "the value")
        duration = _duration(task, given.get("duration"), item)
        regions = [
            _region(task, one, at) for at, one in enumerate(list_of(task, given.get("regions"), "regions", _EXAMPLE))
        ]
        order = {option.id: at for at, option in enumerate(task.options)}
        regions.sort(key=lambda one: (one["start"], -one["end"], order.get(one["label"], -1)))
        give_ids(regions)
        _check_together(task, regions)
        for one in regions:
            if duration is not None and one["end"] > duration:
                raise LabelError(
                    f"{task.name!r}: region {one['id']!r} goes from {_shown(one['start'])} to {_shown(one['end'])}, "
                    f"and the recording lasts {_shown(duration)}: times are seconds from its beginning; "
                    "end it there or leave it out"
                )
        return {"duration": duration, "regions": regions}

    def answer(self, value: Any) -> Any:
        """Return the regions without their ids."""
        regions = ([one["start"], one["end"], one["label"], one.get("attributes", {})] for one in value["regions"])
        return sorted(regions, key=str)

    def used(self, value: Any) -> frozenset[str]:
        """Return the options of the regions."""
        return frozenset(one["label"] for one in value["regions"] if one["label"] is not None)

    def merged(self, task: Task, value: Any, into: Mapping[str, str]) -> Any:
        """Return what the options have become; of regions that are the same then, the first."""
        if not self.used(value) & set(into):
            return value
        kept: dict[tuple[float, float, str], dict[str, Any]] = {}
        for one in value["regions"]:
            label = into.get(one["label"], one["label"])
            kept.setdefault((one["start"], one["end"], label), {**one, "label": label})
        return {**value, "regions": list(kept.values())}

    def words(self, task: Task, value: Any) -> str:
        """Return the options' present names with their times, cut off where there are many."""
        names = task.names()
        regions = [
            f"{names.get(one['label'], one['label'] or '')} {one['start']:.2f}–{one['end']:.2f} s".lstrip()
            for one in value["regions"][:_SHOWN]
        ]
        line = ", ".join(regions) or NONE
        return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def _duration(task: Task, given: object, item: ItemFacts) -> float | None:
    """Return how long the recording is, after a look whether the item is one."""
    own = None if given is None else _seconds(task, given, "duration")
    if item is UNKNOWN:
        return own
    if item.kind not in ("audio", "video"):
        raise LabelError(
            f"{task.name!r} marks regions of sound or video, and this item ({item.kind}) is neither: skip it"
        )
    return own if item.duration is None else float(item.duration)


def _region(task: Task, value: object, at: int) -> dict[str, Any]:
    where = f"region {at}"
    one = mapping_of(task, value, _REGION, where)
    name = id_of(task, one, where)
    where = where if name is None else f"region {name!r}"
    start, end = (_seconds(task, one.get(key), f"{where}: {key}") for key in ("start", "end"))
    if start > end or (start == end and not task.settings["points"]):
        also = "" if start > end else ", or the task is one with points=True"
        raise LabelError(
            f"{task.name!r}: {where} goes from {_shown(start)} to {_shown(end)}: it ends after it starts{also}"
        )
    label = label_of(task, one.get("label"), where)
    return {"id": name, "label": label, "start": start, "end": end} | _attributes(task, one, where)


def _attributes(task: Task, one: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return the attributes of a region; a task that declares none has regions without."""
    types = task.settings.get("attributes") or {}
    try:
        attributes = said(types, one.get("attributes"))
    except LabelError as error:
        raise LabelError(f"{task.name!r}: {where}: {error}") from None
    return {"attributes": attributes} if types else {}


def _seconds(task: Task, value: object, where: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= _LONGEST:
        raise LabelError(f"{task.name!r}: {where}={str(value)[:80]}: it is a finite number of seconds, from 0")
    # Where it is -0.0, the sum is 0.0.
    return float(value) + 0.0


def _shown(seconds: float) -> str:
    return f"{seconds:.10g} s"


def _check_together(task: Task, regions: Sequence[dict[str, Any]]) -> None:
    seen: set[object] = set()
    last: dict[str, Any] | None = None
    for one in regions:
        span = f"{_shown(one['start'])} to {_shown(one['end'])}"
        for what in (one["id"], (one["start"], one["end"], one["label"])):
            if what in seen:
                raise LabelError(
                    f"{task.name!r}: region {one['id']!r} from {span} is there twice: "
                    "leave one out, or give it an id of its own"
                )
            seen.add(what)
        if last is not None and not task.settings["overlap"] and one["start"] < last["end"]:
            raise LabelError(
                f"{task.name!r} takes no regions that overlap, and {last['id']!r} ({_shown(last['start'])} to "
                f"{_shown(last['end'])}) and {one['id']!r} ({span}) do: shorten or leave out one of them"
            )
        last = one if last is None or one["end"] > last["end"] else last
