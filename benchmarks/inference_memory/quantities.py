"""The quantities: what is there before each is asked for, and how it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.families import dense
from benchmarks.records import Array, Generator, Integers
from sigmoide.blocks.blocks import Blocks, array_blocks
from sigmoide.blocks.views import some_columns
from sigmoide.fit.driver import fit_blocks
from sigmoide.inference.bootstrap import bootstrap
from sigmoide.inference.clustered import clustered
from sigmoide.inference.clusters import Clusters, clusters_of_source
from sigmoide.inference.equations import parse_hypotheses
from sigmoide.inference.firth import FirthFit, fit_firth
from sigmoide.inference.firth_tests import penalised_profile, penalised_tests
from sigmoide.inference.flic_flac import flac, flic
from sigmoide.inference.likelihood_ratio import drop1
from sigmoide.inference.profile import profile_intervals
from sigmoide.inference.robust import HC_KINDS, HCKind, heteroskedastic
from sigmoide.inference.score_test import score_tests
from sigmoide.inference.wald import joint_tests, linear_test
from sigmoide.results.covariance import estimates, fisher
from sigmoide.results.records import Fit, Settings

# Rows that stand in one cluster, and clusters of the other column.
PERSON_ROWS, PERIODS = 40, 40
SAMPLES = 8


@dataclass(frozen=True, slots=True)
class Data:
    """The rows of a question.

    Attributes
    ----------
    X : ndarray, shape (n, d)
        float64.
    y : ndarray, shape (n,)
        0.0 and 1.0.
    person, period : ndarray of int64, shape (n,)
        Clusters: one for every 40 rows, and 40 in all; in no order.
    """

    X: Array
    y: Array
    person: Integers
    period: Integers

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(part.nbytes for part in (self.X, self.y, self.person, self.period))

    @property
    def blocks(self) -> Blocks:
        """The rows as blocks, of two threads."""
        names = tuple(f"x{j}" for j in range(self.X.shape[1]))
        return array_blocks(self.X, self.y, None, None, names, threads=2)

    def save(self, folder: Path) -> None:
        """Write the arrays for another process to load."""
        for name in ("X", "y", "person", "period"):
            np.save(folder / f"{name}.npy", getattr(self, name))


def load(folder: Path) -> Data:
    """Return what was saved, in memory."""
    return Data(*(np.load(folder / f"{name}.npy") for name in ("X", "y", "person", "period")))


def draw(rng: Generator, rows: int, columns: int) -> Data:
    """Draw rows of a strong but ordinary effect."""
    X, y = dense(rng, rows, columns)
    people = max(rows // PERSON_ROWS, 2)
    person, period = rng.integers(people, size=rows), rng.integers(PERIODS, size=rows)
    return Data(X, y.astype(np.float64), person, period)


@dataclass(frozen=True, slots=True)
class Quantity:
    """Something that is asked of data.

    Attributes
    ----------
    name : str
        In words, as the table has it.
    before : callable
        From the blocks to what is there already: a fit.
    ask : callable
        From the data, their blocks and that to the answer.
    """

    name: str
    before: Callable[[Blocks], Any]
    ask: Callable[[Data, Blocks, Any], Any]


def _nothing(_blocks: Blocks) -> None:
    return None


def _fit(blocks: Blocks) -> Fit:
    return fit_blocks(blocks, True, Settings())


def _smaller(blocks: Blocks) -> Fit:
    return fit_blocks(some_columns(blocks, range(len(blocks.names) - 2)), True, Settings())


def _fisher(_data: Data, blocks: Blocks, _fit: None) -> object:
    return fisher(fit_blocks(blocks, True, Settings()), True, False)


def _hc(_data: Data, blocks: Blocks, fit: Fit, *, kind: HCKind) -> object:
    return heteroskedastic(blocks, fit, True, kind)


def _by(data: Data) -> tuple[Clusters, Clusters]:
    return clusters_of_source("person", data.person), clusters_of_source("period", data.period)


def _cr1(data: Data, blocks: Blocks, fit: Fit, *, columns: int) -> object:
    return clustered(blocks, fit, True, "CR1", _by(data)[:columns])


def _bootstrap(_data: Data, blocks: Blocks, fit: Fit) -> object:
    return bootstrap(blocks, fit, True, replicates=SAMPLES)


def _by_person(data: Data, blocks: Blocks, fit: Fit) -> object:
    return bootstrap(blocks, fit, True, replicates=SAMPLES, clusters=_by(data)[0])


def _profile(_data: Data, blocks: Blocks, fit: Fit) -> object:
    return profile_intervals(blocks, fit, True, terms=[1, 2])


def _drop1(_data: Data, blocks: Blocks, fit: Fit) -> object:
    return drop1(blocks, fit, True, {"x0": [0], "x1 and x2": [1, 2]})


def _score(_data: Data, blocks: Blocks, fit: Fit) -> object:
    return score_tests(blocks, fit, blocks.names[:-2], True)


def _linear(_data: Data, blocks: Blocks, fit: Fit) -> object:
    found = estimates(fit, True)
    linear = parse_hypotheses("x0 - x1 = 0, x2 = x3", ["Intercept", *blocks.names])
    return (
        linear_test(linear, found.params, found.covariance),
        joint_tests({"x0 to x2": [1, 2, 3]}, found.params, found.covariance),
    )


def _firth(_data: Data, blocks: Blocks, _nothing: None) -> object:
    return fit_firth(blocks, True)


def _firths(blocks: Blocks) -> FirthFit:
    return fit_firth(blocks, True)


def _penalised_profile(_data: Data, blocks: Blocks, firth: FirthFit) -> object:
    return penalised_profile(blocks, firth, terms=[1])


def _penalised_tests(_data: Data, blocks: Blocks, firth: FirthFit) -> object:
    return penalised_tests(blocks, firth, {"x0 and x1": [1, 2]})


def _flic(_data: Data, blocks: Blocks, firth: FirthFit) -> object:
    return flic(blocks, firth)


def _flac(_data: Data, blocks: Blocks, firth: FirthFit) -> object:
    return flac(blocks, firth)


QUANTITIES = (
    Quantity("fit and Fisher errors", _nothing, _fisher),
    *(Quantity(kind, _fit, partial(_hc, kind=kind)) for kind in HC_KINDS),
    Quantity("CR1 by person", _fit, partial(_cr1, columns=1)),
    Quantity("CR1 by person and period", _fit, partial(_cr1, columns=2)),
    Quantity(f"bootstrap of {SAMPLES} samples", _fit, _bootstrap),
    Quantity(f"cluster bootstrap of {SAMPLES} samples", _fit, _by_person),
    Quantity("profile intervals of two columns", _fit, _profile),
    Quantity("drop1 of two terms", _fit, _drop1),
    Quantity("score tests of two columns", _smaller, _score),
    Quantity("linear hypotheses and joint tests", _fit, _linear),
    Quantity("Firth's fit", _nothing, _firth),
    Quantity("penalised profile interval of a column", _firths, _penalised_profile),
    Quantity("penalised tests of all columns", _firths, _penalised_tests),
    Quantity("FLIC", _firths, _flic),
    Quantity("FLAC", _firths, _flac),
)


def named(name: str) -> Quantity:
    """Return the quantity of a name."""
    return next(one for one in QUANTITIES if one.name == name)
