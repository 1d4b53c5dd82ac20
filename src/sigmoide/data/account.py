"""The account of rows: how many were left out, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

# So many different sets of missing columns are told apart; more are summed up.
_REASONS = 20


def count_reasons(gaps: Mapping[str, np.ndarray]) -> dict[str, int]:
    """Count rows by the set of columns in which they miss a value; the counts add up.

    Parameters
    ----------
    gaps : mapping
        From a column to the rows that miss it; shape (n,), bool.

    Returns
    -------
    dict
        From the reason to the number of rows, the most frequent first.
    """
    gaps = {name: gone for name, gone in gaps.items() if gone.any()}
    if not gaps:
        return {}
    names = list(gaps)
    table = np.column_stack([gaps[name] for name in names])
    table = table[table.any(axis=1)]
    patterns, counts = np.unique(table, axis=0, return_counts=True)
    reasons: Counter[str] = Counter()
    for pattern, count in zip(patterns, counts, strict=True):
        columns = [name for name, gone in zip(names, pattern, strict=True) if gone]
        several = len(patterns) > _REASONS and len(columns) > 1
        reason = "several columns" if several else ", ".join(columns)
        reasons[f"missing {reason}"] += int(count)
    return dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0])))


def unseen_name(column: str) -> str:
    """Return what a column is called in the account where a level of it was never seen."""
    return f"{column} (unseen level)"
