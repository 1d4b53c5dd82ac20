"""A result reaches its rows again: in memory, beyond it, from a model file; and only those rows."""

from __future__ import annotations

import copy
import gc
import json
import pickle
import warnings
import weakref

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import sigmoide
from sigmoide.errors import (
    ColumnError,
    DataError,
    FileError,
    ModelFileError,
    RowsError,
    SigmoideWarning,
    UsageError,
)
from sigmoide.sources import options as source_options
from sigmoide.sources.options import ReadOptions

SMALL = "2MB"


@pytest.fixture
def cache(tmp_path):
    """A folder in which nothing may be left."""
    folder = tmp_path / "cache"
    folder.mkdir()
    yield folder
    assert list(folder.iterdir()) == []


def table(rows: int = 300) -> pd.DataFrame:
    rng = np.random.default_rng(7)
    frame = pd.DataFrame(
        {
            "x": rng.normal(size=rows),
            "g": rng.choice(["north", "south", "west"], rows),
            "z": rng.normal(size=rows),
            "h": rng.choice(["one", "two"], rows),
            "firm": rng.integers(0, 30, rows) * 0.5 - 3.0,
            "town": [f"town {k}" for k in rng.integers(0, 25, rows)],
        }
    )
    eta = 0.5 * frame.x - (frame.g == "south") + 0.3 * frame.z
    frame["y"] = rng.random(rows) < 1 / (1 + np.exp(-eta))
    frame["s"] = rng.integers(0, 3, rows)
    frame.loc[rng.random(rows) < 0.1, "x"] = np.nan
    return frame


def answers(result: sigmoide.Result) -> dict[str, np.ndarray]:
    """Return one answer of every kind that is computed from rows."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SigmoideWarning)
        found = {
            "HC3": result.with_cov("HC3").bse,
            "by a number": result.with_cov("CR1", cluster="firm").bse,
            "by a text": result.with_cov("CR0", cluster="town").bse,
            "by two": result.with_cov("CR_G", cluster=["firm", "town"]).cov_params(),
            "bootstrap": result.with_cov("bootstrap", replicates=20, seed=5).bse,
            "of clusters": result.with_cov("bootstrap", replicates=20, cluster="firm").bse,
            "profile": result.conf_int(method="profile"),
            "drop1": result.drop1().drop(columns="status"),
            "score": result.score_test("z", "C(h)"),
        }
    return {name: np.asarray(table, dtype=float) for name, table in found.items()}


def same(ours: dict[str, np.ndarray], theirs: dict[str, np.ndarray], rtol: float = 0.0) -> None:
    assert ours.keys() == theirs.keys()
    for name, values in ours.items():
        assert np.isfinite(values).all(), name
        np.testing.assert_allclose(values, theirs[name], rtol=rtol, atol=0.0, err_msg=name)


@pytest.fixture(scope="module")
def frame():
    return table()


@pytest.fixture(scope="module")
def expected(frame):
    return answers(sigmoide.logit("y ~ x + g", frame))


# --- wherever the rows are


def test_every_form_gives_the_same_bits(frame, expected, tmp_path):
    frame.to_csv(tmp_path / "f.csv", index=False)
    frame.to_parquet(tmp_path / "f.parquet")
    forms = {
        "csv": tmp_path / "f.csv",
        "parquet": str(tmp_path / "f.parquet"),
        "polars": pl.from_pandas(frame, nan_to_null=True),
        "arrow": pa.Table.from_pandas(frame),
        "mapping": {name: frame[name] for name in frame},
    }
    for data in forms.values():
        same(answers(sigmoide.logit("y ~ x + g", data)), expected)


@pytest.mark.parametrize("form", ["csv", "parquet", "frame"])
def test_beyond_memory_the_source_is_opened_again(form, tmp_path, cache, monkeypatch):
    monkeypatch.setattr(source_options, "LEAST", 0)
    frame = table(20_000)
    frame.to_csv(tmp_path / "f.csv", index=False)
    frame.to_parquet(tmp_path / "f.parquet", row_group_size=3000)
    data = frame if form == "frame" else tmp_path / f"f.{form}"
    found = sigmoide.logit("y ~ x + g", data, memory=SMALL, cache=cache)
    assert "streamed: " in found.model.notes[-1]
    # between two questions nothing is kept on the disk
    assert list(cache.iterdir()) == []
    ours, theirs = answers(found), answers(sigmoide.logit("y ~ x + g", frame))
    same(ours, theirs)
    # and one that is given to a model file is read so, too
    found.save(tmp_path / "m.json")
    if form != "frame":
        options = ReadOptions(memory=SMALL, cache=cache)
        again = sigmoide.read_model(tmp_path / "m.json", data, options)
        same({"HC3": np.asarray(again.with_cov("HC3").bse)}, {"HC3": theirs["HC3"]})
        by = again.with_cov("CR1", cluster=frame.firm).bse
        np.testing.assert_array_equal(by, theirs["by a number"])


@pytest.mark.parametrize("form", ["frame", "csv", "parquet", "array"])
def test_dates_and_numbers_in_disguise_are_labels_like_others(form, tmp_path, cache, monkeypatch):
    """As columns of a model they are refused; here only matters which are the same."""
    monkeypatch.setattr(source_options, "LEAST", 0)
    frame = table(20_000)
    day = np.arange(20_000) % 60
    frame["day"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(day, unit="D")
    frame["share"] = [f"{k} %" for k in day]
    frame["big"] = day.astype(np.int64) + 2**60
    plain = sigmoide.logit("y ~ x + g", frame).with_cov("CR1", cluster=day).bse
    path = frame
    if form == "csv":
        frame.to_csv(path := tmp_path / "f.csv", index=False)
    elif form == "parquet":
        frame.to_parquet(path := tmp_path / "f.parquet", row_group_size=3000)
    inside = sigmoide.logit("y ~ x + g", path)
    beyond = sigmoide.logit("y ~ x + g", path, memory=SMALL, cache=cache)
    for name in ("day", "share", "big"):
        cluster = frame[name] if form == "array" else name
        for found in (inside, beyond):
            by = found.with_cov("CR1", cluster=cluster)
            np.testing.assert_allclose(by.bse, plain, rtol=1e-12)
            assert by.cov_type == f"CR1, clusters of {name} (60)"


def test_what_can_be_read_only_once_is_asked_for_again(tmp_path, cache, monkeypatch):
    monkeypatch.setattr(source_options, "LEAST", 0)
    frame = table(20_000)
    once = pa.Table.from_pandas(frame).to_reader(500)
    found = sigmoide.logit("y ~ x + g", once, memory=SMALL, cache=cache)
    with pytest.raises(RowsError, match=r"can be read only once.*with_data"):
        found.with_cov("HC1")
    theirs = sigmoide.logit("y ~ x + g", frame).with_cov("HC1").bse
    assert found.with_data(frame).with_cov("HC1").bse.equals(theirs)


def test_missing_clusters_beyond_memory(tmp_path, cache, monkeypatch):
    monkeypatch.setattr(source_options, "LEAST", 0)
    frame = table(20_000)
    first = int(frame.x.first_valid_index() or 0)
    frame.loc[first, "firm"] = np.nan
    frame.to_parquet(tmp_path / "f.parquet")
    found = sigmoide.logit("y ~ x + g", tmp_path / "f.parquet", memory=SMALL, cache=cache)
    with pytest.raises(ColumnError, match=f"'firm' is to make .* misses a value in row {first} "):
        found.with_cov("CR1", cluster="firm")


def test_a_table_changed_after_the_fit_changes_nothing_of_its_rows(expected):
    frame = table()
    found = sigmoide.logit("y ~ x + g", frame)
    frame.loc[:, "x"] = 0.0
    np.testing.assert_array_equal(found.with_cov("HC3").bse, expected["HC3"])
    np.testing.assert_array_equal(found.conf_int(method="profile"), expected["profile"])


def test_weights_offsets_and_clusters_as_arrays(frame):
    s, o, town = frame.s.to_numpy(float), np.sin(np.arange(300.0)), frame.town.tolist()
    given = sigmoide.logit("y ~ x + g", frame, weights=s, offset=o)
    named = sigmoide.logit("y ~ x + g", frame.assign(o=o), weights="s", offset="o")
    same(answers(given), answers(named))
    ours = given.with_cov("CR1", cluster=town)
    np.testing.assert_array_equal(ours.bse, named.with_cov("CR1", cluster="town").bse)


def test_a_part_of_a_larger_source(frame, tmp_path):
    """Rows of a split keep their numbers; labels are looked up by them."""
    from sigmoide.api.logit import fit_source
    from sigmoide.design.prepare import Request
    from sigmoide.formula.algebra import parse
    from sigmoide.sources.formats import in_memory
    from sigmoide.sources.frames import read_source

    whole = read_source(frame)
    part = in_memory(whole.part(np.arange(1, 300, 2)))
    asked = parse("y ~ x + g", whole.names)
    found = fit_source(part, Request(asked.target, asked.terms))
    theirs = sigmoide.logit("y ~ x + g", frame.iloc[1::2].reset_index(drop=True))
    for cluster in ("firm", frame.firm.to_numpy()[1::2]):
        ours = found.with_cov("CR1", cluster=cluster).bse
        np.testing.assert_allclose(ours, theirs.with_cov("CR1", cluster="firm").bse, rtol=1e-12)


# --- a model file holds none


def test_a_model_file_is_given_its_rows(frame, expected, tmp_path):
    path = tmp_path / "m.json"
    sigmoide.logit("y ~ x + g", frame).save(path)
    alone = sigmoide.read_model(path)
    for ask in (
        lambda: alone.with_cov("HC1"),
        lambda: alone.conf_int(method="profile"),
        lambda: alone.drop1(),
        lambda: alone.score_test("z"),
        lambda: alone.summary(method="profile"),
    ):
        with pytest.raises(RowsError, match=r"which this result does not hold.*with_data\(data\)"):
            ask()
    # what needs no rows is there
    assert alone.wald_test_terms().index.tolist() == ["x", "g"]
    same(answers(alone.with_data(frame)), expected)
    same(answers(sigmoide.read_model(path, frame)), expected)
    frame.to_csv(tmp_path / "f.csv", index=False)
    same(answers(sigmoide.read_model(path, tmp_path / "f.csv")), expected)


def test_arrays_of_the_fit_are_asked_for(frame, tmp_path):
    s = frame.s.to_numpy(float)
    found = sigmoide.logit("y ~ x + g", frame, weights=s)
    found.save(tmp_path / "m.json")
    again = sigmoide.read_model(tmp_path / "m.json")
    with pytest.raises(UsageError, match="give the weights of these rows too"):
        again.with_data(frame)
    with pytest.raises(RowsError, match=r"observations by weight: .*, and .* were fitted"):
        again.with_data(frame, weights=2 * s)
    same(answers(again.with_data(frame, weights=s)), answers(found))


def others(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    used = frame.dropna().index
    swapped, events = frame.copy(), frame.copy()
    # two values change places: as many rows and events, and another likelihood
    swapped.loc[used[:2], "x"] = frame.loc[used[:2][::-1], "x"].to_numpy()
    yes, no = used[frame.y[used]][5], used[~frame.y[used]][5]
    events.loc[[yes, no], "y"] = [False, True]
    fewer = frame.copy()
    fewer.loc[used[3], "x"] = np.nan
    near = frame.copy()
    near.loc[used[0], "x"] += 1e-4
    turned = frame.copy()
    turned.loc[used[0], "y"] = ~turned.loc[used[0], "y"]
    return {
        "fewer rows": frame.iloc[:-3],
        "another row missing": fewer,
        "two values swapped": swapped,
        "two events swapped": events,
        "one value moved": near,
        "one event turned": turned,
    }


@pytest.mark.parametrize("how", list(others(table())))
def test_other_rows_are_refused(frame, how, tmp_path):
    found = sigmoide.logit("y ~ x + g", frame)
    with pytest.raises(RowsError, match="these are not the rows of the fit"):
        found.with_data(others(frame)[how])
    # a file that was rewritten since the fit: what is in memory still holds, no more is read of it
    path = tmp_path / "f.csv"
    frame.to_csv(path, index=False)
    found = sigmoide.logit("y ~ x + g", path)
    others(frame)[how].to_csv(path, index=False)
    assert found.with_cov("HC1").bse.notna().all()
    with pytest.raises(RowsError, match=r"f\.csv: these are not the rows of the fit"):
        found.with_cov("CR1", cluster="firm")


def test_rows_of_the_same_likelihood_and_another_maximum_are_refused():
    """What number, weight, events and likelihood at the estimate do not tell, its slope does."""
    x, y = np.array([1.0, 2, 3, 4, 5, 6, 9, 15]), np.array([0, 0, 1, 0, 1, 0, 1, 1])
    found = sigmoide.logit("y ~ x", {"y": y, "x": x})
    b, w = found.params
    # one event loses what another gains: together they are as likely as they were
    loss = np.logaddexp(0, -(b + w * x))
    loss[[2, 4]] += [0.05, -0.05]
    other = np.where(y == 1, (-np.log(np.expm1(loss)) - b) / w, x)
    with pytest.raises(RowsError, match=r"maximum .* standard errors from its estimate"):
        found.with_data({"y": y, "x": other})


def test_the_order_of_the_rows_is_no_matter(frame, expected):
    found = sigmoide.logit("y ~ x + g", frame).with_data(frame.iloc[::-1].reset_index(drop=True))
    np.testing.assert_allclose(found.with_cov("HC3").bse, expected["HC3"], rtol=1e-9)
    by = found.with_cov("CR1", cluster="firm").bse
    np.testing.assert_allclose(by, expected["by a number"], rtol=1e-9)


def test_a_file_that_is_gone(frame, tmp_path):
    path = tmp_path / "f.csv"
    frame.to_csv(path, index=False)
    found = sigmoide.logit("y ~ x + g", path)
    path.unlink()
    assert found.with_cov("HC1").bse.notna().all()
    with pytest.raises(FileError, match="no such file"):
        found.with_cov("CR1", cluster="firm")


def test_a_separated_fit_is_known_again(tmp_path):
    rng = np.random.default_rng(3)
    x, g = rng.normal(size=200), (np.arange(200) % 20 == 0).astype(float)
    y = np.where(g == 1, 1, rng.integers(0, 2, 200))
    frame = pd.DataFrame({"x": x, "g": g, "y": y})
    with pytest.warns(sigmoide.errors.SeparationWarning):
        found = sigmoide.logit("y ~ x + g", frame)
    found.save(tmp_path / "m.json")
    again = sigmoide.read_model(tmp_path / "m.json", frame)
    assert again.with_cov("HC1").bse.equals(found.with_cov("HC1").bse)
    assert again.conf_int(method="profile").equals(found.conf_int(method="profile"))
    with pytest.raises(RowsError, match="not the rows of the fit"):
        sigmoide.read_model(tmp_path / "m.json", frame.assign(x=frame.x[::-1].to_numpy()))


# --- what is held


def test_copies_share_the_rows_and_pickles_hold_none(frame):
    found = sigmoide.logit("y ~ x + g", frame, cov="HC1")
    for other in (copy.copy(found), copy.deepcopy(found)):
        assert other.bse.equals(found.bse)
        assert other.with_cov("HC3").cov_type == "HC3"
    kept = pickle.dumps(found)
    assert b"town 3" not in kept
    assert len(kept) < 20_000
    again = pickle.loads(kept)
    assert again.cov_type == "HC1"
    assert again.bse.equals(found.bse)
    assert str(again.summary()) == str(found.summary())
    with pytest.raises(RowsError, match="pickled"):
        again.with_cov("HC3")
    assert again.with_data(frame).with_cov("HC3").bse.equals(found.with_cov("HC3").bse)


def test_remove_data_lets_the_rows_go(frame):
    found = sigmoide.logit("y ~ x + g", frame)
    robust = found.with_cov("HC1")
    blocks = weakref.ref(found._rows.blocks)
    found.remove_data()
    assert blocks() is not None  # the other result has them still
    robust.remove_data()
    gc.collect()
    assert blocks() is None
    with pytest.raises(RowsError):
        found.with_cov("HC1")
    assert robust.cov_type == "HC1"


# --- the covariance in the model file


COVARIANCES = [
    ("HC1", {}),
    ("HC3", {}),
    ("CR1", {"cluster": "firm"}),
    ("CR0", {"cluster": ["firm", "town"]}),
    ("bootstrap", {"replicates": 15}),
    ("bootstrap", {"replicates": 15, "cluster": "firm"}),
]


@pytest.mark.parametrize(("kind", "asked"), COVARIANCES)
def test_the_file_holds_the_covariance_in_force(frame, kind, asked, tmp_path):
    found = sigmoide.logit("y ~ x + g", frame).with_cov(kind, **asked)
    found.save(tmp_path / "m.json")
    again = sigmoide.read_model(tmp_path / "m.json")
    assert again.cov_type == found.cov_type
    assert again.cov_params().equals(found.cov_params())
    assert str(again.summary()) == str(found.summary())
    new = frame.assign(x=frame.x.fillna(0.0))
    ours, theirs = found.predicted(new), again.predicted(new)
    assert ours.standard_error.tobytes() == theirs.standard_error.tobytes()
    assert again.with_data(frame).with_cov("nonrobust").cov_type == "nonrobust"


@pytest.mark.filterwarnings("ignore::sigmoide.errors.SeparationWarning")
def test_withheld_errors_are_kept_as_such(tmp_path):
    found = sigmoide.logit("y ~ x", {"y": [0, 0, 0, 1, 1, 1], "x": [1.0, 2, 3, 4, 5, 6]})
    found.with_cov("HC0").save(tmp_path / "m.json")
    again = sigmoide.read_model(tmp_path / "m.json")
    assert again.cov_type == "HC0"
    assert again.bse.isna().all()
    assert str(again.summary()) == str(found.with_cov("HC0").summary())


def test_files_of_before_are_read(frame, tmp_path):
    path = tmp_path / "m.json"
    found = sigmoide.logit("y ~ x + g", frame)
    found.save(path)
    entries = json.loads(path.read_text())
    assert entries.pop("covariance") is None
    path.write_text(json.dumps(entries))
    assert sigmoide.read_model(path).bse.equals(found.bse)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("kind", "HC7"),
        ("n", -1.0),
        ("n", "NaN"),
        ("degrees", "many"),
        ("clusters", [["firm"]]),
        ("clusters", [["firm", -1]]),
        ("notes", [1]),
        ("at_centre", [[1.0]]),
        ("at_centre", [["NaN"], [1.0, 2.0], [1.0, 2.0, 3.0], [1.0, 2.0, 3.0, 4.0]]),
        ("at_centre", "x"),
    ],
)
def test_a_covariance_that_is_no_such_thing_is_refused(frame, place, value, tmp_path):
    path = tmp_path / "m.json"
    sigmoide.logit("y ~ x + g", frame, cov="HC1").save(path)
    entries = json.loads(path.read_text())
    entries["covariance"][place] = value
    path.write_text(json.dumps(entries))
    with pytest.raises(ModelFileError, match="covariance"):
        sigmoide.read_model(path)


def test_a_covariance_where_none_can_be_is_refused(frame, tmp_path):
    path = tmp_path / "m.json"
    sigmoide.logit("y ~ x + g", frame, cov="HC1").save(path)
    held = json.loads(path.read_text())["covariance"]
    sigmoide.logit("y ~ x + g", frame, l2=1.0).save(path)
    entries = json.loads(path.read_text())
    entries["covariance"] = held
    path.write_text(json.dumps(entries))
    with pytest.raises(ModelFileError, match="no such fit has a covariance"):
        sigmoide.read_model(path)
    with pytest.raises(DataError):
        sigmoide.read_model(path)
