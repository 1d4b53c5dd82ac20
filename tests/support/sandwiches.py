"""Robust covariances as a textbook writes them: dense matrices, one loop over the units."""

from __future__ import annotations

import numpy as np

from references.refdata import RefSet
from sigmoide.blocks.blocks import Blocks, array_blocks

Array = np.ndarray


def with_ones(X: Array) -> Array:
    return np.column_stack([np.ones(len(X)), X])


def maximum(X: Array, y: Array, s: Array) -> Array:
    """Return the maximum-likelihood estimate by plain Newton steps; X has its column of ones."""
    beta = np.zeros(X.shape[1])
    for _ in range(60):
        p = 1.0 / (1.0 + np.exp(-X @ beta))
        H = (X * (s * p * (1 - p))[:, None]).T @ X
        beta = beta + np.linalg.solve(H, X.T @ (s * (y - p)))
    return beta


def bread_and_scores(X: Array, y: Array, s: Array) -> tuple[Array, Array, Array]:
    """Return H^-1, the scores s (y - p) x and the leverages of the rows."""
    p = 1.0 / (1.0 + np.exp(-X @ maximum(X, y, s)))
    bend = s * p * (1 - p)
    bread = np.linalg.inv((X * bend[:, None]).T @ X)
    leverage = bend * np.einsum("ij,jk,ik->i", X, bread, X)
    return bread, (s * (y - p))[:, None] * X, leverage


def hc(X: Array, y: Array, s: Array, kind: str) -> Array:
    """Return HC0 to HC3, a row being an observation."""
    bread, scores, h = bread_and_scores(X, y, s)
    n, k = X.shape
    a = {"HC0": 0 * h, "HC1": 0 * h, "HC2": -0.5 * np.log(1 - h), "HC3": -np.log(1 - h)}[kind]
    meat = sum(np.outer(g, g) for g in scores * np.exp(a)[:, None])
    return bread @ meat @ bread * (n / (n - k) if kind == "HC1" else 1.0)


def cr(X: Array, y: Array, s: Array, codes: list[Array], kind: str, n: float | None = None):
    """Return CR0, CR_G and CR1, by one column of codes or two."""
    bread, scores, _ = bread_and_scores(X, y, s)
    n, k = n or len(X), X.shape[1]
    total = np.zeros((k, k))
    pairs = [(1.0, c) for c in codes]
    if len(codes) == 2:
        pairs.append((-1.0, np.array([f"{a}|{b}" for a, b in zip(*codes, strict=True)])))
    for sign, labels in pairs:
        groups = np.unique(labels)
        sums = [scores[labels == group].sum(axis=0) for group in groups]
        factor = {"CR0": 1.0}.get(kind, len(groups) / (len(groups) - 1))
        factor *= (n - 1) / (n - k) if kind == "CR1" else 1.0
        total += sign * factor * sum(np.outer(g, g) for g in sums)
    return bread @ total @ bread


def rows_of(ref: RefSet) -> tuple[Array, Array, Array, Array]:
    """Return X without its ones, y, weights and line numbers of a reference set.

    A line of counts is two rows, successes and failures, side by side.
    """
    if ref.kind != "counts":
        return ref.Xl[:, 1:], ref.yl, ref.wl, np.arange(len(ref.yl))
    lines = len(ref.s)
    X, y = np.repeat(ref.X[:, 1:], 2, axis=0), np.tile([1.0, 0.0], lines)
    s, rows = np.column_stack([ref.s, ref.f]).ravel(), np.repeat(np.arange(lines), 2)
    return X[s > 0], y[s > 0], s[s > 0], rows[s > 0]


def blocks_of(X, y, s=None, offset=None, rows=None, **kwargs) -> Blocks:
    n = len(y)
    return array_blocks(
        np.asarray(X, dtype=np.float64),
        np.asarray(y, dtype=np.float64),
        np.ones(n) if s is None else np.asarray(s, dtype=np.float64),
        np.zeros(n) if offset is None else offset,
        tuple(f"x{j}" for j in range(np.shape(X)[1])),
        rows,
        **kwargs,
    )
