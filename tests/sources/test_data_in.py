"""Data in: one model, whatever the rows come in."""

from __future__ import annotations

import datetime as dt
import decimal
import io
import os
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import sigmoide
from sigmoide.cli import main
from sigmoide.columns.values import read_values
from sigmoide.errors import (
    ColumnError,
    DataError,
    FileError,
    MissingWarning,
    SigmoideWarning,
    TargetError,
    UsageError,
)
from sigmoide.sources.frames import read_source
from sigmoide.sources.options import ReadOptions
from support.data_forms import FORMS
from support.reference_sets import BINARY, FOLDER, NARROW, data_of, formula_of

# The forms that everybody has; FORMS holds more.
COMMON = ("csv", "latin", "gz", "parquet", "pandas", "polars", "table")


def frame_of(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / f"{name}.csv", na_values=["NA"], keep_default_na=False)


def same_bits(ours: sigmoide.Result, theirs: sigmoide.Result) -> None:
    assert ours.params.index.tolist() == theirs.params.index.tolist()
    for mine, other in (
        (ours.params, theirs.params),
        (ours.cov_params(), theirs.cov_params()),
        (ours.model.fit.coefficients.coef, theirs.model.fit.coefficients.coef),
    ):
        assert np.asarray(mine).tobytes() == np.asarray(other).tobytes()
    assert ours.dropped == theirs.dropped
    assert ours.model.target == theirs.model.target


@cache
def asked_of(name: str, l2: float = 0.0) -> tuple[pd.DataFrame, dict, sigmoide.Result]:
    """Return a reference set with letters that no ASCII has, and what is expected of it."""
    data, arguments = data_of(name)
    arguments |= {"formula": formula_of(name)[0], "l2": l2}
    expected = sigmoide.logit(data=data, **arguments)
    frame = data if isinstance(data, pd.DataFrame) else frame_of(name)
    return frame.assign(año="señal"), arguments, expected


def check_form(form: str, name: str, folder: Path, l2: float = 0.0) -> None:
    frame, arguments, expected = asked_of(name, l2)
    found = sigmoide.logit(data=FORMS[form](frame, folder), **arguments)
    same_bits(found, expected)
    same = FORMS[form](frame, folder)
    if form != "reader":
        np.testing.assert_array_equal(found.predict(same), expected.predict(frame))


@pytest.mark.filterwarnings("ignore::sigmoide.errors.SigmoideWarning")
@pytest.mark.parametrize("form", FORMS)
def test_the_same_model_from_every_form(form, tmp_path):
    """Of every reference set of two classes, by bits; what text files are is found out."""
    for name in BINARY:
        # Its maximum lies at infinity, and saying how takes a while: see the next test.
        check_form(form, name, tmp_path, l2=1.0 if name == "digits_3v8" else 0.0)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::sigmoide.errors.SigmoideWarning")
@pytest.mark.parametrize("form", COMMON)
def test_the_same_separation_from_every_form(form, tmp_path):
    check_form(form, "digits_3v8", tmp_path)


def test_the_reference_set_of_three_classes_is_refused_in_every_form(tmp_path):
    """Women's labour force participation: full time, part time, none. Two classes are modelled."""
    frame = frame_of("womenlf").assign(año="señal")
    assert {path.stem for path in FOLDER.glob("*.csv")} == {*BINARY, *NARROW, "womenlf"}
    for form in COMMON:
        with pytest.raises(TargetError, match="'partic' has 3 different values"):
            sigmoide.logit("partic ~ hincome + children", FORMS[form](frame, tmp_path))


def test_the_forms_are_what_they_are_called(tmp_path):
    frame = frame_of("birthwt").assign(año="señal", lwt=lambda held: held.lwt + 0.5)
    latin = read_source(FORMS["latin"](frame, tmp_path))
    assert latin.form == "latin-1, columns separated by ';', decimal sign ',', names in line 1"
    wide = read_source(FORMS["utf16"](frame, tmp_path))
    assert wide.form == "UTF-16, columns separated by '\\t', decimal sign '.', names in line 1"
    packed = read_source(FORMS["gz"](frame, tmp_path))
    assert packed.form.startswith("packed by gzip, UTF-8")
    for form, form_of in (("parquet", "Parquet"), ("feather", "Arrow"), ("ipc_stream", "Arrow")):
        assert read_source(FORMS[form](frame, tmp_path)).form == form_of


def test_the_command_line_reads_what_the_options_say(tmp_path):
    frame = frame_of("birthwt")
    frame["race"] = frame["race"].replace("black", "négra")
    path = tmp_path / "semicolons.csv"
    frame.assign(lwt=frame.lwt + 0.5).to_csv(
        path, index=False, sep=";", decimal=",", encoding="latin-1"
    )
    out = tmp_path / "m.json"
    options = ["--encoding", "latin-1", "--decimal", ","]
    for more in ([], ["--delimiter", ";"]):
        done = CliRunner().invoke(
            main, ["fit", str(path), "--target", "low", "--out", str(out), *options, *more]
        )
        assert done.exit_code == 0, done.stderr
        assert ("separated by ';'" in done.stdout) == (not more)
        same_bits(
            sigmoide.read_model(out), sigmoide.logit("low ~ .", frame.assign(lwt=frame.lwt + 0.5))
        )
    for command in ("predict", "evaluate", "verify"):
        done = CliRunner().invoke(main, [command, str(out), str(path), *options])
        assert done.exit_code == 0, done.stderr
    tabs = tmp_path / "tabs.txt"
    frame.to_csv(tabs, index=False, sep="\t")
    for sign in ("tab", "\\t", "\t"):
        done = CliRunner().invoke(main, ["fit", str(tabs), "--target", "low", "--delimiter", sign])
        assert done.exit_code == 0, done.stderr


def test_an_array_has_columns_x0_x1():
    frame = frame_of("birthwt")[["low", "age", "lwt", "smoke"]]
    expected = sigmoide.logit("low ~ age + lwt + smoke", frame)
    for array in (
        frame.to_numpy(),
        np.asfortranarray(frame.to_numpy(float)),
        frame.to_numpy(np.float32),
        frame.to_numpy(object),
        frame.to_numpy(np.longdouble),
        frame.to_numpy(float)[::-1][::-1],
    ):
        found = sigmoide.logit("x0 ~ x1 + x2 + x3", array)
        np.testing.assert_array_equal(found.params, expected.params)
        np.testing.assert_array_equal(sigmoide.logit("x0 ~ .", array).bse, expected.bse)
    masked = np.ma.array(frame.to_numpy(float), mask=np.zeros((189, 4), bool))
    masked.mask[3, 1] = True
    assert sigmoide.logit("x0 ~ .", masked).dropped == {"missing x1": 1}


def test_missing_values_of_every_kind_are_missing():
    y = [0, 1, 0, 1, 0, 1, 1, 0]
    x = [1.0, 2.0, None, 1.5, 2.5, 0.5, 3.0, 1.0]
    expected = sigmoide.logit("y ~ x", {"y": y, "x": x})
    assert expected.dropped == {"missing x": 1}
    for column in (
        np.array([np.nan if v is None else v for v in x]),
        pd.array(x, dtype="Float64"),
        pd.Series(x, dtype="Float32"),
        pd.Series([pd.NA if v is None else v for v in x], dtype=object),
        [decimal.Decimal(str(v)) if v is not None else None for v in x],
        pl.Series(x),
        pa.array(x, pa.float32()),
        pa.chunked_array([x[:3], x[3:]]),
        np.ma.array([v or 0 for v in x], mask=[v is None for v in x]),
        pd.arrays.SparseArray([np.nan if v is None else v for v in x]),
    ):
        same_bits(sigmoide.logit("y ~ x", {"y": y, "x": column}), expected)


def test_booleans_text_numbers_and_decimals():
    n = 40
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "y": rng.random(n) < 0.5,
            "flag": pd.array([None if i == 7 else bool(i % 3) for i in range(n)], "boolean"),
            "count": pd.array([None if i == 9 else i % 5 for i in range(n)], "Int16"),
            "price": [decimal.Decimal(int(i)) / 4 for i in rng.integers(0, 30, n)],
            "word": pd.array(rng.choice(["a", "b", "ñ"], n), "string"),
            "big": rng.integers(0, 9, n).astype("uint64"),
            "half": rng.integers(0, 9, n).astype("float16"),
        }
    )
    found = sigmoide.logit("y ~ .", frame)
    assert found.params.index.tolist() == [
        "Intercept",
        "flag[T.True]",
        "count",
        "price",
        "word[T.b]",
        "word[T.ñ]",
        "big",
        "half",
    ]
    assert found.event == "True"
    assert found.dropped == {"missing count": 1, "missing flag": 1}
    plain = frame.dropna().astype({"flag": float, "count": float, "price": float})
    plain["b"], plain["n"] = plain["word"] == "b", plain["word"] == "ñ"
    columns = ["flag", "count", "price", "b", "n", "big", "half"]
    expected = sigmoide.logit(
        "y ~ flag + count + price + b + n + big + half", plain[["y", *columns]].astype(float)
    )
    np.testing.assert_allclose(found.params, expected.params, rtol=1e-9)


def test_an_ordered_category_keeps_its_order():
    rng = np.random.default_rng(0)
    size = pd.Categorical(
        rng.choice(["small", "medium", "large"], 60), ["small", "medium", "large"], ordered=True
    )
    outcome = pd.Categorical(rng.choice(["worse", "better"], 60), ["worse", "better"], ordered=True)
    frame = pd.DataFrame({"y": outcome, "size": size})
    for data in (frame, pa.Table.from_pandas(frame)):
        found = sigmoide.logit("y ~ size", data)
        assert found.params.index.tolist() == ["Intercept", "size[T.medium]", "size[T.large]"]
        assert found.event == "better"
        assert not found.model.notes


def test_the_order_of_a_category_survives_parquet(tmp_path):
    rng = np.random.default_rng(0)
    size = pd.Categorical(rng.choice(["b", "c", "a"], 60), ["c", "a", "b", "d"], ordered=True)
    frame = pd.DataFrame({"y": rng.integers(0, 2, 60), "size": size})
    frame.to_parquet(tmp_path / "f.parquet")
    frame.to_feather(tmp_path / "f.feather")
    enum = pl.DataFrame({"y": frame.y.to_numpy(), "size": frame["size"].astype(str).tolist()})
    enum = enum.with_columns(pl.col("size").cast(pl.Enum(["c", "a", "b", "d"])))
    for data in (frame, tmp_path / "f.parquet", tmp_path / "f.feather", enum):
        found = sigmoide.logit("y ~ size", data)
        assert found.params.index.tolist() == ["Intercept", "size[T.a]", "size[T.b]"]


def test_an_unordered_category_is_sorted():
    frame = pd.DataFrame({"y": [0, 1, 0, 1, 1, 0], "g": pd.Categorical(list("baabba"), ["b", "a"])})
    assert sigmoide.logit("y ~ g", frame).params.index.tolist() == ["Intercept", "g[T.b]"]


@pytest.mark.parametrize(
    ("categories", "levels"),
    [
        ([3, 1], ("1", "3")),
        ([2.0, 0.5], ("0.5", "2")),
        ([True, False], ("False", "True")),
        (["ñ", "n"], ("n", "ñ")),
        ([dt.date(2020, 1, 2), dt.date(2020, 1, 1)], ("2020-01-01", "2020-01-02")),
        (pd.interval_range(0, 2), ("(0, 1]", "(1, 2]")),
    ],
)
def test_categories_of_other_things_than_text(categories, levels):
    column = pd.Categorical.from_codes([0, 1, 0, 1, -1, 1], categories=categories)
    values = read_values(read_source(pd.DataFrame({"g": column})), "g")
    assert values.kind == "text"
    assert values.levels == levels
    assert values.missing().tolist() == [False] * 4 + [True, False]


def test_cut_columns_of_pandas_work():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"y": rng.integers(0, 2, 90), "x": rng.random(90)})
    frame["band"] = pd.cut(frame.x, [0, 0.3, 0.7, 1])
    found = sigmoide.logit("y ~ band", frame)
    assert found.params.index.tolist()[1:] == ["band[T.(0.3, 0.7]]", "band[T.(0.7, 1.0]]"]


def test_a_dictionary_may_hold_null_and_repeat_itself():
    held = pa.DictionaryArray.from_arrays(
        pa.array([0, 1, 2, 3, None, 0]), pa.array(["x", None, "y", "x"])
    )
    values = read_values(read_source(pa.table({"g": held})), "g")
    assert values.levels == ("x", "y")
    assert values.codes.tolist() == [0, -1, 1, 0, -1, 0]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (pd.Series([1, 2]), "Series"),
        (pl.Series([1, 2]), "Series"),
        (pa.chunked_array([[1, 2]]), "ChunkedArray"),
        (pa.array([1, 2]), "Int64Array"),
        ([{"y": 1}], "list"),
        (None, "NoneType"),
        (3, "int"),
        (np.ones(3), "1 dimension"),
        (np.ones((2, 2, 2)), "3 dimension"),
        (np.ones((3, 0)), "no columns"),
        (np.ones((0, 3)), "no rows"),
        ({}, "no columns"),
        ({"y": []}, "no rows"),
        (pd.DataFrame(), "no columns"),
        (pd.DataFrame({"y": []}), "no rows"),
        (pl.DataFrame({"y": []}), "no rows"),
        ({"y": [0, 1], "x": [1]}, "'x' has 1 values and 'y' 2"),
        ({"y": 1}, "int"),
        ({"y": "text"}, "str"),
        ({"y": {0, 1}}, "set"),
    ],
)
def test_what_is_no_table_is_refused_by_name(data, what):
    with pytest.raises(DataError, match=what) as caught:
        sigmoide.logit("y ~ x", data)
    assert str(caught.value).count(".") >= 1
    if "Series" in what or what == "ChunkedArray":
        assert "to_frame" in str(caught.value)


def test_names_that_are_no_text_or_come_twice():
    frame = pd.DataFrame(np.random.default_rng(1).random((30, 3)), columns=["y", 1, ("a", 2)])
    frame["y"] = [0, 1] * 15
    found = sigmoide.logit("y ~ .", frame)
    assert found.params.index.tolist() == ["Intercept", "1", "('a', 2)"]
    same_bits(sigmoide.logit("y ~ `1` + `('a', 2)`", frame), found)
    for names in (["y", "x", "x"], ["y", 1, "1"]):
        with pytest.raises(ColumnError, match=r"2 columns are called '(x|1)'"):
            sigmoide.logit("y ~ .", frame.set_axis(names, axis=1))
    twice = pa.table([frame.y, frame.y, frame.y], names=["y", "x", "x"])
    with pytest.raises(ColumnError, match="2 columns are called 'x'"):
        sigmoide.logit("y ~ x", twice)


def test_an_index_never_becomes_a_column(tmp_path):
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"y": rng.integers(0, 2, 40), "x": rng.random(40)})
    expected = sigmoide.logit("y ~ .", frame)
    for index in (
        pd.RangeIndex(40),
        pd.Index(range(40, 0, -1)),
        pd.Index(rng.permutation(40), name="id"),
    ):
        held = frame.set_axis(index)
        held.to_parquet(tmp_path / "f.parquet")
        for data in (held, pa.Table.from_pandas(held), tmp_path / "f.parquet"):
            found = sigmoide.logit("y ~ .", data)
            same_bits(found, expected)
        if index.name:
            assert found.model.notes == ("the index that pandas stored is no column: 'id'",)

    class Frame(pd.DataFrame):
        """A class of somebody else's."""

    same_bits(sigmoide.logit("y ~ .", Frame(held)), expected)
    # and what is predicted lies under the index
    assert expected.predict(held).index.equals(held.index)


@pytest.mark.parametrize(
    "name", ["two words", "año", "日本", "a-b", "1st", "C", "a.b", "x[T.y]", "`"]
)
def test_names_that_are_no_identifiers(name, tmp_path):
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"the target": rng.integers(0, 2, 50), name: rng.random(50)})
    path = tmp_path / "f.csv"
    frame.to_csv(path, index=False)
    found = sigmoide.logit("`the target` ~ .", path)
    assert found.params.index.tolist() == ["Intercept", name]
    if "`" not in name:
        same_bits(sigmoide.logit(f"`the target` ~ `{name}`", frame), found)
    done = CliRunner().invoke(
        main, ["fit", str(path), "--target", "the target", "--columns", name, "--json"]
    )
    assert done.exit_code == 0, done.stderr


def test_a_column_called_intercept():
    frame = pd.DataFrame({"y": [0, 1, 0, 1, 1, 0], "Intercept": [1.0, 2, 3, 4, 2, 2]})
    with pytest.raises(ColumnError, match=r"two terms .* 'Intercept'.*Rename"):
        sigmoide.logit("y ~ Intercept", frame)
    assert sigmoide.logit("y ~ Intercept - 1", frame).params.index.tolist() == ["Intercept"]


def test_a_column_of_no_use_hurts_only_who_uses_it():
    frame = pd.DataFrame(
        {
            "y": [0, 1, 0, 1, 1, 0],
            "x": [1.0, 2, 3, 4, 2, 2],
            "mixed": [1, "b", None, 2, 3, 4],
            "when": pd.date_range("2020", periods=6),
            "list": [[1]] * 6,
            "complex": np.ones(6) * 1j,
            "bytes": [b"x"] * 6,
        }
    )
    assert sigmoide.logit("y ~ x", frame).certificate.proved
    for name, words in (
        ("mixed", ["row 1 (counted from 0)", "'b' (str)"]),
        ("when", ["dates or times", "days since"]),
        ("list", ["list"]),
        ("complex", ["no numbers"]),
        ("bytes", ["binary"]),
    ):
        with pytest.raises(ColumnError, match=f"'{name}'") as caught:
            sigmoide.logit(f"y ~ x + {name}", frame)
        for word in words:
            assert word in str(caught.value)


# Text that is still to be understood


def values_of(text: str, name: str = "x", **options):
    """Read one column of a CSV text."""
    import pathlib
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "f.csv"
        path.write_text(text, encoding="utf-8", newline="")
        return read_values(read_source(path, ReadOptions(**options)), name)


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        (["+5", "-5", "5"], [5, -5, 5]),
        (["1.", ".5", "-.5", "+.5"], [1, 0.5, -0.5, 0.5]),
        (["1e3", "1E+3", "1e-3", "1.5e0"], [1000, 1000, 0.001, 1.5]),
        ([" 5", "5 ", "  5\t"], [5, 5, 5]),
        (["5", "NA", "", "nan", "NaN", "null", "NULL", " NA "], [5] + [np.nan] * 7),
        (['"5"', '" 6 "', '"NA"', '""'], [5, 6, np.nan, np.nan]),
        (["0", "-0", "0.0", "00.0"[1:]], [0, 0, 0, 0]),
        (["0.1", "0.30000000000000004", "5e-324"], [0.1, 0.30000000000000004, 5e-324]),
        (["9007199254740992", "-9007199254740992"], [2.0**53, -(2.0**53)]),
    ],
)
def test_words_that_are_numbers(words, numbers):
    values = values_of("y,x\n" + "".join(f"1,{word}\n" for word in words))
    assert values.kind == "numeric"
    np.testing.assert_array_equal(values.numbers, np.array(numbers, dtype=float))


@pytest.mark.parametrize(
    "word", ["1_000", "0x10", "5d", "1e", "--5", "٣", "5 %%", "N/A", "1 2", "1,2,3"]
)
def test_words_that_are_no_numbers(word):
    assert values_of(f'y,x\n1,5\n1,"{word}"\n').kind == "text"


def test_a_decimal_comma_makes_the_point_no_decimal_sign():
    assert values_of("y;x\n1;1,5\n1;2\n", decimal=",").numbers.tolist() == [1.5, 2.0]
    # 1.234 may be twelve hundred and something: it is not taken for 1.234
    with pytest.raises(ColumnError, match=r"line 2: .*in two ways, such as '1.234'.*--decimal \."):
        values_of("y;x\n1;1.234\n1;2\n", decimal=",")
    with pytest.raises(ColumnError, match=r"line 3: .*decimal point, such as '1.5'.*--decimal \."):
        values_of("y;x\n1;2\n1;1.5\n", decimal=",")
    # words among them are another matter
    assert values_of("y;x\n1;1.5\n1;a\n", decimal=",").kind == "text"


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        (["TRUE", "False", "true", "NA"], [1, 0, 1, np.nan]),
        ([" True ", "FALSE"], [1, 0]),
    ],
)
def test_words_that_are_booleans(words, numbers):
    values = values_of("y,x\n" + "".join(f"1,{word}\n" for word in words))
    assert values.kind == "boolean"
    np.testing.assert_array_equal(values.numbers, np.array(numbers, dtype=float))


def test_labels_of_digits_stay_text():
    zip_codes = values_of("y,x\n1,01\n1,10\n1,02\n")
    assert zip_codes.kind == "text"
    assert zip_codes.levels == ("01", "02", "10")
    assert "leading zeros" in zip_codes.note
    for word in ("9007199254740993", "-9007199254740993", "9" * 400, "1" * 5000):
        large = values_of(f"y,x\n1,{word}\n1,2\n")
        assert large.levels == tuple(sorted((word, "2")))
        assert "2^53" in large.note


def test_spaces_around_words_are_left_out_with_a_note():
    found = values_of("y, x\n1, a\n1,a\n1, b c \n")
    assert found.levels == ("a", "b c")
    assert "spaces" in found.note
    assert not values_of("y,x\n1,a\n1,\n1,b\n").note


def test_a_word_among_numbers_is_told():
    text = "y,x\n" + "".join(f"{i % 3 % 2},{i % 4 if i % 7 else '3+'}\n" for i in range(80))
    import pathlib
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "f.csv"
        path.write_text(text)
        found = sigmoide.logit("y ~ x", path)
        assert "because '3+' is no number; its 5 values are levels" in str(found.summary())
        assert not sigmoide.logit("y ~ C(x)", path).model.notes


def test_a_text_column_is_text_in_every_file(tmp_path):
    """What another file's words would be taken for does not matter once the column is learned."""
    rng = np.random.default_rng(8)
    n = 120
    held = {
        "y": rng.integers(0, 2, n),
        "zip": rng.choice(["01", "02", "10"], n),
        "size": rng.choice(["1.50", "2.00", "large"], n),
        "said": rng.choice(["true", "perhaps"], n),
        "x": rng.integers(1, 9, n),
    }
    path, other = tmp_path / "fit.csv", tmp_path / "new.csv"
    pd.DataFrame(held).to_csv(path, index=False)
    found = sigmoide.logit("y ~ zip + size + said + x", path)
    other.write_text("x,zip,size,said\n007,10,1.50,true\n008,10,2.00,true\n")
    typed = pd.DataFrame(
        {"x": [7, 8], "zip": ["10", "10"], "size": ["1.50", "2.00"], "said": ["true", "true"]}
    )
    np.testing.assert_array_equal(found.predict(other), found.predict(typed))
    # in a frame a number is a number: 10 is the level '10', and 1 is none
    assert found.predict(typed.assign(zip=[10, 10])).tolist() == found.predict(typed).tolist()
    with pytest.raises(ColumnError, match="'1', which was not among the levels"):
        found.predict(typed.assign(zip=[10, 1]))


# Files


def test_blank_lines_quotes_and_line_ends(tmp_path):
    rows = [f"{i % 2},{i % 7},{'ab'[i % 3 == 0]}" for i in range(30)]
    expected = None
    for ending in ("\n", "\r\n", "\r"):
        for text in (
            ["y,x,g", *rows],
            ["", "", "y,x,g", "", *rows[:5], "", *rows[5:], "", ""],
            ['"y","x","g"', *rows],
            ["y , x,  g ", *rows],
        ):
            path = tmp_path / "f.csv"
            path.write_bytes(ending.join([*text, ""]).encode())
            found = sigmoide.logit("y ~ x + g", path)
            expected = expected or found
            same_bits(found, expected)
    path.write_bytes("\n".join(["y,x,g", *rows]).encode())  # no line end at the end
    same_bits(sigmoide.logit("y ~ x + g", path), expected)
    path.write_bytes(b"\xef\xbb\xbf" + "\n".join(["y,x,g", *rows]).encode())
    for encoding in (None, "utf-8", "UTF8", "utf-8-sig"):
        same_bits(sigmoide.logit("y ~ x + g", read_source(path, ReadOptions(encoding))), expected)
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        path.write_bytes(("﻿" + "\n".join(["y,x,g", *rows])).encode(encoding))
        same_bits(sigmoide.logit("y ~ x + g", read_source(path, ReadOptions(encoding))), expected)


def test_a_header_over_two_lines(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text('y,"a\nb"\n' + "".join(f"{i % 2},{i % 5}\n" for i in range(20)) + "1,inf\n")
    with pytest.raises(ColumnError, match=r"f.csv, line 23: column 'a\\nb' holds inf"):
        sigmoide.logit("y ~ .", path)


def test_a_delimiter_is_found_outside_quotes(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text('y;"a,b,c,d";x\n0;1;2\n1;2;1\n0;2;2\n1;1;2\n0;1;1\n')
    found = sigmoide.logit("y ~ .", path)
    assert found.params.index.tolist() == ["Intercept", "a,b,c,d", "x"]
    done = CliRunner().invoke(
        main, ["fit", str(path), "--target", "y", "--columns", '"a,b,c,d", x', "--json"]
    )
    assert done.exit_code == 0, done.stderr


def test_one_column_alone(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("y\n0\n1\n1\n")
    assert sigmoide.logit("y ~ 1", path).params.iloc[0] == pytest.approx(np.log(2))
    path.write_text('x\n1\n""\n3\n')  # how a missing value of one column is written
    found = sigmoide.logit("y ~ x", {"y": [0, 1, 0, 1, 1], "x": [1, 2, 3, 4, 2]})
    with pytest.warns(MissingWarning, match="1 of 3 rows have no prediction: missing x"):
        assert found.predict(path).isna().tolist() == [False, True, False]


def test_a_letter_that_looks_like_another_format(tmp_path):
    """Files are known by their bytes; a column may be called as a format begins."""
    path = tmp_path / "f.csv"
    for name in ("PAR1", "ORC", "PARENT", "ARROW1", "BZh"):
        path.write_text(f"{name},y\n" + "1,0\n2,1\n3,0\n1,1\n")
        assert sigmoide.logit("y ~ .", path).params.index.tolist() == ["Intercept", name]


def test_folders_of_partitions_are_no_columns(tmp_path):
    folder = tmp_path / "year=2020"
    folder.mkdir()
    path = FORMS["parquet"](frame_of("plasma"), folder)
    assert "year" not in read_source(path).names


def test_a_long_value_and_a_long_line(tmp_path):
    path = tmp_path / "f.csv"
    long = "x" * 3_000_000
    path.write_text("y,g\n" + "".join(f"{i % 2},{'ab'[i % 3 == 0]}\n" for i in range(40)))
    with path.open("a") as file:
        file.write(f'1,"{long}"\n0,"{long}"\n')
    assert sigmoide.logit("y ~ g", path).params.index[-1] == f"g[T.{long}]"


def test_five_thousand_columns(tmp_path):
    rng = np.random.default_rng(1)
    d, n = 5000, 12
    names = [f"column_{j}" for j in range(d)]
    frame = pd.DataFrame(rng.integers(0, 9, (n, d)), columns=names)
    frame.insert(0, "y", [0, 1] * 6)
    path = tmp_path / "wide.csv"
    frame.to_csv(path, index=False)
    for data in (path, frame):
        found = sigmoide.logit("y ~ column_7 + column_4999", data)
        assert found.nobs == 12
    source = read_source(path)
    assert [read_values(source, name).kind for name in names] == ["numeric"] * d


def test_pipes_and_devices_are_refused(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(FileError, match="a pipe or a device"):
        sigmoide.logit("y ~ x", pipe)
    with pytest.raises(FileError, match="a pipe or a device"):
        sigmoide.read_model(pipe)


def test_every_encoding_of_python_is_read_or_refused(tmp_path):
    import encodings.aliases

    path = tmp_path / "f.csv"
    path.write_text("y,x\n0,1\n1,2\n0,2\n1,1\n")
    names = {*encodings.aliases.aliases.values(), "undefined", "idna", "hex", "", "\0", "a b"}
    outcomes = set()
    for name in sorted(names):
        try:
            read_source(path, ReadOptions(name))
            outcomes.add("read")
        except (UsageError, DataError) as error:
            outcomes.add(type(error).__name__)
    assert {"read", "UsageError"} <= outcomes


# Laws


TABLES = st.integers(0, 2**32 - 1)


def random_frame(seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(20, 60))
    frame = pd.DataFrame(
        {
            "y": rng.integers(0, 2, n),
            "a": np.where(rng.random(n) < 0.1, np.nan, rng.normal(size=n).round(3)),
            "whole": rng.integers(-3, 3, n),
            "g": np.where(rng.random(n) < 0.1, None, rng.choice(list("pqr"), n)),
            "flag": rng.random(n) < 0.5,
        }
    )
    frame.loc[:7, "y"] = [0, 1] * 4
    return frame


def fitted(data: object, formula: str = "y ~ a + whole + g + flag") -> sigmoide.Result:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SigmoideWarning)
        return sigmoide.logit(formula, data, l2=0.5)


@settings(max_examples=25, deadline=None)
@given(seed=TABLES, order=st.permutations(["y", "a", "whole", "g", "flag"]))
def test_the_order_of_the_columns_does_not_matter(seed, order):
    frame = random_frame(seed)
    same_bits(fitted(frame[order]), fitted(frame))


@settings(max_examples=25, deadline=None)
@given(seed=TABLES)
def test_typed_and_untyped_are_the_same(seed):
    frame = random_frame(seed)
    text = io.StringIO()
    frame.to_csv(text, index=False)
    source = read_source(frame)
    for name in frame:
        ours = values_of(text.getvalue(), name)
        theirs = read_values(source, name)
        assert ours.kind == theirs.kind
        assert ours.levels == theirs.levels
        np.testing.assert_array_equal(ours.missing(), theirs.missing())
        np.testing.assert_array_equal(ours.numbers, theirs.numbers)
        np.testing.assert_array_equal(ours.codes, theirs.codes)


# What no text file holds is refused before its records are looked at.
CONTROLS = "".join(map(chr, range(32))).translate(str.maketrans("", "", "\t\n\r"))
FIELDS = st.text(st.characters(codec="utf-8", exclude_characters=CONTROLS + "\ufeff"), max_size=6)


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(st.tuples(FIELDS, FIELDS), min_size=1, max_size=8))
def test_records_stand_where_python_says(rows):
    """Arrow and the csv module agree on the cells: a line that is named is the right one."""
    import csv
    import pathlib
    import tempfile

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([("first", "second"), *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "f.csv"
        path.write_text(out.getvalue(), encoding="utf-8", newline="")
        source = read_source(path, ReadOptions(delimiter=","))
        assert source.table.column("first").to_pylist() == [a for a, _ in rows]
        assert source.table.column("second").to_pylist() == [b for _, b in rows]
        lines = out.getvalue().replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for k in range(len(rows)):
            place = source.place(k)
            assert place.startswith("line ")
            assert lines[int(place.split()[1]) - 1].startswith('"')


@settings(max_examples=200, deadline=None)
@given(content=st.one_of(st.binary(max_size=200), FIELDS.map(str.encode)))
def test_no_bytes_bring_anything_but_a_refusal(content):
    import pathlib
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "f.csv"
        for head in (
            b"",
            b"y,x\n0,1\n",
            b"\x1f\x8b\x08\x00",
            b"PAR1\0",
            b"ARROW1\0\0",
            b"\xff" * 8,
        ):
            path.write_bytes(head + content)
            try:
                source = read_source(path)
                for name in source.names:
                    read_values(source, name)
            except DataError as error:
                assert str(error).startswith((str(path), "f.csv"))  # noqa: PT017
