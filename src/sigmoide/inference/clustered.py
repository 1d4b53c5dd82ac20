r"""Cluster-robust standard errors (CR0, CR_G, CR1), by one column or two.

.. math::

    V = H^{-1} \left( \sum_c g_c g_c' \right) H^{-1} \cdot f, \qquad g_c = \sum_{i \in c} g_i

==== ============================= =============================================================
kind f, of G clusters              who prints it
==== ============================= =============================================================
CR0  1                             Liang and Zeger 1986, Biometrika 73, 13-22
CR_G G/(G-1)                       Stata's ``logit, vce(cluster)``; ``sandwich::vcovCL``
CR1  G/(G-1) (n-1)/(n-p)           statsmodels; ``sandwich::vcovCL(type = "HC1")``
==== ============================= =============================================================

By two columns the covariance is V_1 + V_2 - V_12, each with the factor of its own number of
clusters, those of V_12 being the pairs (Cameron, Gelbach and Miller 2011, Journal of Business and
Economic Statistics 29, 238-249). It need not be positive semidefinite; where it is not, that is
said, and negative variances give no errors.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from sigmoide.blocks.block import Array
from sigmoide.blocks.blocks import Blocks
from sigmoide.blocks.threads import single_threaded_arithmetic
from sigmoide.errors import UsageError
from sigmoide.inference.clusters import ClusterKeys, Clusters, Job, cluster_keys, reads_of, tally
from sigmoide.inference.robust import UNITS, Unit, observations, one_of
from sigmoide.inference.scores import (
    footing,
    refuse_other_rows,
    refuse_penalised,
    sandwich,
    withheld,
)
from sigmoide.results.covariance import described
from sigmoide.results.covariance_kinds import CR_KINDS, CRKind
from sigmoide.results.records import Covariance, Fit

# Eigenvalues below this share of the largest are rounding.
_ROUNDING = 1e-12


@single_threaded_arithmetic()
def clustered(
    blocks: Blocks,
    fit: Fit,
    intercept: bool,
    kind: CRKind,
    by: tuple[Clusters, ...],
    unit: Unit = "row",
) -> Covariance:
    """Return a cluster-robust covariance: two reads.

    More are made where clusters are so many that their scores are not held at once.

    Parameters
    ----------
    blocks : Blocks
        The rows that were fitted.
    fit : Fit
        The fit. Of one that is separated, the infinite coefficients get no errors, and the others
        those of the limit.
    intercept : bool
        Whether the model has one.
    kind : {"CR0", "CR_G", "CR1"}
        Which factor; see the module.
    by : tuple of one or two Clusters
        What makes the clusters.
    unit : {"row", "trial", "line"}
        What is one observation of the n in CR1: see :mod:`sigmoide.inference.robust`. The scores
        are the same: a row of frequency f is f rows of one cluster.

    Raises
    ------
    UsageError
        If the kind is unknown, there are no columns or more than two, or the fit is penalised.
    ColumnError
        If a column misses values or makes one cluster only.
    DataError
        If the rows are not those of the fit.
    """
    one_of("the kind of errors", kind, CR_KINDS)
    one_of("unit", unit, UNITS)
    if not 1 <= len(by) <= 2:
        raise UsageError(
            f"clusters by {len(by)} columns were asked for; one column makes them, or two. Put "
            "columns that make a cluster only together into one."
        )
    refuse_penalised(fit, f"the covariance {kind}")
    keys = cluster_keys(blocks, by)
    p, notes = len(fit.separation.signs), withheld(fit, blocks.names, f"{kind} errors")
    each = tuple((column.name, keys.count((k,))) for k, column in enumerate(by))
    n, degrees = observations(blocks, fit, unit), float(min(count for _, count in each) - 1)
    at = footing(blocks, fit, intercept)
    if at is not None and kind == "CR1" and n <= p:
        at = None
        notes += (f"CR1 errors are withheld: {n:g} observations leave n - {p} no divisor",)
    if at is None:
        return described(kind, None, fit, intercept, n, degrees, each, notes)
    more = (n - 1) / (n - p) if kind == "CR1" else 1.0
    meat = np.zeros((len(at.theta), len(at.theta)))
    for jobs in reads_of(_jobs(keys, kind, len(by)), len(at.theta)):
        tallies = at.blocks.reduce(partial(tally, at=at, by=by, jobs=jobs))
        refuse_other_rows(fit, tallies.rows + len(fit.separation.rows), tallies.value)
        for job, sums in zip(jobs, tallies.sums, strict=True):
            meat += job.factor * more * sums.products
    notes += _notes(each, meat, p)
    return described(kind, sandwich(meat, at, p), fit, intercept, n, degrees, each, notes)


def few_clusters(covariance: Covariance) -> str:
    """Return what to warn of where clusters are too few for the coefficients, else nothing.

    The scores of G clusters add up to 0, so that their covariance has a rank of G - 1 at most: with
    G no larger than p it is singular, tests of all coefficients at once have no value, and the
    errors of single ones are too small as a rule. See
    :class:`sigmoide.errors.FewClustersWarning`.
    """
    p = len(covariance.matrix)
    few = [f"{name!r} makes {count}" for name, count in covariance.clusters if count <= p]
    if not few:
        return ""
    return (
        f"{p} coefficients have errors by clusters, of which {' and '.join(few)}: the covariance "
        "is singular, joint tests have no value, and errors this few clusters give are too small "
        "as a rule. Choose a column that makes more clusters, or fewer columns for the model."
    )


def _jobs(keys: ClusterKeys, kind: str, columns: int) -> list[Job]:
    """Return what is added up: by each column, and less the pairs where there are two."""
    signs: list[tuple[tuple[int, ...], float]] = [((k,), 1.0) for k in range(columns)]
    if columns == 2:
        signs.append(((0, 1), -1.0))
    jobs = []
    for chosen, sign in signs:
        count = keys.count(chosen)
        factor = 1.0 if kind == "CR0" else count / (count - 1)
        jobs.append(Job(chosen, count, sign * factor, alone=count == keys.rows))
    return jobs


def _notes(clusters: tuple[tuple[str, int], ...], meat: Array, p: int) -> tuple[str, ...]:
    notes = []
    lowest, highest = np.linalg.eigvalsh(meat)[[0, -1]]
    if lowest < -_ROUNDING * highest:
        notes.append(
            "the covariance by two columns is not positive semidefinite, as V_1 + V_2 - V_12 need "
            "not be: joint tests have no value, and a negative variance gives no error"
        )
    few = [f"{count} of {name}" for name, count in clusters if count <= p]
    if few:
        notes.append(
            f"few clusters ({', '.join(few)}) for {p} coefficients: the covariance is singular"
        )
    return tuple(notes)
