"""Items that say their number in their pixels, so that a camera can tell which one was on the screen."""

from __future__ import annotations

import random
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

BITS = 10
CELLS = BITS + 3
SIDE = 1000
DARK, LIGHT = "█", "▁"
# At both ends of the code in an image, by which it is found in a picture of the page.
MARK = (255, 0, 255)


def cells(number: int) -> list[bool]:
    """Return the code of a number: one dark and one light cell, its bits, and their parity."""
    bits = [bool(number >> place & 1) for place in reversed(range(BITS))]
    return [True, False, *bits, sum(bits) % 2 == 1]


def read(levels: Sequence[float]) -> int | None:
    """Return the number whose code has these brightnesses, or None where there is no code."""
    dark, light = levels[0], levels[1]
    if abs(dark - light) < 40:
        return None
    bits = [abs(level - dark) < abs(level - light) for level in levels[2:]]
    if (sum(bits[:-1]) % 2 == 1) != bits[-1]:
        return None
    return sum(bit << place for place, bit in enumerate(reversed(bits[:-1])))


def text(number: int) -> str:
    """Return a text item: its code, and some lines to read."""
    code = "".join(DARK if cell else LIGHT for cell in cells(number))
    return f"{code}\nitem {number}\nThe quick brown fox jumps over the lazy dog.\n"


def photo(number: int) -> bytes:
    """Return a JPEG of one megapixel, about as hard to decode as a photograph."""
    noise = Image.effect_noise((SIDE // 4, SIDE // 4), 60).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    tint = Image.new("RGB", (SIDE, SIDE), _color(number))
    image = Image.blend(Image.merge("RGB", (noise, noise, noise)), tint, 0.4)
    draw = ImageDraw.Draw(image)
    step, height = SIDE / (CELLS + 2), SIDE // 8
    for place, dark in enumerate([None, *cells(number), None]):
        color = MARK if dark is None else (0, 0, 0) if dark else (255, 255, 255)
        draw.rectangle((place * step, 0, (place + 1) * step, height), fill=color)
    data = BytesIO()
    image.save(data, "JPEG", quality=90)
    return data.getvalue()


def write(folder: Path, kind: str, count: int) -> list[Path]:
    """Write numbered items, ``text`` or ``image``, and return their paths in order."""
    folder.mkdir(parents=True)
    suffix = {"text": "txt", "image": "jpg"}[kind]
    paths = [folder / f"{number:04}.{suffix}" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(text(number).encode() if kind == "text" else photo(number))
    return paths


def _color(number: int) -> tuple[int, int, int]:
    draw = random.Random(number)
    return draw.randrange(256), draw.randrange(256), draw.randrange(256)
