"""Station 8 without JavaScript: both losses of degree 3, the best step and the stop."""

from __future__ import annotations

from sigmoide.lesson.page.payload import STILLS, Payload
from sigmoide.lesson.page.stills.graph import Axis, Graph
from sigmoide.lesson.page.words import Words

# As in static/stations/s08.js.
_ROOM = 2.4


def still(payload: Payload, words: Words) -> str:
    """Draw the losses as if it had not stopped, and mark where it was best and where it stopped."""
    found = payload[STILLS]["stopping"]
    if found is None:
        nothing = Graph(payload, Axis(0, 1, words.get("step")), Axis(0, 1, words.get("s08.loss")))
        return nothing.picture(words.get("s08.still"), nothing.axes(words))
    curve, best, stop = found["curve"], found["best"], found["stop"]
    high = _ROOM * found["low"]
    graph = Graph(
        payload, Axis(0, curve[-1][0], words.get("step")), Axis(0, high, words.get("s08.loss"))
    )
    body, left = [graph.axes(words)], graph.x(best)
    if stop is not None:
        body.append(
            f'<rect class="broken" x="{left:.2f}" y="{graph.top}" '
            f'width="{graph.x(stop) - left:.2f}" height="{graph.bottom - graph.top}"/>'
        )
    for column, kind in ((1, "curve"), (2, "curve second")):
        body.append(
            graph.curve(((row[0], row[column]) for row in curve if row[column] <= high), kind)
        )
    body.append(
        f'<line class="drop" x1="{left:.2f}" x2="{left:.2f}" y1="{graph.top}" '
        f'y2="{graph.bottom}"/><circle class="now" r="5" cx="{left:.2f}" '
        f'cy="{graph.y(found["low"]):.2f}"/>'
    )
    return graph.picture(words.get("s08.still"), "".join(body))
