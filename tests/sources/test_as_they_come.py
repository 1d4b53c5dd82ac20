"""Files as they come: each kind is read right, or refused right, by the command line.

What is refused stands in test_bad_input.py and test_disguises.py; what is found out, and how, in
test_sniffing.py.
"""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sigmoide
from sigmoide.columns.values import read_values
from sigmoide.design.describe import description_of
from sigmoide.errors import ColumnError
from sigmoide.lesson.own import own_data
from sigmoide.sources.frames import read_source
from sigmoide.sources.options import ReadOptions
from support.cli_run import contents, refused, refused_and_untouched, run

N = 60


def held(seed: int = 0) -> pd.DataFrame:
    """Return rows with a target, a number with decimals, a whole number, and a text."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "y": rng.integers(0, 2, N),
            "x": rng.normal(size=N).round(2) + 0.5,
            "n": rng.integers(0, 9, N),
            "g": rng.choice(["año", "día", 'dos "y" tres', "a,b;c\td|e", "dos\nlíneas"], N),
        }
    )
    frame.loc[3, "x"] = np.nan
    return frame


def written(frame: pd.DataFrame, encoding: str = "utf-8", **how: object) -> bytes:
    text = io.StringIO()
    frame.to_csv(text, index=False, **how)
    return text.getvalue().encode(encoding)


def fitted(path: Path, *options: str, target: str = "y") -> tuple[sigmoide.Result, str]:
    out = path.with_suffix(".json")
    before = set(contents(path.parent))
    done = run("fit", path, "--target", target, "--out", out, *options)
    assert done.exit_code == 0, (done.stderr, done.exception)
    assert set(contents(path.parent)) == {*before, out.name}
    return sigmoide.read_model(out), " ".join(done.stdout.split())


KINDS = {
    "commas": ({}, []),
    "semicolons": ({"sep": ";"}, ["separated by ';'"]),
    "tabs": ({"sep": "\t"}, [r"separated by '\t'"]),
    "bars": ({"sep": "|"}, ["separated by '|'"]),
    "semicolons and decimal commas": (
        {"sep": ";", "decimal": ","},
        ["separated by ';'", "the decimal sign of f.csv is ',', as in"],
    ),
    "tabs and decimal commas": ({"sep": "\t", "decimal": ","}, ["decimal sign of f.csv is ','"]),
    "bars and decimal commas": ({"sep": "|", "decimal": ","}, ["decimal sign of f.csv is ','"]),
    "a byte-order mark": ({"encoding": "utf-8-sig"}, []),
    "latin-1": ({"encoding": "latin-1"}, ["is not UTF-8 and is read as latin-1, which makes"]),
    "Windows": (
        {"encoding": "cp1252", "euro": True},
        ["is not UTF-8 and is read as Windows-1252 (cp1252), which makes"],
    ),
    "UTF-16": ({"encoding": "utf-16"}, ["f.csv is read as UTF-16, by its first bytes"]),
    "UTF-16 without a mark": (
        {"encoding": "utf-16-le"},
        ["f.csv is read as UTF-16-LE, because every other byte is NUL"],
    ),
    "the other UTF-16 without a mark": ({"encoding": "utf-16-be"}, ["read as UTF-16-BE"]),
    "Excel in Spain": (
        {"encoding": "cp1252", "sep": ";", "decimal": ",", "lineterminator": "\r\n", "euro": True},
        ["Windows-1252", "';'", "is ',', as in"],
    ),
    "Excel's Unicode text": (
        {"encoding": "utf-16", "sep": "\t", "decimal": ",", "lineterminator": "\r\n"},
        ["UTF-16", r"'\t'", "is ',', as in"],
    ),
    "write.csv2 of R": (
        {"sep": ";", "decimal": ",", "quoting": 2, "na_rep": "NA"},
        ["';'", "is ',', as in"],
    ),
    "everything in quotes": ({"quoting": 1}, []),
    "an old Macintosh": ({"lineterminator": "\r", "quoting": 2}, []),
    "nothing for NA": ({"na_rep": "null"}, []),
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gives_the_same_model_and_says_what_it_is(kind, packed, tmp_path):
    how, notes = KINDS[kind]
    how = dict(how)
    frame = held()
    if how.pop("euro", False):
        frame["g"] = frame["g"].replace("año", "5 €")
    path = tmp_path / "f.csv"
    content = written(frame, **how)
    path.write_bytes(gzip.compress(content) if packed else content)
    found, said = fitted(path)
    expected = sigmoide.logit("y ~ x + n + g", frame)
    assert found.params.index.tolist() == expected.params.index.tolist()
    assert np.asarray(found.params).tobytes() == np.asarray(expected.params).tobytes()
    assert np.asarray(found.cov_params()).tobytes() == np.asarray(expected.cov_params()).tobytes()
    assert found.dropped == {"missing x": 1}
    for note in notes:
        assert note in said
    # nothing is said of what everybody expects
    assert bool(found.model.notes) == bool(notes)
    # and the other commands read it as the fit did
    model = tmp_path / "f.json"
    for command in ("verify", "evaluate", "predict"):
        done = run(command, model, path)
        assert done.exit_code == 0, (command, done.stderr)
    shown = run("describe", path, "--target", "y")
    assert shown.exit_code == 0
    assert f"f.csv: {N} rows, 4 columns" in shown.stdout
    assert ("packed by gzip" in shown.stdout) == packed
    for note in notes:
        assert note in " ".join(shown.stdout.split())


def test_cells_hold_what_quotes_protect(tmp_path):
    path = tmp_path / "f.csv"
    text = 'y,"a ""b"", c"\n0,"one, two"\n1,"say ""no"""\n0,"over\ntwo lines"\n1,""""\n0,\'a\'\n'
    path.write_text(text, newline="")
    source = read_source(path)
    assert source.names == ("y", 'a "b", c')
    values = read_values(source, 'a "b", c')
    words = [values.levels[code] for code in values.codes]
    assert words == ["one, two", 'say "no"', "over\ntwo lines", '"', "'a'"]
    assert [source.place(row) for row in range(5)] == [f"line {n}" for n in (2, 3, 4, 6, 7)]


# Header


def test_a_file_without_a_header(tmp_path):
    frame = held()
    path = tmp_path / "f.csv"
    path.write_bytes(written(frame, header=False))
    found, said = fitted(path, target="c1")
    expected = sigmoide.logit("y ~ x + n + g", frame)
    assert np.asarray(found.params).tobytes() == np.asarray(expected.params).tobytes()
    assert "f.csv has no header, so its columns are called c1 to c4; if line 1 holds" in said
    assert found.dropped == {"missing c2": 1}
    # the names can be said without quotes, and the rows stand where they stand
    done = run("fit", path, "--formula", "c1 ~ c2 + C(c3)")
    assert done.exit_code == 0
    wrong = path.read_text().replace(f"\n{frame.y[40]},{frame.x[40]}", f"\n{frame.y[40]},oops", 1)
    path.write_text(wrong)
    line = wrong[: wrong.index("oops")].count("\n") + 1
    refused(run("fit", path, "--target", "c1"), 3, f"f.csv, line {line}: column 'c2' holds 'oops'")
    # a name that is not there may be in the row that was taken for values
    refused(run("fit", path, "--target", "y"), 3, "no column 'y'", "read without a header")


def test_the_header_is_what_one_says(tmp_path):
    path = tmp_path / "f.csv"
    rows = "".join(f"{i % 2},{i * 7 % 5},{i % 3}\n" for i in range(30))
    path.write_text("2019,2020,2021\n" + rows)
    words = ("line 1", "'2019', '2020', '2021'", "--header or --no-header", "header=None")
    refused_and_untouched(tmp_path, 3, "fit", path, "--target", "2019", words=words)
    refused(run("describe", path), 3, *words)
    found, said = fitted(path, "--header", target="2019")
    assert found.params.index.tolist() == ["Intercept", "2020", "2021"]
    assert found.nobs == 30
    assert "header" not in said
    done = run("predict", path.with_suffix(".json"), path, "--header")
    assert done.exit_code == 0
    refused(run("predict", path.with_suffix(".json"), path), 3, *words)
    shown = run("describe", path, "--no-header").stdout
    assert "31 rows, 3 columns" in shown
    assert "no header" in shown
    assert "c1 to c3" in shown
    path.write_text("y,2020,2021\n" + rows)
    assert "line 1 of f.csv is taken for its header, with names like '2020'" in fitted(path)[1]
    assert "names like" not in fitted(path, "--header")[1]


def test_the_lesson_reads_files_so_too(tmp_path):
    path = tmp_path / "f.csv"
    rng = np.random.default_rng(3)
    rows = [f"{a:.2f};{b:.2f};{int(a + b > 0)}" for a, b in rng.normal(size=(60, 2))]
    path.write_text("\n".join(rows).replace(".", ",") + "\n")
    assert own_data(path, ("c1", "c2"), "c3", 0.1).names == ("c1", "c2")
    lesson = ("lesson", "--data", path, "--x", "c1,c2", "--y", "c3")
    refused(run(*lesson, "--header"), 3, "there is no column 'c")
    refused(run(*lesson, "--decimal", "."), 3, "'c1' holds numbers with a decimal comma")


def test_every_command_that_reads_a_file_takes_the_options():
    for command in ("fit", "predict", "evaluate", "verify", "describe", "lesson"):
        shown = run(command, "--help").stdout
        for option in ("--encoding", "--delimiter", "--decimal", "--header / --no-header"):
            assert option in shown, (command, option)


# Values


def test_what_numbers_are_not(tmp_path):
    """Labels of digits stay text, with a note; the rest is refused, with what to do."""
    path = tmp_path / "f.csv"
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(
        {
            "y": rng.integers(0, 2, N),
            "zip": rng.choice(["01002", "28013", "08001"], N),
            "id": rng.choice(["9007199254740993", "9007199254740995"], N),
            "flag": rng.choice(["TRUE", "false", "True"], N),
            "gap": rng.choice(["1", "NA", "2", "NaN", "null", "", "3", "NULL", "nan"], N),
        }
    )
    path.write_bytes(written(frame))
    found, said = fitted(path)
    terms = found.params.index.tolist()
    assert terms[1:5] == ["zip[T.08001]", "zip[T.28013]", "id[T.9007199254740995]", "flag[T.True]"]
    assert terms[5] == "gap"
    assert "column 'zip' has numbers with leading zeros: kept as text" in said
    assert "column 'id' has whole numbers beyond 2^53: kept as text" in said
    assert found.dropped == {"missing gap": int((~frame.gap.isin(["1", "2", "3"])).sum())}
    for column, words in {
        "price": ["$1,200", "$7"],
        "share": ["12%", "7"],
        "people": ["1,234,567", "950"],
        "day": ["2024-05-01", "2024-05-02"],
    }.items():
        wrong = frame.assign(**{column: [words[i % 2] for i in range(N)]})
        path.write_bytes(written(wrong))
        told = (f"f.csv, line 2: column {column!r}", repr(words[0]))
        refused_and_untouched(tmp_path, 3, "fit", path, "--target", "y", words=told)
        assert run("fit", path, "--target", "y", "--exclude", column).exit_code == 0


def test_a_column_that_settles_another(tmp_path):
    """1,234 alone could be twelve hundred; beside 0,5 it is a little more than one."""
    path = tmp_path / "f.csv"
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"y": rng.integers(0, 2, N), "x": rng.integers(1001, 9999, N) / 1000})
    frame["x"] = frame["x"].where(frame["x"] * 1000 % 10 != 0, 1.001)
    path.write_bytes(written(frame, sep=";", decimal=","))
    words = ("line 2", "'x'", "can be read in two ways", "--decimal ,")
    refused_and_untouched(tmp_path, 3, "fit", path, "--target", "y", words=words)
    expected = np.asarray(sigmoide.logit("y ~ x", frame).params)
    assert np.asarray(fitted(path, "--decimal", ",")[0].params).tobytes() == expected.tobytes()
    frame["z"] = rng.integers(1, 9, N) / 2
    path.write_bytes(written(frame, sep=";", decimal=","))
    found, said = fitted(path, "--columns", "x")
    assert np.asarray(found.params).tobytes() == expected.tobytes()
    assert "the decimal sign of f.csv is ',', as in '" in said


def test_rows_of_nothing_at_the_end(tmp_path):
    """Excel writes the signs of empty rows; others write empty lines."""
    frame = held()
    path = tmp_path / "f.csv"
    content = written(frame, sep=";")
    path.write_bytes(content + b";;;\n;;;\n" + b"\n\r\n\n")
    found, said = fitted(path)
    expected = sigmoide.logit("y ~ x + n + g", frame)
    assert np.asarray(found.params).tobytes() == np.asarray(expected.params).tobytes()
    assert sum(found.dropped.values()) == 3
    assert "rows used 59 of 62" in said


def test_one_row_and_one_column(tmp_path):
    path, model = tmp_path / "f.csv", tmp_path / "m.json"
    sigmoide.logit("y ~ x", {"y": [0, 1, 0, 1, 1], "x": [1.5, 2, 3, 4.5, 2]}).save(model)
    for text in ("x\n2.5\n", "x\n2.5", "x;y\n2,5;1\n"):
        path.write_text(text)
        done = run("predict", model, path)
        assert done.exit_code == 0, (text, done.stderr)
        assert len(done.stdout.split()) == 2
    path.write_text("y,x\n1,2.5\n")
    refused(run("fit", path, "--target", "y"), 3, "target 'y' is constant")
    path.write_text("2.5\n")
    refused(run("predict", model, path), 3, "a header and no rows", "--no-header")
    refused(run("predict", model, path, "--no-header"), 3, "no column 'x'", "The columns are: 'c1'")


def test_five_thousand_columns_in_every_letter(tmp_path):
    rng = np.random.default_rng(6)
    frame = pd.DataFrame(
        rng.integers(0, 99, (12, 5000)) / 4, columns=[f"año_{j}" for j in range(5000)]
    )
    frame.insert(0, "y", [0, 1] * 6)
    path = tmp_path / "f.csv"
    path.write_bytes(written(frame, "latin-1", sep=";", decimal=","))
    found, said = fitted(path, "--columns", "año_7,año_4999")
    expected = sigmoide.logit("y ~ año_7 + año_4999", frame)
    assert np.asarray(found.params).tobytes() == np.asarray(expected.params).tobytes()
    assert "latin-1" in said


# A million rows, and the same with fewer


def test_a_column_that_changes_far_below(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("y,x\n" + "".join(f"{i % 2},{i % 50}\n" for i in range(20_000)) + "1,many\n")
    words = ("f.csv, line 20002: column 'x' holds 'many'", "no number", "the only such row")
    refused_and_untouched(tmp_path, 3, "fit", path, "--target", "y", words=words)
    shown = " ".join(run("describe", path).stdout.split())
    assert "text for 'many' (line 20002), which is no number" in shown


@pytest.mark.slow
def test_a_column_that_changes_after_a_million_rows(tmp_path):
    """All rows decide its type: what is right is not what the first of them look like."""
    path = tmp_path / "f.csv"
    cycle = "".join(f"{i * 3 % 7 % 2},{i % 40}\n" for i in range(1000))
    path.write_text("y,x\n" + cycle * 1000 + "1,many\n0,few\n1,many\n")
    source = read_source(path)
    values = read_values(source, "x")
    assert values.kind == "text"
    assert len(values.levels) == 42
    assert source.place(1_000_000) == "line 1000002"
    column = description_of(source).columns[1]
    assert column.kind == "text"
    assert column.note == "text for 'many' (line 1000002), which is no number"
    refused_and_untouched(
        tmp_path,
        3,
        "fit",
        path,
        "--target",
        "y",
        words=("f.csv, line 1000002: column 'x' holds 'many'", "no number", "3 such rows", "C(x)"),
    )


@pytest.mark.slow
def test_a_decimal_and_a_letter_after_a_million_rows(tmp_path):
    path = tmp_path / "f.csv"
    cycle = "".join(f"{i * 3 % 7 % 2};{i % 40}\n" for i in range(1000))
    tail = "1;0,5\n0;1,5\n1;2,5\n"
    path.write_bytes(("y;x\n" + cycle * 1000 + tail + "1;\xe9\n").encode("latin-1"))
    source = read_source(path)
    assert "makes 'é' of a word on line 1000005" in source.notes[0]
    assert source.place(1_000_003) == "line 1000005"
    path.write_text("y;x\n" + cycle * 1000 + tail)
    with pytest.raises(ColumnError, match=r"line 1000002: .*decimal comma, such as '0,5'.*l ,\)"):
        read_values(read_source(path), "x")
    values = read_values(read_source(path, ReadOptions(decimal=",")), "x")
    assert values.numbers[-3:].tolist() == [0.5, 1.5, 2.5]


# Nothing brings a traceback


def test_no_beginning_of_a_file_brings_anything_but_an_answer_or_a_refusal(tmp_path):
    """A good file, cut after every byte, in every letter."""
    path = tmp_path / "f.csv"
    for encoding in ("utf-8-sig", "latin-1", "utf-16", "utf-16-be"):
        content = written(held().head(3), encoding, sep=";", decimal=",")
        codes = set()
        for size in range(0, len(content), 3):
            path.write_bytes(content[:size])
            codes.add(run("describe", path).exit_code)
        assert codes == {0, 3}
    # and packed, with the end of the stream missing
    packed = zlib.compressobj(wbits=31)
    whole = packed.compress(written(held())) + packed.flush()
    path.write_bytes(whole[:-9])
    refused(run("describe", path), 3, "gzip file is broken or cut short")
