"""Arithmetic on columns: a tree of numbers, names and operations, evaluated and never run as code.

Every operation works row by row, so that a value does not depend on the rows beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from sigmoide.blocks.block import Array
from sigmoide.columns.words import number_word

# A tree is never deeper than this, wherever it comes from.
DEEPEST = 100

OPERATORS = ("+", "-", "*", "/", "**")
FUNCTIONS = ("log", "exp", "sqrt")
NEGATIVE = "negative"


@dataclass(frozen=True, slots=True)
class Number:
    """A number."""

    value: float


@dataclass(frozen=True, slots=True)
class Variable:
    """A column of the source, which holds numbers."""

    name: str


@dataclass(frozen=True, slots=True)
class Apply:
    """An operation: one of OPERATORS on two trees, NEGATIVE or one of FUNCTIONS on one."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Stateful:
    """What has to be learned of all rows before it is arithmetic: minus the mean, per deviation."""

    function: Literal["center", "scale"]
    argument: Node


Node = Number | Variable | Apply | Stateful


@dataclass(frozen=True, slots=True)
class Expression:
    """A tree with the words for it.

    Attributes
    ----------
    label : str
        How the formula has it.
    tree : Node
        Without anything that is still to be learned.
    """

    label: str
    tree: Node

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it names, each once."""
        return columns_of(self.tree)


def children(node: Node) -> tuple[Node, ...]:
    """Return the trees that a tree is made of."""
    if isinstance(node, Apply):
        return node.arguments
    return (node.argument,) if isinstance(node, Stateful) else ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a tree and all trees in it, in the order in which they are written."""
    yield node
    for child in children(node):
        yield from walk(child)


def columns_of(node: Node) -> tuple[str, ...]:
    """Return the columns that a tree names, each once, in order."""
    return tuple(dict.fromkeys(part.name for part in walk(node) if isinstance(part, Variable)))


def depth_of(node: Node) -> int:
    """Return how many trees stand in one another."""
    return 1 + max((depth_of(child) for child in children(node)), default=0)


def stateful_in(node: Node) -> tuple[Stateful, ...]:
    """Return what has to be learned of a tree, in order."""
    return tuple(part for part in walk(node) if isinstance(part, Stateful))


def settled(node: Node, learned: Iterator[tuple[float, float]]) -> Node:
    """Return the tree with what was learned in place of what had to be.

    Parameters
    ----------
    node : Node
        The tree.
    learned : iterator of (mean, deviation)
        For each of :func:`stateful_in`.
    """
    if isinstance(node, Stateful):
        mean, deviation = next(learned)
        centred = Apply("-", (node.argument, Number(mean)))
        return centred if node.function == "center" else Apply("/", (centred, Number(deviation)))
    if isinstance(node, Apply):
        return replace(node, arguments=tuple(settled(child, learned) for child in node.arguments))
    return node


def evaluate(node: Node, columns: Mapping[str, Array], rows: int) -> Array:
    """Return the value of a tree in each row; not finite where it has none.

    Parameters
    ----------
    node : Node
        Without anything that is still to be learned.
    columns : mapping
        The columns that it names; shape (rows,), float64.
    rows : int
        How many.
    """
    with np.errstate(all="ignore"):
        value = _value(node, columns)
    return np.broadcast_to(np.asarray(value, dtype=np.float64), (rows,))


def why_none(node: Node, row: Mapping[str, float]) -> str:
    """Say why a tree has no value in a row that misses nothing: the innermost cause.

    Parameters
    ----------
    node : Node
        The tree.
    row : mapping
        What the columns hold there.
    """
    for child in children(node):
        if said := why_none(child, row):
            return said
    columns = {name: np.array([value]) for name, value in row.items()}
    if not isinstance(node, Apply) or np.isfinite(evaluate(node, columns, 1)[0]):
        return ""
    operands = [number_word(float(evaluate(child, columns, 1)[0])) for child in node.arguments]
    if node.function == "log":
        return f"the logarithm of {operands[0]}"
    if node.function == "sqrt":
        return f"the square root of {operands[0]}"
    if node.function == "/" and float(operands[1]) == 0.0:
        return f"{operands[0]} divided by 0"
    if node.function == "**" and float(operands[0]) <= 0.0:
        return f"{operands[0]} to the power {operands[1]}"
    return "a number too large"


def _value(node: Node, columns: Mapping[str, Array]) -> Array | np.float64:
    if isinstance(node, Number):
        return np.float64(node.value)
    if isinstance(node, Variable):
        return columns[node.name]
    if isinstance(node, Stateful):
        raise AssertionError(f"{node.function} has not been learned")
    values = [_value(child, columns) for child in node.arguments]
    match node.function:
        case "+":
            return values[0] + values[1]
        case "-":
            return values[0] - values[1]
        case "*":
            return values[0] * values[1]
        case "/":
            return values[0] / values[1]
        case "**":
            # The operator squares where the power is 2; the function would not.
            return values[0] ** values[1]
        case "log":
            return np.log(values[0])
        case "exp":
            return np.exp(values[0])
        case "sqrt":
            return np.sqrt(values[0])
    return -values[0]
