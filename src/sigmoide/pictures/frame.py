"""What all pictures share: whose they are, where their words go, and how names are shown.

Names come from the data and may hold anything, so every text here is drawn as it stands: nothing
in it is taken for mathematics, and what could steer a reader of the file is spelled out.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from sigmoide.arguments.words import printable
from sigmoide.pictures.canvas import PALETTE, new_figure

if TYPE_CHECKING:
    from sigmoide.pictures.canvas import Axes, Figure

__all__ = [
    "CASE",
    "CONTROL",
    "ROOM",
    "Picture",
    "Subject",
    "amount",
    "beginning",
    "below",
    "distinct",
    "filled",
    "instead",
    "legend",
    "log_ticks",
    "pair",
    "probability_ticks",
    "shortened",
    "subtitle",
    "where",
]

# The two classes, by colour and by shape.
CASE: dict[str, Any] = {"color": PALETTE["vermilion"], "marker": "^"}
CONTROL: dict[str, Any] = {"color": PALETTE["blue"], "marker": "o"}

_TITLE_COLUMNS = 51
_CAPTION_COLUMNS = 74
_EDGE = 0.012
# What is left free around marks at the ends of an axis, as a share of it.
ROOM = 0.02
# Room for a column and its value in the label of an axis.
_PAIR_COLUMNS = 24


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose picture it is.

    Attributes
    ----------
    target, event, other : str
        The column that is modelled, and its two values.
    source : str
        The data that are shown; empty where there are none.
    warning : str
        What the reader of a picture alone must not miss, such as that the fit is not proved; else
        empty. It stands under the title.
    """

    target: str
    event: str
    other: str
    source: str = ""
    warning: str = ""

    @property
    def case(self) -> str:
        """The event, as ``column = value``, shortened."""
        return self._classes()[1]

    @property
    def control(self) -> str:
        """The other value, in the same way."""
        return self._classes()[0]

    def _classes(self) -> list[str]:
        values = (self.other, self.event)
        short = [pair(self.target, value, _PAIR_COLUMNS) for value in values]
        return distinct([f"{self.target} = {value}" for value in values], _PAIR_COLUMNS, short)

    def values(self, columns: float) -> list[str]:
        """Return the other value and the event, shortened to so many columns."""
        return distinct([self.other, self.event], columns)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture under way.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
        All of it.
    ax : matplotlib.axes.Axes
        The axes to draw on.
    own : bool
        Whether the figure was made for this picture, or the axes were given.
    scale : float
        Of text and room on axes that are narrower than ours; 1 otherwise.
    """

    figure: Figure
    ax: Axes
    own: bool
    scale: float


def beginning(ax: Axes | None, width: float, height: float) -> Picture:
    """Take the axes given, or make a figure of this size, in inches."""
    if ax is None:
        figure, made = new_figure(width, height)
        return Picture(figure, made, True, 1.0)
    # The axes' figure may be a part of another one, and a whole figure is its own.
    figure = ax.figure.figure
    width = ax.get_window_extent().width / figure.dpi
    return Picture(figure, ax, False, min(1.0, max(width / 5.4, 0.3)))


def subtitle(
    picture: Picture, subject: Subject, title: str, caption: str, lowest: Axes | None = None
) -> None:
    """Write the title above and the caption below a picture.

    Parameters
    ----------
    picture : Picture
        The picture.
    subject : Subject
        Whose warning stands under the title.
    title, caption : str
        What they say; wrapped here.
    lowest : matplotlib.axes.Axes, optional
        The axes at the bottom, where the picture has several.
    """
    # On axes of somebody else words must not reach beyond them.
    share = 1.0 if picture.own else 0.86 * picture.scale
    parts = [part for part in (title, subject.warning) if part]
    title = "\n".join(filled(part, share * _TITLE_COLUMNS) for part in parts)
    caption = filled(caption, share * _CAPTION_COLUMNS)
    if picture.own:
        picture.figure.suptitle(
            title, x=_EDGE, ha="left", fontsize=13, fontweight="bold", parse_math=False
        )
        if caption:
            picture.figure.supxlabel(
                caption, x=_EDGE, ha="left", fontsize=10, color=PALETTE["grey"], parse_math=False
            )
        return
    picture.ax.set_title(title, fontsize=11, parse_math=False)
    if caption:
        under = lowest or picture.ax
        said = under.get_xlabel()
        under.set_xlabel(f"{said}\n{caption}" if said else caption, parse_math=False)
        if not under.axison:  # a label goes with its axis
            under.text(
                0.0, 0.0, caption, va="top", transform=under.transAxes, fontsize=9, parse_math=False
            )


def where(subject: Subject, caption: str = "") -> str:
    """Say which data are shown, and then the rest of a caption."""
    data = f"On {shortened(subject.source, 40)}." if subject.source else ""
    return " ".join(part for part in (data, caption) if part)


def below(picture: Picture, share: float) -> Axes:
    """Divide the place of the axes, and return new axes in the lower share of it."""
    ax = picture.ax
    spec = ax.get_subplotspec()
    if spec is not None:
        parts = spec.subgridspec(2, 1, height_ratios=[1.0 - share, share])
        ax.set_subplotspec(parts[0])
        lower = ax.figure.add_subplot(parts[1])
    else:
        box = ax.get_position()
        cut = box.y0 + share * box.height
        ax.set_position((box.x0, cut, box.width, box.y1 - cut))
        # The words of the upper axes need room too.
        lower = ax.figure.add_axes((box.x0, box.y0, box.width, 0.7 * share * box.height))
    for mine, theirs in ((lower.xaxis, ax.xaxis), (lower.yaxis, ax.yaxis)):
        mine.label.set_fontsize(theirs.label.get_fontsize())
        mine.set_tick_params(labelsize=theirs.get_ticklabels()[0].get_fontsize())
    return lower


def instead(ax: Axes, text: str) -> None:
    """Say in empty axes why they are empty."""
    ax.text(
        0.5,
        0.5,
        filled(text, 40),
        transform=ax.transAxes,
        ha="center",
        va="center",
        parse_math=False,
        bbox={"facecolor": "white", "edgecolor": PALETTE["grey"], "boxstyle": "round,pad=0.6"},
    )


def legend(picture: Picture, handles: Sequence[Any], labels: Sequence[str], **how: Any) -> None:
    """Add a legend whose labels are shown as they are, even those that start with "_"."""
    size = 10.5 * max(picture.scale, 0.7)
    words = [str(k) for k in range(len(labels))]
    made = picture.ax.legend(handles, words, fontsize=size, **how)
    for text, label in zip(made.get_texts(), labels, strict=True):
        text.set_parse_math(False)
        text.set_text(label)
    made.get_title().set_parse_math(False)


def shortened(text: str, columns: float) -> str:
    """Return a name in one line of so many columns, its middle left out where it is longer.

    A column is the width of a lower-case letter.
    """
    shown = _one_line(text)
    if _width(shown) <= columns:
        return shown
    half = (columns - _letter("…")) / 2.0
    return f"{_cut(shown, half)}…{_cut(shown[::-1], half)[::-1]}"


def _one_line(text: str) -> str:
    return printable(" ".join(text.split()))


def pair(name: str, value: str, columns: float) -> str:
    """Return ``name = value`` in so many columns, both shortened where they do not fit."""
    left, right = (_width(_one_line(text)) for text in (name, value))
    room = columns - _width(" = ")
    share = max(room / 2.0, room - right)
    return f"{shortened(name, share)} = {shortened(value, room - min(left, share) + 1e-9)}"


def distinct(names: Sequence[str], columns: float, short: Sequence[str] | None = None) -> list[str]:
    """Shorten names to so many columns so that no two different ones look the same.

    Those that would are shown where they differ; or, where that is not enough, with a number.

    Parameters
    ----------
    names : sequence of str
        In full.
    columns : float
        As in :func:`shortened`.
    short : sequence of str, optional
        The names shortened already, in another way.
    """
    lines = [_one_line(name) for name in names]
    labels = list(short) if short is not None else [shortened(name, columns) for name in names]
    for shorten in (_where_they_differ, _numbered):
        for word in {w for w in labels if labels.count(w) > 1}:
            alike = [k for k, w in enumerate(labels) if w == word]
            if len({lines[k] for k in alike}) > 1:
                for k, new in zip(alike, shorten([lines[k] for k in alike], columns), strict=True):
                    labels[k] = new
    return labels


def _where_they_differ(lines: list[str], columns: float) -> list[str]:
    """Cut names down to the part that they do not share, with some of what is before it."""
    together = takewhile(lambda letters: len(set(letters)) == 1, zip(*lines, strict=False))
    start = sum(1 for _ in together)
    room = columns - 2.0 * _letter("…")
    before = _cut(lines[0][:start][::-1], room / 3.0)[::-1]
    cut = []
    for line in lines:
        rest = before + line[start:]
        shown = _cut(rest, room)
        cut.append(f"…{shown}" + ("…" if len(shown) < len(rest) else ""))
    return cut


def _numbered(lines: list[str], columns: float) -> list[str]:
    return [f"({k}) {shortened(line, columns - 5.0)}" for k, line in enumerate(lines, 1)]


def filled(text: str, columns: float) -> str:
    """Return a text broken into lines of so many columns."""
    lines: list[str] = []
    for word in text.split():
        if lines and _width(f"{lines[-1]} {word}") <= columns:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)


def _width(text: str) -> float:
    """Return how wide a text is, in columns of a lower-case letter of DejaVu Sans."""
    return sum(_letter(c) for c in text)


def _letter(c: str) -> float:
    if unicodedata.east_asian_width(c) in "WF":
        return 2.0
    if c in "fijlrtIJ.,:;'|!()[]{}/\\ -":
        return 0.7
    if c in "mwMWOQ@%&=<>+#~…":
        return 1.5
    return 1.2 if c.isupper() or not c.isascii() else 1.05 if not c.islower() else 1.0


def _cut(text: str, columns: float) -> str:
    while _width(text) > columns:
        text = text[:-1]
    return text


def amount(value: float) -> str:
    """Write a sum of weights: whole numbers whole, others with four digits."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.4g}"


def probability_ticks(low: float, high: float, scale: float = 1.0) -> dict[float, str]:
    """Return, for an axis of logits, from where a probability stands to how it is written.

    Parameters
    ----------
    low, high : float
        Ends of the axis.
    scale : float
        Of the axis: where it is short, ticks are fewer.
    """
    room = 0.085 / scale
    words = ["0.5", "0.1", "0.9", "0.01", "0.99", "0.001", "0.999", "0.0001", "0.9999", "1e-5"]
    words += ["0.99999", "1e-6", "0.999999", "0.3", "0.7", "0.2", "0.8", "0.4", "0.6", "0.05"]
    words += ["0.95", "0.02", "0.98", "0.25", "0.75", "0.03", "0.97", "0.15", "0.85"]
    chosen: dict[float, str] = {}
    for word in words:
        at = _logit(float(word))
        if low <= at <= high and all(abs(at - other) >= room * (high - low) for other in chosen):
            chosen[at] = word
    if len(chosen) < 3:
        parts = 4 if scale == 1.0 else 2
        places = [low + k * (high - low) / parts for k in range(parts + 1)]
        chosen = {at: f"{1.0 / (1.0 + math.exp(-at)):.3g}" for at in places}
    return dict(sorted(chosen.items()))


def log_ticks(low: float, high: float, most: int = 8) -> dict[float, str]:
    """Return, for a logarithmic axis, from a value to how it is written.

    Whole powers of ten where there are enough of them, all of them or every so many; else more
    within each; else round numbers evenly.

    Parameters
    ----------
    low, high : float
        Ends of the axis, above zero.
    most : int
        Ticks at most.
    """
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    decades = math.log10(high / low)
    if decades >= 3.0:
        step = math.ceil(decades / (most - 1))
        powers = range(step * math.ceil(first / step), last + 1, step)
        return {10.0**k: _power(k) for k in powers if low <= 10.0**k <= high}
    for digits in ((1, 3), (1, 2, 5), (1, 1.5, 2, 3, 5, 7)):
        values = [d * 10.0**k for k in range(first - 1, last + 1) for d in digits]
        inside = [v for v in values if low <= v <= high]
        if 3 <= len(inside) <= most:
            return {v: f"{v:g}" for v in inside}
    unit = 10.0 ** math.floor(math.log10(high - low))
    pace = next(s * unit for s in (0.2, 0.25, 0.5, 1.0, 2.0) if (high - low) / (s * unit) < most)
    return {
        k * pace: f"{k * pace:.10g}"
        for k in range(math.ceil(low / pace), math.floor(high / pace) + 1)
    }


def _power(exponent: int) -> str:
    return f"{10.0**exponent:g}" if -3 <= exponent <= 4 else f"1e{exponent}"


def _logit(p: float) -> float:
    return math.log(p / (1.0 - p))
