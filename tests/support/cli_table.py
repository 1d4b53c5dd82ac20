"""A table for the command line, and a model of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

import sigmoide
from support.cli_run import run


def table(n: int = 120) -> pd.DataFrame:
    rng = np.random.default_rng(9)
    frame = pd.DataFrame(
        {
            "x": rng.normal(size=n).round(3),
            "z": rng.normal(size=n).round(3),
            "g": rng.choice(["a", "b", "c"], n),
            "f": rng.integers(0, 3, n),
            "w": rng.random(n).round(3),
            "o": rng.normal(size=n).round(3),
        }
    )
    eta = 0.8 * frame.x + 0.5 * (frame.g == "b")
    frame.insert(0, "y", (rng.random(n) < 1 / (1 + np.exp(-eta))).astype(int))
    frame["copy"] = 2 * frame.x
    frame["wall"] = np.where(frame.y == 1, 1, -1)
    frame["gaps"] = frame.z.mask(rng.random(n) < 0.2)
    return frame


def saved(folder, *options: object, columns: str = "x,z,g", code: int = 0) -> sigmoide.Result:
    out = folder / "m.json"
    command = ["fit", folder / "data.csv", "--target", "y", "--columns", columns]
    done = run(*command, "--out", out, *options)
    assert done.exit_code == code, done.stderr
    assert f"model written to {out}" in done.stderr
    return sigmoide.read_model(out)
