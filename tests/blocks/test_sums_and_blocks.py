"""Blocks add up in one order: the bits rest on the rows and the blocks, on nothing else."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import cholesky
from threadpoolctl import threadpool_info, threadpool_limits

from sigmoide.blocks.arrays import rows_per_block
from sigmoide.blocks.block import Block, depth, tree_sum
from sigmoide.blocks.blocks import Blocks, array_blocks
from sigmoide.blocks.moments import Moments, moments
from sigmoide.blocks.threads import added
from sigmoide.blocks.views import reweighted, some_columns
from sigmoide.fit.driver import fit_blocks
from sigmoide.kernels import reference
from sigmoide.problem.frame import Frame, frame_of
from sigmoide.proof.full_hessian import prove
from sigmoide.results.records import Fit, Settings
from sigmoide.solver.aliasing import triangle
from sigmoide.solver.choose import Plan, plan
from support.problems import Problem, columns, ordinary, problem, weights, whole_block

# --- the tree


@dataclass(frozen=True)
class Tree:
    """A sum that remembers how it was made: first and last part, and the deepest part."""

    first: int
    last: int
    deepest: int
    shape: str

    def __add__(self, other: Tree) -> Tree:
        assert other.first == self.last + 1, "parts are added to their neighbours, in order"
        return Tree(
            self.first,
            other.last,
            1 + max(self.deepest, other.deepest),
            f"({self.shape}+{other.shape})",
        )


def leaf(number: int) -> Tree:
    return Tree(number, number, 0, str(number))


def tree_of(count: int) -> Tree:
    return tree_sum(map(leaf, range(count)))


@given(st.integers(1, 200), st.integers(1, 5), st.randoms())
def test_threads_add_in_the_same_tree_whoever_is_first(count, threads, random):
    waits = [random.choice((0.0, 0.0, 1e-4)) for _ in range(count)]

    def late(number):
        time.sleep(waits[number])
        return leaf(number)

    assert added(late, count, threads) == tree_of(count)


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_what_a_block_raises_ends_the_sum_and_leaves_nothing_running(threads):
    begun, ended = [], []

    def fails(number):
        begun.append(number)
        if number == 5:
            raise ZeroDivisionError
        time.sleep(1e-3)
        ended.append(number)
        return leaf(number)

    with pytest.raises(ZeroDivisionError):
        added(fails, 1000, threads)
    assert len(begun) == len(ended) + 1
    assert len(begun) < 100


def test_few_sums_are_held():
    held = most = 0

    class Held:
        def __init__(self):
            nonlocal held, most
            held += 1
            most = max(most, held)

        def __add__(self, other):
            return Held()

        def __del__(self):
            nonlocal held
            held -= 1

    added(lambda number: Held(), 4096, 2)
    assert most < 40


@given(st.integers(1, 3000))
def test_every_part_is_added_once_in_order_and_no_deeper_than_promised(count):
    tree = tree_of(count)
    assert (tree.first, tree.last) == (0, count - 1)
    assert tree.deepest <= depth(count)


def test_the_tree_is_balanced():
    assert tree_of(1).shape == "0"
    assert tree_of(4).shape == "((0+1)+(2+3))"
    assert tree_of(7).shape == "(((0+1)+(2+3))+((4+5)+6))"
    for power in range(12):
        assert tree_of(2**power).deepest == power
    assert max(tree_of(k).deepest - math.ceil(math.log2(k)) for k in range(2, 500)) <= 1


def test_no_part_has_no_sum():
    with pytest.raises(ValueError, match="no blocks"):
        tree_sum([])


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=400))
def test_the_rounding_of_a_sum_grows_with_the_depth(values):
    exactly = math.fsum(values)
    bound = depth(len(values)) * np.finfo(np.float64).eps / 2 * math.fsum(map(abs, values))
    assert abs(tree_sum(values) - exactly) <= bound * (1 + 1e-9) + 5e-324


def test_few_parts_are_held_at_once():
    """A sum over a million parts holds no more of them than the logarithm of their number."""
    alive = most = 0

    class Part:
        def __init__(self) -> None:
            nonlocal alive, most
            alive += 1
            most = max(most, alive)

        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

        def __add__(self, other: Part) -> Part:
            return Part()

    tree_sum(Part() for _ in range(20_000))
    assert most <= depth(20_000) + 3


# --- bits


def bits(record: object) -> list[bytes]:
    """Return the bytes of every number of a record."""
    if isinstance(record, reference.Local):
        return [*bits(record.slope), record.hessian.tobytes()]
    if isinstance(record, Moments | reference.Slope | reference.CertificateSums | reference.Extent):
        parts = [getattr(record, f.name) for f in fields(record)]
    elif isinstance(record, Fit):
        c, proof = record.coefficients, record.certificate
        covariance = np.empty(0) if c.covariance is None else c.covariance
        parts = [c.coef, c.centre, c.intercept, covariance, record.totals.loglik]
        parts += [proof.delta, proof.gap, proof.distance, proof.radius, proof.rounding]
    else:
        parts = [record]
    return [np.asarray(part).tobytes() for part in parts]


def many_blocks() -> Problem:
    rng = np.random.default_rng(1)
    n = 5000
    p = ordinary(rng, n, 4)
    X = p.X * [1.0, 1e-6, 1e6, 1.0] + [0.0, 5.0, 1e9, 0.0]
    return problem(X, p.y, 10.0 ** rng.uniform(-3.0, 3.0, n), rng.normal(size=n))


def reductions(p: Problem) -> list:
    frame = p.frame()
    theta = np.random.default_rng(2).normal(size=frame.size)
    H = np.cov(np.random.default_rng(3).normal(size=(frame.size, 50)))
    extent = partial(
        reference.extent,
        frame=frame,
        lower=cholesky(H, lower=True),
        scale=np.ones(frame.size),
        deviation=np.ones(frame.size),
    )
    return [
        moments,
        partial(reference.local, frame=frame, theta=theta),
        partial(reference.evidence, frame=frame, theta=theta),
        extent,
    ]


@pytest.mark.parametrize("block_rows", [1, 97, 4096, None])
@pytest.mark.parametrize("which", range(4), ids=["moments", "local", "evidence", "extent"])
def test_a_reduction_has_the_same_bits_for_any_number_of_threads(which, block_rows):
    p = many_blocks()
    if block_rows == 1:
        p = Problem(p.X[:300], p.y[:300], p.weight[:300], p.offset[:300], p.alpha)
    fn = reductions(p)[which]
    one = bits(p.blocks(block_rows, threads=1).reduce(fn))
    for threads in (1, 2, 3, 8):
        assert bits(p.blocks(block_rows, threads=threads).reduce(fn)) == one


def test_a_reduction_has_the_same_bits_whichever_block_is_done_first():
    p = many_blocks()
    fn = reductions(p)[1]

    def held_up(block: Block) -> reference.Local:
        time.sleep(0.002 * ((int(block.rows[0]) * 7919) % 5))
        return fn(block)

    one = bits(p.blocks(200).reduce(fn))
    assert bits(p.blocks(200, threads=4).reduce(held_up)) == one


@pytest.mark.parametrize("block_rows", [97, 1000])
def test_a_fit_has_the_same_bits_for_any_number_of_threads(block_rows):
    p = many_blocks()
    fits = [fit_blocks(p.blocks(block_rows, threads=k), True, Settings()) for k in (1, 2, 3)]
    assert fits[0].status == "proved"
    assert bits(fits[0]) == bits(fits[1]) == bits(fits[2])


@pytest.fixture(scope="module")
def large() -> Problem:
    """Rows and columns enough for the sampled start and the compiled steps."""
    p = ordinary(np.random.default_rng(16), 60_000, 24)
    assert plan(60_000, 25).solver == "sampled"
    return p


@pytest.mark.parametrize("inference", [True, False])
def test_a_large_fit_has_the_same_bits_for_any_number_of_threads(large, inference):
    asked = Settings(inference=inference)
    fits = [fit_blocks(large.blocks(4096, threads=k), True, asked) for k in (1, 2, 3)]
    assert fits[0].status == "proved"
    assert bits(fits[0]) == bits(fits[1]) == bits(fits[2])


@pytest.mark.parametrize("layout", ["columns", "strided", "float32"])
def test_a_large_fit_has_the_same_bits_however_the_rows_lie_in_memory(large, layout):
    single = large.X.astype(np.float32)
    one, X = {
        "columns": (large.X, np.asfortranarray(large.X)),
        "strided": (large.X, np.repeat(large.X, 2, axis=1)[:, ::2]),
        "float32": (single.astype(np.float64), single),
    }[layout]
    fits = [
        fit_blocks(
            array_blocks(Z, large.y, large.weight, large.offset, large.names), True, Settings()
        )
        for Z in (one, X)
    ]
    assert bits(fits[0]) == bits(fits[1])


def test_a_large_fit_finds_the_optimum_that_newton_finds(large, monkeypatch):
    """Two ways to one place, each proved to lie within its distance of it."""
    sampled = fit_blocks(large.blocks(), True, Settings())
    monkeypatch.setattr("sigmoide.fit.driver.plan", lambda rows, size: Plan("newton"))
    newton = fit_blocks(large.blocks(), True, Settings())
    se = np.sqrt(np.diag(newton.coefficients.covariance))[1:]
    apart = np.abs(sampled.coefficients.coef - newton.coefficients.coef) / se
    assert sampled.status == newton.status == "proved"
    assert apart.max() <= sampled.certificate.distance + newton.certificate.distance


def test_a_fit_has_the_same_bits_whatever_threads_the_arithmetic_is_allowed():
    p = many_blocks()
    found = []
    for limit in (1, 2):
        with threadpool_limits(limit):
            found.append(bits(fit_blocks(p.blocks(), True, Settings())))
    assert found[0] == found[1]


@pytest.mark.parametrize("threads", [1, 3])
def test_inside_a_block_arithmetic_has_one_thread(threads):
    """Whatever the process allows: parallelism is over blocks."""

    def allowed(block: Block) -> list[int]:
        return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]

    with threadpool_limits(2, user_api="blas"):
        found = ordinary(np.random.default_rng(17), 100, 2).blocks(10, threads).reduce(allowed)
    assert len(found) >= 10
    assert set(found) == {1}


@pytest.mark.parametrize("layout", ["columns", "strided", "backwards", "offset"])
def test_a_fit_has_the_same_bits_however_the_rows_lie_in_memory(layout):
    """Data frames hold columns, files rows: the source must not show in the bits."""
    p = many_blocks()
    X = {
        "columns": np.asfortranarray(p.X),
        "strided": np.repeat(p.X, 2, axis=1)[:, ::2],
        "backwards": np.ascontiguousarray(p.X[::-1, ::-1])[::-1, ::-1],
        "offset": np.vstack([p.X[:1], p.X])[1:],
    }[layout]
    assert (X == p.X).all()
    one = fit_blocks(p.blocks(), True, Settings())
    other = fit_blocks(
        array_blocks(X, p.y, p.weight, p.offset, p.names, threads=1), True, Settings()
    )
    assert bits(one) == bits(other)


def test_a_fit_of_float32_has_the_bits_of_the_same_numbers_in_float64():
    rng = np.random.default_rng(4)
    p = ordinary(rng, 3000, 3)
    single = p.X.astype(np.float32)
    fits = [
        fit_blocks(array_blocks(X, p.y, p.weight, p.offset, p.names), True, Settings())
        for X in (single, single.astype(np.float64))
    ]
    assert bits(fits[0]) == bits(fits[1])


def test_any_size_of_block_finds_the_same_optimum(capsys):
    """To 1e-12 standard errors, between blocks of one row, of seven, and of all."""
    worst = 0.0
    for k in range(5):
        rng = np.random.default_rng([5, k])
        p = ordinary(rng, 400, 3)
        p = problem(p.X * [1.0, 1e-8, 1e8], p.y, weights(rng, 400), rng.normal(size=400))
        fits = [fit_blocks(p.blocks(size), True, Settings(tol=1e-13)) for size in (400, 1, 7)]
        assert {fit.status for fit in fits} == {"proved"}
        se = np.sqrt(np.diag(fits[0].coefficients.covariance))[1:]
        for fit in fits[1:]:
            apart = np.abs(fit.coefficients.coef - fits[0].coefficients.coef) / se
            worst = max(worst, float(apart.max()))
            # Each is proved to lie within its distance: so are two of them.
            assert apart.max() <= fit.certificate.distance + fits[0].certificate.distance
    with capsys.disabled():
        print(f"\nblocks of 1, 7, all: coefficients within {worst:.2g} standard errors")
    assert worst <= 1e-12


# --- blocks of memory


def held(blocks: Blocks) -> list[list[int]]:
    """Return the row numbers of each block."""
    return blocks.reduce(lambda block: [block.rows.tolist()])


def with_rows(rows: np.ndarray, block_rows: int, threads: int = 1) -> Blocks:
    n = len(rows)
    X = np.column_stack([rows.astype(np.float64), np.zeros(n)])
    y = (rows % 2).astype(np.float64)
    return array_blocks(
        X, y, rows + 1.0, -1.0 * rows, ("r", "o"), rows, block_rows=block_rows, threads=threads
    )


def test_blocks_end_where_source_rows_do_though_rows_were_dropped():
    kept = np.array([0, 1, 4, 5, 6, 13, 14, 29], dtype=np.int64)
    blocks = with_rows(kept, 5)
    assert held(blocks) == [[0, 1, 4], [5, 6], [13, 14], [], [], [29]]
    assert blocks.n_blocks == 6
    assert blocks.n_rows == 8
    assert blocks.rows_per_block == 5
    assert (blocks.source_rows == kept).all()


@given(
    st.sets(st.integers(0, 300), min_size=1, max_size=60),
    st.integers(1, 400),
    st.integers(1, 3),
)
def test_every_row_is_in_the_block_of_its_number(numbers, size, threads):
    kept = np.array(sorted(numbers), dtype=np.int64)
    found = held(with_rows(kept, size, threads))
    assert len(found) == kept[-1] // size + 1
    for number, rows in enumerate(found):
        assert rows == [r for r in kept.tolist() if r // size == number]


def test_a_map_gives_one_entry_a_row_in_order():
    kept = np.flatnonzero(np.random.default_rng(6).random(500) < 0.5)
    for threads in (1, 3):
        blocks = with_rows(kept, 7, threads)
        assert (blocks.map(lambda block: block.rows) == kept).all()
        assert (blocks.map(lambda block: block.X)[:, 0] == kept).all()


def test_every_part_of_a_block_is_of_the_same_rows():
    def check(block: Block) -> int:
        assert (block.X[:, 0] == block.rows).all()
        assert (block.y == block.rows % 2).all()
        assert (block.weight == block.rows + 1.0).all()
        assert (block.offset == -block.rows).all()
        return len(block.rows)

    kept = np.flatnonzero(np.random.default_rng(7).random(500) < 0.5)
    assert with_rows(kept, 11).reduce(check) == len(kept)
    assert with_rows(kept, 11).take(np.arange(3, 90, 7)).reduce(check) == 13
    assert with_rows(kept, 11).sample(40, 1).reduce(check) == 40


def test_empty_blocks_add_nothing():
    p = ordinary(np.random.default_rng(8), 60, 2)
    rows = np.arange(60) + np.repeat([0, 1000], 30)
    frame, theta = p.frame(), np.array([0.1, -0.4, 0.7])
    gaps = array_blocks(p.X, p.y, p.weight, p.offset, p.names, rows, block_rows=30)
    close = p.blocks(30)
    assert gaps.n_blocks == 36
    for fn in (
        moments,
        partial(reference.local, frame=frame, theta=theta),
        partial(reference.evidence, frame=frame, theta=theta),
    ):
        for a, b in zip(bits(gaps.reduce(fn)), bits(close.reduce(fn)), strict=True):
            assert np.frombuffer(a) == pytest.approx(np.frombuffer(b), rel=1e-14, abs=1e-300)
    R = gaps.reduce(lambda block: triangle(frame.design(block))).R
    Z = frame.design(whole_block(p))
    assert pytest.approx(Z.T @ Z, abs=1e-12) == R.T @ R
    assert prove(gaps, frame, theta, p.alpha).certificate.delta == pytest.approx(
        prove(close, frame, theta, p.alpha).certificate.delta, rel=1e-9
    )


class FourMembers:
    """A source of rows that has what a source must have, and no more."""

    def __init__(self, blocks: Blocks) -> None:
        self.names, self.rows_per_block = blocks.names, blocks.rows_per_block
        self.n_blocks, self.load = blocks.n_blocks, blocks.source.load


def halved(block: Block) -> np.ndarray:
    """Return weights of which every third is 0."""
    return block.weight * (block.rows % 3 > 0) / 2.0


@pytest.mark.parametrize(
    "view",
    [
        lambda blocks: blocks,
        lambda blocks: some_columns(blocks, [2, 0]),
        lambda blocks: reweighted(some_columns(blocks, [0, 1]), halved),
        lambda blocks: some_columns(reweighted(blocks, halved).without(np.arange(90)), [1, 3]),
    ],
    ids=["as it is", "some columns", "other weights", "fewer rows"],
)
def test_a_source_needs_four_members_and_views_need_no_more(large, view):
    held = large.blocks(4096, threads=2)
    bare = Blocks(FourMembers(held), threads=2)
    ours, theirs = (fit_blocks(view(blocks), True, Settings()) for blocks in (bare, held))
    assert ours.status == "proved"
    assert bits(ours) == bits(theirs)
    ours, theirs = view(bare).draw(500, 3), view(held).draw(500, 3)
    for one, other in ((ours.standing, theirs.standing), (ours.plain, theirs.plain)):
        assert bits(one.reduce(moments)) == bits(other.reduce(moments))


def test_reads_through_views_are_reads_of_the_rows():
    blocks = with_rows(np.arange(10), 3)
    view = some_columns(blocks, [1])
    view.reduce(lambda block: len(block.y))
    assert (blocks.reads, view.reads) == (1, 1)
    part = reweighted(view, halved)
    # Which rows are left is known after a read; to bring them together takes another.
    assert part.n_rows == 6
    assert part.take(np.arange(6)).n_rows == 6
    assert (blocks.reads, view.reads, part.reads) == (3, 3, 3)
    assert view.take(np.arange(3)).reads == view.without(np.arange(3)).reads == 0


def test_reads_are_counted():
    blocks = with_rows(np.arange(10), 3)
    assert blocks.reads == 0
    blocks.reduce(lambda block: len(block.y))
    blocks.map(lambda block: block.y)
    assert blocks.reads == 2
    blocks.take(np.arange(3)).reduce(lambda block: len(block.y))
    assert blocks.reads == 2


def test_an_error_in_a_block_comes_through():
    def wrong(block: Block) -> int:
        raise KeyError(int(block.rows[0]))

    for threads in (1, 3):
        with pytest.raises(KeyError, match="0"):
            with_rows(np.arange(100), 3, threads).reduce(wrong)


def test_the_size_of_a_block_is_a_power_of_two_fixed_by_the_columns():
    sizes = [rows_per_block(d) for d in range(1, 3000)]
    assert all(256 <= size <= 65536 and size & (size - 1) == 0 for size in sizes)
    assert sizes == sorted(sizes, reverse=True)
    assert rows_per_block(0) == 65536


# --- take and sample


def test_take_keeps_row_numbers_and_block_edges():
    kept = np.array([0, 1, 4, 5, 6, 13, 14, 29], dtype=np.int64)
    part = with_rows(kept, 5).take(np.array([1, 3, 4, 7]))
    assert held(part) == [[1], [5, 6], [], [], [], [29]]
    assert part.names == ("r", "o")
    assert part.rows_per_block == 5


def test_take_loses_no_row_whatever_the_order_of_the_positions():
    """In row order, or in that of the positions, or not at all; never some of them only."""
    blocks = with_rows(np.arange(50), 8)
    for positions in ([9, 0, 5], [1, 0], [3, 8, 2, 6], [49, 3, 17, 30, 4, 0]):
        try:
            part = blocks.take(np.array(positions))
        except ValueError:
            continue
        assert sorted(part.map(lambda block: block.rows).tolist()) == sorted(positions)
        assert part.reduce(lambda block: len(block.y)) == len(positions)


def chosen(blocks: Blocks, rows: int, seed: int) -> set[int]:
    return set(blocks.sample(rows, seed).source_rows.tolist())


def test_a_sample_is_of_the_row_numbers_alone():
    """Whatever the blocks, the threads, and the order in which it is asked for."""
    rows = np.arange(2000, dtype=np.int64)
    first = with_rows(rows, 64).sample(300, 7)
    assert len(first.source_rows) == 300
    assert (np.diff(first.source_rows) > 0).all()
    for block_rows, threads in ((1, 1), (500, 3), (10_000, 2)):
        again = with_rows(rows, block_rows, threads).sample(300, 7)
        assert (again.source_rows == first.source_rows).all()
    assert chosen(with_rows(rows, 64), 300, 8) != set(first.source_rows.tolist())


@given(st.integers(0, 2**63), st.integers(1, 200))
def test_a_sample_of_more_rows_holds_that_of_fewer(seed, rows):
    blocks = with_rows(np.arange(400), 64)
    few, more = chosen(blocks, rows, seed), chosen(blocks, rows + 50, seed)
    assert len(few) == rows
    assert few < more


def test_dropping_rows_leaves_the_choice_among_the_others():
    rows = np.arange(1000, dtype=np.int64)
    kept = rows[np.random.default_rng(9).random(1000) < 0.7]
    everything = chosen(with_rows(rows, 64), 200, 3)
    assert everything & set(kept.tolist()) <= chosen(with_rows(kept, 64), 200, 3)


def test_a_sample_is_spread_over_the_file():
    """Files come sorted by class: the first rows would be of one class only."""
    blocks = with_rows(np.arange(100_000), 8192)
    for seed in range(5):
        found = blocks.sample(10_000, seed).source_rows
        tenths = np.histogram(found, bins=10, range=(0, 100_000))[0]
        # Binomial(10,000, 1/10): 30 is the standard deviation, five of them the limit.
        assert np.abs(tenths - 1000).max() < 150
        assert abs(int((found % 2).sum()) - 5000) < 250


def test_a_sample_of_everything_is_everything():
    blocks = with_rows(np.arange(50), 7)
    assert chosen(blocks, 50, 1) == chosen(blocks, 1000, 1) == set(range(50))


# --- moments


def exact_moments(p: Problem, j: int) -> tuple[Fraction, Fraction]:
    """Return weighted mean and sum of squares around it, of one column, exactly."""
    s = [Fraction(float(w)) for w in p.weight]
    x = [Fraction(float(v)) for v in p.X[:, j]]
    mean = sum(a * b for a, b in zip(s, x, strict=True)) / sum(s)
    return mean, sum(a * (b - mean) ** 2 for a, b in zip(s, x, strict=True))


@pytest.mark.parametrize("block_rows", [1, 7, 64, 1000])
def test_moments_are_those_of_exact_arithmetic(block_rows):
    rng = np.random.default_rng(10)
    X = columns(rng, 300, 5)
    p = problem(X, rng.random(300) < 0.3, weights(rng, 300), rng.normal(size=300))
    found = p.blocks(block_rows).reduce(moments)
    assert found.rows == 300
    assert found.total == pytest.approx(math.fsum(p.weight), rel=1e-14)
    assert found.events == pytest.approx(math.fsum(p.weight * p.y), rel=1e-14)
    assert found.offset_reach == np.abs(p.offset).max()
    assert (found.low == p.X.min(axis=0)).all()
    assert (found.high == p.X.max(axis=0)).all()
    for j in range(5):
        mean, squares = exact_moments(p, j)
        size = float(np.abs(p.X[:, j]).max())
        assert abs(found.mean[j] - float(mean)) <= 1e-15 * 4 * size
        assert found.squares[j] == pytest.approx(float(squares), rel=1e-11)
        assert found.deviation[j] == pytest.approx(
            math.sqrt(squares / Fraction(math.fsum(p.weight))), rel=1e-11
        )


@pytest.mark.parametrize("block_rows", [1, 7, 64, 1000])
def test_moments_of_timestamps_keep_their_digits(block_rows):
    """1.7e9 seconds, a spread of a millisecond: text-book sums of squares lose all of it."""
    rng = np.random.default_rng(11)
    X = (1.7e9 + 1e-3 * rng.normal(size=(500, 1))).astype(np.float64)
    p = problem(X, rng.random(500) < 0.5)
    found = p.blocks(block_rows).reduce(moments)
    mean, squares = exact_moments(p, 0)
    # A mean is a float near 1.7e9, and rounded at every level of the tree.
    grain = Fraction(float(np.spacing(1.7e9))) * depth(-(-500 // block_rows))
    assert abs(Fraction(float(found.mean[0])) - mean) <= grain
    assert found.squares[0] == pytest.approx(float(squares), rel=1e-4)
    assert found.deviation[0] == pytest.approx(1e-3, rel=0.2)


@pytest.mark.parametrize("block_rows", [1, 7, 64])
def test_a_standardised_penalty_of_timestamps_does_not_depend_on_the_blocks(block_rows):
    """It rests on the deviation, of which the blocks must not cost more than the last digits."""
    rng = np.random.default_rng(18)
    x = 1e-3 * rng.normal(size=500)
    p = problem((1.7e9 + x)[:, None], rng.random(500) < 1.0 / (1.0 + np.exp(-1e3 * x)))
    asked = Settings(l2=100.0, standardize=True)
    whole, parts = (fit_blocks(p.blocks(size), True, asked) for size in (500, block_rows))
    assert parts.alpha == pytest.approx(whole.alpha, rel=1e-13)
    assert parts.coefficients.coef == pytest.approx(whole.coefficients.coef, rel=1e-11)


@given(
    st.floats(-1e300, 1e300, allow_subnormal=False),
    st.integers(1, 40),
    st.integers(1, 40),
)
def test_a_constant_column_has_its_value_for_a_mean_and_no_spread(value, n, block_rows):
    p = problem(np.full((n, 1), value), np.zeros(n), np.arange(n) + 0.1)
    found = p.blocks(block_rows).reduce(moments)
    assert found.mean[0] == value
    assert found.squares[0] == 0.0
    assert found.constant.all()


def test_only_constant_columns_are_constant():
    X = np.column_stack([np.zeros(5), [0.0, 0.0, 0.0, 0.0, 1e-300], np.arange(5.0)])
    assert problem(X, np.zeros(5)).blocks(2).reduce(moments).constant.tolist() == [
        True,
        False,
        False,
    ]


# --- the frame


def test_a_frame_is_centred_and_scaled_by_powers_of_two_exactly():
    rng = np.random.default_rng(12)
    for _ in range(30):
        p = problem(columns(rng, 50, 4) * 10.0 ** rng.uniform(-9.0, 9.0, 4), rng.random(50) < 0.5)
        frame = p.frame()
        Z = frame.design(whole_block(p))
        assert (Z[:, 0] == 1.0).all()
        for j in range(4):
            # One subtraction rounds; the scale does not.
            expected = [
                float(np.float64(x) - frame.centre[j]) * Fraction(2) ** int(frame.exponent[j])
                for x in p.X[:, j]
            ]
            assert [Fraction(float(z)) for z in Z[:, j + 1]] == [Fraction(e) for e in expected]
        spread = Z[:, 1:].std(axis=0)
        constant = p.X.min(axis=0) == p.X.max(axis=0)
        assert ((spread >= 1.0 - 1e-12) & (spread < 2.0) | constant).all()


def test_a_frame_without_intercept_is_scaled_only():
    rng = np.random.default_rng(13)
    p = problem(rng.normal(5.0, 1.0, (60, 3)) * [1e-9, 1.0, 1e9], rng.random(60) < 0.5)
    frame = p.frame(intercept=False)
    assert frame.size == 3
    assert (frame.centre == 0.0).all()
    Z = frame.design(whole_block(p))
    assert (np.ldexp(p.X, frame.exponent) == Z).all()
    size = np.sqrt((Z**2).mean(axis=0))
    assert ((size >= 1.0) & (size < 2.0)).all()


@given(
    st.lists(
        st.floats(-1e6, 1e6).filter(lambda v: v == 0.0 or abs(v) > 1e-280), min_size=3, max_size=3
    ),
    st.lists(st.integers(-60, 60), min_size=3, max_size=3),
    st.booleans(),
)
def test_coefficients_and_coordinates_are_each_other_exactly(values, exponents, intercept):
    frame = Frame(np.arange(3), np.zeros(3), np.array(exponents), intercept)
    theta = np.array([0.25, *values] if intercept else values)
    value, coef = frame.in_units(theta)
    assert (frame.coordinates(value, coef) == theta).all()
    assert [Fraction(float(c)) for c in coef] == [
        Fraction(v) * Fraction(2) ** k for v, k in zip(values, exponents, strict=True)
    ]


def test_penalty_and_predictor_are_the_same_in_coordinates_as_in_units():
    rng = np.random.default_rng(14)
    X = rng.normal(size=(40, 3)) * [1e-8, 1.0, 1e8]
    p = problem(X, rng.random(40) < 0.5, alpha=np.array([2.0, 0.0, 0.3]))
    frame = p.frame()
    theta = rng.normal(size=4)
    value, coef = frame.in_units(theta)
    ridge = frame.penalty(p.alpha)
    assert ridge[0] == 0.0
    exactly = sum(
        Fraction(float(a)) * Fraction(float(w)) ** 2 for a, w in zip(p.alpha, coef, strict=True)
    )
    assert exactly == sum(
        Fraction(float(a)) * Fraction(float(v)) ** 2 for a, v in zip(ridge, theta, strict=True)
    )
    eta = frame.design(whole_block(p)) @ theta
    assert pytest.approx(value + (p.X - frame.centre) @ coef, rel=1e-12) == eta


def test_a_frame_of_some_columns_is_that_of_those_columns():
    p = ordinary(np.random.default_rng(15), 30, 4)
    frame = p.frame()
    some = frame.keep(np.array([0, 2]))
    assert some.size == 3
    whole = frame.design(whole_block(p))
    assert (some.design(whole_block(p)) == whole[:, [0, 1, 3]]).all()


def test_a_constant_column_gets_a_frame_too():
    p = problem(np.full((4, 1), 0.1), np.array([0.0, 1.0, 0.0, 1.0]))
    frame = frame_of(p.blocks().reduce(moments), True)
    assert (frame.design(whole_block(p))[:, 1] == 0.0).all()
