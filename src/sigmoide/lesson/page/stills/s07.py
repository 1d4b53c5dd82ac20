"""Station 7 without JavaScript: the plane of start, end and optimum, with both ways on it."""

from __future__ import annotations

from typing import Any

import numpy as np

from sigmoide.lesson.page.markup import escaped
from sigmoide.lesson.page.payload import STILLS, Payload
from sigmoide.lesson.page.stills.plane import picture, ticks
from sigmoide.lesson.page.words import Words
from sigmoide.lesson.plane import plane_through

_LEFT, _RIGHT, _TOP, _BOTTOM = 50, 546, 14, 390
_SHAPES = {
    "start": ("spot", "M-5-5H5V5H-5Z", 20),
    "end": ("spot", "M0-6L6 5H-6Z", -12),
    "optimum": ("spot goal", "M0-9L2.4-3 9-3 3.7 1 5.7 8 0 4-5.7 8-3.7 1-9-3-2.4-3Z", -14),
}

Array = np.ndarray[Any, np.dtype[np.float64]]


def still(payload: Payload, words: Words) -> str:
    """Draw the descent of the lesson and, where there is an optimum, Newton's way to it."""
    passed = np.array(payload[STILLS]["passed"])
    start, end = np.array(payload["start"]), np.array(payload["end"])
    best, way = payload["optimum"], payload["way"]
    goal = end if best is None else np.array(best["theta"])
    jumps = np.array(way["newton"]["path"]) if best is not None and way is not None else start[None]
    plane = plane_through(start, passed[len(passed) // 2], goal)
    if best is not None:
        plane = plane_through(start, end, goal)
    ways = [plane.onto(passed), plane.onto(jumps), plane.onto(goal)]
    low, high = np.vstack(ways).min(axis=0), np.vstack(ways).max(axis=0)
    room = 0.15 * np.where(high > low, high - low, 1.0)
    low, high = low - room, high + room

    def places(points: Array) -> Array:
        share = (points - low) / (high - low)
        return np.column_stack(
            [_LEFT + share[:, 0] * (_RIGHT - _LEFT), _BOTTOM - share[:, 1] * (_BOTTOM - _TOP)]
        )

    def line(points: Array, kind: str) -> str:
        said = "L".join(f"{x:.2f} {y:.2f}" for x, y in places(points))
        return f'<path class="{kind}" d="M{said}"/>'

    body = [
        f'<rect class="frame" x="{_LEFT}" y="{_TOP}" width="{_RIGHT - _LEFT}" '
        f'height="{_BOTTOM - _TOP}"/>'
    ]
    for value in ticks(low[0], high[0]):
        x = places(np.array([[value, low[1]]]))[0, 0]
        body.append(_text("tick", x, _BOTTOM + 19, words.short(value)))
    for value in ticks(low[1], high[1]):
        y = places(np.array([[low[0], value]]))[0, 1]
        body.append(_text("tick", _LEFT - 6, y + 4, words.short(value), "end"))
    along = "s07.along_far" if best is None else "s07.along"
    body.append(_text("axis", (_LEFT + _RIGHT) / 2, 432, f"{words.get(along)} →"))
    body.append(
        f'<text class="axis" text-anchor="middle" transform="translate(13 '
        f'{(_TOP + _BOTTOM) / 2}) rotate(-90)">{escaped(words.get("s07.across"))} →</text>'
    )
    body += [line(ways[0], "curve"), line(ways[1], "curve second")]
    marked = {"start": start, "end": end} | ({} if best is None else {"optimum": goal})
    for name, theta in marked.items():
        kind, shape, below = _SHAPES[name]
        x, y = places(plane.onto(theta))[0]
        key = "optimum" if name == "optimum" else {"start": "s07.start", "end": "s07.end"}[name]
        body.append(f'<path class="{kind}" transform="translate({x:.2f} {y:.2f})" d="{shape}"/>')
        kept = min(max(x, _LEFT + 30), _RIGHT - 60)
        body.append(_text("onpicture", kept, y + below, words.get(key)))
    return picture(payload, words.get("s07.still"), "".join(body))


def _text(kind: str, x: float, y: float, said: str, anchor: str = "middle") -> str:
    place = f'text-anchor="{anchor}" x="{x:.2f}" y="{y:.2f}"'
    return f'<text class="{kind}" {place}>{escaped(said)}</text>'
