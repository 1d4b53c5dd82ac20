"""The lesson on two columns of the learner's own."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest

import sigmoide
from sigmoide.errors import ColumnError, DataError, FileError, TargetError, UsageError
from sigmoide.lesson import run_lesson, to_model, write_lesson
from sigmoide.lesson.figures import PICTURES, draw, pictures_of
from sigmoide.pictures.canvas import styled

REFERENCES = Path(__file__).parents[1] / "references"
RNG = np.random.default_rng(0)
N = 60
A, B = RNG.normal(size=(2, N))
C = (A + B + RNG.normal(size=N) > 0).astype(int)
EVERY = np.arange(N) % 3


def lesson(table, lang="en", x=("a", "b"), y="c", event=None):
    lines: list[str] = []
    record = run_lesson(lang, lines.append, source=table, x=x, y=y, event=event)
    assert "".join(f"{line}\n" for line in lines) == record.transcript
    assert max(map(len, lines)) <= 80
    return record


def prose(record) -> str:
    lines = (line for line in record.transcript.splitlines() if line.startswith("#"))
    return " ".join(" ".join(line.lstrip("#") for line in lines).split())


@pytest.fixture(scope="module")
def plain():
    return lesson({"a": A, "b": B, "c": C})


@pytest.fixture(scope="module")
def births():
    return lesson(REFERENCES / "birthwt.csv", "es", ("age", "lwt"), "low")


def test_a_file_by_its_path(births):
    text = prose(births)
    assert "De birthwt.csv tomamos 189 filas" in text
    assert "Llamaremos x1 a age y x2 a lwt. La clase 1 es low = 1 (59 filas)" in text
    assert "sigmoide fit FICHERO --target low" in text
    assert births.data.in_train.sum() == 126


@pytest.mark.parametrize("lang", ["es", "en"])
def test_nothing_of_the_notebooks_own_points_is_said(lang):
    text = prose(lesson({"a": A, "b": B, "c": C}, lang))
    notebook = ["cien puntos del plano", "hundred points of the plane", "-46", "47,14", "47.14"]
    for said in [*notebook, "48 912", "48,912", "210 377", "210,377", "528", "--x"]:
        assert said not in text
    assert not re.search(r"[{}~]", text)


def test_the_sections_are_numbered_in_turn(births, plain):
    for record in (births, plain):
        numbers = re.findall(r"^## (\d+)\. ", record.transcript, flags=re.MULTILINE)
        assert numbers == [str(k) for k in range(1, len(numbers) + 1)]


def test_large_numbers_are_standardised_and_it_is_said(births, plain):
    assert "tipificamos" in prose(births)
    scale = births.data.origin.scale
    raw = births.data.origin.prepared.blocks.map(lambda block: block.X)
    assert scale.centre == pytest.approx(raw[births.data.in_train].mean(axis=0))
    assert births.data.Xn[births.data.in_train].std(axis=0) == pytest.approx([1, 1])
    assert plain.data.origin.scale is None
    assert "standardise both" not in prose(plain)
    assert np.array_equal(plain.data.Xn, np.column_stack([A, B]))


@pytest.mark.parametrize("scaled", [1.7e9 + 1e5 * A, 1e-42 * A, 1e140 * A, 2000 + 9 * A])
def test_any_scale_is_learned_from(scaled, plain):
    """Timestamps, years, numbers that float32 does not hold: the same lesson."""
    record = lesson({"a": scaled, "b": B, "c": C})
    assert record.data.origin.scale is not None
    losses = record.trajectory[:, 4]
    assert np.isfinite(losses).all()
    assert np.all(np.diff(losses) < 0)
    assert record.optimum.loss == pytest.approx(plain.optimum.loss, abs=1e-6)


def test_the_optimum_is_the_librarys(plain):
    train = EVERY != 0
    best = sigmoide.logit("c ~ a + b", {"a": A[train], "b": B[train], "c": C[train]})
    assert plain.optimum.weights == pytest.approx(best.params[["a", "b"]].to_numpy(), abs=1e-6)
    assert plain.further.way.newton.arrived
    assert plain.further.way.walks[0].to_gap[1e-6] is not None


def test_its_model_is_in_the_columns_own_units(births):
    model = births.further.model
    assert list(model.params.index) == ["Intercept", "age", "lwt"]
    scale = births.data.origin.scale
    assert model.params[["age", "lwt"]].to_numpy() == pytest.approx(births.weights / scale.spread)
    p = model.predict(REFERENCES / "birthwt.csv").to_numpy()
    eta = births.data.X @ births.weights + births.bias
    assert p == pytest.approx(1 / (1 + np.exp(-eta)), abs=1e-6)
    again = to_model(births.weights, births.bias, births.data)
    assert again.certificate.delta == model.certificate.delta
    assert births.further.best_model.status == "proved"


def test_the_test_rows_do_not_move_when_rows_are_missing():
    a = A.copy()
    a[[1, 7, 30]] = np.nan
    record = lesson({"a": a, "b": B, "c": C})
    assert "3 rows are left out" in prose(record)
    assert record.data.rows.tolist() == [k for k in range(N) if k not in (1, 7, 30)]
    assert np.array_equal(record.data.in_train, record.data.rows % 3 != 0)


def test_words_and_a_chosen_event():
    words = np.where(C == 1, "yes", "no")
    record = lesson({"a": A, "b": B, "c": words}, event="no")
    assert "Class 1 is c = no" in prose(record)
    assert np.array_equal(record.data.yn, 1 - C)
    assert record.further.model.event == "no"


@pytest.mark.parametrize(("lang", "said"), [("es", "están separadas"), ("en", "are separated")])
def test_separated_classes_have_no_optimum(lang, said):
    record = lesson({"a": A, "b": B, "c": (A + B > 0).astype(int)}, lang)
    assert said in prose(record)
    assert record.optimum.kind == "separated"
    assert record.optimum.complete
    assert record.optimum.signs[:2].tolist() == [1, 1]
    assert record.optimum_correct is None
    assert record.distances == ()
    assert record.further.way is None
    assert record.further.best_model is None
    assert record.further.model.status == "not converged"
    assert not {"way", "learning-rates", "float32", "newton", "loss"} & set(pictures_of(record))


def test_separated_but_for_points_on_the_line():
    table = {
        "a": np.append(A, [0, 0, 0, 0]),
        "b": np.append(B, [0, 0, 0, 0]),
        "c": np.append((A + B > 0).astype(int), [0, 1, 0, 1]),
    }
    record = lesson(table)
    assert record.optimum.kind == "separated"
    assert not record.optimum.complete
    assert "some are right on it" in prose(record)


def test_columns_that_repeat_each_other():
    record = lesson({"a": A, "b": 2 * A + 1, "c": C}, "es")
    assert record.optimum.kind == "aliased"
    assert "x2 = 1 + 2 × x1" in prose(record)
    assert "las dos columnas dicen lo mismo" in prose(record)


def test_a_test_of_one_class_cannot_be_ranked():
    record = lesson({"a": A, "b": B, "c": np.where(EVERY == 0, 0, C)})
    assert "all of them are of one class" in prose(record)
    assert "ranking" not in pictures_of(record)


def test_a_third_of_one_class_cannot_be_stopped_in_time():
    record = lesson({"a": A, "b": B, "c": np.where(EVERY == 2, 0, C)})
    assert record.further.stopping is None
    assert "early-stopping" not in pictures_of(record)
    assert "Three subsets" not in prose(record)


def test_the_pictures_it_names_are_the_pictures_it_has(births, plain, lessons):
    separated = lesson({"a": A, "b": B, "c": (A + B > 0).astype(int)})
    for record in (births, plain, separated, lessons["es"], lessons["en"]):
        named = re.findall(r"^#     (?:dibujo|picture): (\S+)$", record.transcript, re.MULTILINE)
        assert tuple(named) == pictures_of(record)
        assert set(named) <= set(PICTURES)
    assert len(pictures_of(lessons["es"])) == len(PICTURES)


def test_names_that_could_break_a_line_or_a_terminal():
    names = ("a~{x}" * 12, "b\n\x1b[31m")
    record = lesson({names[0]: A, names[1]: B, "c": C}, x=names)
    assert "\x1b" not in record.transcript
    assert "…" in record.transcript


@pytest.mark.slow
def test_names_that_could_leave_the_picture(births):
    long = ("x" * 60, "y" * 60)
    words = np.where(C == 1, "affirmative answer", "negative answer")
    ugly = lesson({long[0]: 1000 * A, long[1]: B, "t" * 60: words}, "es", long, "t" * 60)
    for record in (ugly, births):
        for name in pictures_of(record):
            figure = draw(record, name)
            with styled():
                figure.canvas.draw()
                box = figure.get_tightbbox()
            width, height = figure.get_size_inches()
            assert min(box.x0, box.y0) >= -0.01
            assert box.x1 <= width + 0.01
            assert box.y1 <= height + 0.01


def test_what_is_written_is_in_the_columns_own_units(births, tmp_path):
    write_lesson(births, tmp_path)
    with (tmp_path / "data.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == ["age", "lwt", "low", "split"]
    assert [rows[0][name] for name in ("age", "lwt", "low")] == ["19.0", "182.0", "0"]


def test_a_column_called_split_is_left_alone(tmp_path):
    write_lesson(lesson({"split": A, "b": B, "c": C}, x=("split", "b")), tmp_path)
    header = (tmp_path / "data.csv").read_text().splitlines()[0]
    assert header == "split,b,c,split_"


TABLE = {"a": A, "b": B, "c": C}


@pytest.mark.parametrize(
    ("table", "x", "y", "error", "says"),
    [
        (TABLE, ("a", "a"), "c", UsageError, "two different columns"),
        (TABLE, ("a",), "c", UsageError, "two different columns"),
        (TABLE, "ab", "c", UsageError, "two different columns"),
        (TABLE, ("a", "c"), "c", UsageError, "among the columns"),
        (TABLE, ("a", "z"), "c", ColumnError, "no column 'z'"),
        (TABLE | {"b": ["u", "v"] * 30}, ("a", "b"), "c", ColumnError, "text"),
        (TABLE | {"b": C == 1}, ("a", "b"), "c", ColumnError, "boolean"),
        (TABLE | {"b": 0 * B}, ("a", "b"), "c", ColumnError, "does not vary"),
        (TABLE | {"c": EVERY}, ("a", "b"), "c", TargetError, "3"),
        (TABLE | {"c": (EVERY == 0).astype(int)}, ("a", "b"), "c", DataError, "c = 1"),
        ({k: v[:9] for k, v in TABLE.items()}, ("a", "b"), "c", DataError, "12 or more"),
        (TABLE | {"a": np.where(EVERY == 0, np.nan, A)}, ("a", "b"), "c", DataError, "0, 3, 6"),
        ("nowhere.csv", ("a", "b"), "c", FileError, "nowhere.csv"),
    ],
)
def test_data_that_cannot_be_used(table, x, y, error, says):
    lines: list[str] = []
    with pytest.raises(error, match=says):
        run_lesson("en", lines.append, source=table, x=x, y=y)
    assert lines == []


@pytest.mark.parametrize("given", [{"source": TABLE}, {"x": ("a", "b")}, {"y": "c"}])
def test_data_columns_and_target_go_together(given):
    with pytest.raises(UsageError, match="two things"):
        run_lesson("en", print, **given)
