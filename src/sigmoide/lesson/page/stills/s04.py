"""Station 4 without JavaScript: what each training point costs where the lesson ends."""

from __future__ import annotations

import math

import numpy as np

from sigmoide.lesson.page.payload import Payload
from sigmoide.lesson.page.stills.graph import Axis, Graph
from sigmoide.lesson.page.stills.plane import drawn
from sigmoide.lesson.page.words import Words
from sigmoide.problem.objective import sigmoid, softplus

_LEAST_HEIGHT = 5.0


def still(payload: Payload, words: Words) -> str:
    """Draw both branches, the training points on them, their mean, and the dearest one's cost."""
    X = np.column_stack([payload["x1"], payload["x2"]])
    eta = X @ payload["end"][:2] + payload["end"][2]
    y = np.array(payload["y"])
    train = np.flatnonzero(payload["train"])
    p, losses = sigmoid(eta), softplus(np.where(y == 1, -eta, eta))
    high = max(_LEAST_HEIGHT, math.ceil(float(losses[train].max()) * 1.05))
    graph = Graph(payload, Axis(0, 1, words.get("s04.p")), Axis(0, high, words.get("s04.loss")))
    along = np.linspace(0, high, 121)
    body = [
        graph.axes(words),
        graph.curve(zip(1 - np.exp(-along), along, strict=True), "branch of0"),
        graph.curve(zip(np.exp(-along), along, strict=True), "branch of1"),
    ]
    for i in drawn(payload):
        if payload["train"][i]:
            body.append(graph.point(float(p[i]), float(losses[i]), int(y[i]), train=True))
    body.append(graph.level(float(losses[train].mean()), "mark"))
    dearest = train[np.argmax(losses[train])]
    x, up = graph.x(float(p[dearest])), graph.y(float(losses[dearest]))
    body.append(
        f'<path class="drop" d="M{graph.left} {up:.2f}H{x:.2f}V{graph.bottom}"/>'
        f'<circle class="ring" r="9" cx="{x:.2f}" cy="{up:.2f}"/>'
    )
    for place, anchor, name in ((0.07, "start", "−ln p"), (0.93, "end", "−ln(1 − p)")):
        body.append(
            f'<text class="onpicture" text-anchor="{anchor}" x="{graph.x(place):.2f}" '
            f'y="{graph.y(0.7 * high):.2f}">{name}</text>'
        )
    return graph.picture(words.get("s04.still"), "".join(body))
