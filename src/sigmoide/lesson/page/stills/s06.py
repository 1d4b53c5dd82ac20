"""Station 6 without JavaScript: both losses, to where the lesson ends, over the optimum's."""

from __future__ import annotations

from sigmoide.lesson.page.payload import STILLS, Payload
from sigmoide.lesson.page.stills.graph import Axis, Graph
from sigmoide.lesson.page.words import Words


def still(payload: Payload, words: Words) -> str:
    """Draw the training and test losses after each step, and the line of the optimum."""
    losses, best = payload[STILLS]["losses"], payload["optimum"]
    graph = Graph(
        payload,
        Axis(0, payload["steps"], words.get("step")),
        Axis(0, 1.05 * max(map(max, losses)) or 1.0, words.get("s06.loss")),
    )
    last = losses[-1][0]
    x, y = graph.x(payload["steps"]), graph.y(last)
    body = [graph.axes(words)]
    for column, kind in ((0, "curve"), (1, "curve second")):
        body.append(graph.curve(((i, loss[column]) for i, loss in enumerate(losses)), kind))
    if best is not None:
        body.append(graph.level(best["loss"], "best"))
    body.append(
        f'<line class="drop" x1="{x:.2f}" x2="{x:.2f}" y1="{y:.2f}" y2="{graph.bottom}"/>'
        f'<circle class="now" r="5.5" cx="{x:.2f}" cy="{y:.2f}"/>'
    )
    return graph.picture(words.get("s06.still"), "".join(body))
