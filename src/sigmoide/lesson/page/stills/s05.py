"""Station 5 without JavaScript: the boundary where the lesson ends."""

from __future__ import annotations

import math

from sigmoide.lesson.page.payload import Payload
from sigmoide.lesson.page.stills import plane
from sigmoide.lesson.page.words import Words

_LOGIT = math.log(9.0)


def still(payload: Payload, words: Words) -> str:
    """Draw the points, the lesson's boundary with p = 0.1 and 0.9, and the optimum's."""
    end, best = payload["end"], payload["optimum"]
    body = [plane.axes(payload, words)]
    body += [plane.line(payload, end, "contour", eta) for eta in (-_LOGIT, _LOGIT)]
    if best is not None:
        body.append(plane.line(payload, best["theta"], "best"))
    body += [plane.points(payload), plane.line(payload, end, "boundary")]
    return plane.picture(payload, words.get("s05.still"), "".join(body))
