"""Separation by linear programs in rational arithmetic: slow, small, and never in doubt."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

Row = list[Fraction]


def signed_rows(X: np.ndarray, y: np.ndarray, intercept: bool) -> list[Row]:
    """Return the rows (2 y_i - 1) (1, x_i), exactly."""
    first = [Fraction(1)] if intercept else []
    return [
        [(1 if target > 0.5 else -1) * entry for entry in [*first, *map(Fraction, row.tolist())]]
        for row, target in zip(X, y, strict=True)
    ]


def maximum(goal: Row, A: list[Row], b: Row) -> tuple[Fraction, Row]:
    """Maximise goal . x over A x <= b, x >= 0, for b >= 0 and a bounded program.

    The simplex method on a whole tableau, with Bland's rule, which cannot cycle.
    """
    m, n = len(A), len(goal)
    table = [
        [*row, *(Fraction(int(i == k)) for k in range(m)), bound]
        for i, (row, bound) in enumerate(zip(A, b, strict=True))
    ]
    bottom = [*(-c for c in goal), *([Fraction(0)] * (m + 1))]
    basis = list(range(n, n + m))
    while (enter := next((j for j in range(n + m) if bottom[j] < 0), None)) is not None:
        ratios = [
            (row[-1] / row[enter], basis[i], i) for i, row in enumerate(table) if row[enter] > 0
        ]
        assert ratios, "the program is not bounded"
        leave = min(ratios)[2]
        pivot = table[leave][enter]
        table[leave] = [entry / pivot for entry in table[leave]]
        for row in (*(table[i] for i in range(m) if i != leave), bottom):
            if factor := row[enter]:
                row[:] = [a - factor * c for a, c in zip(row, table[leave], strict=True)]
        basis[leave] = enter
    x = [Fraction(0)] * (n + m)
    for i, j in enumerate(basis):
        x[j] = table[i][-1]
    return bottom[-1], x[:n]


def separated_rows(rows: list[Row]) -> list[bool]:
    """Return which rows some direction moves to their side while it moves none to the other.

    Maximises sum s_i over s_i <= a_i . v, 0 <= s_i <= 1: directions add, so that all rows that
    can be moved are moved by 1 together.
    """
    n, p = len(rows), len(rows[0])
    zero, one = Fraction(0), Fraction(1)
    A = [
        [*(-a for a in row), *row, *(Fraction(int(i == k)) for k in range(n))]
        for i, row in enumerate(rows)
    ]
    A += [[zero] * (2 * p) + [Fraction(int(i == k)) for k in range(n)] for i in range(n)]
    goal = [zero] * (2 * p) + [one] * n
    _, x = maximum(goal, A, [zero] * n + [one] * n)
    moved = x[2 * p :]
    assert all(s in (0, 1) for s in moved)
    return [s == 1 for s in moved]


def signs(rows: list[Row]) -> list[float]:
    """Return for each coordinate 1, -1, 0, or NaN where the cone holds both signs of it."""
    p = len(rows[0])

    def reaches(j: int, sign: int) -> bool:
        goal = [Fraction(sign * int(j == k)) for k in range(p)]
        goal += [-g for g in goal]
        A = [[*(-a for a in row), *row] for row in rows] + [goal]
        return maximum(goal, A, [Fraction(0)] * len(rows) + [Fraction(1)])[0] > 0

    found = [(reaches(j, 1), reaches(j, -1)) for j in range(p)]
    return [float("nan") if up and down else float(up) - float(down) for up, down in found]


def null_space(rows: list[Row], p: int) -> tuple[list[int], list[Row]]:
    """Return columns that may be chosen at will, and for each the vector that rows map to zero.

    The vector is one in its own column and zero in the others that may be chosen.
    """
    left, pivots = [list(row) for row in rows], []
    for j in range(p):
        lead = next((row for row in left if row[j] and not any(row[k] for k, _ in pivots)), None)
        if lead is None:
            continue
        lead = [entry / lead[j] for entry in lead]

        def less(row: Row, j: int = j, lead: Row = lead) -> Row:
            return [a - row[j] * b for a, b in zip(row, lead, strict=True)]

        left = [less(row) for row in left]
        pivots = [(k, less(row)) for k, row in pivots] + [(j, lead)]
    free = [j for j in range(p) if j not in {k for k, _ in pivots}]
    basis = []
    for j in free:
        vector = [Fraction(int(j == k)) for k in range(p)]
        for k, row in pivots:
            vector[k] = -row[j]
        basis.append(vector)
    return free, basis
