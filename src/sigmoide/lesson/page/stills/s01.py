"""Station 1 without JavaScript: the points, and the optimum's line."""

from __future__ import annotations

from sigmoide.lesson.page.payload import Payload
from sigmoide.lesson.page.stills import plane
from sigmoide.lesson.page.words import Words


def still(payload: Payload, words: Words) -> str:
    """Draw the points as they are learned from, and the best line if there is one."""
    best = payload["optimum"]
    body = [plane.axes(payload, words)]
    if best is not None:
        body.append(plane.line(payload, best["theta"], "best"))
    body.append(plane.points(payload))
    return plane.picture(payload, words.get("s01.still"), "".join(body))
