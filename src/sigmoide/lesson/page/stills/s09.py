"""Station 9 without JavaScript: the test points by their probability, and the usual threshold."""

from __future__ import annotations

import math

import numpy as np

from sigmoide.lesson.page.markup import escaped
from sigmoide.lesson.page.payload import Payload
from sigmoide.lesson.page.stills.graph import Axis, Graph
from sigmoide.lesson.page.stills.plane import one_in, shortened
from sigmoide.lesson.page.words import Words
from sigmoide.lesson.ranking import HALF
from sigmoide.problem.objective import sigmoid

# As in static/stations/s09.js: how far apart marks are, and how far from the middle of their lane.
_APART, _MOST_AWAY = 9.5, 44.0


def still(payload: Payload, words: Words) -> str:
    """Draw a lane for each class, its test points in it, and the threshold; ring wrong answers."""
    X = np.column_stack([payload["x1"], payload["x2"]])
    p = sigmoid(X @ payload["end"][:2] + payload["end"][2])
    y = np.array(payload["y"])
    test = np.flatnonzero(np.array(payload["train"]) == 0)
    graph = Graph(
        payload,
        Axis(0, 1, words.get("s09.p")),
        Axis(0, 2, words.get("s09.truth"), places=()),
    )
    body = [graph.axes(words), graph.level(1.0, "mark")]
    lanes: tuple[list[tuple[float, int]], ...] = ([], [])
    rings = []
    for i in test[np.argsort(p[test], kind="stable")][:: one_in(payload)]:
        x, kind = graph.x(float(p[i])), int(y[i])
        taken = {row for other, row in lanes[kind] if x - other < _APART}
        row = next(row for row in range(len(taken) + 1) if row not in taken)
        lanes[kind].append((x, row))
        away = math.ceil(row / 2) * _APART * (1 if row % 2 else -1)
        up = graph.y(kind + 0.5) + min(max(away, -_MOST_AWAY), _MOST_AWAY)
        body.append(graph.mark(x, up, kind, train=False))
        if (p[i] >= HALF) != (kind == 1):
            rings.append(f'<circle class="ring" r="8" cx="{x:.2f}" cy="{up:.2f}"/>')
    body += rings
    cut = f"{graph.x(HALF):.2f}"
    body.append(
        f'<line class="boundary" x1="{cut}" x2="{cut}" y1="{graph.top}" y2="{graph.bottom}"/>'
    )
    for kind in (0, 1):
        name = f"{shortened(payload['target'])} = {shortened(payload['classes'][kind])}"
        body.append(
            f'<text class="onpicture" x="{graph.left + 6}" y="{graph.y(kind + 1) + 16:.2f}">'
            f"{escaped(name)}</text>"
        )
        of = test[y[test] == kind]
        passed = int(np.sum(p[of] >= HALF))
        for n, x, anchor, right in (
            (len(of) - passed, graph.left + 6, "start", kind == 0),
            (passed, graph.right - 6, "end", kind == 1),
        ):
            said = words.get("s09.n_right" if right else "s09.n_wrong", n=str(n))
            body.append(
                f'<text class="onpicture" text-anchor="{anchor}" x="{x}" '
                f'y="{graph.y(kind) - 8:.2f}">{said}</text>'
            )
    return graph.picture(words.get("s09.still"), "".join(body))
