"""Sparse matrices: the bits of the dense ones, in the memory of what is stored."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, OneHotEncoder

import sigmoide
from sigmoide import LogisticRegression, certify
from sigmoide.arguments.arrays import is_sparse
from sigmoide.blocks.arrays import SparseRows, compressed, first_unfit
from sigmoide.blocks.blocks import array_blocks
from sigmoide.blocks.moments import moments
from sigmoide.blocks.threads import default_threads
from sigmoide.errors import ColumnError, DataError, TargetError, UsageError
from sigmoide.fit.driver import fit_blocks
from sigmoide.results.records import Settings

FORMATS = ("csr", "csc", "coo", "lil", "dok", "dia", "bsr")


def drawn(n: int, d: int, share: float = 0.3, seed: int = 0) -> tuple[sp.csr_array, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = sp.random_array((n, d), density=share, rng=rng, format="csr", data_sampler=rng.normal)
    y = (rng.random(n) < 1 / (1 + np.exp(-np.asarray(X.sum(axis=1)).ravel()))).astype(int)
    y[:2] = 0, 1
    return X, y


def untidy(X: sp.csr_array, rng: np.random.Generator, wide: bool = False) -> sp.csr_array:
    """Return X with its entries out of order, some in two parts, and zeros among them.

    Of arrays that nobody can write to.
    """
    kind = np.int64 if wide else np.int32
    data, indices, indptr = [], [], [0]
    for i in range(X.shape[0]):
        row = slice(X.indptr[i], X.indptr[i + 1])
        there, values = X.indices[row], X.data[row]
        part = values * rng.random(len(values))
        zeros = rng.integers(0, X.shape[1], rng.integers(0, 3))
        columns = np.concatenate([there, there, zeros])
        entries = np.concatenate([part, values - part, np.zeros(len(zeros))])
        order = rng.permutation(len(columns))
        data.append(entries[order])
        indices.append(columns[order])
        indptr.append(indptr[-1] + len(columns))
    arrays = (
        np.concatenate(data),
        np.concatenate(indices).astype(kind),
        np.array(indptr, dtype=kind),
    )
    for array in arrays:
        array.flags.writeable = False
    found = sp.csr_array(arrays, shape=X.shape, copy=False)
    assert found.indices.dtype == kind
    return found


def same(one: LogisticRegression, two: LogisticRegression) -> None:
    for name in ("coef_", "intercept_", "classes_", "n_iter_"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes(), name
    assert one.certificate_ == two.certificate_
    assert one.fit_.reads == two.fit_.reads
    assert one.fit_.status == two.fit_.status


def both(X: sp.sparray, y: np.ndarray, weight: object = None, **asked: object) -> None:
    """Fit both, and compare the bits of all that comes out."""
    dense = LogisticRegression(**asked).fit(X.toarray(), y, weight)
    sparse = LogisticRegression(**asked).fit(X, y, weight)
    same(dense, sparse)
    for ask in ("predict", "predict_proba", "predict_log_proba", "decision_function"):
        wanted = getattr(dense, ask)(X.toarray())
        np.testing.assert_array_equal(getattr(sparse, ask)(X), wanted)
        np.testing.assert_array_equal(getattr(sparse, ask)(X.toarray()), wanted)
    assert sparse.score(X, y) == dense.score(X.toarray(), y)
    assert sparse.score(X, y, weight) == dense.score(X.toarray(), y, weight)


# --- the same bits


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 100_000),
    n=st.integers(6, 60),
    d=st.integers(1, 6),
    share=st.sampled_from([0.0, 0.05, 0.3, 1.0]),
    C=st.sampled_from([0.01, 1.0, np.inf]),
    intercept=st.booleans(),
    wide=st.booleans(),
)
@pytest.mark.filterwarnings("ignore::sigmoide.errors.SigmoideWarning")
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_the_bits_of_the_dense_matrix(seed, n, d, share, C, intercept, wide):
    """Empty rows, zeros that are stored, entries in two parts and in no order; any verdict."""
    rng = np.random.default_rng(seed)
    X, y = drawn(n, d, share, seed)
    X = untidy(X, rng, wide)
    before = [array.tobytes() for array in (X.data, X.indices, X.indptr)]
    weight = rng.integers(0, 3, n).astype(float) if seed % 2 else None
    if weight is not None:
        weight[:2] = 1.0
    both(X, y, weight, C=C, fit_intercept=intercept)
    both(X.astype(np.float32), y, C=C, fit_intercept=intercept)
    assert [array.tobytes() for array in (X.data, X.indices, X.indptr)] == before


@pytest.mark.parametrize(
    ("n", "d", "share", "asked"),
    [
        (3000, 40, 0.1, {"C": np.inf}),
        (40_000, 30, 0.1, {"C": 1.0}),  # a sampled start, compiled reads, many blocks
        (100_000, 12, 0.2, {"C": np.inf, "n_jobs": 1}),
        (2000, 600, 0.02, {"C": 100.0}),
        (400, 3000, 0.01, {"C": 1.0}),  # many columns
        (30_000, 20, 0.1, {"C": 1.0, "class_weight": "balanced"}),
    ],
)
def test_every_way_of_fitting_has_the_bits_of_the_dense_matrix(n, d, share, asked):
    X, y = drawn(n, d, share)
    both(X, y, **asked)
    for dtype in (np.float32, np.float64):
        Z = X.astype(dtype)
        same(LogisticRegression(**asked).fit(Z.toarray(), y), LogisticRegression(**asked).fit(Z, y))


@pytest.mark.filterwarnings("ignore::scipy.sparse.SparseEfficiencyWarning")
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", ["array", "matrix"])
def test_every_format_is_taken(form, kind):
    X, y = drawn(200, 4)
    made = getattr(sp, f"{form}_{kind}")(X)
    wanted = LogisticRegression().fit(X.toarray(), y)
    same(LogisticRegression().fit(made, y), wanted)
    assert certify(wanted.coef_, wanted.intercept_, made, y, l2=1.0).proved
    np.testing.assert_array_equal(wanted.predict_proba(made), wanted.predict_proba(X.toarray()))


@pytest.mark.parametrize("dtype", [bool, np.int8, np.int64, np.uint16])
def test_counts_and_booleans_are_numbers(dtype):
    rng = np.random.default_rng(1)
    X = sp.csr_array((rng.integers(0, 2, (300, 5)) * rng.integers(0, 3, (300, 5))).astype(dtype))
    y = (rng.random(300) < 0.5).astype(int)
    both(X, y)
    wanted = LogisticRegression().fit(X.toarray().astype(float), y)
    same(LogisticRegression().fit(X, y), wanted)
    one, two = (certify(wanted.coef_, wanted.intercept_, Z, y, l2=1) for Z in (X, X.toarray()))
    assert one == two
    assert one.proved


@pytest.mark.parametrize("n_jobs", [1, 2, -1])
def test_threads_change_no_bit(n_jobs):
    X, y = drawn(20_000, 64, 0.1)
    same(LogisticRegression(n_jobs=n_jobs).fit(X, y), LogisticRegression().fit(X.toarray(), y))


@pytest.mark.parametrize("numbered", [False, True])
@pytest.mark.parametrize("weighed", [False, True])
def test_blocks_of_sparse_rows_are_blocks_like_any_others(numbered, weighed):
    X, y = drawn(500, 7)
    rng = np.random.default_rng(2)
    rows = np.sort(rng.choice(900, 500, replace=False)).astype(np.int64) if numbered else None
    extra = (rng.random(500) + 0.5, rng.normal(size=500)) if weighed else (None, None)
    names = tuple("abcdefg")
    dense, sparse = (
        array_blocks(Z, y.astype(float), *extra, names, rows, block_rows=64, threads=2)
        for Z in (X.toarray(), SparseRows(X))
    )

    def alike(one, two):
        assert (one.names, one.n_rows, one.n_blocks) == (two.names, two.n_rows, two.n_blocks)
        np.testing.assert_array_equal(one.source_rows, two.source_rows)
        for part in ("X", "y", "weight", "offset", "rows"):
            np.testing.assert_array_equal(
                one.map(lambda b, p=part: getattr(b, p)), two.map(lambda b, p=part: getattr(b, p))
            )
        assert one.reduce(moments).mean.tobytes() == two.reduce(moments).mean.tobytes()

    alike(sparse, dense)
    assert sparse.reads == 6
    assert sparse.map(lambda block: np.array([block.X.flags.c_contiguous])).all()
    assert sparse.map(lambda block: np.array([block.X.flags.owndata])).all()
    alike(sparse.sample(100, 3), dense.sample(100, 3))
    alike(sparse.take(np.array([400, 3, 77])), dense.take(np.array([400, 3, 77])))
    gone = sparse.source_rows[::3]
    alike(sparse.without(gone), dense.without(gone))
    for wanted in (50, 500, 1000):
        one, two = sparse.draw(wanted, 5), dense.draw(wanted, 5)
        alike(one.standing, two.standing)
        alike(one.plain, two.plain)
    found = fit_blocks(sparse, True, Settings())
    wanted = fit_blocks(dense, True, Settings())
    assert found.coefficients.coef.tobytes() == wanted.coefficients.coef.tobytes()
    assert found.certificate == wanted.certificate


def test_written_coefficients_are_used():
    X, y = drawn(5000, 40)
    ours = LogisticRegression().fit(X, y)
    ours.coef_ = 2 * ours.coef_
    eta = X @ ours.coef_[0] + ours.intercept_[0]
    np.testing.assert_allclose(ours.decision_function(X), eta, rtol=1e-12, atol=1e-12)


def test_pipelines_that_make_sparse_matrices():
    rng = np.random.default_rng(3)
    words = np.array(["red", "green", "blue", "small", "large", "round"])
    texts = [" ".join(rng.choice(words, 4)) for _ in range(300)]
    y = np.array(["red" in text for text in texts]) ^ (rng.random(300) < 0.1)
    counted = CountVectorizer().fit_transform(texts)
    assert is_sparse(counted)
    both(counted, y)
    assert cross_val_score(make_pipeline(CountVectorizer(), LogisticRegression()), texts, y).min()
    levels = np.array([text.split() for text in texts])
    model = make_pipeline(OneHotEncoder(), MaxAbsScaler(), LogisticRegression()).fit(levels, y)
    assert model[-1].certificate_.proved
    assert model.score(levels, y) > 0.8


def test_a_frame_of_sparse_columns_is_a_sparse_matrix_with_names():
    X, y = drawn(300, 4)
    frame = pd.DataFrame.sparse.from_spmatrix(X, columns=list("abcd"))
    model = LogisticRegression().fit(frame, y)
    assert model.feature_names_in_.tolist() == list("abcd")
    same(model, LogisticRegression().fit(frame.sparse.to_dense(), y))
    np.testing.assert_array_equal(model.predict(frame), model.predict(frame.sparse.to_dense()))
    frame["b"] = frame["a"] + 0.0
    with pytest.warns(sigmoide.errors.AliasedWarning, match="b = a"):
        LogisticRegression(C=np.inf).fit(frame, y)


# --- the cost


def test_memory_is_that_of_what_is_stored():
    """120 MB if it were dense, 14 more if the rows drawn were; a block is 2.5 MB in a thread."""
    X, y = drawn(50_000, 300, 0.01)
    stored = X.data.nbytes + X.indices.nbytes + X.indptr.nbytes
    assert stored < 3e6
    model = LogisticRegression(n_jobs=2).fit(X[:3000], y[:3000])
    for C in (1.0, np.inf):
        model.set_params(C=C)
        for ask, threads in (
            (lambda: model.fit(X, y), 2),
            (lambda: model.predict_proba(X), 1),
            (lambda C=C: certify(model.coef_, model.intercept_, X, y, l2=1 / C), default_threads()),
        ):
            tracemalloc.start()
            try:
                ask()
                peak = tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()
            assert peak < 12e6 + 6e6 * threads, (threads, peak)
        assert model.certificate_.proved


# --- what is refused


@pytest.mark.parametrize(("bad", "said"), [(np.nan, "NaN"), (np.inf, "infinity")])
@pytest.mark.parametrize("form", ["csr", "csc"])
def test_what_is_not_finite_is_refused_as_of_a_dense_matrix(bad, said, form):
    X, y = drawn(100, 4)
    fitted = LogisticRegression().fit(X, y)
    X.data[17] = bad
    row = int(np.searchsorted(X.indptr, 17, side="right")) - 1
    X = X.asformat(form)
    for ask in (lambda: LogisticRegression().fit(X, y), lambda: fitted.predict(X)):
        with pytest.raises(ValueError, match=f"Input X contains {said}"):
            ask()
    what = "has no value" if np.isnan(bad) else "holds inf, which is too large,"
    with pytest.raises(DataError, match=rf"'x\d' {what} at row {row} \(counted from 0\)"):
        certify(fitted.coef_, fitted.intercept_, X, y)
    # a row of weight 0 is not looked at, as in a dense matrix
    weight = np.ones(100)
    weight[row] = 0.0
    dense = np.nan_to_num(X.toarray(), nan=0.0, posinf=0.0)
    one = certify(fitted.coef_, fitted.intercept_, X, y, weights=weight, l2=1)
    assert one == certify(fitted.coef_, fitted.intercept_, dense, y, weights=weight, l2=1)
    # the row at fault is named as it was given
    weight[row], weight[0 if row else 1] = 1.0, 0.0
    with pytest.raises(DataError, match=rf"at row {row} "):
        certify(fitted.coef_, fitted.intercept_, X, y, weights=weight)


def test_parts_that_add_up_to_no_number_are_refused():
    """Each is finite, and scikit-learn looks at each; their sum is not."""
    twice = sp.csr_array(
        (np.array([1.5e308, 1.5e308, 1.0]), np.array([0, 0, 1]), np.array([0, 2, 3, 3, 3])),
        shape=(4, 2),
    )
    y = np.array([0, 1, 0, 1])
    assert np.isinf(twice.toarray()).any()
    with pytest.raises(ColumnError, match="column 'x0' holds values that are missing or infinite"):
        LogisticRegression().fit(twice, y)
    with pytest.raises(DataError, match="'x0' holds inf, which is too large, at row 0"):
        certify([0.0, 0.0], 0.0, twice, y)
    # what is large and works is no trouble
    large = sp.csr_array(np.array([[9e149, 0.0], [9e149, 1.0], [0.0, 1.0], [0.0, 0.0]]))
    assert first_unfit(compressed(large), 3) is None
    large.data[1] = 2e150
    assert first_unfit(compressed(large), 1) == (1, 0, 2e150)


def test_columns_whose_squares_are_no_floats_are_refused_in_our_words():
    X, y = drawn(50, 3, 0.9)
    X = sp.csr_array(X @ sp.diags_array([1.0, 1e200, 1.0]))
    with pytest.raises(ColumnError, match="column 'x1' reaches"):
        LogisticRegression().fit(X, y)


@pytest.mark.parametrize(
    ("X", "error", "said"),
    [
        (sp.csr_array(np.eye(4) * 1j), ColumnError, "values of type complex128; real numbers"),
        (sp.csr_array((0, 4)), DataError, "csr_array has 0 rows and 4 columns"),
        (sp.csc_matrix((4, 0)), DataError, "csc_matrix has 4 rows and 0 columns"),
        (sp.coo_array(np.ones(4)), DataError, "1 dimension was given"),
        (sp.csr_array(np.eye(3)), UsageError, "4 coefficients were given for 3 columns"),
    ],
)
def test_matrices_that_are_none_are_refused(X, error, said):
    with pytest.raises(error, match=said):
        certify(np.zeros(4), 0.0, X, [0, 1, 0, 1])


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"y": [0, 1, 0]}, UsageError, "X has 4 rows and y 3"),
        ({"y": [0, 1, 0, np.nan]}, DataError, "'y' has no value at row 3"),
        ({"y": [0, 1, 0, 2]}, TargetError, "3 different values"),
        ({"weights": "s"}, UsageError, "a sparse matrix has no names of columns"),
        ({"frequency": "y"}, UsageError, "a sparse matrix has no names of columns"),
        ({"offset": "x0"}, UsageError, "a sparse matrix has no names of columns"),
        ({"weights": [1, 2]}, sigmoide.errors.WeightError, "the shape \\(2,\\)"),
        ({"weights": [1, 2, 3, -1]}, sigmoide.errors.WeightError, "row 3 .* is negative"),
        ({"offset": [0, 0, 0, np.nan]}, DataError, "'offset' has no value at row 3"),
    ],
)
def test_what_goes_with_a_matrix_is_checked_as_ever(change, error, said):
    given = {"coef": [0.0, 0.0], "intercept": 0.0, "X": sp.csr_array(np.eye(4)[:, :2])}
    with pytest.raises(error, match=said):
        certify(**({"y": [0, 1, 0, 1]} | given | change))


def test_certify_takes_weights_frequencies_and_offsets():
    X, y = drawn(300, 4)
    rng = np.random.default_rng(4)
    model = LogisticRegression().fit(X, y)
    for extra in (
        {"weights": rng.random(300) * (rng.random(300) < 0.8)},
        {"frequency": rng.integers(0, 3, 300)},
        {"offset": rng.normal(size=300), "event": 0},
    ):
        one, two = (
            certify(model.coef_, model.intercept_, Z, y, l2=1.0, **extra) for Z in (X, X.toarray())
        )
        assert one == two


@pytest.mark.parametrize("make", [sp.csr_array, sp.csr_matrix, sp.coo_array])
def test_what_needs_names_says_what_to_do(make):
    X, y = drawn(60, 2)
    known = sigmoide.logit("y ~ x0", {"y": y, "x0": X.toarray()[:, 0]})
    for ask in (lambda: sigmoide.logit("x1 ~ x0", make(X)), lambda: known.predict(make(X))):
        with pytest.raises(DataError, match=r"DataFrame\.sparse\.from_spmatrix") as caught:
            ask()
        assert f"a sparse matrix ({make.__name__}) was given" in str(caught.value)
    # and what it says works
    frame = pd.DataFrame.sparse.from_spmatrix(X, columns=["a", "b"]).assign(y=y)
    named = pd.DataFrame(X.toarray(), columns=["a", "b"]).assign(y=y)
    found, wanted = (sigmoide.logit("y ~ a + b", data) for data in (frame, named))
    assert found.params.equals(wanted.params)


def test_what_is_sparse_is_known_without_scipy():
    assert not is_sparse(np.eye(2))
    assert not is_sparse(pd.DataFrame({"a": [1.0]}))
    assert not is_sparse("a.csv")
    for form in FORMATS:
        assert is_sparse(getattr(sp, f"{form}_array")(np.eye(2)))
        assert is_sparse(getattr(sp, f"{form}_matrix")(np.eye(2)))


def test_what_is_compressed_is_not_copied_where_it_need_not_be():
    X, _ = drawn(50, 3)
    held = compressed(X)
    assert np.shares_memory(held.matrix.data, X.data)
    assert np.shares_memory(held.matrix.indices, X.indices)
    assert held.shape == (50, 3)
    assert first_unfit(held, 7) is None
    whole = compressed(X.astype(np.float32))
    assert whole.matrix.data.dtype == np.float64
