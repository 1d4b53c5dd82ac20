"""Blocks that are loaded as they are read: the same bits as where the rows are in memory."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigmoide.blocks.block import Block
from sigmoide.blocks.blocks import array_blocks
from sigmoide.blocks.moments import moments
from sigmoide.blocks.stream import streamed_blocks
from sigmoide.fit.driver import fit_blocks
from sigmoide.results.records import Settings
from sigmoide.solver.choose import plan

NAMES = ("a", "b", "c")


@dataclass
class Held:
    """A loader of rows that are in memory, some of which are not used."""

    X: np.ndarray
    y: np.ndarray
    used: np.ndarray
    loaded: list[tuple[int, int]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def n_rows(self) -> int:
        return len(self.y)

    def rows(self, low: int, high: int) -> Block:
        with self.lock:
            self.loaded.append((low, high))
        rows = low + np.flatnonzero(self.used[low:high])
        weight = 1.0 + (rows % 3)
        return Block(self.X[rows], self.y[rows], weight, 0.01 * (rows % 7), rows)

    def counts(self, block_rows: int) -> tuple[np.ndarray, np.ndarray]:
        starts = np.arange(0, self.n_rows, block_rows)
        kept = np.add.reduceat(self.used.astype(np.int64), starts)
        return kept, np.add.reduceat((self.used & (self.y > 0.5)).astype(np.int64), starts)


def both(n, rate=0.4, gone=0.1, seed=0, block_rows=None, threads=2):
    """Return the same rows as a stream and in memory."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 3)) * [1.0, 1e3, 1e-4] + [0.0, 1e6, 0.0]
    y = (rng.random(n) < rate).astype(float)
    y[:2] = [0.0, 1.0]
    used = rng.random(n) >= gone
    used[:2] = True
    loader = Held(X, y, used)
    every = loader.rows(0, n)
    loader.loaded.clear()
    held = array_blocks(
        every.X,
        every.y,
        every.weight,
        every.offset,
        NAMES,
        every.rows,
        block_rows=block_rows,
        threads=threads,
    )
    return streamed_blocks(loader, NAMES, block_rows=block_rows, threads=threads), held, loader


def rows_of(blocks) -> list[bytes]:
    """Return all that blocks hold, as bytes."""
    return [
        np.ascontiguousarray(blocks.map(get)).tobytes()
        for get in (
            lambda b: b.X,
            lambda b: b.y,
            lambda b: b.weight,
            lambda b: b.offset,
            lambda b: b.rows,
        )
    ]


@settings(deadline=None)
@given(
    n=st.integers(2, 400),
    rate=st.sampled_from([0.0, 0.01, 0.4, 1.0]),
    gone=st.sampled_from([0.0, 0.1, 0.95]),
    block_rows=st.sampled_from([1, 7, 64, None]),
    rows=st.integers(1, 500),
    seed=st.integers(0, 5),
)
def test_streamed_rows_are_the_rows_in_memory(n, rate, gone, block_rows, rows, seed):
    streamed, held, _ = both(n, rate, gone, seed, block_rows)
    assert (streamed.n_rows, streamed.n_blocks) == (held.n_rows, held.n_blocks)
    assert rows_of(streamed) == rows_of(held)
    assert (streamed.source_rows == held.source_rows).all()
    for ours, theirs in (
        (streamed.draw(rows, seed), held.draw(rows, seed)),
        (streamed.survey(moments, rows)[1], held.survey(moments, rows)[1]),
    ):
        assert rows_of(ours.standing) == rows_of(theirs.standing)
        assert rows_of(ours.plain) == rows_of(theirs.plain)
    assert rows_of(streamed.sample(rows, seed)) == rows_of(held.sample(rows, seed))
    places = np.random.default_rng(seed).permutation(held.n_rows)[:rows]
    assert rows_of(streamed.take(places)) == rows_of(held.take(places))
    gone_rows = held.source_rows[places][: held.n_rows - 1]
    less, fewer = streamed.without(gone_rows), held.without(gone_rows)
    assert (less.n_rows, less.n_blocks) == (fewer.n_rows, fewer.n_blocks)
    assert rows_of(less) == rows_of(fewer)


def test_a_survey_is_one_read_and_a_draw_loads_what_it_needs():
    streamed, held, loader = both(5000, block_rows=64)
    total, _ = streamed.survey(moments, 20)
    assert streamed.reads == 1
    assert len(loader.loaded) == streamed.n_blocks
    assert total.mean.tobytes() == held.reduce(moments).mean.tobytes()
    loader.loaded.clear()
    streamed.draw(5, 0)
    assert len(loader.loaded) <= 5


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("inference", [True, False])
def test_a_streamed_fit_has_the_bits_of_the_fit_in_memory(threads, inference):
    streamed, held, _ = both(300_000, rate=0.3, threads=threads)
    settings = Settings(l2=1.0, inference=inference)
    ours, theirs = fit_blocks(streamed, True, settings), fit_blocks(held, True, settings)
    assert ours.certificate.proved
    assert ours.coefficients.coef.tobytes() == theirs.coefficients.coef.tobytes()
    assert ours.certificate == theirs.certificate
    assert ours.totals == theirs.totals
    assert [s.value for s in ours.history] == [s.value for s in theirs.history]
    # What is drawn in memory costs no read, and when it streams none either.
    assert ours.reads == theirs.reads


def test_many_columns_that_share_a_factor_have_one_answer_to_the_bit():
    """The start looks for directions in rows that were drawn, wherever they were."""
    rng = np.random.default_rng(3)
    n, d = 2000, 1520
    X = rng.normal(size=(n, d)) + 4.0 * rng.normal(size=n)[:, None]
    y = (rng.random(n) < 1 / (1 + np.exp(-X[:, :9].sum(axis=1) / 9))).astype(float)
    assert plan(n, d + 1).solver == "diagonal"
    loader, names = Held(X, y, np.ones(n, dtype=bool)), tuple(f"x{j}" for j in range(d))
    every = loader.rows(0, n)
    blocks = [
        array_blocks(X, y, every.weight, every.offset, names, threads=threads) for threads in (1, 2)
    ]
    size = blocks[0].rows_per_block
    blocks.append(streamed_blocks(loader, names, block_rows=size, threads=2))
    found = [fit_blocks(b, True, Settings(l2=1.0, inference=False)) for b in blocks]
    assert found[0].certificate.proved
    for other in found[1:]:
        assert other.coefficients.coef.tobytes() == found[0].coefficients.coef.tobytes()
        assert other.certificate == found[0].certificate
        assert other.reads == found[0].reads


def test_a_separated_stream_is_named_as_in_memory():
    _, _, loader = both(2000, gone=0.2)
    loader.y[:] = (loader.X[:, 0] > 0.3).astype(float)
    loader.X[5, 0], loader.y[5], loader.y[6] = 0.3, 1.0, 0.0
    loader.X[6, 0], loader.used[5:7] = 0.3, True
    every = loader.rows(0, 2000)
    held = array_blocks(
        every.X, every.y, every.weight, every.offset, NAMES, every.rows, block_rows=128
    )
    streamed = streamed_blocks(loader, NAMES, block_rows=128)
    ours, theirs = (fit_blocks(b, True, Settings()) for b in (streamed, held))
    assert ours.status == theirs.status == "separated"
    assert (ours.separation.rows == theirs.separation.rows).all()
    assert ours.separation.direction.tobytes() == theirs.separation.direction.tobytes()
    assert ours.totals == theirs.totals
