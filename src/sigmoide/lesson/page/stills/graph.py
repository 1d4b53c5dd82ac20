"""A graph of one number against another in SVG; static/ui/graph.js does the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sigmoide.lesson.page.markup import escaped
from sigmoide.lesson.page.payload import Payload
from sigmoide.lesson.page.stills.plane import ticks
from sigmoide.lesson.page.words import Words


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: its ends, what it is called, and where its numbers stand if not at round ones."""

    low: float
    high: float
    name: str
    places: tuple[float, ...] | None = None

    @property
    def ticks(self) -> Sequence[float]:
        """Where numbers stand along it."""
        return ticks(self.low, self.high) if self.places is None else self.places


class Graph:
    """Where a value stands in the picture.

    Parameters
    ----------
    payload : dict
        With ``graph``, the geometry.
    across, up : Axis
        The two axes.
    """

    def __init__(self, payload: Payload, across: Axis, up: Axis) -> None:
        view = payload["graph"]
        self.across, self.up = across, up
        self.width: int = view["width"]
        self.height: int = view["height"]
        self.left: int = view["left"]
        self.top: int = view["top"]
        self.right: int = view["width"] - view["right"]
        self.bottom: int = view["height"] - view["bottom"]

    def x(self, value: float) -> float:
        """Return the horizontal place of a value."""
        share = (value - self.across.low) / (self.across.high - self.across.low)
        return self.left + share * (self.right - self.left)

    def y(self, value: float) -> float:
        """Return the vertical place of a value."""
        share = (value - self.up.low) / (self.up.high - self.up.low)
        return self.bottom - share * (self.bottom - self.top)

    def axes(self, words: Words) -> str:
        """Draw the frame, round numbers along it, and what the axes are called."""
        parts = [
            f'<rect class="frame" x="{self.left}" y="{self.top}" '
            f'width="{self.right - self.left}" height="{self.bottom - self.top}"/>'
        ]
        for value in self.up.ticks:
            up = self.y(value)
            parts.append(
                f'<line class="hair" x1="{self.left}" y1="{up:.2f}" x2="{self.right}" '
                f'y2="{up:.2f}"/><text class="tick" text-anchor="end" x="{self.left - 6}" '
                f'y="{up + 4:.2f}">{words.short(value)}</text>'
            )
        for value in self.across.ticks:
            at = self.x(value)
            anchor = "end" if at > self.right - 12 else "middle"
            parts.append(
                f'<text class="tick" text-anchor="{anchor}" x="{at:.2f}" y="{self.bottom + 19}">'
                f"{words.short(value)}</text>"
            )
        parts.append(
            f'<text class="axis" text-anchor="middle" x="{(self.left + self.right) / 2}" '
            f'y="{self.height - 8}">{escaped(self.across.name)}</text>'
            f'<text class="axis" x="{self.left}" y="{self.top - 10}">{escaped(self.up.name)}</text>'
        )
        return "".join(parts)

    def curve(self, points: Iterable[tuple[float, float]], kind: str) -> str:
        """Draw a line through points."""
        path = "L".join(f"{self.x(x):.2f} {self.y(y):.2f}" for x, y in points)
        return f'<path class="{kind}" d="M{path}"/>'

    def level(self, value: float, kind: str) -> str:
        """Draw a line from side to side at a height."""
        up = f"{self.y(value):.2f}"
        return f'<line class="{kind}" x1="{self.left}" y1="{up}" x2="{self.right}" y2="{up}"/>'

    def point(self, across: float, up: float, kind: int, train: bool) -> str:
        """Draw a point of the data: a shape for each class, hollow for the test."""
        return self.mark(self.x(across), self.y(up), kind, train)

    def mark(self, x: float, y: float, kind: int, train: bool) -> str:
        """Draw the mark of a point at a place of the picture."""
        mark = f"point c{kind}{'' if train else ' hollow'}"
        if kind == 0:
            return f'<circle class="{mark}" cx="{x:.2f}" cy="{y:.2f}" r="4.5"/>'
        return f'<rect class="{mark}" x="{x - 4:.2f}" y="{y - 4:.2f}" width="8" height="8"/>'

    def picture(self, title: str, body: str) -> str:
        """Return the whole picture."""
        return (
            f'<svg viewBox="0 0 {self.width} {self.height}" role="img" '
            f'aria-label="{escaped(title)}">{body}</svg>'
        )
