"""Which cells the notebook has: for the notebook's own points, and for the learner's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sigmoide.lesson.notebook import part_one, part_two, texts_one, texts_two
from sigmoide.lesson.notebook.cells import Cell, Expression, filled_code, filled_text
from sigmoide.lesson.notebook.texts_words import WORDS

TEXTS = {"es": texts_one.ES | texts_two.ES, "en": texts_one.EN | texts_two.EN}
CODE = part_one.CODE | part_two.CODE

# Each section: its text, and its cell of code; None where there is only text.
Section = tuple[str, str | None]

PART_ONE: tuple[Section, ...] = (
    ("opening", None),
    ("install", "install"),
    ("part_one", "seed"),
    ("data", "data"),
    ("tensors", "tensors"),
    ("split", "split"),
    ("functions", "functions"),
    ("training", "training"),
    ("run", "run"),
    ("test", "test"),
    ("boundary", "boundary"),
)
PART_TWO: tuple[Section, ...] = (
    ("optimum", "optimum"),
    ("way", "way"),
    ("rates", "rates"),
    ("freezing", "freezing"),
    ("newton", "newton"),
    ("stopping", "stopping"),
    ("batches", "batches"),
    ("finite", "finite"),
    ("vertical", "vertical"),
    ("ranking", "ranking"),
    ("library", "library"),
    ("model", "model"),
)
CLOSING: Section = ("closing", None)

# These speak of the points, and are others where the points are the learner's.
_OF_THE_POINTS = ("opening", "data", "split", "boundary")
# These need an optimum to go to.
_ON_THE_WAY = ("way", "rates", "freezing", "newton")
_WITHOUT_OPTIMUM = {
    "optimum": "no_optimum",
    "library": "no_optimum_library",
    "model": "no_optimum_model",
}


@dataclass(frozen=True, slots=True)
class Points:
    """What the cells have to know of the points.

    Attributes
    ----------
    values : mapping
        What stands for the ‹values› in the code.
    names : mapping
        What stands in the {slots} of the prose, and is the learner's.
    own : bool
        Whether the points are the learner's.
    optimum : bool
        Whether there is one, and only one.
    parts : bool
        Whether there are enough for three subsets.
    """

    values: Mapping[str, object]
    names: Mapping[str, str] = field(default_factory=dict)
    own: bool = False
    optimum: bool = True
    parts: bool = True


SEEDS_POINTS = Points(
    {
        "most": 200_000,
        "fewer": 20_000,
        "longest": 250_000,
        "rates": (0.5, 3.9, 4.0),
        "turn": Expression("np.arange(len(yn)) % 3"),
        "size": 16,
        "C": Expression("np.inf"),
        "l2": 0.0,
        "data": Expression(""),
    }
)


def sections(points: Points) -> list[Section]:
    """Say which sections there are, in their order."""
    return [
        *((_for(points, text), code and _for(points, code)) for text, code in PART_ONE),
        *(
            _with_what_there_is(points, section)
            for section in PART_TWO
            if points.optimum or section[0] not in _ON_THE_WAY
        ),
        CLOSING,
    ]


def _for(points: Points, section: str) -> str:
    return f"own_{section}" if points.own and section in _OF_THE_POINTS else section


def _with_what_there_is(points: Points, section: Section) -> Section:
    """Say of a section what is true without an optimum, or without three subsets."""
    text, code = section
    if not points.parts and text == "stopping":
        return "no_stopping", None
    return (text if points.optimum else _WITHOUT_OPTIMUM.get(text, text)), code


def make_cells(lang: str, points: Points) -> list[Cell]:
    """Make the cells of a notebook.

    Parameters
    ----------
    lang : str
        "es" or "en".
    points : Points
        What there is to know of the points.

    Returns
    -------
    list of Cell
        In their order.
    """
    cells, number = [], 0
    for text, code in sections(points):
        number += code in part_two.CODE
        names = {**points.names, "n": str(number)}
        name = text.replace("_", "-")
        cells.append(Cell(f"{name}-text", "markdown", filled_text(TEXTS[lang][text], names)))
        if code is not None:
            source = filled_code(CODE[code], WORDS[lang], points.values)
            cells.append(Cell(f"{name}-code", "code", source))
    return cells
