"""Station 10 without JavaScript: the loss by eta, and where the notebook's breaks in 32 bits."""

from __future__ import annotations

import numpy as np

from sigmoide.lesson.page.payload import Payload
from sigmoide.lesson.page.stills.graph import Axis, Graph
from sigmoide.lesson.page.words import Words
from sigmoide.problem.objective import softplus

# As in static/stations/s10.js: how far eta goes, where it is looked at, where it stands.
_REACH, _PIECES, _HERE = 120.0, 480, 17.0


def still(payload: Payload, words: Words) -> str:
    """Draw both losses of a point of class 1, and shade where the notebook's is no number."""
    graph = Graph(
        payload,
        Axis(-_REACH, _REACH, words.get("s10.eta")),
        Axis(0, _REACH, words.get("s10.loss")),
    )
    eta = np.linspace(-_REACH, _REACH, _PIECES + 1)
    fine = np.isfinite(_notebook(eta))
    body = [graph.axes(words)]
    for low, high in _runs(~fine):
        left, right = graph.x(float(eta[low])), graph.x(float(eta[high]))
        body.append(
            f'<rect class="broken" x="{left:.2f}" y="{graph.top}" width="{right - left:.2f}" '
            f'height="{graph.bottom - graph.top}"/>'
        )
    few = eta[::4]
    body.append(graph.curve(zip(few, softplus(-few), strict=True), "curve"))
    for low, high in _runs(fine):
        part = np.append(eta[low:high:4], eta[high])
        body.append(graph.curve(zip(part, _notebook(part), strict=True), "curve second"))
    body.append(
        f'<circle class="now" r="5.5" cx="{graph.x(_HERE):.2f}" '
        f'cy="{graph.y(float(softplus(np.array([-_HERE]))[0])):.2f}"/>'
    )
    return graph.picture(words.get("s10.still"), "".join(body))


def _notebook(eta: np.ndarray) -> np.ndarray:
    """Return the notebook's loss of class 1 in float32, as it is written there."""
    one, zero = np.float32(1), np.float32(0)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        p = one / (one + np.exp(-eta.astype(np.float32)))
        return np.asarray(-(one * np.log(p) + zero * np.log(one - p)))


def _runs(held: np.ndarray) -> list[tuple[int, int]]:
    """Return first and last index of each run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], held, [False]]).astype(int)))
    return [(int(low), int(high) - 1) for low, high in edges.reshape(-1, 2)]
