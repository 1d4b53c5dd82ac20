"""Station 10 without JavaScript: the loss of a right answer, and where the notebook's breaks."""

from __future__ import annotations

import math

from sigmoide.lesson.page.payload import Payload
from sigmoide.lesson.page.stills.graph import Axis, Graph
from sigmoide.lesson.page.words import Words

_END = 40.0


def still(payload: Payload, words: Words) -> str:
    """Draw the stable loss as far as the picture goes, the notebook's to where it is NaN."""
    breaks = payload["finite"]["breaks_at"]
    graph = Graph(
        payload, Axis(0, _END, words.get("s10.across")), Axis(-18, 0, words.get("s10.loss"))
    )
    along = [_END * k / 160 for k in range(161)]
    stable = [(eta, math.log10(math.log1p(math.exp(-eta)))) for eta in along]
    x = f"{graph.x(breaks):.2f}"
    body = (
        graph.axes(words)
        + graph.curve(stable, "boundary bend")
        + graph.curve([pair for pair in stable if pair[0] < breaks], "curve second")
        + f'<line class="mark" x1="{x}" y1="{graph.top}" x2="{x}" y2="{graph.bottom}"/>'
    )
    return graph.picture(words.get("s10.still"), body)
