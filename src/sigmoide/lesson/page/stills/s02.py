"""Station 2 without JavaScript: the sigmoid, and each point at its eta where the lesson ends."""

from __future__ import annotations

import math

import numpy as np

from sigmoide.lesson.page.payload import Payload
from sigmoide.lesson.page.stills.graph import Axis, Graph
from sigmoide.lesson.page.stills.plane import drawn
from sigmoide.lesson.page.words import Words
from sigmoide.problem.objective import sigmoid

_LEAST = 6.0
_TANGENT = 90.0


def still(payload: Payload, words: Words) -> str:
    """Draw the curve, all points on it, and the first one's place and tangent."""
    X = np.column_stack([payload["x1"], payload["x2"]])
    eta = X @ payload["end"][:2] + payload["end"][2]
    p = sigmoid(eta)
    end = max(_LEAST, math.ceil(1.05 * float(np.abs(eta).max())))
    graph = Graph(payload, Axis(-end, end, words.get("s02.across")), Axis(0, 1, words.get("s02.p")))
    along = np.linspace(-end, end, 81)
    x, up = graph.x(float(eta[0])), graph.y(float(p[0]))
    dx = graph.x(1) - graph.x(0)
    dy = float(p[0] * (1 - p[0])) * (graph.y(1) - graph.y(0))
    long = _TANGENT / math.hypot(dx, dy)
    body = [
        graph.axes(words),
        graph.level(0.5, "mark"),
        graph.curve(zip(along, sigmoid(along), strict=True), "boundary bend"),
        f'<line class="best whole" x1="{x - long * dx:.2f}" y1="{up - long * dy:.2f}" '
        f'x2="{x + long * dx:.2f}" y2="{up + long * dy:.2f}"/>',
    ]
    for i in drawn(payload):
        train = bool(payload["train"][i])
        body.append(graph.point(float(eta[i]), float(p[i]), payload["y"][i], train))
    body.append(
        f'<path class="drop" d="M{graph.left} {up:.2f}H{x:.2f}V{graph.bottom}"/>'
        f'<circle class="ring" r="9" cx="{x:.2f}" cy="{up:.2f}"/>'
    )
    return graph.picture(words.get("s02.still"), "".join(body))
