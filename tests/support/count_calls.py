"""How many functions and files of the package a call goes through.

``python -m support.count_calls`` prints both for three journeys: ``sigmoide fit`` of a CSV file,
``logit`` of a frame with its summary, and ``LogisticRegression.fit``. Counted is the second of two
equal calls in one process, in every thread; what runs only at an import (bodies of modules and of
classes) does not count.
"""

from __future__ import annotations

import inspect
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import numpy as np
import pandas as pd

import sigmoide

SOURCE = Path(sigmoide.__file__).parent
_REFERENCES = Path(__file__).parents[1] / "references"


@dataclass(frozen=True, slots=True)
class Counted:
    """What a call went through.

    Attributes
    ----------
    functions : frozenset of (str, str, int)
        File, name and first line of each function.
    """

    functions: frozenset[tuple[str, str, int]]

    @property
    def files(self) -> list[str]:
        """The files they stand in, relative to the package, in order."""
        return sorted({file for file, _, _ in self.functions})


def count(call: Callable[[], Any]) -> Counted:
    """Make a call twice, and return what the second one goes through."""
    call()
    seen: set[CodeType] = set()

    def look(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            seen.add(frame.f_code)

    # Threads that wait for work were started without an eye on them: new ones are started.
    _forget_pools()
    threading.setprofile(look)
    sys.setprofile(look)
    try:
        call()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
        _forget_pools()
    return Counted(
        frozenset(
            (str(Path(code.co_filename).relative_to(SOURCE)), code.co_qualname, code.co_firstlineno)
            for code in seen
            if Path(code.co_filename).is_relative_to(SOURCE) and _is_function(code)
        )
    )


def _forget_pools() -> None:
    """Have every cached pool of threads made anew."""
    for module in list(sys.modules.values()):
        pool = getattr(module, "_pool", None)
        if getattr(module, "__name__", "").startswith("sigmoide.") and hasattr(pool, "cache_clear"):
            pool.cache_clear()


def _is_function(code: CodeType) -> bool:
    """Say whether this is a function that has a name: no body of a module or of a class."""
    return bool(code.co_flags & inspect.CO_NEWLOCALS) and not code.co_name.startswith("<")


# --- the journeys


def fit_csv() -> None:
    """Run ``sigmoide fit`` on a CSV file, with a model file to write."""
    from sigmoide.cli import main

    with (
        tempfile.TemporaryDirectory() as folder,
        redirect_stdout(StringIO()),
        redirect_stderr(StringIO()),
    ):
        data, out = str(_REFERENCES / "birthwt.csv"), str(Path(folder) / "model.json")
        try:
            main(["fit", data, "--target", "low", "--out", out], prog_name="sigmoide")
        except SystemExit as stop:
            if stop.code:
                raise RuntimeError(f"the command ended with {stop.code}") from stop


def logit_frame() -> None:
    """Fit a frame by a formula, and make the summary's text."""
    frame = pd.read_csv(_REFERENCES / "birthwt.csv")
    str(sigmoide.logit("low ~ age + lwt + C(race) + smoke", frame).summary())


def fit_estimator() -> None:
    """Fit the estimator on an array."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(2000, 5))
    y = (rng.random(2000) < 1 / (1 + np.exp(-X[:, 0]))).astype(int)
    sigmoide.LogisticRegression().fit(X, y)


JOURNEYS = {
    "sigmoide fit FILE.csv": fit_csv,
    "logit of a frame, with its summary": logit_frame,
    "LogisticRegression.fit": fit_estimator,
}


def main() -> None:
    """Print how long the journeys are; with ``-v`` through which files."""
    warnings.simplefilter("ignore")
    for name, call in JOURNEYS.items():
        found = count(call)
        print(f"{name}: {len(found.functions)} functions in {len(found.files)} files")
        if "-v" in sys.argv:
            print("    " + "\n    ".join(found.files))


if __name__ == "__main__":
    main()
