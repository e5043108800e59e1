"""`spans`: parts of a text, each with an option; they may overlap, nest, and be related by twos.

A value is ``{"text_hash": …, "spans": [{"id", "start", "end", "option"}, …],
"relations": [{"type", "from", "to"}, …]}``. Offsets count Unicode code points of the text
as the page shows it, `end` is the first one after the span, and `text_hash` is by which the
text is known again. A span's id is its own and stays when the span is resized or becomes
another option; relations hold ids. No spans at all are an answer too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from nbtools.errors import LabelError, SchemaError
from nbtools.labels.kinds.base import UNKNOWN, ItemFacts, Kind, text_hash
from nbtools.labels.kinds.parts import give_ids, id_of, list_of, mapping_of
from nbtools.labels.kinds.settings import flag, one_of
from nbtools.labels.options import chosen, clean

if TYPE_CHECKING:
    from nbtools.labels.task import Task

MOST_TYPES = 30
NONE = "no spans"
_SPAN = ("id", "start", "end", "option")
_RELATION = ("type", "from", "to")
_SHOWN = 60
_EXAMPLE = '[{"start": 0, "end": 4, "option": …}]'


class Spans(Kind):
    """Parts of a text, each with an option.

    Its settings:

    ``snap`` : {"word", "character"}
        Whether a span that is marked in the page grows to whole words. Values from
        elsewhere are taken as they are.
    ``overlap`` : bool
        Whether spans may overlap and lie in each other.
    ``relations`` : list of str
        The types of relation that there may be from one span to another; none unless given.
    """

    has_options: ClassVar[bool] = True
    needs_item: ClassVar[bool] = True
    draws: ClassVar[str | None] = "text"
    defaults: ClassVar[Mapping[str, Any]] = MappingProxyType({"snap": "word", "overlap": True, "relations": ()})

    def checked(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Return the settings, each of its type; types of relation are kept as options' names are."""
        one_of(settings, "snap", ("word", "character"))
        flag(settings, "overlap")
        return settings | {"relations": _types(settings["relations"])}

    def check(self, task: Task, value: Any, item: ItemFacts) -> dict[str, Any]:
        """Return the spans in the order of the text, and the relations in that of the spans.

        A list is taken for the spans of a value. A span without an id gets one, and a value
        without a hash that of the item's text.
        """
        given = value if isinstance(value, Mapping) else {"spans": value}
        mapping_of(task, given, ("text_hash", "spans", "relations"), "the value")
        spans = [_span(task, one, at) for at, one in enumerate(list_of(task, given.get("spans"), "spans", _EXAMPLE))]
        order = {option.id: at for at, option in enumerate(task.options)}
        spans.sort(key=lambda one: (one["start"], -one["end"], order[one["option"]]))
        give_ids(spans)
        _check_spans(task, spans)
        return {
            "text_hash": _fits(task, given.get("text_hash"), spans, item),
            "spans": spans,
            "relations": _relations(task, given.get("relations", ()), [one["id"] for one in spans]),
        }

    def answer(self, value: Any) -> Any:
        """Return the spans without their ids, and the relations between them by their places."""
        places = {one["id"]: (one["start"], one["end"], one["option"]) for one in value["spans"]}
        relations = ((one["type"], places[one["from"]], places[one["to"]]) for one in value["relations"])
        return {"text_hash": value["text_hash"], "spans": sorted(places.values()), "relations": sorted(relations)}

    def used(self, value: Any) -> frozenset[str]:
        """Return the options of the spans."""
        return frozenset(one["option"] for one in value["spans"])

    def merged(self, task: Task, value: Any, into: Mapping[str, str]) -> Any:
        """Return what the options have become; of spans that are the same then, one, with the relations of all."""
        if not self.used(value) & set(into):
            return value
        kept: dict[tuple[int, int, str], dict[str, Any]] = {}
        instead: dict[str, str] = {}
        for one in value["spans"]:
            option = into.get(one["option"], one["option"])
            first = kept.setdefault((one["start"], one["end"], option), {**one, "option": option})
            instead[one["id"]] = first["id"]
        relations: list[dict[str, str]] = []
        for one in value["relations"]:
            moved = {**one, "from": instead[one["from"]], "to": instead[one["to"]]}
            if moved["from"] != moved["to"] and moved not in relations:
                relations.append(moved)
        return {**value, "spans": list(kept.values()), "relations": relations}

    def words(self, task: Task, value: Any) -> str:
        """Return the options' present names with their offsets, cut off where there are many."""
        names = task.names()
        spans = [f"{names.get(one['option'], one['option'])} {one['start']}–{one['end']}" for one in value["spans"]]
        line = ", ".join(spans[:_SHOWN]) or NONE
        return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def _types(types: object) -> list[str]:
    if isinstance(types, str) or not isinstance(types, Sequence):
        raise SchemaError(f'relations={str(types)[:80]!r}: it is a list of names, such as ["eats"]')
    names = [clean(name) for name in types]
    if len(set(names)) < len(names) or len(names) > MOST_TYPES:
        raise SchemaError(f"relations={str(types)[:80]}: they are at most {MOST_TYPES}, each there once")
    return names


def _span(task: Task, value: object, at: int) -> dict[str, Any]:
    where = f"span {at}"
    one = mapping_of(task, value, _SPAN, where)
    name = id_of(task, one, where)
    where = where if name is None else f"span {name!r}"
    start, end = (_offset(task, one.get(key), f"{where}: {key}") for key in ("start", "end"))
    if start >= end:
        raise LabelError(f"{task.name!r}: {where} goes from {start:,} to {end:,}: it ends after it starts")
    try:
        option = chosen(task.name, task.options, one.get("option"))
    except LabelError as error:
        raise LabelError(f"{where}: {error}") from None
    return {"id": name, "start": start, "end": end, "option": option}


def _offset(task: Task, value: object, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise LabelError(f"{task.name!r}: {where}={str(value)[:80]}: it is a whole number from 0, in characters")
    return value


def _check_spans(task: Task, spans: Sequence[dict[str, Any]]) -> None:
    seen: dict[object, str] = {}
    last: dict[str, Any] | None = None
    for one in spans:
        for what in (one["id"], (one["start"], one["end"], one["option"])):
            if what in seen:
                raise LabelError(
                    f"{task.name!r}: span {one['id']!r} from {one['start']:,} to {one['end']:,} "
                    f"is there twice: leave one out, or give it an id of its own"
                )
            seen[what] = one["id"]
        if last is not None and not task.settings["overlap"] and one["start"] < last["end"]:
            raise LabelError(
                f"{task.name!r} takes no spans that overlap, and {last['id']!r} ({last['start']:,} to {last['end']:,}) "
                f"and {one['id']!r} ({one['start']:,} to {one['end']:,}) do: shorten or leave out one of them"
            )
        last = one


def _fits(task: Task, given: object, spans: Sequence[dict[str, Any]], item: ItemFacts) -> str | None:
    """Return the hash of the text that the spans are in, after a look whether they are."""
    if given is not None and not (
        isinstance(given, str) and len(given) == 32 and set(given) <= set("0123456789abcdef")
    ):
        raise LabelError(
            f"{task.name!r}: text_hash is {str(given)[:80]!r}: it is 32 hex digits; leave it out if unknown"
        )
    if item is UNKNOWN:
        return given
    text = item.read_text()
    if text is None:
        raise LabelError(f"{task.name!r} marks spans of a text, and this item ({item.kind}) shows none: skip it")
    for one in spans:
        if one["end"] > len(text):
            raise LabelError(
                f"{task.name!r}: span {one['id']!r} goes from {one['start']:,} to {one['end']:,}, and the text has "
                f"{len(text):,} characters: count in characters (Unicode code points), or mark it anew"
            )
    found = text_hash(text)
    if given not in (None, found):
        raise LabelError(
            f"{task.name!r}: the spans were marked in another text (hash {given}) than the item has now ({found}): "
            "show it again and mark them anew"
        )
    return found


def _relations(task: Task, value: object, ids: Sequence[str]) -> list[dict[str, str]]:
    place = {name: at for at, name in enumerate(ids)}
    types = task.settings["relations"]
    found: list[dict[str, str]] = []
    for at, given in enumerate(list_of(task, value, "relations")):
        where = f"relation {at}"
        one = mapping_of(task, given, _RELATION, where)
        if one.get("type") not in types:
            there = ", ".join(types) or "none: give the task relations=[…]"
            raise LabelError(f"{task.name!r}: {where} is of type {str(one.get('type'))[:80]!r}; there are {there}")
        for end in ("from", "to"):
            if not isinstance(one.get(end), str) or one[end] not in place:
                raise LabelError(
                    f"{task.name!r}: {where} goes {end} {str(one.get(end))[:80]!r}, which is no span of this value: "
                    "name the id of one"
                )
        if one["from"] == one["to"]:
            raise LabelError(f"{task.name!r}: {where} goes from {one['from']!r} to itself: leave it out")
        kept = {key: str(one[key]) for key in _RELATION}
        if kept in found:
            raise LabelError(f"{task.name!r}: {where} is there twice: leave one out")
        found.append(kept)
    return sorted(found, key=lambda one: (place[one["from"]], place[one["to"]], one["type"]))
