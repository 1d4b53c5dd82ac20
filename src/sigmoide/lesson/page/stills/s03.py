"""Station 3 without JavaScript: the first point, marked on the plane where the lesson ends."""

from __future__ import annotations

from sigmoide.lesson.page.payload import Payload
from sigmoide.lesson.page.stills import plane
from sigmoide.lesson.page.words import Words


def still(payload: Payload, words: Words) -> str:
    """Draw the points, the lesson's boundary, and a ring around the first point."""
    place = plane.Plane(payload)
    x, y = place.x(payload["x1"][0]), place.y(payload["x2"][0])
    body = [
        plane.axes(payload, words),
        plane.points(payload),
        plane.line(payload, payload["end"], "boundary"),
        f'<circle class="ring" r="10" cx="{x:.2f}" cy="{y:.2f}"/>',
    ]
    return plane.picture(payload, words.get("s03.still"), "".join(body))
