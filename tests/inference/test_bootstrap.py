"""The bootstrap: what is drawn, what is fitted, what is counted, and what it tends to."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sigmoide.blocks.block import Block
from sigmoide.blocks.blocks import array_blocks
from sigmoide.blocks.moments import moments
from sigmoide.blocks.stream import streamed_blocks
from sigmoide.blocks.views import reweighted
from sigmoide.errors import ColumnError, NotProvedError, UsageError
from sigmoide.fit.driver import fit_blocks
from sigmoide.inference import bootstrap as bootstrap_module
from sigmoide.inference import replicate as replicate_module
from sigmoide.inference.bootstrap import Bootstrap, basic, bootstrap, percentile
from sigmoide.inference.clustered import clustered
from sigmoide.inference.clusters import Clusters
from sigmoide.inference.hashed_draws import poisson, words_of
from sigmoide.inference.replicate import Drawing, start_at
from sigmoide.inference.robust import heteroskedastic
from sigmoide.inference.scores import footing, score
from sigmoide.kernels.reference import evidence
from sigmoide.proof.full_hessian import extent_in, factor_of
from sigmoide.results.covariance import estimates
from sigmoide.results.records import Covariance, Settings
from support.sandwiches import blocks_of

EXACT = Settings(tol=1e-10)


def drawn(n, d, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    eta = X @ (0.6 * np.cos(np.arange(d))) - 0.3
    return X, (rng.random(n) < 1 / (1 + np.exp(-eta))).astype(float)


def boot(blocks, intercept=True, **kwargs) -> Bootstrap:
    return bootstrap(blocks, fit_blocks(blocks, intercept, EXACT), intercept, **kwargs)


def weights_of(blocks, number, seed=0, unit="row", clusters=None):
    return blocks.map(Drawing(seed, unit, clusters).weights(number))


# --- what is drawn


@pytest.mark.parametrize("mean", [1e-3, 0.5, 1.0, 2.0, 7.0, 300.0, 1e5])
def test_counts_are_those_that_a_word_has_in_a_poisson_law(mean):
    """Held against scipy's quantiles: exact inversion, not something like it."""
    words = np.random.default_rng(1).integers(0, 2**64, 4_000, dtype=np.uint64)
    share = ((words >> np.uint64(11)).astype(float) + 0.5) / 2**53
    counts = poisson(words, np.full(4_000, mean))
    np.testing.assert_array_equal(counts, stats.poisson.ppf(share, mean))


def test_the_table_of_mean_one_is_the_law():
    edges = np.concatenate([[0.0], stats.poisson.cdf(np.arange(12), 1.0)])
    inside = (edges[:-1] + edges[1:]) / 2
    words = (inside * 2.0**64).astype(np.uint64)
    np.testing.assert_array_equal(poisson(words), np.arange(12))
    assert poisson(np.array([0, 2**64 - 1], dtype=np.uint64))[0] == 0.0


def test_draws_are_as_independent_as_they_look():
    """Of neighbouring rows, samples and seeds: frequencies and correlations as by chance."""
    keys = np.arange(200_000)
    k = {
        (seed, number): poisson(words_of(keys, seed, number))
        for seed in (0, 1, 2)
        for number in (0, 1, 2)
    }
    for counts in k.values():
        seen = np.bincount(np.minimum(counts, 5).astype(int), minlength=6)
        law = stats.poisson.pmf(np.arange(5), 1.0)
        expected = 200_000 * np.r_[law, 1 - law.sum()]
        assert stats.chisquare(seen, expected).pvalue > 1e-4
        for lag in (1, 2, 8, 1024):
            assert abs(np.corrcoef(counts[lag:], counts[:-lag])[0, 1]) < 5 / math.sqrt(200_000)
    pairs = [(a, b) for a in k for b in k if a < b]
    assert max(abs(np.corrcoef(k[a], k[b])[0, 1]) for a, b in pairs) < 5 / math.sqrt(200_000)
    for lag in (1, 2, 3):
        shifted = [abs(np.corrcoef(k[a][lag:], k[b][:-lag])[0, 1]) for a in k for b in k]
        assert max(shifted) < 5 / math.sqrt(200_000)


@settings(deadline=None, max_examples=30)
@given(
    n=st.integers(1, 300),
    number=st.integers(0, 10**6),
    seed=st.integers(0, 2**70),
    unit=st.sampled_from(["row", "trial", "line"]),
    block_rows=st.sampled_from([1, 7, 64]),
)
def test_the_same_draws_in_any_block(n, number, seed, unit, block_rows):
    X, y = drawn(n, 1, 3)
    s = np.random.default_rng(n).integers(1, 9, n).astype(float)
    rows = np.sort(np.random.default_rng(n).choice(3 * n, n, replace=False))
    one, other = (blocks_of(X, y, s, rows=rows, block_rows=size) for size in (block_rows, 1000))
    for clusters in (None, Clusters("id", lambda block: block.rows // 3)):
        found = weights_of(one, number, seed, unit, clusters)
        assert found.tobytes() == weights_of(other, number, seed, unit, clusters).tobytes()
    # and of some rows, those that they would have had among all
    some = one.take(np.arange(0, n, 2))
    assert weights_of(some, number, seed, unit).tolist() == (
        weights_of(one, number, seed, unit)[::2].tolist()
    )


def test_what_is_drawn_together_and_what_apart():
    rows = np.repeat(np.arange(500), 2)
    y, f = np.tile([1.0, 0.0], 500), np.tile([3.0, 8.0], 500)
    blocks = blocks_of(np.zeros((1000, 1)), y, f, rows=rows)
    lines = weights_of(blocks, 0, unit="line").reshape(500, 2) / [3.0, 8.0]
    assert (lines[:, 0] == lines[:, 1]).all()
    assert len(np.unique(lines)) > 3
    apart = weights_of(blocks, 0, unit="row").reshape(500, 2) / [3.0, 8.0]
    assert abs(np.corrcoef(apart.T)[0, 1]) < 0.2
    trials = weights_of(blocks, 0, unit="trial").reshape(500, 2)
    assert abs(np.corrcoef(trials.T)[0, 1]) < 0.2
    # the sum of f draws of mean 1: mean f, variance f (five standard errors of these)
    for column, mean in zip(trials.T, (3.0, 8.0), strict=True):
        assert abs(column.mean() - mean) < 5 * math.sqrt(mean / 500)
        assert abs(column.var() - mean) < 5 * mean * math.sqrt((2 + 1 / mean) / 500)
    groups = Clusters("ten", lambda block: block.rows // 10)
    together = weights_of(blocks, 0, clusters=groups).reshape(50, 10, 2) / [3.0, 8.0]
    assert (together == together[:, :1, :1]).all()


# --- rows with other weights


@settings(deadline=None, max_examples=25)
@given(
    n=st.integers(2, 300),
    block_rows=st.sampled_from([1, 7, 64, None]),
    rows=st.integers(1, 400),
    seed=st.integers(0, 5),
    number=st.integers(0, 50),
)
def test_reweighted_rows_are_rows_with_other_weights(n, block_rows, rows, seed, number):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(n, 2)), (rng.random(n) < 0.3).astype(float)
    places = np.sort(rng.choice(2 * n, n, replace=False))
    offset = rng.normal(size=n)
    blocks = blocks_of(X, y, offset=offset, rows=places, block_rows=block_rows, threads=2)
    draws = Drawing(seed, "row", None).weights(number)
    weight = blocks.map(draws)
    stay = weight > 0
    if not stay.any():
        return
    part = reweighted(blocks, draws)
    size = blocks.rows_per_block
    held = array_blocks(
        X[stay], y[stay], weight[stay], offset[stay], blocks.names, places[stay], block_rows=size
    )
    assert part.names == held.names
    assert part.n_rows == held.n_rows
    assert (part.source_rows == held.source_rows).all()
    assert part.rows_per_block == size
    assert part.n_blocks >= held.n_blocks
    np.testing.assert_allclose(part.reduce(moments).mean, held.reduce(moments).mean, atol=1e-13)
    some = rng.permutation(held.n_rows)[:rows]
    pairs = [
        (part.draw(rows, seed).standing, held.draw(rows, seed).standing),
        (part.survey(moments, rows)[1].plain, held.survey(moments, rows)[1].plain),
        (part.take(some), held.take(some)),
        (part.sample(rows, seed), held.sample(rows, seed)),
        (part.without(places[:3]), held.without(places[:3])),
    ]
    for ours, theirs in pairs:
        if not theirs.n_rows:
            continue
        for of in ("X", "y", "weight", "offset", "rows"):
            one, other = (b.map(lambda block, of=of: getattr(block, of)) for b in (ours, theirs))
            assert one.tobytes() == other.tobytes(), of


# --- what is fitted


@pytest.mark.parametrize("unit", ["row", "trial", "line"])
def test_each_sample_is_the_fit_of_its_rows(unit):
    """Found in a few steps from the whole fit, and the same as from the beginning."""
    X, y = drawn(120, 2, 1)
    s = np.random.default_rng(1).integers(1, 4, 120).astype(float)
    blocks = blocks_of(X, y, s)
    found = boot(blocks, replicates=25, seed=5, unit=unit)
    assert found.statuses == {"proved": 25}
    assert found.distance < 1e-6
    for number in range(25):
        weight = weights_of(blocks, number, 5, unit)
        stay = weight > 0
        one = fit_blocks(blocks_of(X[stay], y[stay], weight[stay]), True, EXACT)
        theirs = estimates(one, True)
        apart = (found.replicates[number] - theirs.params) / theirs.standard_errors
        assert np.max(np.abs(apart)) < 1e-8


@pytest.mark.parametrize("abreast", [1, 3, 128])
def test_threads_and_samples_side_by_side_change_no_bit(abreast, monkeypatch):
    X, y = drawn(3000, 3, 2)
    monkeypatch.setattr(bootstrap_module, "_MOST_TOGETHER", abreast)
    found = boot(blocks_of(X, y, block_rows=256, threads=abreast), replicates=10, seed=1)
    monkeypatch.setattr(bootstrap_module, "_MOST_TOGETHER", 10)
    other = boot(blocks_of(X, y, block_rows=256, threads=1), replicates=10, seed=1)
    assert found.replicates.tobytes() == other.replicates.tobytes()
    assert found.covariance.matrix.tobytes() == other.covariance.matrix.tobytes()
    # and the first samples of more samples are these
    more = boot(blocks_of(X, y, block_rows=256), replicates=13, seed=1)
    assert more.replicates[:10].tobytes() == found.replicates.tobytes()


class Held:
    """A loader of rows that are in memory."""

    def __init__(self, X, y) -> None:
        self.X, self.y, self.n_rows = X, y, len(y)

    def rows(self, low, high):
        rows = np.arange(low, min(high, self.n_rows))
        return Block(self.X[rows], self.y[rows], np.ones(len(rows)), np.zeros(len(rows)), rows)

    def counts(self, block_rows):
        starts = np.arange(0, self.n_rows, block_rows)
        kept = np.minimum(block_rows, self.n_rows - starts)
        return kept, np.add.reduceat(self.y > 0.5, starts, dtype=np.int64)


def test_blocks_of_one_seven_and_all_rows_agree():
    X, y = drawn(120, 2, 3)
    groups = Clusters("ten", lambda block: block.rows // 4)
    for clusters in (None, groups):
        ways = [
            boot(blocks_of(X, y, block_rows=size), replicates=8, clusters=clusters)
            for size in (None, 1, 7)
        ]
        size = ways[0].covariance.standard_errors
        for other in ways[1:]:
            assert np.max(np.abs(other.replicates - ways[0].replicates) / size) <= 1e-10
            apart = other.covariance.matrix - ways[0].covariance.matrix
            assert np.max(np.abs(apart) / np.outer(size, size)) <= 1e-10
    streamed = boot(streamed_blocks(Held(X, y), ("x0", "x1"), block_rows=7), replicates=8)
    seven = boot(blocks_of(X, y, block_rows=7), replicates=8)
    assert streamed.replicates.tobytes() == seven.replicates.tobytes()


def test_samples_share_their_reads_and_tell_of_them():
    X, y = drawn(2000, 3, 4)
    blocks = blocks_of(X, y, block_rows=256)
    fit = fit_blocks(blocks, True, EXACT)
    told = []
    before = blocks.reads
    found = bootstrap(blocks, fit, True, replicates=200, progress=told.append)
    assert found.reads == blocks.reads - before <= 20
    assert [reading.reads for reading in told] == sorted({reading.reads for reading in told})
    assert told[0].what == "samples 1 to 128 of 200: 128 of 128 to go"
    assert told[-1].what == "samples 129 to 200 of 200: 0 of 72 to go"
    assert told[-1].reads == found.reads


def test_aliased_columns_and_no_intercept():
    X, y = drawn(200, 2, 6)
    plain = boot(blocks_of(X, y), intercept=False, replicates=8)
    twice = blocks_of(np.column_stack([X[:, 0], 2 * X[:, 0], X[:, 1]]), y)
    again = boot(twice, intercept=False, replicates=8)
    assert again.replicates.shape == (8, 2)
    np.testing.assert_allclose(again.replicates, plain.replicates, rtol=1e-9)


def test_far_origins_are_no_trouble():
    X, y = drawn(300, 2, 7)
    X = np.round(X * 2**12) / 2**12
    plain = boot(blocks_of(X, y), replicates=10)
    moved = boot(blocks_of(X + np.array([0.0, 1.7e9]), y), replicates=10)
    size = plain.covariance.standard_errors[1:]
    assert np.max(np.abs(moved.replicates - plain.replicates)[:, 1:] / size) < 1e-8
    assert moved.statuses == {"proved": 10}
    back = moved.replicates[:, 0] + 1.7e9 * moved.replicates[:, 2]
    spread = np.abs(1.7e9 * moved.replicates[:, 2]).max() * 1e-15
    assert np.max(np.abs(back - plain.replicates[:, 0])) < 10 * spread


def test_the_reach_of_the_rows_is_bounded_without_a_read():
    """What a sample's proof takes for its R is no less than R, and not much more."""
    X, y = drawn(150, 3, 10)
    blocks = blocks_of(X * [1.0, 1e5, 1e-3] + [0.0, 3.0, 7.0], y)
    fit = fit_blocks(blocks, True, EXACT)
    at = footing(blocks, fit, True)
    start = start_at(blocks, at.frame, at.theta)
    for number in range(30):
        part = reweighted(blocks, Drawing(0, "row", None).weights(number))
        seen = part.reduce(partial(evidence, frame=at.frame, theta=at.theta))
        factor = factor_of(seen, np.zeros(4), part)
        true, bound = extent_in(part, at.frame, factor), replicate_module._reach(start, factor)
        assert true.norm <= bound.norm <= 4 * true.norm
        assert true.rounding <= bound.rounding <= 4 * true.rounding


@pytest.mark.parametrize("seed", range(4))
def test_verdicts_are_those_of_fits(seed):
    """Rows so few that samples separate, lose a class or a level: judged as their rows are."""
    X, y = drawn(16, 2, seed)
    X[:, 1] = X[:, 1] > 0.4
    blocks = blocks_of(X, y)
    found = boot(blocks, replicates=60, seed=seed)
    assert "separated" in found.statuses
    expected = Counter()
    for number in range(60):
        weight = weights_of(blocks, number, seed)
        stay = weight > 0
        if len(np.unique(y[stay])) < 2:
            expected["one class"] += 1
            continue
        one = fit_blocks(blocks_of(X[stay], y[stay], weight[stay]), True, Settings())
        expected["aliased" if one.aliased else one.status] += 1
    assert found.statuses == dict(expected)


# --- what it tends to


@pytest.mark.parametrize("unit", ["row", "trial", "line"])
def test_each_sample_is_where_its_scores_put_it(unit):
    """theta_r - theta = H^-1 sum (k_i - 1) g_i, up to the order of 1/n: not chance, but Taylor."""
    n = 4000
    X, y = drawn(n, 2, 8)
    s = np.random.default_rng(2).integers(1, 4, n).astype(float)
    blocks = blocks_of(X, y, s)
    fit = fit_blocks(blocks, True, EXACT)
    found = bootstrap(blocks, fit, True, replicates=60, unit=unit)
    at = footing(blocks, fit, True)
    seen = score(Block(X, y, s, np.zeros(n), np.arange(n)), at)
    apart = []
    for number in range(60):
        change = weights_of(blocks, number, 0, unit) - s
        step = at.root @ (seen.whitened.T @ (change * seen.residual))
        _, coef = at.frame.in_units(step)
        apart.append(found.replicates[number, 1:] - found.params[1:] - coef)
    size = found.covariance.standard_errors[1:]
    relative = np.sqrt(np.mean(np.square(np.array(apart) / size)))
    assert relative < 3 * math.sqrt(3 / n)


@pytest.mark.parametrize(
    ("unit", "kind"), [("row", "HC0"), ("trial", "HC0"), ("line", "HC0"), ("cluster", "CR0")]
)
def test_the_covariance_tends_to_the_sandwich(unit, kind):
    """B samples of p normal numbers: tr(V^-1 V_B) has mean p and variance 2p/B.

    So tr / p is held within four of its standard errors, plus the 1/n (or 1/G) that samples of n
    units differ by: the estimates are curved functions of the weights.
    """
    n, B, p = 6000, 500, 3
    rng = np.random.default_rng(9)
    group = np.arange(n) // 15
    X = rng.normal(size=(n, 2)) + rng.normal(size=(n // 15, 2))[group]
    eta = X @ [0.5, -0.4] + 0.7 * rng.normal(size=n // 15)[group]
    y = (rng.random(n) < 1 / (1 + np.exp(-eta))).astype(float)
    s = rng.integers(1, 4, n).astype(float)
    blocks = blocks_of(X, y, s)
    fit = fit_blocks(blocks, True, EXACT)
    clusters = Clusters("group", lambda block: block.rows // 15) if unit == "cluster" else None
    counted = "row" if unit == "cluster" else unit
    found = bootstrap(blocks, fit, True, replicates=B, seed=1, unit=counted, clusters=clusters)
    if clusters is None:
        theirs = heteroskedastic(blocks, fit, True, kind, counted)
        units = n
    else:
        theirs = clustered(blocks, fit, True, kind, (clusters,))
        units = n // 15
        assert found.covariance.clusters == (("group", 400),)
        assert found.covariance.label == "cluster bootstrap, clusters of group (400)"
        # the errors by row would be far off: this is not a test that anything passes
        by_row = heteroskedastic(blocks, fit, True, "HC0").matrix
        assert np.trace(np.linalg.solve(by_row, found.covariance.matrix)) / p > 1.3
    ratio = np.linalg.solve(theirs.matrix, found.covariance.matrix)
    assert abs(np.trace(ratio) / p - 1) < 4 * math.sqrt(2 / (B * p)) + 10 / units
    # and every direction: the edges of the eigenvalues of such a ratio (Marchenko and Pastur 1967)
    edge = math.sqrt(p / B)
    eigenvalues = np.linalg.eigvals(ratio).real
    assert (1 - edge) ** 2 - 0.1 < eigenvalues.min() <= eigenvalues.max() < (1 + edge) ** 2 + 0.1
    assert found.covariance.kind == ("cluster bootstrap" if clusters else "bootstrap")


# --- samples without an estimate


@pytest.fixture(scope="module")
def endometrial_like():
    """One row of NV = 1 speaks against it: a sample without that row is separated."""
    rng = np.random.default_rng(4)
    n = 79
    nv = (np.arange(n) < 13).astype(float)
    pi = rng.normal(size=n)
    y = (rng.random(n) < 1 / (1 + np.exp(-pi + 0.3))).astype(float)
    y[:13] = 1.0
    y[0] = 0.0
    return blocks_of(np.column_stack([nv, pi]), y), np.column_stack([nv, pi]), y


def test_samples_that_separate_are_counted_and_their_ends_infinite(endometrial_like):
    blocks, X, y = endometrial_like
    found = boot(blocks, replicates=199, seed=3)
    gone = np.array([weights_of(blocks, r, 3)[0] == 0 for r in range(199)])
    assert found.statuses == {"proved": 199 - gone.sum(), "separated": gone.sum()}
    # a row is not drawn with probability 1/e
    assert abs(gone.mean() - math.exp(-1)) < 4 * math.sqrt(math.exp(-1) / 199)
    assert (found.replicates[gone, 1] == math.inf).all()
    assert np.isfinite(found.replicates[~gone]).all()
    # what stays finite is there, and is the limit's
    assert np.isfinite(found.replicates[gone][:, [0, 2]]).all()
    number = int(np.flatnonzero(gone)[0])
    weight = weights_of(blocks, number, 3)
    rest = (weight > 0) & (X[:, 0] == 0)
    limit = fit_blocks(blocks_of(X[rest, 1:], y[rest], weight[rest]), True, EXACT)
    np.testing.assert_allclose(
        found.replicates[number, [0, 2]], estimates(limit, True).params, rtol=1e-7
    )
    assert found.covariance.notes == (
        f"{gone.sum()} of 199 samples have no estimate ({gone.sum()} separated): the covariance is "
        "of the others and too small; the intervals count them as infinite",
    )
    assert np.isfinite(found.covariance.matrix).all()
    ends = percentile(found)
    assert ends[1, 1] == math.inf
    assert np.isfinite(ends[[0, 2]]).all()
    assert np.isfinite(ends[1, 0])
    # turned round, the infinite end is the lower one
    assert basic(found)[1, 0] == -math.inf
    assert math.isfinite(basic(found)[1, 1])


def test_samples_too_large_to_be_held_are_judged_by_reads(endometrial_like, monkeypatch):
    blocks, _, _ = endometrial_like
    held = boot(blocks, replicates=19, seed=3)
    monkeypatch.setattr(replicate_module, "_MOST_HELD", 0)
    read = boot(blocks, replicates=19, seed=3)
    assert held.statuses == read.statuses
    assert held.replicates.tobytes() == read.replicates.tobytes()
    assert read.reads > held.reads


def test_samples_that_lose_a_level_or_a_class():
    """A level of two rows, of either class: both drawn, one of them, or none."""
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=60), rng.integers(0, 2, 60).astype(float)
    level = np.zeros(60)
    level[:2], y[:2] = 1.0, [0.0, 1.0]
    blocks = blocks_of(np.column_stack([x, level]), y)
    found = boot(blocks, replicates=100, seed=1)
    in_it = np.array([(weights_of(blocks, r, 1)[:2] > 0).sum() for r in range(100)])
    assert found.statuses == {
        "separated": (in_it == 1).sum(),
        "proved": (in_it == 2).sum(),
        "aliased": (in_it == 0).sum(),
    }
    assert np.isnan(found.replicates[in_it == 0]).all()
    # what nothing is known of counts as infinite, both ways: no interval where many are so
    assert (percentile(found) == [-math.inf, math.inf]).all()
    assert "(" in found.covariance.notes[0]

    few = blocks_of(x[:12, None], np.r_[1.0, 0, 1, np.zeros(9)])
    found = boot(few, replicates=200, seed=1)
    none = [weights_of(few, r, 1)[[0, 2]].sum() == 0 for r in range(200)]
    assert found.statuses["one class"] == sum(none) > 10
    assert sum(found.statuses.values()) == 200


def test_a_sample_of_no_row_is_of_one_class():
    """Three rows without an intercept: none of them is drawn once in twenty times."""
    blocks = blocks_of([[1.0], [-0.9], [0.5]], [1.0, 1.0, 0.0])
    found = boot(blocks, intercept=False, replicates=100)
    empty = [not weights_of(blocks, r).any() for r in range(100)]
    assert sum(empty) > 0
    assert found.statuses["one class"] >= sum(empty)
    assert np.isnan(found.replicates[np.array(empty)]).all()


def test_fewer_than_two_estimates_make_no_covariance():
    blocks = blocks_of([[1.0], [-0.9], [0.5]], [1.0, 1.0, 0.0])
    seeds = (boot(blocks, intercept=False, replicates=2, seed=seed) for seed in range(50))
    found = next(one for one in seeds if one.statuses.get("proved", 0) == 0)
    assert np.isnan(found.covariance.matrix).all()
    assert found.distance == math.inf


# --- intervals


def made(replicates, params=(0.0,)) -> Bootstrap:
    nothing = Covariance("bootstrap", np.eye(1), np.eye(1), 1.0, 1.0)
    found = np.asarray(replicates, dtype=float).reshape(-1, 1)
    return Bootstrap(nothing, np.asarray(params), found, {}, 0.0, 0, 0)


def test_the_ends_are_samples_of_the_right_rank():
    found = made(np.random.default_rng(0).permutation(999.0 + np.arange(999)), [1500.0])
    # the 25th and the 975th of 999
    assert percentile(found).tolist() == [[999 + 24, 999 + 974]]
    assert basic(found).tolist() == [[3000 - 1973, 3000 - 1023]]
    assert percentile(found, 0.1).tolist() == [[999 + 49, 999 + 949]]
    between = percentile(made(np.arange(1.0, 100.0)), 0.05)
    np.testing.assert_allclose(between, [[2.5, 97.5]], rtol=1e-12)
    assert percentile(made(np.arange(1.0, 40.0)), 0.05).tolist() == [[1.0, 39.0]]


def test_infinite_and_unknown_samples_widen():
    values = np.arange(1.0, 1000.0)
    values[980:] = math.inf
    assert percentile(made(values)).tolist() == [[25.0, 975.0]]
    values[970:] = math.inf
    assert percentile(made(values)).tolist() == [[25.0, math.inf]]
    values[970:] = math.nan
    assert percentile(made(values)).tolist() == [[-math.inf, math.inf]]
    values = np.arange(1.0, 1000.0)
    values[990:] = math.nan
    # nine of them may lie on either side
    assert percentile(made(values)).tolist() == [[16.0, 975.0]]
    # between a finite neighbour and an infinite one there is nothing finite
    values = np.r_[np.arange(1.0, 98.0), math.inf, math.inf]
    assert percentile(made(values)).tolist() == [[2.5, math.inf]]
    values = np.r_[-math.inf, -math.inf, np.arange(1.0, 98.0)]
    assert percentile(made(values))[0, 0] == -math.inf


def test_intervals_beyond_the_samples_are_refused():
    with pytest.raises(UsageError, match=r"intervals of 95% from 38 samples .* Draw 39 or more"):
        percentile(made(np.arange(38.0)))
    with pytest.raises(UsageError, match=r"intervals of 99% from 100 samples .* Draw 199 or more"):
        basic(made(np.arange(100.0)), 0.01)
    for alpha in (0.0, 1.0, -0.5):
        with pytest.raises(UsageError, match=r"alpha=.* must lie between 0 and 1"):
            percentile(made(np.arange(99.0)), alpha)


# --- what is refused


def test_what_cannot_be_asked():
    X, y = drawn(60, 1)
    blocks = blocks_of(X, y)
    fit = fit_blocks(blocks, True, EXACT)
    for wrong in (1, 0, -3, 2.5, True, "many"):
        with pytest.raises(UsageError, match=r"replicates=.* whole number, 2 or more"):
            bootstrap(blocks, fit, True, replicates=wrong)
    for wrong in (-1, 0.5, None):
        with pytest.raises(UsageError, match=r"seed=.* whole number, 0 or more"):
            bootstrap(blocks, fit, True, seed=wrong)
    with pytest.raises(UsageError, match="unit 'case' was asked for"):
        bootstrap(blocks, fit, True, unit="case")
    with pytest.raises(UsageError, match="the bootstrap of a penalised fit"):
        bootstrap(blocks, fit_blocks(blocks, True, Settings(l2=1.0)), True)
    one = Clusters("id", lambda block: 0 * block.rows)
    with pytest.raises(ColumnError, match="'id' is to make the clusters and holds one value"):
        bootstrap(blocks, fit, True, clusters=one)
    assert bootstrap(blocks, fit, True, replicates=np.int64(3), seed=np.int64(2)).seed == 2


def test_fits_that_are_not_proved_are_refused():
    x = np.arange(20.0)[:, None]
    apart = blocks_of(x, x[:, 0] > 9.5)
    fit = fit_blocks(apart, True, EXACT)
    with pytest.raises(NotProvedError, match=r"a fit that is separated .* Use Firth's method"):
        bootstrap(apart, fit, True)
    X, y = drawn(60, 1)
    blocks = blocks_of(X, y)
    early = fit_blocks(blocks, True, Settings(max_steps=1))
    with pytest.raises(NotProvedError, match="a fit that is not converged"):
        bootstrap(blocks, early, True)


def test_a_seed_names_the_samples():
    X, y = drawn(100, 1)
    blocks = blocks_of(X, y)
    one, again, other = (boot(blocks, replicates=4, seed=s).replicates for s in (7, 7, 8))
    assert one.tobytes() == again.tobytes()
    assert not np.isin(one, other).any()
    assert replace(boot(blocks, replicates=4), reads=0).seed == 0
