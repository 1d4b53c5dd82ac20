"""How many inputs a sweep tries: a share in ``make test``, all of them in ``make sweeps``.

One variable decides, SIGMOIDE_SWEEPS=full; another, SIGMOIDE_SEED, has a sweep go over the inputs
of an earlier run again.
"""

from __future__ import annotations

import os
import secrets

import numpy as np

FULL = os.environ.get("SIGMOIDE_SWEEPS") == "full"


def size(full: int, share: int = 200) -> int:
    """Return how many inputs of a kind are tried: all, or the share of ``make test``."""
    return full if FULL else min(share, full)


def generator(name: str) -> np.random.Generator:
    """Return random numbers of a fresh seed, which is printed where the test fails."""
    seed = int(os.environ.get("SIGMOIDE_SEED") or secrets.randbits(32))
    print(f"{name}: SIGMOIDE_SEED={seed} tries the same inputs again")
    return np.random.default_rng(seed)
