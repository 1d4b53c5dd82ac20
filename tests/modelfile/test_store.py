"""The model file: whole, exact, without data, and read as hostile."""

from __future__ import annotations

import base64
import copy
import io
import json
import math
import os
import re
import stat
import warnings
from contextlib import suppress
from dataclasses import fields, is_dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import sigmoide
from sigmoide.errors import FileError, ModelFileError, SigmoideError, SigmoideWarning
from sigmoide.modelfile import to_json as written
from sigmoide.modelfile.atomic import write_whole
from sigmoide.modelfile.store import read
from support.cli_run import contents, controls, refused, run
from support.reference_sets import BINARY, FOLDER, data_of, formula_of

N = 90


def table() -> pd.DataFrame:
    rng = np.random.default_rng(12)
    frame = pd.DataFrame(
        {
            "x": rng.normal(size=N),
            "stamp": 1.7e9 + rng.integers(0, 10**6, N),
            "g": rng.choice(["a", "b", "ñ"], N),
            "flag": rng.random(N) < 0.5,
            "rank": rng.integers(1, 4, N),
            "o": rng.normal(size=N),
            "f": rng.integers(0, 4, N),
        }
    )
    frame["y"] = np.where(rng.random(N) < 1 / (1 + np.exp(-0.7 * frame.x)), "yes", "no")
    frame["copy"] = frame.x + 3
    frame["wall"] = (frame.y == "yes") & (frame["rank"] == 2)
    frame["gaps"] = frame.x.mask(rng.random(N) < 0.2)
    frame["holes"] = frame.g.mask(rng.random(N) < 0.2)
    return frame


KINDS = {
    "numbers": ("y ~ x + stamp", {}),
    "levels": ("y ~ x + g + C(rank, ref=2) + flag", {}),
    "no intercept": ("y ~ g + x - 1", {}),
    "intercept alone": ("y ~ 1", {}),
    "indicator": ("y ~ gaps + holes", {"missing": "indicator"}),
    "dropped": ("y ~ gaps + holes", {}),
    "offset": ("y ~ x", {"offset": "o"}),
    "frequency": ("y ~ x + g", {"frequency": "f"}),
    "weights": ("y ~ x + g", {"weights": "f", "event": "no"}),
    "separated": ("y ~ x + wall", {}),
    "separated whole": ("y ~ z", {}),
    "ridge": ("y ~ x + stamp + g", {"l2": 0.5}),
    "standardize": ("y ~ x + stamp + g", {"l2": 2.0, "standardize": True}),
    "aliased": ("y ~ x + copy + stamp", {}),
    "policies": ("y ~ x + g", {"unseen": "reference", "missing": "error"}),
    "not converged": ("y ~ x + wall", {"l2": 1e-300}),
    "firth": ("y ~ x + wall", {"method": "firth"}),
    "flic": ("y ~ x + wall + g", {"method": "flic"}),
    "flac": ("y ~ stamp + copy + x", {"method": "flac"}),
}


HC1 = {"kind": "HC1", "at_centre": None, "n": 9, "degrees": 6, "clusters": [], "notes": []}


class Rows(pd.DataFrame):
    """A frame of a short name."""

    def __repr__(self) -> str:
        return "<rows>"


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    held = table()
    return Rows(held.assign(z=np.where(held.y == "yes", 1.0, -1.0) * (1 + held.x.abs())))


@pytest.fixture(scope="module")
def models(frame) -> dict[str, sigmoide.Result]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SigmoideWarning)
        return {
            name: sigmoide.logit(formula, frame, **asked)
            for name, (formula, asked) in KINDS.items()
        }


def same(ours: object, theirs: object, place: str = "model") -> None:
    """Compare records down to the last bit."""
    assert type(ours) is type(theirs), place
    if is_dataclass(ours):
        for field in fields(ours):
            if place.endswith("target") and field.name == "notice":
                continue  # it stands among the model's notes
            same(getattr(ours, field.name), getattr(theirs, field.name), f"{place}.{field.name}")
    elif isinstance(ours, np.ndarray):
        assert ours.dtype == theirs.dtype, place
        np.testing.assert_array_equal(ours, theirs, err_msg=place)
    elif isinstance(ours, tuple):
        assert len(ours) == len(theirs), place
        for k, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            same(one, other, f"{place}[{k}]")
    elif isinstance(ours, float) and math.isnan(ours):
        assert math.isnan(theirs), place
    else:
        assert ours == theirs, place


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_gives_back_every_field(kind, models, tmp_path):
    path = tmp_path / "m.json"
    models[kind].save(path)
    same(sigmoide.read_model(path).model, models[kind].model)
    again = tmp_path / "again.json"
    sigmoide.read_model(path).save(again)
    assert again.read_bytes() == path.read_bytes()


@pytest.mark.filterwarnings("ignore::sigmoide.errors.DataWarning")
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_predicts_and_prints_as_the_session_does(kind, models, frame, tmp_path):
    path = tmp_path / "m.json"
    found = models[kind]
    found.save(path)
    again = sigmoide.read_model(path)
    for which in ("mean", "linear"):
        np.testing.assert_array_equal(
            again.predict(frame, which).to_numpy(), found.predict(frame, which).to_numpy()
        )
    np.testing.assert_array_equal(
        again.predicted(frame).standard_error, found.predicted(frame).standard_error
    )
    assert str(again.summary()) == str(found.summary())
    assert repr(again) == repr(found)
    assert again.evaluate(frame) == found.evaluate(frame) or kind.startswith("separated")
    assert again.verify(frame) == found.verify(frame)
    for name in ("params", "bse", "pvalues", "odds_ratios", "cov_params", "conf_int"):
        ours, theirs = getattr(again, name), getattr(found, name)
        ours, theirs = (ours(), theirs()) if callable(ours) else (ours, theirs)
        np.testing.assert_array_equal(np.asarray(ours), np.asarray(theirs))
    text = path.read_text(encoding="utf-8")
    assert not controls(text)
    json.loads(text)


def test_kinds_are_what_they_are_called(models):
    assert models["separated"].status == models["separated whole"].status == "separated"
    assert models["separated"].separation.kind == "quasi-complete"
    assert models["separated whole"].separation.kind == "complete"
    assert models["aliased"].aliased
    assert models["indicator"].model.design.codings[0].indicator
    assert models["ridge"].model.fit.coefficients.covariance is None
    assert models["not converged"].status != "proved"


@pytest.mark.filterwarnings("ignore::sigmoide.errors.SigmoideWarning")
@pytest.mark.parametrize("name", BINARY)
def test_reference_sets_make_small_files_without_data(name, tmp_path):
    data, asked = data_of(name)
    found = sigmoide.logit(formula_of(name)[0], data, **asked)
    path = tmp_path / "m.json"
    found.save(path)
    assert path.stat().st_size < 100_000
    if isinstance(data, str):
        again = sigmoide.read_model(path)
        np.testing.assert_array_equal(again.predict(data), found.predict(data))
        assert str(again.summary()) == str(found.summary())


def test_ten_thousand_rows_leave_no_value_behind(tmp_path):
    path = tmp_path / "m.json"
    frame = pd.read_csv(FOLDER / "default.csv")
    found = sigmoide.logit("default ~ .", frame)
    found.save(path)
    text = path.read_text()
    assert len(text) < 10_000
    assert found.model.source_rows == 10_000
    for value in [*frame["balance"].sample(300, random_state=0), *frame["income"].iloc[:300]]:
        if value:
            assert repr(float(value)) not in text
    # a value that stands in no other number
    rng = np.random.default_rng(0)
    held = pd.DataFrame({"y": rng.integers(0, 2, 10_000), "x": rng.normal(size=10_000)})
    held.loc[77, "x"] = 0.123456789012345
    sigmoide.logit("y ~ x", held).save(path)
    assert "0.123456789" not in path.read_text()
    assert len(path.read_text()) < 5_000


def test_no_name_of_a_folder_is_in_the_file(tmp_path):
    path = tmp_path / "secret folder" / "data.csv"
    path.parent.mkdir()
    table()[["y", "x"]].to_csv(path, index=False)
    sigmoide.logit("y ~ x", path).save(tmp_path / "m.json")
    assert "secret" not in (tmp_path / "m.json").read_text()


def test_many_columns_are_packed(tmp_path):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(3000, 460)), columns=[f"c{j}" for j in range(460)])
    frame["y"] = rng.integers(0, 2, 3000)
    found = sigmoide.logit("y ~ .", frame)
    path = tmp_path / "m.json"
    found.save(path)
    held = json.loads(path.read_text())["fit"]["covariance_at_centre"]
    assert set(held) == {"float64"}
    same(sigmoide.read_model(path).model, found.model)
    for packed, what in (
        (held["float64"][:-8], "numbers are needed"),
        ("!" + held["float64"][1:], "base64"),
        (base64.b64encode(b"\xff" * (8 * 461 * 462 // 2)).decode(), "finite"),
        (7, "text is needed"),
    ):
        changed = json.loads(path.read_text())
        changed["fit"]["covariance_at_centre"] = {"float64": packed}
        path_of = tmp_path / "changed.json"
        path_of.write_text(json.dumps(changed))
        with pytest.raises(ModelFileError, match=what):
            sigmoide.read_model(path_of)


# Written whole or not at all


def test_rights_and_links(tmp_path):
    found = sigmoide.logit("y ~ x", table())
    path, link = tmp_path / "m.json", tmp_path / "link.json"
    mask = os.umask(0o027)
    try:
        found.save(path)
    finally:
        os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    path.chmod(0o604)
    found.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o604
    link.symlink_to(path)
    path.write_text("old")
    found.save(link)
    assert link.is_symlink()
    assert sigmoide.read_model(path).status == "proved"
    assert sorted(contents(tmp_path)) == ["link.json", "m.json"]


def test_devices_are_written_to_and_never_replaced(tmp_path):
    found = sigmoide.logit("y ~ x", table())
    before = os.stat("/dev/null")
    found.save("/dev/null")
    assert os.stat("/dev/null").st_ino == before.st_ino
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    with pytest.raises(FileError, match="No space left"):
        found.save("/dev/full")
    with pytest.raises(FileError, match="cannot be written"):
        found.save(tmp_path)
    reading, writing = os.pipe()
    write_whole(Path(f"/dev/fd/{writing}"), "whole\n")
    os.close(writing)
    with os.fdopen(reading) as file:
        assert file.read() == "whole\n"


def test_text_of_all_scripts_stands_as_it_is(tmp_path):
    frame = table().rename(columns={"x": "año 日本 😀", "g": "esc\x1b\x9b\x7f\u2028"})
    path = tmp_path / "m.json"
    found = sigmoide.logit("y ~ `año 日本 😀` + `esc\x1b\x9b\x7f\u2028`", frame)
    found.save(path)
    text = path.read_text(encoding="utf-8")
    assert "año 日本 😀" in text
    assert r"esc\u001b\u009b\u007f\u2028" in text
    same(sigmoide.read_model(path).model, found.model)


# Read as hostile


class Texts(dict):
    """Whole files, by kind; of a short name, so that a failing law is readable."""

    def __repr__(self) -> str:
        return "<files>"


@pytest.fixture(scope="module")
def texts(models) -> Texts:
    return Texts({kind: written.as_text(found.model) for kind, found in models.items()})


def refuse(path: Path, text: str | bytes, what: str | None = None) -> str:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(ModelFileError, match=what) as caught:
        read(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert (
        "Fit the model again" in message or "fit the model again" in message or "newer" in message
    )
    assert len(message) < 700
    return message


def test_cut_at_any_byte(texts, tmp_path):
    path = tmp_path / "m.json"
    whole = texts["levels"].encode()
    assert b"\xc3" in whole  # so that a letter may be cut in two
    for cut in {*range(0, len(whole) - 2, 37), *range(20), len(whole) - 2}:
        refuse(path, whole[:cut])
    letter = whole.index(b"\xc3")
    assert "not UTF-8" in refuse(path, whole[: letter + 1])
    path.write_bytes(whole[:-1])  # the line end alone is no loss
    assert read(path)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "cut short or no model file"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "not UTF-8"),
        (b"y,x\n0,1\n", "no model file"),
        (b"null", "not a model file"),
        (b"[]", "not a model file"),
        (b"3", "not a model file"),
        (b'"sigmoide model"', "not a model file"),
        (b"{}", "not a model file"),
        (b'{"format": "other"}', "not a model file"),
        (b'{"format": ["sigmoide model"]}', "not a model file"),
        (b'{"format": "sigmoide model"}', "'version' is missing"),
        (b'{"format": "sigmoide model", "version": 1}', "'schema' is missing"),
        (b'{"format": "sigmoide model", "version": 3}', "version 3.*reads versions 1 and 2.*newer"),
        (b'{"format": "sigmoide model", "version": 0}', "version 0.*Fit the model again"),
        (b'{"format": "sigmoide model", "version": 10000000000000000}', "whole number from 0"),
        (b'{"format": "sigmoide model", "version": "1"}', "whole number is needed, not '1'"),
        (b'{"format": "sigmoide model", "version": true}', "whole number is needed, not True"),
        (b'{"format": "sigmoide model", "version": 1.0}', "whole number is needed, not 1.0"),
        (b'{"format": "sigmoide model", "version": -1}', "whole number from 0"),
        (b'{"format": "sigmoide model", "version": NaN}', "no model file"),
        (b'{"format": "sigmoide model", "version": 1' + b"0" * 5000 + b"}", "no model file"),
        (b"[" * 100_000, "no model file"),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "no model file"),
        (b"\xef\xbb\xbf{}", "no model file"),
    ],
)
def test_other_files(content, what, tmp_path):
    message = refuse(tmp_path / "m.json", content, what)
    done = run("show", tmp_path / "m.json")
    assert done.exit_code == 3
    assert done.stderr.strip() == f"sigmoide: {message}"


def test_a_file_larger_than_any_model(tmp_path):
    path = tmp_path / "m.json"
    with path.open("wb") as file:
        file.truncate(5 << 30)
    with pytest.raises(ModelFileError, match="larger than any model"):
        read(path)


def put(entries: dict, place: str, value: object) -> None:
    """Change one entry, by its place as the messages call it; mend the hash of the schema."""
    *way, last = re.findall(r"[^.\[\]]+", place)
    held = entries
    for key in way:
        held = held[int(key)] if isinstance(held, list) else held[key]
    held[int(last) if isinstance(held, list) else last] = value
    if place.startswith("schema."):
        entries["schema_sha256"] = written.digest(entries["schema"])


@pytest.mark.parametrize(
    ("kind", "place", "value", "what"),
    [
        ("levels", "fit.coefficients", [1.0], "numbers are needed, not 1"),
        ("levels", "fit.coefficients[0]", "12", "a number is needed, not '12'"),
        ("levels", "fit.coefficients[0]", "NaN", "finite number"),
        ("levels", "fit.coefficients[0]", "Infinity", "finite number"),
        ("levels", "fit.coefficients[0]", True, "a number is needed"),
        ("levels", "fit.coefficients[0]", None, "a number is needed"),
        ("levels", "fit.coefficients[0]", 10**400, "too large"),
        ("levels", "fit.coefficients[0]", {"a": 1}, "a number is needed, not an object"),
        ("levels", "fit.centre", [0.0] * 9, "numbers are needed"),
        ("levels", "fit.columns", [0, 0, 1, 2, 3, 4], "increasing positions"),
        ("levels", "fit.columns", [0, 1, 2, 3, 4, 99], "increasing positions"),
        ("levels", "fit.columns[0]", -1, "whole number from 0"),
        ("levels", "fit.covariance_at_centre", [], "7 rows are needed"),
        ("levels", "fit.covariance_at_centre[0]", [-1.0], "diagonal of zero or more"),
        ("levels", "fit.covariance_at_centre[1]", [1.0], "2 numbers are needed"),
        ("levels", "fit.covariance_at_centre[0][0]", "NaN", "finite"),
        ("levels", "fit.penalty[0]", -1.0, "zero or more"),
        ("levels", "fit.penalty[0]", 1.0, "a covariance, which no such fit has"),
        ("dropped", "fit.covariance_at_centre", "x", "a list is needed, not 'x'"),
        ("ridge", "settings.l2", 0.0, "a penalty that its settings do not have"),
        ("ridge", "fit.covariance_at_centre", [[1.0]] * 5, "numbers are needed"),
        ("levels", "settings.l2", -1.0, "zero or more"),
        ("levels", "settings.aliased", "keep", "one of drop, error is needed, not 'keep'"),
        ("levels", "settings.max_steps", 2**60, "whole number from 0"),
        ("levels", "fit.status", "fine", "one of proved"),
        ("levels", "fit.status", "separated", "contradict"),
        ("separated", "fit.status", "proved", "contradict"),
        ("levels", "fit.certificate.proved", False, "contradict"),
        ("levels", "fit.certificate.proved", 1, "true or false"),
        ("levels", "fit.certificate.distance", -1e-9, "zero or more"),
        ("levels", "fit.certificate.method", 3, "text is needed"),
        ("levels", "fit.separation.signs[0]", 0.5, "1, -1, 0 or NaN"),
        ("levels", "fit.separation.kind", "complete", "numbers are needed"),
        ("separated", "fit.separation.direction", [1.0], "numbers are needed"),
        ("separated", "fit.separation.rows[0]", -3, "whole number from 0"),
        ("levels", "fit.totals.rows", 0, "both classes"),
        ("levels", "fit.totals.events", 1e9, "both classes"),
        ("levels", "fit.totals.loglik", "-Infinity", "finite"),
        ("levels", "fit.totals.loglik", 0.5, "below zero"),
        ("levels", "fit.totals.null_loglik", 0, "below zero"),
        ("levels", "fit.history[0]", [1], "4 entries are needed"),
        ("levels", "fit.seconds", -1, "zero or more"),
        ("levels", "fitted_on.dropped", {"x": -1}, "whole number from 0"),
        ("levels", "fitted_on.dropped", [], "an object is needed"),
        ("levels", "fitted_on.notes", "note", "a list is needed"),
        ("levels", "schema.target.event", "no", "the same"),
        ("levels", "schema.terms[1].reference", "z", "not one of the levels"),
        ("levels", "schema.terms[1].levels", ["a", "a"], "listed twice"),
        ("levels", "schema.terms[1].levels", [], "not one of the levels"),
        ("levels", "schema.terms[0].kind", "text", "has no levels"),
        ("levels", "schema.terms[0].kind", "date", "one of numeric"),
        ("levels", "schema.terms[0].label", "Intercept", "one name"),
        ("levels", "schema.terms[0].indicator", True, "nothing to put in place"),
        ("levels", "schema.missing", "ignore", "one of drop"),
        ("levels", "schema.unseen", None, "one of error"),
        ("levels", "schema.intercept", "yes", "true or false"),
        ("frequency", "schema.weights", "w", "one or the other"),
        ("levels", "settings.method", "firth", "is missing"),
        ("levels", "settings.method", "probit", "one of ml, firth"),
        ("levels", "fit.status", "converged", "one of Firth's method, which was not used"),
        ("levels", "fit.separation.kind", "not looked for", "which was not used"),
        ("firth", "settings.method", "ml", "of a method that the settings do not have"),
        ("firth", "fit.small_sample", None, "is missing"),
        ("firth", "fit.status", "proved", "contradict"),
        ("firth", "fit.status", "not converged", "contradict"),
        ("firth", "fit.certificate.proved", True, "claims what no fit by Firth's"),
        ("firth", "fit.separation.kind", "none", "claims what no fit by Firth's"),
        ("firth", "fit.penalty[0]", 1.0, "claims what no fit by Firth's"),
        ("firth", "fit.coefficients[0]", 9.0, "not those of Firth's method"),
        ("firth", "fit.intercept_at_centre", 9.0, "not those of Firth's method"),
        ("flic", "fit.coefficients[0]", 9.0, "not those of Firth's method"),
        ("flic", "fit.small_sample.correction", None, "has no certificate"),
        ("flac", "fit.small_sample.correction.proved", False, "contradict"),
        ("flac", "fit.small_sample.correction.delta", "x", "a number is needed"),
        ("firth", "fit.small_sample.convergence.status", "fine", "one of converged"),
        ("firth", "fit.small_sample.convergence.status", "limit", "contradict"),
        ("firth", "fit.small_sample.convergence.maximum", False, "contradict"),
        ("firth", "fit.small_sample.convergence.maximum", 1, "true or false"),
        ("firth", "fit.small_sample.convergence.decrement", -1.0, "zero or more"),
        ("firth", "fit.small_sample.coefficients", [1.0], "2 numbers are needed"),
        ("firth", "fit.small_sample.intervals", [[0.0, 1.0]], "3 intervals are needed"),
        ("firth", "fit.small_sample.intervals[0]", [1.0, 0.0], "ends before it begins"),
        ("firth", "fit.small_sample.intervals[0]", [1.0], "2 numbers are needed"),
        ("firth", "fit.small_sample.statistics[0]", -1.0, "a statistic is zero or more"),
        ("firth", "fit.small_sample.statistics", [1.0], "3 numbers are needed"),
        ("firth", "fit.small_sample.p[1]", 1.5, "a p-value is from 0 to 1"),
        ("firth", "fit.small_sample.overall_p", -0.5, "a p-value is from 0 to 1"),
        ("firth", "fit.small_sample.overall", -0.5, "zero or more"),
        ("flac", "fit.small_sample.mark", "NaN", "finite number"),
        ("firth", "covariance", HC1, "no such fit has a covariance"),
        ("firth", "fit.small_sample.alpha", 1.0, "between 0 and 1"),
        ("firth", "fit.small_sample.penalised_loglik", "NaN", "finite number"),
        ("levels", "schema_sha256", "0" * 64, "its hash is not the one in the file"),
        ("levels", "schema_sha256", None, "text is needed"),
    ],
)
def test_entries_that_are_wrong(kind, place, value, what, texts, tmp_path):
    entries = json.loads(texts[kind])
    put(entries, place, value)
    path = tmp_path / "m.json"
    message = refuse(path, json.dumps(entries), what)
    assert "not a sound model file" in message
    refused(run("show", path), 3)


def test_a_changed_schema_is_noticed(texts, tmp_path):
    for old, new in (
        ('"event": "yes"', '"event": "no"'),
        ('"column": "x"', '"column": "z"'),
        ('"reference": "a"', '"reference": "b"'),
        ('"intercept": true', '"intercept": false'),
        ('"unseen": "error"', '"unseen": "missing"'),
    ):
        assert old in texts["levels"]
        refuse(tmp_path / "m.json", texts["levels"].replace(old, new, 1), "its hash is not")


def test_numbers_beyond_all_measure(texts, tmp_path):
    path = tmp_path / "m.json"
    held = json.loads(texts["numbers"])["fit"]["coefficients"][0]
    for word in ("1e999", "-1e999", "1" + "0" * 400, "NaN", "Infinity", "-Infinity", "1" * 5000):
        refuse(path, texts["numbers"].replace(repr(held), word))


def test_code_in_a_file_is_text(texts, frame, tmp_path, monkeypatch):
    import builtins

    ran = []
    monkeypatch.setattr(builtins, "sentinel", lambda: ran.append(1), raising=False)
    code = "__import__('builtins').sentinel()"
    entries = json.loads(texts["levels"])
    for place in (
        "schema.terms[0].label",
        "schema.terms[1].levels[1]",
        "schema.terms[3].column",
        "schema.target.other",
        "fit.certificate.method",
        "fit.certificate.reason",
        "fitted_on.source",
    ):
        put(entries, place, code)
    put(entries, "fitted_on.notes", [code, f"{{{code}}}", "%s %(x)s {0}"])
    put(entries, "fitted_on.dropped", {code: 3})
    path, data = tmp_path / "m.json", tmp_path / "f.csv"
    path.write_text(json.dumps(entries))
    frame.assign(**{code: True, "y": "yes"}).to_csv(data, index=False)
    for command in (("show", path), ("show", path, "--json"), ("predict", path, data)):
        run(*command)
    for command in ("evaluate", "verify"):
        run(command, path, data)
    found = sigmoide.read_model(path)
    str(found.summary())
    repr(found)
    found.predict(frame.assign(**{code: True}).query("g != 'b'"))
    assert not ran


def behaves(path: Path, frame: pd.DataFrame) -> None:
    """Check that a file is refused by its own error, or is a model that does all that models do."""
    try:
        found = sigmoide.read_model(path)
    except ModelFileError:
        return
    text = str(found.summary())
    assert not controls(text)
    repr(found)
    found.save(path)
    same(sigmoide.read_model(path).model, found.model)
    for ask in (found.predict, found.evaluate, found.verify):
        with suppress(SigmoideError):
            ask(frame)
    for name in ("params", "bse", "pvalues", "aic", "bic", "llr_pvalue", "prsquared", "df_resid"):
        getattr(found, name)
    found.conf_int()
    found.odds_ratios()
    found.cov_params()
    repr(found.separation)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 300),
    st.sampled_from([2**53, 2**63, -(2**70), 10**400, 0, 1, -1]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([1e308, -1e308, 5e-324, 0.5, "NaN", "Infinity", "-Infinity"]),
    st.text(max_size=8),
    st.sampled_from(["x", "y", "g", "a", "proved", "separated", "text", "\x1b[31m", "\ud800"]),
    st.lists(st.one_of(st.floats(-5, 5), st.integers(0, 5), st.text(max_size=3)), max_size=8),
    st.dictionaries(st.text(max_size=3), st.integers(-2, 5), max_size=3),
)


def places(value: object, place: str = "") -> list[str]:
    """Return the place of every entry under one."""
    if isinstance(value, dict):
        inner = [(f"{place}.{key}" if place else key, held) for key, held in value.items()]
    elif isinstance(value, list):
        inner = [(f"{place}[{k}]", held) for k, held in enumerate(value)]
    else:
        return [place]
    return [p for p, _ in inner] + [q for p, held in inner for q in places(held, p)]


@pytest.mark.filterwarnings("ignore:.*encountered:RuntimeWarning")
@pytest.mark.filterwarnings("ignore::sigmoide.errors.DataWarning")
@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), kind=st.sampled_from(list(KINDS)))
def test_any_entry_may_be_anything(data, kind, texts, frame, tmp_path):
    entries = json.loads(texts[kind])
    every = [p for p in places(entries) if "[" not in p or len(p) < 60]
    for _ in range(data.draw(st.integers(1, 2))):
        place = data.draw(st.sampled_from(every))
        try:
            put(entries, place, copy.deepcopy(data.draw(VALUES)))
        except (KeyError, TypeError, IndexError, ValueError):
            continue
    path = tmp_path / "mutated.json"
    path.write_text(json.dumps(entries))
    behaves(path, frame)


@pytest.mark.filterwarnings("ignore:.*encountered:RuntimeWarning")
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    kind=st.sampled_from(["levels", "separated", "indicator"]),
    at=st.floats(0, 1, exclude_max=True),
    cut=st.integers(0, 5),
    letters=st.one_of(
        st.binary(max_size=4), st.sampled_from([b"0", b"9", b"e9", b"-", b'"', b"[]"])
    ),
)
@example(kind="levels", at=0.5, cut=0, letters=b"9" * 400)
def test_any_byte_may_be_any_other(kind, at, cut, letters, texts, frame, tmp_path):
    whole = texts[kind].encode()
    place = int(at * len(whole))
    path = tmp_path / "mutated.json"
    path.write_bytes(whole[:place] + letters + whole[place + cut :])
    behaves(path, frame)


def test_entries_that_are_not_known_are_left_alone(texts, tmp_path):
    entries = json.loads(texts["levels"])
    entries["comment"] = "ours"
    entries["fit"]["more"] = [1, 2]
    path = tmp_path / "m.json"
    path.write_text(json.dumps(entries))
    assert read(path).fit.status == "proved"
    assert io.StringIO(path.read_text())


def test_files_older_than_firths_method_are_of_maximum_likelihood(texts, tmp_path):
    entries = json.loads(texts["levels"])
    del entries["settings"]["method"]
    del entries["fit"]["small_sample"]
    path = tmp_path / "m.json"
    path.write_text(json.dumps(entries))
    same(read(path), read_text(texts["levels"], tmp_path))


def read_text(text: str, folder: Path):
    path = folder / "whole.json"
    path.write_text(text)
    return read(path)
