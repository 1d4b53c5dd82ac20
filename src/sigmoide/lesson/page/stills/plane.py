"""The plane of the points in SVG: scales, axes, marks, lines; static/ui/plane.js does the same."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sigmoide.lesson.boundary import boundary_segment
from sigmoide.lesson.page.markup import escaped
from sigmoide.lesson.page.payload import Payload
from sigmoide.lesson.page.words import Words

# A still has each point in its file once more; of very many it shows a part, and says so.
_MOST_DRAWN = 400


class Plane:
    """Where a point of the data stands in the picture.

    Parameters
    ----------
    payload : dict
        With ``view``, the geometry, and ``frame``, what of the plane is seen.
    """

    def __init__(self, payload: Payload) -> None:
        view = payload["view"]
        self.frame: list[float] = payload["frame"]
        self.left: int = view["left"]
        self.top: int = view["top"]
        self.right: int = view["width"] - view["right"]
        self.bottom: int = view["height"] - view["bottom"]

    def x(self, value: float) -> float:
        """Return the horizontal place of x1."""
        low, high = self.frame[:2]
        return self.left + (value - low) / (high - low) * (self.right - self.left)

    def y(self, value: float) -> float:
        """Return the vertical place of x2."""
        low, high = self.frame[2:]
        return self.bottom - (value - low) / (high - low) * (self.bottom - self.top)


def ticks(low: float, high: float, about: int = 6) -> list[float]:
    """Return round numbers from low to high, some six of them."""
    raw = (high - low) / about
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * k for k in (1, 2, 5, 10) if power * k >= raw * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [k * step for k in range(first, last + 1)]


def axes(payload: Payload, words: Words) -> str:
    """Draw the frame, round numbers along it, and the names of the columns."""
    plane = Plane(payload)
    parts = [
        f'<rect class="frame" x="{plane.left}" y="{plane.top}" '
        f'width="{plane.right - plane.left}" height="{plane.bottom - plane.top}"/>'
    ]
    low1, high1, low2, high2 = plane.frame
    for value in ticks(low1, high1):
        at = f"{plane.x(value):.2f}"
        parts.append(
            f'<text class="tick" text-anchor="middle" x="{at}" y="{plane.bottom + 19}">'
            f"{words.short(value)}</text>"
        )
    for value in ticks(low2, high2):
        at = f"{plane.y(value) + 4:.2f}"
        parts.append(
            f'<text class="tick" text-anchor="end" x="{plane.left - 6}" y="{at}">'
            f"{words.short(value)}</text>"
        )
    name1, name2 = (escaped(axis_name(payload, words, axis)) for axis in (0, 1))
    middle = (plane.top + plane.bottom) / 2
    parts.append(
        f'<text class="axis" text-anchor="middle" x="{(plane.left + plane.right) / 2}" '
        f'y="{payload["view"]["height"] - 8}">{name1}</text>'
        f'<text class="axis" text-anchor="middle" transform="translate(13 {middle}) rotate(-90)">'
        f"{name2}</text>"
    )
    return "".join(parts)


def axis_name(payload: Payload, words: Words, axis: int) -> str:
    """Return what an axis is called: a column and its unit, or a direction and its share."""
    said = shortened(payload["names"][axis])
    if payload["directions"] is not None:
        share = words.number(100 * payload["directions"]["shares"][axis], 1)
        return words.get("direction", name=said, share=share)
    return words.get("standardised", name=said) if payload["scaled"] else said


def shortened(name: str, most: int = 30) -> str:
    """Return a name with so many letters at the most."""
    return name if len(name) <= most else name[: most - 1] + "…"


def one_in(payload: Payload) -> int:
    """Return of how many points a still draws one: it stands in the file for each picture."""
    return 1 + (len(payload["y"]) - 1) // _MOST_DRAWN


def drawn(payload: Payload) -> range:
    """Return the points that a still draws."""
    return range(0, len(payload["y"]), one_in(payload))


def points(payload: Payload) -> str:
    """Draw the points: a shape and a colour for each class, hollow for the test."""
    plane = Plane(payload)
    parts = []
    for i in drawn(payload):
        x, up, y = plane.x(payload["x1"][i]), plane.y(payload["x2"][i]), payload["y"][i]
        kind = f"point c{y}{'' if payload['train'][i] else ' hollow'}"
        if y == 0:
            parts.append(f'<circle class="{kind}" cx="{x:.2f}" cy="{up:.2f}" r="4.5"/>')
        else:
            parts.append(
                f'<rect class="{kind}" x="{x - 4:.2f}" y="{up - 4:.2f}" width="8" height="8"/>'
            )
    return "".join(parts)


def line(payload: Payload, theta: Sequence[float], kind: str, eta: float = 0.0) -> str:
    """Draw the line where the linear predictor is ``eta``, cut at the frame."""
    plane = Plane(payload)
    ends = boundary_segment(theta[:2], theta[2] - eta, plane.frame)
    if ends is None:
        return ""
    (x1, y1), (x2, y2) = ends.tolist()
    return (
        f'<line class="{kind}" x1="{plane.x(x1):.2f}" y1="{plane.y(y1):.2f}" '
        f'x2="{plane.x(x2):.2f}" y2="{plane.y(y2):.2f}"/>'
    )


def picture(payload: Payload, title: str, body: str) -> str:
    """Return a whole picture of the plane."""
    view = payload["view"]
    return (
        f'<svg viewBox="0 0 {view["width"]} {view["height"]}" role="img" '
        f'aria-label="{escaped(title)}">{body}</svg>'
    )
