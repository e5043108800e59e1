"""Pixels as every program can show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image


def smaller(image: Image, side: int) -> Image:
    """Return an image whose longer side has at most so many pixels, smoothly reduced.

    Parameters
    ----------
    image : PIL.Image.Image
        Of any mode; it may be changed.
    side : int
        Pixels.
    """
    from PIL import Image

    if image.mode in ("1", "P", "PA"):  # of these Pillow only drops pixels
        image = eight_bit(image, see_through=True)
    gap = None if image.mode.startswith("I;") else 2.0  # the quick first step knows no sixteen bits
    image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=gap)
    return image


def eight_bit(image: Image, *, see_through: bool) -> Image:
    """Return an image in L, RGB or RGBA; deeper values are stretched to what is in it.

    Parameters
    ----------
    image : PIL.Image.Image
        Of any mode.
    see_through : bool
        Whether transparency may stay; else it becomes white.
    """
    from PIL import Image

    if image.mode in ("I", "F") or image.mode.startswith("I;"):
        deep = image.convert("F")
        low, high = deep.getextrema()
        scale = 255.0 / (high - low) if high > low else 0.0  # type: ignore[operator]
        return deep.point(lambda value: value * scale + (-low * scale)).convert("L")  # type: ignore[operator]
    if image.has_transparency_data:
        clear = image.convert("RGBA")
        if see_through:
            return clear
        return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")
    return image if image.mode in ("L", "RGB") else image.convert("RGB")
