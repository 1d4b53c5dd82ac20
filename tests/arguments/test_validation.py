"""What comes in is looked at before any compiled code reads it: arrays and sparse matrices.

Whatever may end a process is tried in one of its own (tests/support/malformed.py).
"""

from __future__ import annotations

import sys
from collections import Counter

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

import sigmoide
from sigmoide import LogisticRegression, certify, logit
from sigmoide.arguments.arrays import real_number, real_numbers
from sigmoide.arguments.sparse import checked_rows
from sigmoide.arguments.words import shown
from sigmoide.errors import ColumnError, DataError, TargetError, UsageError, WeightError
from support.forks import call, calls
from support.malformed import (
    FORMATS,
    N,
    a_list_in_itself,
    doors,
    hidden,
    outcomes_of,
    problem,
    sparse_sweep,
    with_entry,
)
from support.sweeps import generator, size

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits by /proc and setrlimit")

NUMBERS = [
    "LogisticRegression.fit(sample_weight)",
    "LogisticRegression.score(sample_weight)",
    "certify(coef)",
    "certify(frequency)",
    "certify(weights)",
    "certify(offset)",
    "logit(frequency)",
    "logit(weights)",
    "logit(offset)",
    "Result.predict(offset)",
    "Result.evaluate(weights)",
    "Result.scored(offset)",
    "Result.with_data(weights)",
    "Result.verify(offset)",
]
FEATURES = [
    "LogisticRegression.fit(X)",
    "LogisticRegression.predict(X)",
    "LogisticRegression.predict_proba(X)",
    "LogisticRegression.predict_log_proba(X)",
    "LogisticRegression.decision_function(X)",
    "LogisticRegression.score(X)",
]
TARGETS = [
    "LogisticRegression.fit(y)",
    "LogisticRegression.score(y)",
    "certify(y)",
    "certify(y of a sparse X)",
]
CLUSTERS = ["logit(cluster)", "logit(one of two clusters)", "Result.with_cov(cluster)"]
COLUMNS = ["logit(a column)", "logit(the target)", "Result.predict(a column)"]
SETTINGS = [
    "LogisticRegression(C=)",
    "LogisticRegression(tol=)",
    "LogisticRegression(max_iter=)",
    "LogisticRegression(n_jobs=)",
    "LogisticRegression(class_weight=)",
    "LogisticRegression(l1_ratio=)",
    "LogisticRegression(solver=)",
    "LogisticRegression(penalty=)",
    "certify(l2)",
    "certify(event)",
    "logit(event)",
    "logit(l2)",
    "logit(tol)",
    "logit(memory)",
    "logit(a penalty factor)",
    "Result.evaluate(threshold)",
    "Result.conf_int(alpha)",
]
# Each door is looked at by one of the tests.
OTHERS = ["certify(X)", "logit(data)", "certify(intercept)", "logit(penalty_factors)"]


def test_every_door_is_in_a_list():
    listed = [*NUMBERS, *FEATURES, *TARGETS, *CLUSTERS, *COLUMNS, *SETTINGS, *OTHERS]
    assert Counter(listed) == Counter(list(doors()))


def outcomes(door: str, table: str) -> dict[str, tuple[str, str]]:
    done = call(outcomes_of, door, table)
    assert done.code == 0, f"{door}, {table}: ended with {done.code}\n{done.stderr}"
    return done.value


def refused(door: str, table: str, but: tuple[str, ...] = ()) -> None:
    """Refused in words of sigmoide's; by an estimator also in scikit-learn's."""
    ours = {"ours"}
    if door.startswith("LogisticRegression"):
        ours = {"ours", "ValueError", "TypeError"}
    for kind, (came, said) in outcomes(door, table).items():
        if kind in but:
            continue
        assert came in ours, f"{door}, {kind}: {came}, {said:.300}"
        assert said.strip(), f"{door}, {kind}"
        # What Python and NumPy say by themselves tells nobody what to do.
        for raw in ("truth value", "string conversion", "'<' not supported", "inhomogeneous shape"):
            assert came == "ours" or raw not in said, f"{door}, {kind}: {said:.300}"
        assert len(said) < 2000 or came != "ours", f"{door}, {kind}: {len(said)} characters"


@pytest.mark.parametrize("door", NUMBERS)
@pytest.mark.parametrize("table", ["NO_ARRAYS", "MASKED", "NO_NUMBERS"])
def test_weights_offsets_and_coefficients_are_real_numbers(door, table):
    # One number may weigh all rows of an estimator.
    refused(door, table, ("no dimension",) if "fit(sample_weight)" in door else ())


@pytest.mark.parametrize("door", NUMBERS)
def test_real_numbers_are_taken_in_whatever_they_come(door):
    found = outcomes(door, "ONES")
    came = {kind: was for kind, (was, _) in found.items()}
    assert set(came.values()) == {"taken"}, found
    assert len({said for _, said in found.values()}) == 1, found


@pytest.mark.parametrize("door", FEATURES)
@pytest.mark.parametrize("table", ["NO_ARRAYS", "MASKED", "NO_NUMBERS"])
def test_features_of_an_estimator(door, table):
    # scikit-learn's convention: what Python reads as a number is one; sparse columns are features.
    refused(door, table, but=("digits", "bytes in an array", "a sparse column"))


@pytest.mark.parametrize("door", TARGETS)
def test_targets(door):
    refused(door, "NO_ARRAYS")
    refused(door, "MASKED")


@pytest.mark.parametrize("values", [np.datetime64("2020-01-01", "s"), np.timedelta64(3, "D")])
def test_frames_of_dates_and_frames_with_a_date(values):
    """A frame of dates alone would turn into numbers, of whatever unit it has."""
    X, y, _ = problem()
    model = LogisticRegression().fit(X, y)
    frame = pd.DataFrame({"a": np.full(N, values), "b": np.full(N, values)})
    for dates in (frame, frame.to_numpy(), frame.assign(b=1.0), frame.to_numpy().tolist()):
        for ask in (lambda v: LogisticRegression().fit(v, y), model.predict):
            with pytest.raises(ColumnError, match="X holds"):
                ask(dates)


def test_a_target_that_misses_dates():
    X, y, _ = problem()
    days = np.array(["2020-01-01", "2020-01-02"], dtype="M8[D]")[y]
    assert len(LogisticRegression().fit(X, days).classes_) == 2
    days[4] = "NaT"
    with pytest.raises(TargetError, match=r"y has no value at row 4 \(counted from 0\)"):
        LogisticRegression().fit(X, days)


@pytest.mark.parametrize("door", CLUSTERS)
@pytest.mark.parametrize("table", ["NO_ARRAYS", "MASKED"])
def test_clusters(door, table):
    # No entries are no clusters; and numbers, objects and text may be labels.
    but = ("no entries",) if door == "logit(cluster)" else ()
    refused(door, table, but)


@pytest.mark.parametrize("door", COLUMNS)
def test_columns_of_a_mapping(door):
    refused(door, "NO_ARRAYS", but=("a generator", "an iterator"))


@pytest.mark.parametrize("door", SETTINGS)
def test_settings_are_one_number(door):
    but = ("a fraction beyond float64",) if "event" in door else ()
    if "max_iter" in door or "n_jobs" in door:
        but = ("beyond float64", "beyond what Python writes")
    refused(door, "NO_NUMBER", but)


@pytest.mark.parametrize("door", OTHERS)
def test_whatever_else_is_no_array(door):
    # None of these is text that names a file, an intercept of one number, or no factors.
    but = {"certify(intercept)": ("no dimension",)}.get(door, ())
    refused(door, "NO_ARRAYS", but)
    if "penalty" not in door:
        refused(door, "NO_NUMBERS", ("words", "digits", "a huge text") if "data" in door else ())
    if door == "certify(X)":
        refused(door, "MASKED")


# --- masks that mean that values are missing


@pytest.mark.parametrize("dtype", [float, int, bool, np.longdouble, object])
def test_a_mask_of_a_column_means_missing(dtype):
    _, _, data = problem()
    values = (2 * data["a"]).astype(int).astype(dtype)
    result = logit("y ~ b + a", {**data, "a": hidden(values)})
    wanted = pd.Series(values.astype(float))
    wanted[3] = np.nan
    assert result.dropped == logit("y ~ b + a", {**data, "a": wanted}).dropped != {}
    assert result.nobs == N - 1
    np.testing.assert_array_equal(result.params, logit("y ~ b + a", {**data, "a": wanted}).params)
    with pytest.warns(sigmoide.errors.MissingWarning, match="1 of 24 rows have no prediction"):
        predicted = result.predict({**data, "a": hidden(values)})
    assert np.flatnonzero(predicted.isna()).tolist() == [3]


def test_a_mask_of_an_array_of_data_means_missing():
    X, y, _ = problem()
    table = np.ma.array(np.column_stack([X, y]), mask=False)
    table.mask[3, 0] = table.mask[7, 2] = True
    result = logit("x2 ~ x0 + x1", table)
    assert result.nobs == N - 2
    coef, intercept = result.params.iloc[1:], result.params.iloc[0]
    with pytest.raises(DataError, match=r"'x0' has no value at row 3"):
        certify(coef, intercept, table[:, :2], y)
    left = np.delete(np.arange(N), [3, 7])
    assert certify(coef, intercept, table[left, :2], y[left]).proved


def test_a_mask_that_hides_nothing_changes_nothing():
    X, y, _ = problem()
    wanted = LogisticRegression().fit(X, y)
    for mask in (False, np.zeros(X.shape, dtype=bool)):
        found = LogisticRegression().fit(np.ma.array(X, mask=mask), np.ma.array(y))
        assert found.coef_.tobytes() == wanted.coef_.tobytes()
        again = certify(wanted.coef_, wanted.intercept_, np.ma.array(X, mask=mask), np.ma.array(y))
        assert again == certify(wanted.coef_, wanted.intercept_, X, y)


def test_what_messages_name():
    X, y, _ = problem()
    with pytest.raises(DataError, match=r"X has a mask.* row 2, column 1 .*\.filled"):
        LogisticRegression().fit(np.ma.masked_values(X, X[2, 1]), y)
    with pytest.raises(WeightError, match=r"sample_weight has a mask.* row 3 "):
        LogisticRegression().fit(X, y, sample_weight=hidden(np.ones(N)))
    with pytest.raises(UsageError, match=r"coef .* it is complex\. Give the real part"):
        certify([1j, 0], 0.0, X, y)
    with pytest.raises(WeightError, match=r"the offset given .* 10{20}.*… at row 1 .* beyond"):
        certify([0, 0], 0.0, X, y, offset=[0, 10**400] + [0] * (N - 2))
    bad = X.astype(object)
    bad[5, 1] = 2j
    with pytest.raises(ColumnError, match=r"X holds 2j at row 5, column 1 \(counted") as caught:
        LogisticRegression().fit(bad, y)
    assert isinstance(caught.value, TypeError)
    with pytest.raises(UsageError, match=r"C=10{20}.*… was given; a number is needed"):
        LogisticRegression(C=10**400).fit(X, y)


def test_numbers_and_how_they_are_shown():
    assert real_number(10**400) is None
    assert real_number("1") is None
    assert real_number(np.float32(0.5)) == 0.5
    assert np.isnan(real_numbers([1, None, pd.NA], "it", WeightError)).tolist() == [0, 1, 1]
    plain = np.ones(3)
    assert real_numbers(plain, "it", WeightError) is plain
    assert shown("x" * 1000) == "'" + "x" * 79 + "…"
    assert "type int" in shown(10**5000)


# --- sparse matrices


def made(form: str, kind: str = "array") -> sp.sparray:
    X, _, _ = problem()
    return getattr(sp, f"{form}_{kind}")(sp.coo_array(np.where(X > 0.3, X, 0.0)))


def damage(X: sp.sparray, name: str, place: int, value: int) -> sp.sparray:
    array = np.array(getattr(X, name))
    array[place] = value
    if name in ("row", "col"):
        X.coords = (array, X.coords[1]) if name == "row" else (X.coords[0], array)
    else:
        setattr(X, name, array)
    return X


def without(X: sp.sparray, name: str, last: int) -> sp.sparray:
    setattr(X, name, getattr(X, name)[:-last])
    return X


def shaped(X: sp.sparray, shape: object) -> sp.sparray:
    X._shape = shape
    return X


def longer_list(X: sp.sparray) -> sp.sparray:
    X.rows[4] = [*X.rows[4], 1]
    return X


def with_key(X: sp.sparray, key: object) -> sp.sparray:
    X._dict[key] = 1.0
    return X


DAMAGED = {
    "a column beyond": (
        lambda: damage(made("csr"), "indices", 5, 10**9),
        r"csr_array has the column 1000000000 at row \d+ \(counted from 0\), and 2 columns",
    ),
    "a column below": (lambda: damage(made("csr"), "indices", 5, -3), "the column -3 at row"),
    "a row beyond": (
        lambda: damage(made("csc"), "indices", 2, N),
        rf"the row {N} at column 0 .* and {N} rows",
    ),
    "a row of blocks": (
        lambda: damage(made("bsr"), "indices", 0, 99),
        r"the block column 99 at block row \d+ \(counted from 0\), and 2 block columns",
    ),
    "rows that fall": (
        lambda: damage(made("csr"), "indptr", 2, 9),
        r"an indptr that falls: row 2 \(counted from 0\) begins at entry 9 and ends at",
    ),
    "columns that fall": (
        lambda: damage(made("csc"), "indptr", 1, 10**6),
        r"falls: column 1 .* begins at entry 1000000 ",
    ),
    "a late beginning": (lambda: damage(made("csr"), "indptr", 0, 1), "begins with 1, not with 0"),
    "an end beyond": (
        lambda: damage(made("csr"), "indptr", -1, 500),
        rf"by its indptr row {N - 1} .* ends at entry 500",
    ),
    "fewer values": (lambda: without(made("csr"), "data", 3), r"has \d+ indices and \d+ values"),
    "fewer pointers": (
        lambda: without(made("csr"), "indptr", 1),
        rf"has {N} rows and an indptr of {N} entries, where {N + 1} are needed",
    ),
    "a row of none": (
        lambda: damage(made("coo"), "row", 3, -1),
        rf"the row -1 at entry 3 \(counted from 0\), and {N} rows",
    ),
    "a column of none": (lambda: damage(made("coo"), "col", 0, 2), "the column 2 at entry 0"),
    "more columns": (lambda: shaped(made("csr"), (N, 1)), "the column 1 at row .* and 1 columns"),
    "no shape": (lambda: shaped(made("csr"), (N, -2)), r"has the shape \(24, -2\), which is none"),
    "more rows than memory": (lambda: shaped(made("coo"), (1 << 62, 2)), "does not fit into the"),
    "fewer diagonals": (lambda: without(made("dia"), "offsets", 1), r"\d+ diagonals and \d+ off"),
    "a longer list": (
        lambda: longer_list(made("lil")),
        "values .* numbers of columns in row 4",
    ),
    "a key beyond": (lambda: with_key(made("dok"), (N, 0)), f"the row {N} at entry"),
    "a key of one": (lambda: with_key(made("dok"), (1,)), r"an entry at \(1,\), which is no row"),
}


def said_of(what: str) -> list[str]:
    """Return what each entry point says of a damaged matrix, in a process of its own."""
    X, y, _ = problem()
    model = LogisticRegression().fit(X, y)
    found = []
    for ask in (
        lambda Z: LogisticRegression().fit(Z, y),
        model.predict,
        model.predict_proba,
        model.predict_log_proba,
        model.decision_function,
        lambda Z: model.score(Z, y),
        lambda Z: certify(model.coef_, model.intercept_, Z, y, l2=1),
    ):
        try:
            found.append(f"taken: {ask(DAMAGED[what][0]())!r}")
        except DataError as error:
            found.append(str(error))
    return found


@pytest.mark.parametrize("what", DAMAGED)
def test_damaged_sparse_matrices_are_refused_by_row_and_value(what):
    done = call(said_of, what)
    assert done.code == 0, done.stderr
    assert len(done.value) == 7
    assert len(set(done.value)) == 1
    with pytest.raises(DataError, match=DAMAGED[what][1]):
        raise DataError(done.value[0])


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("dtype", [complex, object, "M8[s]"])
def test_sparse_values_are_real_numbers(form, dtype):
    X = made(form)
    if form == "dok":
        X = sp.dok_array((N, 2), dtype=complex)
        X[0, 0] = 1j
    elif form == "lil":
        X.rows[0], X.data[0] = [0], [1j]
    else:
        X.data = X.data.astype("i8").astype(dtype)
    with pytest.raises(ColumnError, match="real numbers are needed"):
        checked_rows(X)


def test_flags_that_lie_change_no_number():
    """The entries are out of order and in parts; what is said of them is not believed."""
    rng = np.random.default_rng(5)
    rows, columns = np.sort(rng.integers(0, 300, 4000)), rng.integers(0, 6, 4000)
    values, y = rng.normal(size=4000), rng.integers(0, 2, 300)
    starts = np.searchsorted(rows, np.arange(301))
    plain = np.zeros((300, 6))
    np.add.at(plain, (rows, columns), values)
    wanted = LogisticRegression().fit(plain, y)
    for form in ("csr", "coo"):
        X = (
            sp.csr_array((values, columns, starts), shape=(300, 6))
            if form == "csr"
            else sp.coo_array((values, (rows, columns)), shape=(300, 6))
        )
        for name in ("has_sorted_indices", "has_canonical_format"):
            if hasattr(X, name):
                setattr(X, name, True)
        found = LogisticRegression().fit(X, y)
        assert found.coef_.tobytes() == wanted.coef_.tobytes()
        assert found.decision_function(X).tobytes() == wanted.decision_function(plain).tobytes()
        assert certify(found.coef_, 0.0, X, y) == certify(found.coef_, 0.0, plain, y)


@pytest.mark.parametrize("dtype", ["?", "i1", "u1", "i8", "f4", "f8", "g"])
@pytest.mark.parametrize("form", ["csr", "csc", "coo"])
def test_parts_of_an_entry_add_up_in_the_type_of_the_matrix(form, dtype):
    """As scipy has them; many parts of one row, which a sort that is not stable would mix up."""
    rng = np.random.default_rng(6)
    rows, columns = rng.integers(0, 4, 900), rng.integers(0, 3, 900)
    values = (90 * rng.normal(size=900)).astype(dtype)
    made = sp.coo_array((values, (rows, columns)), shape=(4, 3))
    if form != "coo":
        swap = (columns, rows, 3) if form == "csc" else (rows, columns, 4)
        order = np.argsort(swap[0], kind="stable")
        starts = np.searchsorted(swap[0][order], np.arange(swap[2] + 1))
        parts = values[order], swap[1][order], starts
        made = (sp.csc_array if form == "csc" else sp.csr_array)(parts, shape=(4, 3))
    plain = np.zeros((4, 3), dtype=dtype)
    np.add.at(plain, (rows, columns), values)
    for keep in ((np.dtype("f8"), np.dtype("f4")), (np.dtype("f8"),)):
        found = checked_rows(made, keep)
        assert found.dtype in keep
        assert found.toarray().tobytes() == plain.astype(found.dtype).tobytes()


def test_what_is_checked_is_neither_written_to_nor_copied():
    X = made("csr")
    spare = sp.csr_array((X.data, X.indices, X.indptr), shape=X.shape)
    # Places that are reserved beyond the last entry may hold anything.
    spare.data = np.concatenate([X.data, [np.nan, np.inf]])
    spare.indices = np.concatenate([X.indices, np.array([99, -1], dtype=X.indices.dtype)])
    for array in (spare.data, spare.indices, spare.indptr):
        array.flags.writeable = False
    before = [array.tobytes() for array in (spare.data, spare.indices, spare.indptr)]
    rows = checked_rows(spare)
    assert np.shares_memory(rows.data, spare.data)
    assert np.shares_memory(rows.indices, spare.indices)
    np.testing.assert_array_equal(rows.toarray(), X.toarray())
    assert [array.tobytes() for array in (spare.data, spare.indices, spare.indptr)] == before
    _, y, _ = problem()
    wanted = LogisticRegression().fit(X, y)
    assert LogisticRegression().fit(spare, y).coef_.tobytes() == wanted.coef_.tobytes()


def test_a_sparse_matrix_is_no_column():
    _, _, data = problem()
    for value in (made("csr"), damage(made("csr"), "indices", 0, 10**9)):
        with pytest.raises(ColumnError, match="column 'a' was given as csr_array"):
            logit("y ~ a", {**data, "a": value})


@pytest.mark.sweep
def test_mutated_sparse_matrices_are_read_as_they_are_or_refused():
    """Every acceptance has the bits of the dense reading, entry by entry, of the same matrix."""
    each = 10
    seeds = generator("mutated sparse").integers(0, 2**31, size(700, 70) // each)
    counts: Counter[str] = Counter()
    for seed, done in zip(seeds, calls(sparse_sweep, ((int(s), each) for s in seeds)), strict=True):
        assert done.code == 0, f"seed {seed}: ended with {done.code}\n{done.stderr}"
        problems, found = done.value
        assert not problems, "\n".join(problems)
        counts.update(found)
    print(dict(counts))
    assert min(counts[kind] for kind in ("taken", "refused", "cannot be read")) > 0


def fit_of_a_list_in_itself() -> str:
    _, _, data = problem()
    try:
        logit("y ~ a", {**data, "a": with_entry(a_list_in_itself())})
    except DataError as error:
        return str(error)
    return "taken"


def test_what_is_recursive_ends_no_process():
    """Arrow follows lists down until the stack ends."""
    done = call(fit_of_a_list_in_itself)
    assert done.code == 0
    assert "column 'a' cannot be used" in done.value
    assert "row 3 (counted from 0) holds [[...]] (list)" in done.value


def test_every_error_here_is_a_value_error():
    for error in (ColumnError, DataError, TargetError, UsageError, WeightError):
        assert issubclass(error, ValueError)
        assert issubclass(error, sigmoide.errors.SigmoideError)
