"""The stations of the page, in their order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sigmoide.lesson.page.legend import Entry
from sigmoide.lesson.page.payload import Payload
from sigmoide.lesson.page.stills import s01, s02, s03, s04, s05, s06, s07, s08, s09, s10
from sigmoide.lesson.page.words import Words

Still = Callable[[Payload, Words], str]


@dataclass(frozen=True, slots=True)
class Station:
    """One idea, one picture, one thing to touch.

    Attributes
    ----------
    id : str
        "s05": of its texts, its script ``static/stations/<id>.js`` and its element.
    still : callable
        Draws the default state as SVG, for a page without JavaScript.
    formula : str
        MathML, or "".
    legend : tuple of (str, str, dict)
        The marks of the picture: one of ``legend.MARKS``, the key of its words, their values
        (numbers are written in the page's language).
    """

    id: str
    still: Still
    formula: str = ""
    legend: tuple[Entry, ...] = ()

    @property
    def number(self) -> int:
        """Which station it is, 1 to 10."""
        return int(self.id[1:])


_UPDATE = (
    '<math display="block"><mrow><mi>w</mi><mo>←</mo><mi>w</mi><mo>+</mo><mi>lr</mi>'
    "<mfrac><mn>1</mn><mi>m</mi></mfrac><munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo>"
    "<mn>1</mn></mrow><mi>m</mi></munderover><mo>(</mo><msub><mi>y</mi><mi>i</mi></msub>"
    "<mo>−</mo><msub><mi>p</mi><mi>i</mi></msub><mo>)</mo><msub><mi>x</mi><mi>i</mi></msub>"
    "</mrow></math>"
)

_STABLE = (
    '<math display="block"><mrow><mtext>L</mtext><mo>=</mo><mi>ln</mi><mo>(</mo><mn>1</mn>'
    "<mo>+</mo><msup><mi>e</mi><mrow><mo>−</mo><mi>η</mi></mrow></msup><mo>)</mo><mo>=</mo><mi>max</mi>"
    "<mo>(</mo><mo>−</mo><mi>η</mi><mo>,</mo><mn>0</mn><mo>)</mo><mo>+</mo><mi>ln</mi><mo>(</mo>"
    "<mn>1</mn><mo>+</mo><msup><mi>e</mi><mrow><mo>−</mo><mo>|</mo><mi>η</mi><mo>|</mo></mrow></msup>"
    "<mo>)</mo></mrow></math>"
)

_CROSS_ENTROPY = (
    '<math display="block"><mrow><mtext>L</mtext><mo>=</mo><mo>−</mo><mfrac><mn>1</mn><mi>m</mi>'
    "</mfrac><munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>m</mi>"
    "</munderover><mo>[</mo><msub><mi>y</mi><mi>i</mi></msub><mi>ln</mi><msub><mi>p</mi><mi>i</mi>"
    "</msub><mo>+</mo><mo>(</mo><mn>1</mn><mo>−</mo><msub><mi>y</mi><mi>i</mi></msub><mo>)</mo>"
    "<mi>ln</mi><mo>(</mo><mn>1</mn><mo>−</mo><msub><mi>p</mi><mi>i</mi></msub><mo>)</mo><mo>]</mo>"
    "</mrow></math>"
)

_JUMP = (
    '<math display="block"><mrow><mi>θ</mi><mo>←</mo><mi>θ</mi><mo>−</mo><msup><mi>H</mi><mrow>'
    "<mo>−</mo><mn>1</mn></mrow></msup><mi>g</mi></mrow></math>"
)

_SIGMOID = (
    '<math display="block"><mrow><mi>p</mi><mo>=</mo><mi>σ</mi><mo>(</mo><mi>η</mi><mo>)</mo>'
    "<mo>=</mo><mfrac><mn>1</mn><mrow><mn>1</mn><mo>+</mo><msup><mi>e</mi><mrow><mo>−</mo>"
    "<mi>η</mi></mrow></msup></mrow></mfrac></mrow></math>"
)

_PREDICTOR = (
    '<math display="block"><mrow><mi>η</mi><mo>=</mo><msub><mi>w</mi><mn>1</mn></msub>'
    "<msub><mi>x</mi><mn>1</mn></msub><mo>+</mo><msub><mi>w</mi><mn>2</mn></msub>"
    "<msub><mi>x</mi><mn>2</mn></msub><mo>+</mo><mi>b</mi></mrow></math>"
)

STATIONS: tuple[Station, ...] = (
    Station(
        "s01",
        s01.still,
        legend=(
            ("c0", "class0", {}),
            ("c1", "class1", {}),
            ("hollow", "test", {}),
            ("best", "optimum", {}),
        ),
    ),
    Station(
        "s02",
        s02.still,
        _SIGMOID,
        (
            ("c0", "class0", {}),
            ("c1", "class1", {}),
            ("hollow", "test", {}),
            ("ring", "s02.chosen", {}),
            ("tangent", "s02.tangent", {}),
        ),
    ),
    Station(
        "s03",
        s03.still,
        _PREDICTOR,
        (
            ("c0", "class0", {}),
            ("c1", "class1", {}),
            ("hollow", "test", {}),
            ("boundary", "s05.boundary", {"half": 0.5}),
            ("ring", "s03.chosen", {}),
        ),
    ),
    Station(
        "s04",
        s04.still,
        _CROSS_ENTROPY,
        (
            ("c0", "class0", {}),
            ("c1", "class1", {}),
            ("ring", "s04.chosen", {}),
            ("mark", "s04.mean", {}),
        ),
    ),
    Station(
        "s05",
        s05.still,
        _UPDATE,
        (
            ("c0", "class0", {}),
            ("c1", "class1", {}),
            ("hollow", "test", {}),
            ("boundary", "s05.boundary", {"half": 0.5}),
            ("contour", "s05.contours", {"low": 0.1, "high": 0.9}),
            ("best", "optimum", {}),
        ),
    ),
    Station(
        "s06",
        s06.still,
        "",
        (
            ("loss", "s06.train", {}),
            ("test_loss", "s06.test", {}),
            ("best", "optimum", {}),
            ("now", "s06.now", {}),
        ),
    ),
    Station(
        "s07",
        s07.still,
        _JUMP,
        (
            ("loss", "s07.descent", {}),
            ("test_loss", "s07.newton", {}),
            ("contour", "s07.levels", {}),
        ),
    ),
    Station(
        "s08",
        s08.still,
        legend=(
            ("loss", "s08.learned", {}),
            ("test_loss", "s08.valid", {}),
            ("broken", "s08.waiting", {}),
            ("now", "s08.here", {}),
        ),
    ),
    Station(
        "s09",
        s09.still,
        legend=(
            ("c0", "class0", {}),
            ("c1", "class1", {}),
            ("hollow", "test", {}),
            ("ring", "s09.wrong", {}),
            ("boundary", "s09.cut", {}),
        ),
    ),
    Station(
        "s10",
        s10.still,
        _STABLE,
        (
            ("loss", "s10.true", {}),
            ("test_loss", "s10.notebook", {}),
            ("broken", "s10.broken", {}),
            ("now", "s10.here", {}),
        ),
    ),
)
