"""Functions of columns as JSON, and back: arithmetic as nested lists, what was learned as numbers.

2.5                 a number
{"column": "x"}     a column
["log", tree]       an operation: its word, then what it is done to
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from sigmoide.design.functions.arithmetic import (
    DEEPEST,
    FUNCTIONS,
    NEGATIVE,
    OPERATORS,
    Apply,
    Node,
    Number,
    Variable,
    columns_of,
)
from sigmoide.design.functions.orthogonal import MOST_DEGREE, Polynomials
from sigmoide.design.functions.splines import MOST_DEGREE as MOST_SPLINE_DEGREE
from sigmoide.design.functions.splines import BSplines, NaturalSplines
from sigmoide.design.functions.transform import Basis, Transform
from sigmoide.modelfile.entries import Entry

_TAKES = dict.fromkeys(OPERATORS, 2) | dict.fromkeys((*FUNCTIONS, NEGATIVE), 1)


def tree_to_json(node: Node) -> Any:
    """Return arithmetic as JSON's own types."""
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Variable):
        return {"column": node.name}
    if isinstance(node, Apply):
        return [node.function, *(tree_to_json(child) for child in node.arguments)]
    raise AssertionError("what is to be learned is in no model file")


def transform_to_json(transform: Transform) -> dict[str, Any]:
    """Return a function of columns as JSON's own types."""
    return {"tree": tree_to_json(transform.tree), "basis": _basis_to_json(transform.basis)}


def _basis_to_json(basis: Basis | None) -> dict[str, Any] | None:
    if basis is None:
        return None
    if isinstance(basis, Polynomials):
        return {
            "function": "poly",
            "centre": basis.centre,
            "half": basis.half,
            "count": basis.count,
            "a": list(basis.a),
            "b": list(basis.b),
        }
    if isinstance(basis, BSplines):
        return {"function": "bs", "degree": basis.degree, "knots": list(basis.knots)}
    means = None if basis.means is None else list(basis.means)
    return {"function": "cr", "knots": list(basis.knots), "means": means}


def read_tree(entry: Entry, depth: int = 0) -> Node:
    """Return arithmetic.

    Raises
    ------
    ModelFileError
        If it is none, or deeper than any that is written.
    """
    if depth > DEEPEST:
        raise entry.wrong(f"arithmetic is at most {DEEPEST} deep")
    if isinstance(entry.value, dict):
        return Variable(entry["column"].text())
    if not isinstance(entry.value, list):
        return Number(entry.number())
    word, *parts = entry.each() or [entry]
    function = word.choice(*_TAKES)
    if len(parts) != _TAKES[function]:
        raise entry.wrong(f"{function!r} is done to {_TAKES[function]}, not to {len(parts)}")
    return Apply(function, tuple(read_tree(part, depth + 1) for part in parts))


def read_transform(entry: Entry) -> Transform:
    """Return a function of columns.

    Raises
    ------
    ModelFileError
        If it is none that could be learned.
    """
    tree = read_tree(entry["tree"])
    if not columns_of(tree):
        raise entry["tree"].wrong("it names no column")
    return Transform(tree, entry["basis"].optional(_basis))


def _basis(entry: Entry) -> Basis:
    function = entry["function"].choice("poly", "bs", "cr")
    if function == "poly":
        return _polynomials(entry)
    knots = tuple(knot.number() for knot in entry["knots"].each())
    if function == "cr":
        if len(knots) < 2 or not _increasing(knots):
            raise entry["knots"].wrong("two knots or more are needed, increasing")
        means = entry["means"].optional(lambda part: _means(part, len(knots)))
        return NaturalSplines(knots, means)
    degree = entry["degree"].count(MOST_SPLINE_DEGREE)
    inner = knots[degree : len(knots) - degree]
    ends = (knots[:degree], knots[len(knots) - degree :])
    if (
        degree < 1
        or len(inner) < 2
        or not _increasing(inner)
        or set(ends[0]) - {inner[0]}
        or set(ends[1]) - {inner[-1]}
    ):
        raise entry["knots"].wrong("knots increase, and those at the ends are repeated")
    return BSplines(knots, degree)


def _polynomials(entry: Entry) -> Polynomials:
    a = entry["a"].each()
    if not 1 <= len(a) <= MOST_DEGREE:
        raise entry["a"].wrong(f"1 to {MOST_DEGREE} numbers are needed, not {len(a)}")
    b = entry["b"].numbers(len(a))
    half, count = entry["half"].positive(), entry["count"].positive()
    if not half or not count or not (b > 0.0).all():
        raise entry.wrong("half, count and every b are above zero")
    numbers = tuple(value.number() for value in a)
    return Polynomials(entry["centre"].number(), half, count, numbers, tuple(b.tolist()))


def _means(entry: Entry, length: int) -> tuple[float, ...]:
    means = tuple(entry.numbers(length).tolist())
    if not 0.0 < math.fsum(mean * mean for mean in means) < math.inf:
        raise entry.wrong("means that are not all zero are needed")
    return means


def _increasing(knots: tuple[float, ...]) -> bool:
    return all(a < b for a, b in pairwise(knots))
