"""Recipes: how items are made from raw files where they are not taken as they are."""

from __future__ import annotations

import io
import json
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from nbtools.errors import MediaError, OptionError
from nbtools.media import Media, decode_text, eight_bit, smaller
from nbtools.storage import Folder

if TYPE_CHECKING:
    from PIL.Image import Image

RECIPES = "metadata/recipes"
_FORMATS = {
    "jpeg": Media("image", "image/jpeg", "jpg"),
    "png": Media("image", "image/png", "png"),
    "webp": Media("image", "image/webp", "webp"),
}
_KEYS: dict[str, type] = {"format": str, "max_side": int, "quality": int, "strip_metadata": bool, "text": str}
_QUALITY = 92
_PNG_MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")


class Recipe(NamedTuple):
    """A way of converting, and its number in the dataset; 0 takes files as they are."""

    number: int = 0
    spec: dict[str, Any] = {}  # noqa: RUF012 - never written to

    def number_for(self, kind: str, media_type: str) -> int:
        """Return the number that items of this kind get: 0 where the recipe does not change them."""
        if kind == "text":
            return self.number if "text" in self.spec else 0
        changed = kind == "image" and media_type != "image/svg+xml" and self.spec.keys() - {"text"}
        return self.number if changed else 0


def find_recipe(folder: Folder, convert: Mapping[str, object] | None, *, make: bool = True) -> Recipe:
    """Return the recipe of a dataset that does what is asked; make it if there is none.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    convert : mapping or None
        ``format`` (jpeg, png, webp), ``max_side`` (pixels), ``quality`` (1-100),
        ``strip_metadata`` (True: no EXIF, so no GPS), ``text`` ("nfc": UTF-8 in
        Unicode's composed form). None takes everything as it is.
    make : bool
        Whether it is written where there is none; else only its number is found.

    Raises
    ------
    OptionError
        If a key or a value is not one of those.
    """
    if convert is None:
        return Recipe()
    spec = _checked(convert)
    number = 0
    while True:
        number += 1
        path = f"{RECIPES}/{number}.json"
        line = json.dumps({"format": 1, "recipe": number, "convert": spec}, sort_keys=True, indent=1).encode() + b"\n"
        try:
            known = folder.read(path)
        except FileNotFoundError:
            if not make:
                return Recipe(number, spec)
            try:
                folder.create(path, line)
            except FileExistsError:
                known = folder.read(path)
            else:
                return Recipe(number, spec)
        if json.loads(known).get("convert") == spec:
            return Recipe(number, spec)


def _checked(convert: Mapping[str, object]) -> dict[str, Any]:
    spec: dict[str, Any] = {key: value for key, value in convert.items() if value not in (None, False)}
    for key, value in spec.items():
        if key not in _KEYS:
            raise OptionError(f"convert= knows no {key!r}; it takes {', '.join(_KEYS)}")
        if not isinstance(value, _KEYS[key]) or (_KEYS[key] is int and isinstance(value, bool)):
            raise OptionError(f"convert={{{key!r}: {value!r}}}: it takes {_KEYS[key].__name__} values")
    if spec.get("format", "png") not in _FORMATS:
        raise OptionError(f"convert={{'format': {spec['format']!r}}}: the formats are {', '.join(_FORMATS)}")
    if spec.get("text", "nfc") != "nfc":
        raise OptionError(f"convert={{'text': {spec['text']!r}}}: the only form is 'nfc'")
    if not 1 <= spec.get("quality", 1) <= 100 or spec.get("max_side", 1) < 1:
        raise OptionError(f"convert={dict(convert)!r}: quality is 1 to 100, max_side at least 1 pixel")
    if not spec:
        raise OptionError(f"convert={dict(convert)!r} changes nothing; leave it out, or give one of {', '.join(_KEYS)}")
    return spec


def converted(recipe: Recipe, media: Media, data: bytes) -> tuple[bytes, Media]:
    """Return the bytes that a recipe makes of a file, and what they are.

    Parameters
    ----------
    recipe : Recipe
        One that applies to `media`.
    media : Media
        What the file is.
    data : bytes
        All of it.

    Raises
    ------
    MediaError
        If the file cannot be decoded.
    """
    if media.kind == "text":
        text = decode_text(data)
        assert text is not None
        return unicodedata.normalize("NFC", text).encode(), media
    from PIL import Image, ImageOps

    target = _FORMATS.get(recipe.spec.get("format") or media.media_type.partition("/")[2], _FORMATS["jpeg"])
    side = recipe.spec.get("max_side")
    try:
        with Image.open(io.BytesIO(data)) as image:
            if side:
                image.draft(None, (side, side))
            upright = ImageOps.exif_transpose(image)
            extra = {"icc_profile": image.info.get("icc_profile")}
            if not recipe.spec.get("strip_metadata"):
                extra["exif"] = _exif_of_upright(image)
            made = smaller(upright, side) if side else upright
            return _encoded(made, target, recipe.spec.get("quality", _QUALITY), extra), target
    except Exception as error:  # a decoder may raise anything, and the other files go on
        raise MediaError(f"cannot be decoded: {error}") from error


def _exif_of_upright(image: Image) -> bytes:
    exif = image.getexif()
    exif.pop(0x0112, None)
    return exif.tobytes()


def _encoded(image: Image, target: Media, quality: int, extra: dict[str, Any]) -> bytes:
    name = target.media_type.partition("/")[2].upper()
    made = io.BytesIO()
    saved = {key: value for key, value in extra.items() if value}
    if name != "PNG":
        saved["quality"] = quality
    if name != "PNG" or image.mode not in _PNG_MODES or "transparency" in image.info:
        image = eight_bit(image, see_through=name != "JPEG")
    image.info = {}  # else Pillow writes what it read, comments and all
    image.save(made, name, **saved)
    return made.getvalue()
