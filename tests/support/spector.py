"""Spector and Mazzeo's data on teaching economics, and what Stata 11 printed of their logit.

Spector and Mazzeo 1980, "Probit analysis and economic education", Journal of Economic Education 11,
37-44: grade point average, a test at entry, whether taught by the new method, whether the grade
improved to an A. The numbers are those that statsmodels ships for its own tests
(``results_discrete``: Stata 11).

Stata keeps a column in float32 unless told otherwise: with 2.66 as it is in float32 every printed
digit comes out, with 2.66 as float64 has it only seven do.
"""

from __future__ import annotations

import numpy as np

from sigmoide.blocks.blocks import Blocks, array_blocks

NAMES = ("GPA", "TUCE", "PSI")

ROWS = np.array(
    [
        [2.66, 20, 0, 0],
        [2.89, 22, 0, 0],
        [3.28, 24, 0, 0],
        [2.92, 12, 0, 0],
        [4.0, 21, 0, 1],
        [2.86, 17, 0, 0],
        [2.76, 17, 0, 0],
        [2.87, 21, 0, 0],
        [3.03, 25, 0, 0],
        [3.92, 29, 0, 1],
        [2.63, 20, 0, 0],
        [3.32, 23, 0, 0],
        [3.57, 23, 0, 0],
        [3.26, 25, 0, 1],
        [3.53, 26, 0, 0],
        [2.74, 19, 0, 0],
        [2.75, 25, 0, 0],
        [2.83, 19, 0, 0],
        [3.12, 23, 1, 0],
        [3.16, 25, 1, 1],
        [2.06, 22, 1, 0],
        [3.62, 28, 1, 1],
        [2.89, 14, 1, 0],
        [3.51, 26, 1, 0],
        [3.54, 24, 1, 1],
        [2.83, 27, 1, 1],
        [3.39, 17, 1, 1],
        [2.67, 24, 1, 0],
        [3.65, 21, 1, 1],
        [4.0, 23, 1, 1],
        [3.1, 21, 1, 0],
        [2.39, 19, 1, 1],
    ]
)

# As Stata printed them: GPA, TUCE, PSI and the constant.
PARAMS = ("2.82611297201", ".0951576702557", "2.37868772835", "-13.0213483201")
ERRORS = ("1.26294114526", ".141554207662", "1.06456430165", "4.93132462871")
COVARIANCE = (
    ("1.59502033639", "-.036920566629", ".427615725153", "-4.57347950298"),
    ("-.036920566629", ".0200375937069", ".0149126464275", "-.346255757562"),
    (".427615725153", ".0149126464275", "1.13329715236", "-2.35916128427"),
    ("-4.57347950298", "-.346255757562", "-2.35916128427", "24.3179625937"),
)
Z = ("2.237723415", "0.6722348408", "2.234423721", "-2.640537645")
P = (".0252390974", ".5014342039", ".0254552063", ".0082774596")
INTERVALS = (
    (".3507938", "5.301432"),
    ("-.1822835", ".3725988"),
    (".29218", "4.465195"),
    ("-22.68657", "-3.35613"),
)
OVERALL = {
    "loglik": "-12.8896334653335",
    "null_loglik": "-20.5917296966173",
    "ratio": "15.4041924625676",
    "mcfadden": ".374038332124624",
    "ratio_p": ".00150187761112892",
    "aic": "33.779266930667",
    "bic": "39.642210541866",
}


def spector() -> Blocks:
    """Return the data as Stata held them."""
    X, y = ROWS[:, :3].astype(np.float32).astype(np.float64), ROWS[:, 3]
    return array_blocks(X, y, np.ones(len(y)), np.zeros(len(y)), NAMES, threads=1)


def printed(text: str) -> tuple[float, float]:
    """Return a number as printed, and half a unit of its last digit."""
    digits = text.lstrip("-")
    places = len(digits.partition(".")[2])
    return float(text), 0.5 * 10.0**-places
