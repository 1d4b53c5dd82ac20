"""Robust covariances: R's answers, a textbook's loops, the laws, and what is refused."""

from __future__ import annotations

import math
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from references.refdata import arr
from sigmoide.blocks.block import Block
from sigmoide.blocks.stream import streamed_blocks
from sigmoide.errors import ColumnError, DataError, FewClustersWarning, SigmoideWarning, UsageError
from sigmoide.fit.driver import fit_blocks
from sigmoide.inference import clusters as clusters_module
from sigmoide.inference.clustered import CR_KINDS, clustered, few_clusters
from sigmoide.inference.clusters import Clusters, clusters_of_source
from sigmoide.inference.robust import HC_KINDS, heteroskedastic
from sigmoide.results.covariance import estimates, fisher
from sigmoide.results.records import Covariance, Fit, Settings
from support.reference_sets import WITH_MLE, reference
from support.sandwiches import blocks_of, cr, hc, rows_of, with_ones

EXACT = Settings(tol=1e-10)
laws = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])


def drawn(n, d, seed=0, slope=0.6):
    """Return X and y that overlap."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    eta = X @ (slope * np.cos(np.arange(d))) - 0.3
    return X, (rng.random(n) < 1 / (1 + np.exp(-eta))).astype(float)


def fitted(blocks, intercept=True) -> Fit:
    return fit_blocks(blocks, intercept, EXACT)


def by(codes, name="id") -> Clusters:
    return clusters_of_source(name, np.asarray(codes, dtype=np.int64))


def close(found: Covariance, theirs: np.ndarray, relative: float) -> None:
    """Compare matrices in units of their standard errors."""
    size = np.sqrt(np.diag(theirs))
    assert np.max(np.abs(found.matrix - theirs) / np.outer(size, size)) <= relative
    np.testing.assert_allclose(found.standard_errors, size, rtol=relative)


# --- R's answers


@pytest.fixture(scope="module", params=WITH_MLE)
def reference_fit(request):
    ref = reference(request.param)
    X, y, s, rows = rows_of(ref)
    blocks = blocks_of(X, y, s, rows=rows)
    return ref, blocks, fitted(blocks)


@pytest.mark.parametrize("kind", HC_KINDS)
def test_hc_as_sandwich(reference_fit, kind):
    ref, blocks, fit = reference_fit
    theirs = arr(ref.ref["robust"][kind])
    found = heteroskedastic(blocks, fit, True, kind, "line")
    np.testing.assert_allclose(found.standard_errors, theirs, rtol=1e-8)
    assert (found.kind, found.notes, found.clusters) == (kind, (), ())
    assert found.n == len(ref.X)
    assert found.degrees == len(ref.X) - ref.X.shape[1]
    if ref.kind != "counts":
        # lines are rows, where no line was split into successes and failures
        same = heteroskedastic(blocks, fit, True, kind, "row")
        np.testing.assert_allclose(same.matrix, found.matrix, rtol=1e-12)


@pytest.mark.parametrize("kind", ["HC0", "HC1"])
def test_hc_of_single_trials_as_sandwich_on_repeated_rows(kind):
    ref = reference("esoph")
    X, y, s, rows = rows_of(ref)
    blocks = blocks_of(X, y, s, rows=rows)
    found = heteroskedastic(blocks, fitted(blocks), True, kind, "trial")
    theirs = arr(ref.ref["robust"][f"expanded_{kind}"])
    np.testing.assert_allclose(found.standard_errors, theirs, rtol=1e-8)
    assert found.n == 975


@pytest.mark.parametrize("kind", CR_KINDS)
def test_cr_as_sandwich(kind):
    ref = reference("infert")
    theirs = ref.ref["cluster_robust"]
    blocks = blocks_of(*rows_of(ref)[:3])
    found = clustered(blocks, fitted(blocks), True, kind, (by(ref.df[theirs["cluster"]]),))
    np.testing.assert_allclose(found.standard_errors, arr(theirs[kind]), rtol=1e-8)
    assert found.clusters == (("id", theirs["n_clusters"]),)
    assert found.degrees == theirs["n_clusters"] - 1
    assert found.label == f"{kind}, clusters of id (83)"


def test_lines_of_counts_are_clusters():
    """HC0 of lines is CR0 by line: the same sums by another road."""
    X, y, s, rows = rows_of(reference("esoph"))
    blocks = blocks_of(X, y, s, rows=rows)
    fit = fitted(blocks)
    lines = heteroskedastic(blocks, fit, True, "HC0", "line")
    one = clustered(blocks, fit, True, "CR0", (Clusters("line", lambda block: block.rows),))
    np.testing.assert_allclose(lines.matrix, one.matrix, rtol=1e-12)


# --- the textbook


@laws
@given(
    seed=st.integers(0, 10**6),
    n=st.integers(40, 120),
    d=st.integers(1, 3),
    kind=st.sampled_from(HC_KINDS),
    weighted=st.booleans(),
)
def test_hc_as_a_textbook_writes_it(seed, n, d, kind, weighted):
    X, y = drawn(n, d, seed)
    s = np.random.default_rng(seed).uniform(0.2, 3.0, n) if weighted else np.ones(n)
    blocks = blocks_of(X, y, s)
    fit = fitted(blocks)
    assume(fit.status == "proved")
    close(heteroskedastic(blocks, fit, True, kind), hc(with_ones(X), y, s, kind), 1e-8)


@laws
@given(
    seed=st.integers(0, 10**6),
    n=st.integers(40, 120),
    kind=st.sampled_from(CR_KINDS),
    groups=st.lists(st.integers(2, 60), min_size=1, max_size=2),
    spread=st.sampled_from([1, 10**9, 2**61]),
    few=st.booleans(),
)
def test_cr_as_a_textbook_writes_it(seed, n, kind, groups, spread, few):
    """Any codes, one column or two, whether sums are held at once or in many parts."""
    X, y = drawn(n, 2, seed)
    rng = np.random.default_rng(seed)
    s = rng.uniform(0.2, 3.0, n)
    codes = [rng.integers(0, g, n) for g in groups]
    assume(all(len(np.unique(c)) > 1 for c in codes))
    # large codes: some that fit together into a word, and some that do not
    shown = tuple(by(c * (spread // max(groups)) if spread > 1 else c) for c in codes)
    blocks = blocks_of(X, y, s, block_rows=32)
    fit = fitted(blocks)
    assume(fit.status == "proved")
    theirs = cr(with_ones(X), y, s, codes, kind)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clusters_module, "_MOST_NUMBERS", 40 if few else 1 << 21)
        before = blocks.reads
        found = clustered(blocks, fit, True, kind, shown)
        reads = blocks.reads - before
    size = np.sqrt(np.abs(np.diag(hc(with_ones(X), y, s, "HC0"))))
    assert np.max(np.abs(found.matrix - theirs) / np.outer(size, size)) <= 1e-8
    assert [count for _, count in found.clusters] == [len(np.unique(c)) for c in codes]
    assert reads == 2 or few


@given(
    seed=st.integers(0, 10**6),
    spread=st.sampled_from([1, 2**20, 2**33, 2**61]),
    low=st.sampled_from([0, -1, -(2**40)]),
)
def test_sums_and_keys_are_joined_as_if_they_were_sorted_together(seed, spread, low):
    """Codes that fit into half a word, into a word, and into none; missing ones, too."""
    rng = np.random.default_rng(seed)
    parts = []
    for _ in range(2):
        n = int(rng.integers(0, 30))
        parts.append((rng.integers(low, 6, (n, 2)) * spread, rng.normal(size=(n, 3))))
    apart = [clusters_module.summed(keys, scores) for keys, scores in parts]
    joined = apart[0] + apart[1]
    whole = clusters_module.summed(
        np.concatenate([one.keys for one in apart]), np.concatenate([one.scores for one in apart])
    )
    assert joined.keys.tobytes() == whole.keys.tobytes()
    assert joined.scores.tobytes() == whole.scores.tobytes()
    every = clusters_module._narrow(np.concatenate([keys for keys, _ in parts]))
    distinct = clusters_module._distinct(every)
    assert sorted(set(map(tuple, every.tolist()))) == list(map(tuple, distinct.tolist()))


def test_without_an_intercept():
    X, y = drawn(200, 3, 4)
    blocks = blocks_of(X, y)
    found = heteroskedastic(blocks, fitted(blocks, False), False, "HC3")
    close(found, hc(X, y, np.ones(200), "HC3"), 1e-8)


def test_aliased_columns_are_left_out():
    X, y = drawn(150, 2, 1)
    blocks = blocks_of(np.column_stack([X[:, 0], X[:, 0], X[:, 1]]), y)
    fit = fitted(blocks)
    assert len(fit.aliased) == 1
    close(heteroskedastic(blocks, fit, True, "HC2"), hc(with_ones(X), y, np.ones(150), "HC2"), 1e-8)


def test_offsets_count():
    """An offset that is a column's share of eta leaves the others' scores what they were."""
    X, y = drawn(300, 2, 2)
    blocks = blocks_of(X, y)
    fit = fitted(blocks)
    w = fit.coefficients.coef
    moved = blocks_of(X, y, offset=X @ (0.5 * w))
    again = fitted(moved)
    np.testing.assert_allclose(again.coefficients.coef, 0.5 * w, rtol=1e-8)
    for kind in HC_KINDS:
        one, other = (
            heteroskedastic(*pair, True, kind) for pair in ((blocks, fit), (moved, again))
        )
        np.testing.assert_allclose(one.matrix, other.matrix, rtol=1e-8)


# --- laws


def every(blocks, fit, codes, unit="row"):
    """Return all covariances, by name."""
    found = {k: heteroskedastic(blocks, fit, True, k, unit) for k in HC_KINDS}
    for kind in CR_KINDS:
        found[kind] = clustered(blocks, fit, True, kind, (by(codes),), unit)
    found["two"] = clustered(blocks, fit, True, "CR1", (by(codes), by(codes % 5, "b")), unit)
    return found


@laws
@given(seed=st.integers(0, 10**6), most=st.integers(1, 6))
def test_frequency_is_repetition(seed, most):
    X, y = drawn(80, 2, seed)
    rng = np.random.default_rng(seed)
    f = rng.integers(1, most + 1, 80)
    codes, again = rng.integers(0, 12, 80), np.repeat(np.arange(80), f)
    one, other = blocks_of(X, y, f), blocks_of(X[again], y[again])
    fits = fitted(one), fitted(other)
    assume(fits[0].status == "proved")
    shown = every(one, fits[0], codes, "trial"), every(other, fits[1], codes[again])
    for kind, found in shown[0].items():
        theirs = shown[1][kind]
        np.testing.assert_allclose(found.matrix, theirs.matrix, rtol=1e-7, atol=1e-12)
        assert (found.n, found.degrees, found.clusters) == (
            theirs.n,
            theirs.degrees,
            theirs.clusters,
        )
    ours, theirs = fisher(fits[0], True, counts=True), fisher(fits[1], True, counts=False)
    np.testing.assert_allclose(ours.matrix, theirs.matrix, rtol=1e-7, atol=1e-12)
    assert ours.n == theirs.n == f.sum()


@pytest.mark.parametrize("times", [2, 5])
def test_hc0_of_data_taken_several_times_is_so_many_times_less(times):
    X, y = drawn(150, 3, 8)
    one, other = blocks_of(X, y), blocks_of(np.tile(X, (times, 1)), np.tile(y, times))
    less, more = (heteroskedastic(b, fitted(b), True, "HC0").matrix for b in (other, one))
    np.testing.assert_allclose(times * less, more, rtol=1e-9)
    # and taking each row for a cluster of its copies takes that back
    codes = np.tile(np.arange(150), times)
    clusters = clustered(other, fitted(other), True, "CR0", (by(codes),))
    np.testing.assert_allclose(clusters.matrix, more, rtol=1e-9)


@pytest.mark.parametrize("scale", [1e-6, 3.0, 1e9])
def test_the_scale_of_weights_does_not_matter(scale):
    """What the Fisher errors lack: weights times ten are not ten times the data."""
    X, y = drawn(200, 2, 3)
    s = np.random.default_rng(3).uniform(0.5, 2.0, 200)
    one, other = blocks_of(X, y, s), blocks_of(X, y, scale * s)
    fits = fitted(one), fitted(other)
    codes = np.arange(200) % 20
    for kind, found in every(one, fits[0], codes).items():
        theirs = every(other, fits[1], codes)[kind]
        np.testing.assert_allclose(found.matrix, theirs.matrix, rtol=1e-8, atol=1e-13)
    plain = [fisher(fit, True, counts=False).matrix for fit in fits]
    np.testing.assert_allclose(plain[0], scale * plain[1], rtol=1e-8)


def test_clusters_of_one_row_are_no_clusters():
    X, y = drawn(130, 2, 5)
    blocks = blocks_of(X, y, np.random.default_rng(0).uniform(0.5, 2.0, 130))
    fit = fitted(blocks)
    codes = np.random.default_rng(1).permutation(130)
    hc0, hc1 = (heteroskedastic(blocks, fit, True, k).matrix for k in ("HC0", "HC1"))
    cr0, cr_g, cr1 = (clustered(blocks, fit, True, k, (by(codes),)).matrix for k in CR_KINDS)
    np.testing.assert_allclose(cr0, hc0, rtol=1e-12)
    np.testing.assert_allclose(cr_g, hc0 * 130 / 129, rtol=1e-12)
    np.testing.assert_allclose(cr1, hc1 * 130 / 129 * 129 / 130, rtol=1e-12)


@laws
@given(seed=st.integers(0, 10**6), kind=st.sampled_from(CR_KINDS))
def test_what_clusters_are_called_does_not_matter(seed, kind):
    X, y = drawn(90, 2, 6)
    blocks = blocks_of(X, y, block_rows=32)
    fit = fitted(blocks)
    rng = np.random.default_rng(seed)
    codes, other = rng.integers(0, 15, 90), rng.integers(0, 4, 90)
    assume(len(np.unique(codes)) > 1 and len(np.unique(other)) > 1)
    names = rng.choice(2**62, size=15, replace=False)
    for columns in ((codes,), (codes, other), (other, codes)):
        shown = tuple(by(c) for c in columns)
        renamed = tuple(by(names[c]) for c in columns)
        one, two = (clustered(blocks, fit, True, kind, c).matrix for c in (shown, renamed))
        np.testing.assert_allclose(one, two, rtol=1e-9, atol=1e-13)
    both = [
        clustered(blocks, fit, True, kind, (by(a), by(b))).matrix
        for a, b in ((codes, other), (other, codes))
    ]
    np.testing.assert_allclose(*both, rtol=1e-9, atol=1e-13)


def test_clusters_inside_others_leave_the_others_errors():
    X, y = drawn(200, 2, 7)
    blocks = blocks_of(X, y)
    fit = fitted(blocks)
    inner = np.random.default_rng(2).integers(0, 40, 200)
    both = clustered(blocks, fit, True, "CR1", (by(inner), by(inner % 8, "outer")))
    outer = clustered(blocks, fit, True, "CR1", (by(inner % 8, "outer"),))
    np.testing.assert_allclose(both.matrix, outer.matrix, rtol=1e-9)
    assert both.degrees == 7


@pytest.mark.parametrize(("shift", "power"), [(1_700_000_000.0, 0), (0.0, 60), (4096.0, -60)])
def test_units_and_origins_of_columns_do_not_matter(shift, power):
    """Among them the timestamps that cost others every digit."""
    X, y = drawn(400, 3, 9)
    X = np.round(X * 2**12) / 2**12
    codes = np.arange(400) % 30
    moved = X.copy()
    moved[:, 1] = np.ldexp(X[:, 1] + shift, power)
    one, other = blocks_of(X, y), blocks_of(moved, y)
    fits = fitted(one), fitted(other)
    shown = every(one, fits[0], codes), every(other, fits[1], codes)
    unit = np.ldexp(np.ones(3), np.array([0, power, 0]))
    # the centres differ by the rounding of one of them: what is the same is every row's eta
    rows = [
        np.column_stack([np.ones(400), blocks_X - fit.coefficients.centre])
        for blocks_X, fit in zip((X, moved), fits, strict=True)
    ]
    for kind, found in shown[0].items():
        theirs = shown[1][kind]
        slopes = theirs.matrix[1:, 1:] * np.outer(unit, unit)
        np.testing.assert_allclose(found.matrix[1:, 1:], slopes, rtol=1e-8, atol=1e-14)
        of_rows = [
            np.einsum("ij,jk,ik->i", Z, c.central, Z)
            for Z, c in zip(rows, (found, theirs), strict=True)
        ]
        np.testing.assert_allclose(*of_rows, rtol=1e-8)


def test_nearly_aliased_columns_keep_their_digits():
    """Two columns that agree to three digits lose no more than the condition of H takes.

    V is H^-1 B H^-1: twice the relative error of H^-1, which is cond(H) times that of H. A weight
    that is rounded moves H by no more than its share, and what remains are the roundings of sums of
    n products: sqrt(n) u |Z|'W|Z| if they are not all in one direction (Higham and Mary 2019,
    "A new approach to probabilistic rounding error analysis"), of a norm up to p times that of H.
    H is that of the fit's frame, in which columns are centred and of a deviation near 1.
    """
    X, y = drawn(500, 2, 10)
    X = np.round(X * 2**20) / 2**20
    near = np.column_stack([X[:, 0], X[:, 0] + 2.0**-10 * X[:, 1]])
    T = np.array([[1.0, 0, 0], [0, 1.0, -(2.0**10)], [0, 0, 2.0**10]])
    one, other = blocks_of(X, y), blocks_of(near, y)
    fits = fitted(one), fitted(other)
    assert fits[1].status == "proved"
    n, p = len(y), 3
    eta = with_ones(near) @ estimates(fits[1], True).params
    root = np.exp(eta / 2.0) / (1.0 + np.exp(eta))
    Z = with_ones((near - near.mean(axis=0)) / near.std(axis=0))
    condition = np.linalg.cond(Z * root[:, None]) ** 2
    bound = 2.0 * condition * p * math.sqrt(n) * 2.0**-53
    assert bound < 1e-7
    for kind in HC_KINDS:
        ours = heteroskedastic(other, fits[1], True, kind)
        close(ours, T @ heteroskedastic(one, fits[0], True, kind).matrix @ T.T, bound)


# --- any size


@pytest.mark.parametrize("name", ["birthwt", "infert", "esoph"])
def test_blocks_of_one_seven_and_all_rows_agree(name):
    X, y, s, rows = rows_of(reference(name))
    codes = np.arange(rows[-1] + 1) % 13
    # esoph's largest leverage is well below 1
    ways = {
        size: every(blocks, fitted(blocks), codes, "line")
        for size in (1, 7, None)
        for blocks in [blocks_of(X, y, s, rows=rows, block_rows=size)]
    }
    for kind, found in ways[None].items():
        size = found.standard_errors if kind != "two" else ways[None]["HC0"].standard_errors
        for other in (1, 7):
            apart = np.abs(ways[other][kind].matrix - found.matrix) / np.outer(size, size)
            assert np.max(apart) <= 1e-10, (kind, other)


def test_the_same_bits_for_any_number_of_threads():
    X, y = drawn(5000, 4, 11)
    codes = np.random.default_rng(0).integers(0, 300, 5000)
    shown = []
    for threads in (1, 2, 5):
        blocks = blocks_of(X, y, block_rows=128, threads=threads)
        shown.append(every(blocks, fitted(blocks), codes))
    for found in shown[1:]:
        for kind in found:
            assert found[kind].matrix.tobytes() == shown[0][kind].matrix.tobytes()


class Endless:
    """A loader that makes its rows up as they are asked for: nothing of it is in memory."""

    def __init__(self, n: int, d: int) -> None:
        self.n_rows, self._d = n, d

    def rows(self, low, high):
        rng = np.random.default_rng(low)
        X = rng.normal(size=(high - low, self._d))
        y = (rng.random(high - low) < 1 / (1 + np.exp(-0.4 * X[:, 0]))).astype(float)
        ones = np.ones(high - low)
        return Block(X, y, ones, 0 * ones, np.arange(low, high))

    def counts(self, block_rows):
        starts = range(0, self.n_rows, block_rows)
        kept = [min(block_rows, self.n_rows - s) for s in starts]
        events = [int(self.rows(s, s + k).y.sum()) for s, k in zip(starts, kept, strict=True)]
        return np.array(kept), np.array(events)


def peak(compute) -> int:
    tracemalloc.start()
    try:
        compute()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_rows():
    peaks = {}
    for n in (40_000, 160_000):
        blocks = streamed_blocks(Endless(n, 5), tuple("abcde"), block_rows=1024, threads=1)
        fit = fit_blocks(blocks, True, Settings())
        twenty = Clusters("twenty", lambda block: block.rows % 20)
        five = Clusters("five", lambda block: block.rows // 100 % 5)
        single = Clusters("single", lambda block: block.rows)
        asked = {
            "HC3": lambda: heteroskedastic(blocks, fit, True, "HC3"),  # noqa: B023
            "one": lambda: clustered(blocks, fit, True, "CR1", (twenty,)),  # noqa: B023
            "two": lambda: clustered(blocks, fit, True, "CR1", (twenty, five)),  # noqa: B023
            "rows": lambda: clustered(blocks, fit, True, "CR1", (single,)),  # noqa: B023
        }
        peaks[n] = {name: peak(compute) for name, compute in asked.items()}
    for name in ("HC3", "one", "two"):
        # one number a row would be eight bytes
        assert peaks[160_000][name] - peaks[40_000][name] < 0.5 * (160_000 - 40_000)
    # as many clusters as rows: their names are held, a few times over, and never their scores
    assert peaks[160_000]["rows"] <= 160_000 * 8 * 8


def test_a_fit_without_standard_errors_gets_its_hessian_read():
    X, y = drawn(300, 3, 12)
    blocks = blocks_of(X, y)
    fit = fit_blocks(blocks, True, Settings(inference=False, tol=1e-10))
    assert fit.coefficients.covariance is None
    close(heteroskedastic(blocks, fit, True, "HC3"), hc(with_ones(X), y, np.ones(300), "HC3"), 1e-8)


def test_a_covariance_that_lost_its_digits_is_computed_anew():
    X, y = drawn(300, 2, 13)
    blocks = blocks_of(X, y)
    fit = fitted(blocks)
    spoilt = fit.coefficients.covariance.copy()
    spoilt[0, 1] = spoilt[1, 0] = 2 * np.sqrt(spoilt[0, 0] * spoilt[1, 1])
    broken = replace(fit, coefficients=replace(fit.coefficients, covariance=spoilt))
    one, other = (heteroskedastic(blocks, f, True, "HC2").matrix for f in (fit, broken))
    np.testing.assert_allclose(one, other, rtol=1e-9)


def test_one_read_or_two():
    X, y = drawn(300, 2, 14)
    blocks = blocks_of(X, y, block_rows=64)
    fit = fitted(blocks)
    for kind in HC_KINDS:
        before = blocks.reads
        heteroskedastic(blocks, fit, True, kind)
        assert blocks.reads - before == 1
    for columns in ((by(np.arange(300) % 9),), (by(np.arange(300) % 9), by(np.arange(300) % 7))):
        before = blocks.reads
        clustered(blocks, fit, True, "CR1", columns)
        assert blocks.reads - before == 2


def test_errors_of_predictions_come_from_the_centre():
    """Near the centre of timestamps the user's matrix has no digits left; ``central`` has them."""
    X, y = drawn(400, 1, 15)
    X = np.round(X * 2**10) / 2**10
    far = 2.0**31
    plain, moved = blocks_of(X, y), blocks_of(X + far, y)
    fits = fitted(plain), fitted(moved)
    shown = [heteroskedastic(b, f, True, "HC1") for b, f in zip((plain, moved), fits, strict=True)]
    for at in (-1.0, 0.0, 2.0):
        there = [
            np.array([1.0, at + shift - f.coefficients.centre[0]])
            for f, shift in zip(fits, (0.0, far), strict=True)
        ]
        one, other = (z @ c.central @ z for z, c in zip(there, shown, strict=True))
        assert one == pytest.approx(other, rel=1e-8)
        assert one == pytest.approx([1.0, at] @ shown[0].matrix @ [1.0, at], rel=1e-8)


# --- separation


@pytest.fixture(params=[1.0, 1e8])
def m2(request):
    """Measured: y is always 1 where g is 1; others print a robust error of 0.235 and p = 0."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=200)
    g = (np.arange(200) % 20 == 0).astype(float)
    y = np.where(g == 1, 1.0, rng.random(200) < 1 / (1 + np.exp(-0.5 * x)))
    return x, g * request.param, y


@pytest.mark.parametrize("kind", HC_KINDS + CR_KINDS)
def test_infinite_coefficients_have_no_robust_errors(m2, kind):
    x, g, y = m2
    blocks = blocks_of(np.column_stack([x, g]), y)
    fit = fitted(blocks)
    assert fit.status == "separated"
    stay = g == 0
    rest = blocks_of(x[stay, None], y[stay], rows=np.flatnonzero(stay))
    limit = fitted(rest)
    codes = np.arange(200) % 15
    if kind in HC_KINDS:
        found = heteroskedastic(blocks, fit, True, kind)
        theirs = heteroskedastic(rest, limit, True, kind).matrix
        # n and p are those of the model: what its errors tend to as g's coefficient grows
        n, p, few, q = 200, 3, stay.sum(), 2
        theirs *= (n / (n - p)) / (few / (few - q)) if kind == "HC1" else 1.0
    else:
        found = clustered(blocks, fit, True, kind, (by(codes),))
        theirs = clustered(rest, limit, True, kind, (by(codes),)).matrix
        few = stay.sum()
        theirs *= (199 / 197) / ((few - 1) / (few - 2)) if kind == "CR1" else 1.0
        assert found.clusters == (("id", 15),)
    np.testing.assert_allclose(found.matrix[:2, :2], theirs, rtol=1e-8)
    assert np.isnan(found.matrix[2]).all()
    assert np.isnan(found.matrix[:, 2]).all()
    assert np.isnan(found.standard_errors[2])
    assert found.n == 200
    (note,) = found.notes
    assert note.startswith(f"{kind} errors of x1 are withheld: infinite coefficients have none")


def test_the_limit_is_what_the_errors_tend_to(m2):
    """With one row against, ever lighter, g's coefficient grows and the others' errors settle."""
    x, g, y = m2
    X = np.column_stack([x, g / g.max()])
    blocks = blocks_of(X, y)
    limit = heteroskedastic(blocks, fitted(blocks), True, "HC0").matrix[:2, :2]
    first = int(np.flatnonzero(g)[0])
    apart = []
    for light in (1e-2, 1e-4, 1e-6):
        added = blocks_of(np.vstack([X, X[first]]), np.r_[y, 0.0], np.r_[np.ones(200), light])
        found = heteroskedastic(added, fitted(added), True, "HC0").matrix[:2, :2]
        apart.append(np.max(np.abs(found - limit)) / np.max(np.abs(limit)))
    assert apart[2] < 1e-3 * apart[0] < 1e-3


def test_completely_separated_classes_have_no_errors_at_all():
    x = np.arange(20.0)
    blocks = blocks_of(x[:, None], x > 9.5)
    fit = fitted(blocks)
    for found in (
        heteroskedastic(blocks, fit, True, "HC1"),
        clustered(blocks, fit, True, "CR1", (by(x // 2),)),
    ):
        assert np.isnan(found.matrix).all()
        assert np.isnan(found.central).all()
        assert found.notes[0].endswith("the classes are separated and nothing finite is left")
        assert found.n == 20


def test_lines_are_counted_among_all_rows_under_separation():
    """A line of successes only, in a group of its own: infinite; the other lines stay."""
    s, f = np.array([9.0, 5, 3, 4]), np.array([4.0, 6, 8, 0])
    X = np.array([[0.0, 0], [1, 0], [2, 0], [0, 1]])
    rows = np.repeat(np.arange(4), 2)
    y, w, XX = np.tile([1.0, 0.0], 4), np.column_stack([s, f]).ravel(), np.repeat(X, 2, axis=0)
    k = w > 0
    blocks = blocks_of(XX[k], y[k], w[k], rows=rows[k])
    fit = fitted(blocks)
    assert fit.status == "separated"
    found = heteroskedastic(blocks, fit, True, "HC1", "line")
    assert found.n == 4
    assert found.degrees == 1
    assert np.isfinite(found.standard_errors[:2]).all()


def test_a_fit_that_is_not_proved_has_no_errors():
    X, y = drawn(100, 2, 16)
    blocks = blocks_of(X, y)
    fit = fit_blocks(blocks, True, Settings(max_steps=1))
    assert fit.status == "not converged"
    found = heteroskedastic(blocks, fit, True, "HC0")
    assert np.isnan(found.matrix).all()
    assert found.notes == ("HC0 errors are withheld: the fit is not proved to be the maximum",)


# --- what errors cannot be had


def saturated():
    """Return lines of which each has a coefficient of its own."""
    X = np.repeat([[0.0, 0], [1, 0], [0, 1]], 2, axis=0)
    return blocks_of(X, [1, 0] * 3, [3, 5, 4, 4, 6, 1], rows=np.repeat(np.arange(3), 2))


@pytest.mark.parametrize("kind", ["HC2", "HC3"])
def test_a_leverage_of_one_is_no_divisor(kind):
    blocks = saturated()
    fit = fitted(blocks)
    found = heteroskedastic(blocks, fit, True, kind, "line")
    assert np.isnan(found.matrix).all()
    assert found.notes == (
        f"{kind} errors are withheld: row 0 (counted from 0) and 2 more have a leverage of 1, and "
        "the divisor is 1 - leverage. HC1 has another",
    )
    # as single trials the same rows have other leverages
    assert heteroskedastic(blocks, fit, True, kind, "trial").notes == ()


def test_as_many_lines_as_coefficients_leave_no_divisor():
    blocks = saturated()
    fit = fitted(blocks)
    found = heteroskedastic(blocks, fit, True, "HC1", "line")
    assert np.isnan(found.matrix).all()
    assert found.notes == ("HC1 errors are withheld: 3 observations leave n - 3 no divisor",)
    found = clustered(blocks, fit, True, "CR1", (by([0, 0, 1]),), "line")
    assert np.isnan(found.matrix).all()
    assert "CR1 errors are withheld: 3 observations leave n - 3 no divisor" in found.notes


def test_few_clusters_are_warned_of():
    X, y = drawn(200, 3, 17)
    blocks = blocks_of(X, y)
    fit = fitted(blocks)
    found = clustered(blocks, fit, True, "CR1", (by(np.arange(200) % 3, "ward"),))
    assert few_clusters(found).startswith(
        "4 coefficients have errors by clusters, of which 'ward' makes 3: the covariance is "
        "singular"
    )
    assert found.notes == (
        "few clusters (3 of ward) for 4 coefficients: the covariance is singular",
    )
    # singular it is, and so it is with as many clusters as coefficients: the scores add up to 0
    for groups in (3, 4):
        matrix = clustered(blocks, fit, True, "CR0", (by(np.arange(200) % groups),)).central
        size = np.sqrt(np.diag(matrix))
        eigenvalues = np.linalg.eigvalsh(matrix / np.outer(size, size))
        assert (eigenvalues < 1e-10).sum() == 4 - (groups - 1)
    enough = clustered(blocks, fit, True, "CR1", (by(np.arange(200) % 5),))
    assert few_clusters(enough) == ""
    assert enough.notes == ()
    assert few_clusters(heteroskedastic(blocks, fit, True, "HC0")) == ""
    assert issubclass(FewClustersWarning, SigmoideWarning)


def test_two_columns_need_not_make_a_covariance():
    """Every pair once: V_12 is HC0, which may be more than both of the others."""
    for seed in range(200):
        X, y = drawn(36, 1, seed)
        blocks = blocks_of(X, y)
        fit = fitted(blocks)
        columns = (by(np.arange(36) // 6, "firm"), by(np.arange(36) % 6, "year"))
        found = clustered(blocks, fit, True, "CR0", columns)
        lowest = np.linalg.eigvalsh(found.central)[0]
        noted = [note for note in found.notes if "positive semidefinite" in note]
        assert bool(noted) == (lowest < 0)
        bad = np.diag(found.matrix) < 0
        assert np.isnan(found.standard_errors[bad]).all()
        assert np.isfinite(found.standard_errors[~bad]).all()
        if bad.any():
            return
    raise AssertionError("no negative variance was met")


def test_penalised_fits_are_refused():
    X, y = drawn(100, 2)
    blocks = blocks_of(X, y)
    fit = fit_blocks(blocks, True, Settings(l2=1.0))
    with pytest.raises(UsageError, match=r"covariance HC1 of a penalised fit .* Fit without a pen"):
        heteroskedastic(blocks, fit, True, "HC1")
    with pytest.raises(UsageError, match="covariance CR1 of a penalised fit"):
        clustered(blocks, fit, True, "CR1", (by(np.arange(100)),))


def test_other_rows_than_those_of_the_fit_are_refused():
    X, y = drawn(100, 2)
    fit = fitted(blocks_of(X, y))
    fewer, turned = blocks_of(X[:90], y[:90]), blocks_of(X, 1 - y)
    message = r"over 90 rows of log-likelihood -[\d.]+; the fit was of 100 rows .* give the data of"
    with pytest.raises(DataError, match=message):
        heteroskedastic(fewer, fit, True, "HC0")
    with pytest.raises(DataError, match="over 100 rows of log-likelihood"):
        heteroskedastic(turned, fit, True, "HC0")
    with pytest.raises(DataError, match="over 100 rows of log-likelihood"):
        clustered(turned, fit, True, "CR0", (by(np.arange(100) % 9),))


def test_unknown_words_are_refused():
    X, y = drawn(50, 1)
    blocks = blocks_of(X, y)
    fit = fitted(blocks)
    with pytest.raises(
        UsageError, match="the kind of errors 'HC9' was asked for; it is one of HC0"
    ):
        heteroskedastic(blocks, fit, True, "HC9")
    with pytest.raises(
        UsageError, match="unit 'rows' was asked for; it is one of row, trial, line"
    ):
        heteroskedastic(blocks, fit, True, "HC0", "rows")
    with pytest.raises(
        UsageError, match="the kind of errors 'CR2' was asked for; it is one of CR0"
    ):
        clustered(blocks, fit, True, "CR2", (by(y),))
    with pytest.raises(UsageError, match="unit 'all'"):
        clustered(blocks, fit, True, "CR0", (by(y),), "all")
    for columns in ((), (by(y),) * 3):
        with pytest.raises(UsageError, match=f"clusters by {len(columns)} columns were asked for"):
            clustered(blocks, fit, True, "CR0", columns)


def test_clusters_that_make_no_sense_are_refused():
    X, y = drawn(50, 1)
    blocks = blocks_of(X, y, block_rows=8)
    fit = fitted(blocks)
    with pytest.raises(ColumnError, match=r"'id' is to make the clusters and holds one value only"):
        clustered(blocks, fit, True, "CR1", (by(np.zeros(50)),))
    codes = np.arange(50)
    codes[[19, 33]] = -1
    message = (
        r"'id' is to make the clusters and misses a value in row 19 \(counted from 0\) \(2 such"
    )
    with pytest.raises(ColumnError, match=message):
        clustered(blocks, fit, True, "CR1", (by(codes),))
    with pytest.raises(ColumnError, match="column 'b' is to make"):
        clustered(blocks, fit, True, "CR1", (by(np.arange(50)), by(codes, "b")))


# --- the record


def test_what_a_table_says_of_them():
    X, y = drawn(1500, 1)
    blocks = blocks_of(X, y)
    fit = fitted(blocks)
    plain = fisher(fit, True, counts=False)
    assert (plain.label, plain.n, plain.degrees, plain.notes) == ("Fisher", 1500, 1498, ())
    np.testing.assert_array_equal(plain.matrix, estimates(fit, True).covariance)
    np.testing.assert_array_equal(plain.central, fit.coefficients.covariance)
    columns = (by(np.arange(1500), "person"), by(np.arange(1500) % 8, "day"))
    both = clustered(blocks, fit, True, "CR1", columns)
    assert both.label == "CR1, clusters of person (1,500) and day (8)"
    assert not math.isnan(both.degrees)
    assert both.degrees == 7
