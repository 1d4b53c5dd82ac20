"""Figures of matplotlib: one style, one palette, and files written whole.

A picture is a matplotlib ``Figure``, made without pyplot: nothing is global, no window opens.
It is made for 640 pixels of width: ``new_figure`` takes inches, and one inch is 100 of them.
The same picture drawn again is the same bytes.

Draw inside ``with styled():``, because matplotlib reads its settings when a mark is made.
"""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sigmoide.errors import UsageError
from sigmoide.modelfile.atomic import FORMATS, picture_files, write_whole

if TYPE_CHECKING:
    # Under these names for those who draw and have no business with matplotlib itself.
    from matplotlib.axes import Axes as Axes
    from matplotlib.figure import Figure as Figure

__all__ = ["FORMATS", "PALETTE", "STYLE", "TINTS", "new_figure", "save", "styled"]

# Okabe and Ito's colours, which the colour-blind tell apart, where they stand out from white by
# 3:1 or more. Purple is a shade darker than theirs, which falls just short of that.
PALETTE = {
    "blue": "#0072B2",
    "vermilion": "#D55E00",
    "green": "#009E73",
    "purple": "#B85C93",
    "black": "#000000",
    "grey": "#6B6B6B",
}

# Theirs that do not: for areas and grounds, never for a mark that has to be found.
TINTS = {"sky": "#56B4E9", "orange": "#E69F00", "yellow": "#F0E442", "light": "#D9D9D9"}

# matplotlib's own type for these keys is a list of hundreds of words.
STYLE: Any = {
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.labelsize": 12,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 13,
    "axes.titleweight": "bold",
    "figure.constrained_layout.h_pad": 0.09,
    "figure.constrained_layout.w_pad": 0.09,
    "figure.facecolor": "white",
    "font.family": ["DejaVu Sans"],
    "font.size": 11,
    "grid.color": "#E4E4E4",
    "grid.linewidth": 0.8,
    "legend.fontsize": 10.5,
    "legend.framealpha": 0.92,
    "lines.linewidth": 2.0,
    "lines.markersize": 7,
    "savefig.facecolor": "white",
    "svg.fonttype": "none",
    "svg.hashsalt": "sigmoide",
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
}

_PIXELS_PER_INCH = 200

# What would differ from one day, or one version of matplotlib, to another.
_METADATA: dict[str, dict[str, str | None]] = {
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
}


@contextmanager
def styled() -> Iterator[None]:
    """Let matplotlib draw in the style of this package, and put its settings back afterwards."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        yield


def new_figure(width: float = 6.4, height: float = 4.2) -> tuple[Figure, Axes]:
    """Make an empty picture with one pair of axes.

    Parameters
    ----------
    width, height : float
        In inches; one inch is 100 pixels on the screen it is made for.

    Returns
    -------
    figure : matplotlib.figure.Figure
        The picture; more axes may be added to it.
    axes : matplotlib.axes.Axes
        The axes.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with styled():
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(figure)
        return figure, figure.add_subplot()


def save(
    figure: Figure,
    directory: str | os.PathLike[str],
    name: str,
    formats: tuple[str, ...] = FORMATS,
) -> tuple[Path, ...]:
    """Write a picture, as ``name.svg`` and ``name.png``.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The picture.
    directory : path
        Where; it is created if it is not there. Files of these names are replaced.
    name : str
        The files' name, without its ending.
    formats : tuple of str
        Some of "svg" and "png".

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    UsageError
        For another format.
    FileError
        If a file cannot be written. Each one is then whole or absent, or as it was before.
    OSError
        If the directory cannot be made.
    """
    for each in formats:
        if each not in FORMATS:
            raise UsageError(
                f"a picture was asked for as {each!r}; it is one of {', '.join(FORMATS)}."
            )
    drawn = {each: _drawn(figure, each) for each in formats}
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    paths = tuple(folder / each for each in picture_files((name,), formats))
    for path, content in zip(paths, drawn.values(), strict=True):
        write_whole(path, content)
    return paths


def _drawn(figure: Figure, form: str) -> bytes:
    stream = io.BytesIO()
    with styled(), warnings.catch_warnings():
        # A letter that the font lacks is a box in the PNG; the SVG holds the text itself.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(stream, format=form, dpi=_PIXELS_PER_INCH, metadata=_METADATA[form])
    return stream.getvalue()
