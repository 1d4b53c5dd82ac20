"""Real data that ship with packages, and the reference sets of the tests."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import numpy as np

from benchmarks.families import Data
from benchmarks.seeds import ROOT


def breast_cancer() -> Data:
    """569 tumours, 30 measurements (scikit-learn). Separable: unpenalised, no optimum exists."""
    from sklearn.datasets import load_breast_cancer

    return _data(*load_breast_cancer(return_X_y=True))


def digits() -> Data:
    """1,797 digits of 64 pixels (scikit-learn): five and above, or not. Constant columns in it."""
    from sklearn.datasets import load_digits

    X, y = load_digits(return_X_y=True)
    return _data(X, y >= 5)


def reference(name: str) -> Data:
    """Return a set of tests/references as R coded it, without its column of ones."""
    found = _loader().RefSet(str(ROOT / "tests" / "references" / f"{name}.json"))
    kept = [j for j, label in enumerate(found.names) if label != "(Intercept)"]
    return _data(found.Xl[:, kept], found.yl)


def _loader() -> ModuleType:
    path = ROOT / "tests" / "references" / "refdata.py"
    spec = importlib.util.spec_from_file_location("reference_data", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _data(X: object, y: object) -> Data:
    return np.ascontiguousarray(X, dtype=np.float64), np.asarray(y).astype(np.int64)
