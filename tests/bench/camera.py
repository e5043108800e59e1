"""Which item was on the screen, read from the frames that the browser showed."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Self

from PIL import Image
from playwright.async_api import CDPSession, Page

from tests.bench.material import CELLS, MARK, read

Point = tuple[float, float]

_TEXT_CELLS = """() => {
  const roots = [document];
  for (const root of roots) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.shadowRoot) roots.push(node.shadowRoot);
      const at = node.nodeType === 3 ? node.data.search(/[█▁]{13}/) : -1;
      if (at < 0 || !node.parentElement?.checkVisibility()) continue;
      return Array.from({ length: 13 }, (_, place) => {
        const range = document.createRange();
        range.setStart(node, at + place);
        range.setEnd(node, at + place + 1);
        const box = range.getBoundingClientRect();
        return [box.left + box.width / 2, box.top + box.height / 2];
      });
    }
  }
  return null;
}"""


@dataclass
class Camera:
    """Films a page; used as an async context manager around the presses.

    Attributes
    ----------
    frames : list of (float, bytes)
        Seconds since the epoch at which a frame was shown, and its JPEG.
    """

    page: Page
    session: CDPSession
    points: list[Point]
    width: int
    frames: list[tuple[float, bytes]] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        """Start filming."""
        self.session.on("Page.screencastFrame", self._take)
        # Small frames: what the browser has not been thanked for in time, it leaves out.
        film = {
            "format": "jpeg",
            "quality": 40,
            "everyNthFrame": 1,
            "maxWidth": self.width,
            "maxHeight": 2 * self.width,
        }
        await self.session.send("Page.startScreencast", film)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop filming."""
        await self.session.send("Page.stopScreencast")
        self.session.remove_listener("Page.screencastFrame", self._take)

    def seen_at(self, moment: float) -> int | None:
        """Return the number on the last frame that was shown before a moment.

        Parameters
        ----------
        moment : float
            Seconds since the epoch.
        """
        before = [data for shown, data in sorted(self.frames) if shown <= moment]
        return self.number(before[-1]) if before else None

    def number(self, picture: bytes) -> int | None:
        """Return the number in a picture of the page, or None if there is none to read."""
        image = Image.open(BytesIO(picture)).convert("L")
        size = self.page.viewport_size
        scale = image.width / size["width"] if size else 1
        levels = []
        for x, y in self.points:
            spot = image.crop((int(x * scale) - 2, int(y * scale) - 2, int(x * scale) + 3, int(y * scale) + 3))
            levels.append(sum(spot.tobytes()) / 25)
        return read(levels)

    def _take(self, frame: dict[str, Any]) -> None:
        self.frames.append((frame["metadata"]["timestamp"], base64.b64decode(frame["data"])))
        answer = self.session.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})
        _RUNNING.add(task := asyncio.ensure_future(answer))
        task.add_done_callback(_RUNNING.discard)


_RUNNING: set[asyncio.Future[Any]] = set()


async def find_code(page: Page, kind: str) -> list[Point]:
    """Return where, in pixels of the page, the cells of the shown item's code are.

    Raises
    ------
    RuntimeError
        If no code is on the page.
    """
    if kind == "text":
        points: list[Point] | None = await page.evaluate(_TEXT_CELLS)
    else:
        points = _between_marks(Image.open(BytesIO(await page.screenshot())).convert("RGB"))
    if not points:
        raise RuntimeError("no item with a code is on the page")
    return points


def _between_marks(image: Image.Image) -> list[Point] | None:
    width, height = image.size
    data = image.tobytes()
    marked = [
        (place % width, place // width)
        for place in range(width * height)
        if all(abs(data[3 * place + band] - MARK[band]) < 60 for band in range(3))
    ]
    if not marked:
        return None
    left, right = min(x for x, _ in marked), max(x for x, _ in marked)
    middle = (min(y for _, y in marked) + max(y for _, y in marked)) / 2
    step = (right - left + 1) / (CELLS + 2)
    return [(left + (place + 1.5) * step, middle) for place in range(CELLS)]
