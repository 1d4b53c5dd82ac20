"""The bits of many fits, written down before the code is moved and held against it afterwards.

``python -m support.golden record FILE`` fits all cases and writes a digest of each;
``python -m support.golden check FILE`` fits them again and names each case whose bits are others.
Digests mean something on the machine, and with the libraries, that they were recorded with: so they
are no fixture. Only what a user can reach is used, so that nothing here changes with the house.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pandas as pd
import scipy.sparse as sp
from click.testing import CliRunner

import sigmoide
from sigmoide.cli import main as program
from sigmoide.sources import formats
from support.reference_sets import BINARY, NARROW, data_of, formula_of

Parts = dict[str, Any]
Case = tuple[str, Callable[[Path], Parts]]
REFERENCES = (*BINARY, *NARROW)
# Model files as earlier versions wrote them; they are read for ever.
MODELS = sorted((Path(__file__).parents[1] / "models").glob("v*.json"))


# --- what of a fit is written down


def digest(value: Any) -> str:
    """Return a hash of the bits of arrays, tables, records, numbers and texts."""
    if isinstance(value, pd.DataFrame | pd.Series):
        names = [str(n) for axis in value.axes for n in axis]
        return digest([names, *(np.asarray(value).T if value.ndim == 2 else [value.to_numpy()])])
    if dataclasses.is_dataclass(value):
        return digest(dataclasses.astuple(value))
    if isinstance(value, np.ndarray) and value.dtype != object:
        told = f"{value.dtype.str} {value.shape} ".encode() + np.ascontiguousarray(value).tobytes()
    elif isinstance(value, float | np.floating):
        told = float(value).hex().encode()
    elif isinstance(value, dict):
        told = "".join(f"{k}:{digest(v)};" for k, v in value.items()).encode()
    elif isinstance(value, list | tuple | np.ndarray):
        told = "".join(digest(part) for part in value).encode()
    else:
        told = repr(value).encode()
    return hashlib.sha256(told).hexdigest()[:16]


def untimed(text: str) -> str:
    """Return a text without the times that are told in it."""
    return re.sub(r"[\d.]+ (ms|s|min)\b", "", text)


def of_result(result: sigmoide.Result, data: Any = None, **given: Any) -> Parts:
    """Return the numbers of a result."""
    separation = result.separation
    parts = {
        "params": result.params,
        "bse": result.bse,
        "p": result.pvalues,
        "covariance": result.cov_params(),
        "certificate": dataclasses.asdict(result.certificate),
        "status": result.status,
        "separation": (separation.kind, separation.directions, separation.rows, separation.exact),
        "likelihoods": (result.llf, result.llnull, result.llr_pvalue, result.bic, result.nobs),
        "aliased": repr(result.aliased),
        "dropped": result.dropped,
        "reads": result.reads,
        "summary": untimed(str(result.summary())),
    }
    if data is not None:
        parts["probabilities"] = np.asarray(result.predict(data, **given))
    return parts


def of_estimator(model: Any, X: Any) -> Parts:
    """Return the numbers of a fitted estimator."""
    return {
        "coef": model.coef_,
        "intercept": model.intercept_,
        "certificate": dataclasses.asdict(model.certificate_),
        "steps": model.n_iter_,
        "reads": model.fit_.reads,
        "decision": model.decision_function(X),
        "probabilities": model.predict_proba(X),
    }


# --- how it is fitted


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Let the process use so many processors."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, set(sorted(before)[:count]))
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def streamed() -> Any:
    """Have any data taken for larger than the memory, so that they are read in pieces."""
    return mock.patch.object(formats, "needs", return_value=1 << 62)


def reference(name: str, **more: Any) -> Callable[[Path], Parts]:
    def fit(_: Path) -> Parts:
        data, arguments = data_of(name)
        return of_result(sigmoide.logit(formula_of(name)[0], data, **arguments, **more), data)

    return fit


def streamed_reference(name: str) -> Callable[[Path], Parts]:
    def fit(folder: Path) -> Parts:
        data, arguments = data_of(name)
        path = folder / "data.parquet"
        (data if isinstance(data, pd.DataFrame) else pd.read_csv(data)).to_parquet(path)
        with streamed():
            return of_result(sigmoide.logit(formula_of(name)[0], path, **arguments), path)

    return fit


def frame(n: int, d: int, seed: int = 0, **kind: bool) -> pd.DataFrame:
    """Return a made table: numbers of several scales, levels, counts, an offset, holes."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) * 10.0 ** rng.integers(-2, 3, size=d) + rng.integers(-3, 3, size=d)
    made = pd.DataFrame({f"x{j}": X[:, j] for j in range(d)})
    made["g"] = rng.choice(["a", "b", "c", "d"], n)
    made["often"] = rng.integers(0, 4, n)
    made["heavy"] = rng.random(n) + 0.1
    made["shift"] = rng.normal(size=n) * 0.3
    made["who"] = rng.integers(0, max(n // 10, 4), n)
    made["total"] = rng.integers(1, 9, n)
    eta = (X[:, 0] - X[:, 0].mean()) / X[:, 0].std() + (made.g == "b") - 0.4
    made["y"] = (rng.random(n) < 1 / (1 + np.exp(-eta))).astype(int)
    made["cases"] = rng.binomial(made.total, 1 / (1 + np.exp(-eta)))
    if kind.get("separated"):
        made["x1"] = (made.x1 > made.x1.quantile(0.9)).astype(float)
        made.loc[made.x1 > 0, "y"] = 1
    if kind.get("aliased"):
        made["x2"] = made.x0 - 2.0 * made.x1
    if kind.get("missing"):
        made.loc[rng.random(n) < 0.1, "x1"] = np.nan
        made.loc[rng.random(n) < 0.05, "g"] = None
    return made


def made(formula: str, data: pd.DataFrame, **given: Any) -> Callable[[Path], Parts]:
    return lambda _: of_result(sigmoide.logit(formula, data, **given), data)


def with_cov(kind: str, **given: Any) -> Callable[[Path], Parts]:
    def fit(_: Path) -> Parts:
        data, arguments = data_of("birthwt")
        rows = pd.read_csv(data)
        rows["who"] = np.arange(len(rows)) // 5
        found = sigmoide.logit(formula_of("birthwt")[0], rows, **arguments)
        return of_result(found.with_cov(kind, **given))

    return fit


def profile(_: Path) -> Parts:
    data, arguments = data_of("birthwt")
    found = sigmoide.logit(formula_of("birthwt")[0], data, **arguments)
    return {
        "profile": found.conf_int(method="profile"),
        "drop1": found.drop1(),
        "score": found.score_test("I(age*lwt)"),
        "terms": found.wald_test_terms(),
        "ridge": sigmoide.logit(formula_of("birthwt")[0], data, l2=1.0, **arguments).params,
    }


def kept(broken_after: int | None) -> Callable[[Path], Parts]:
    """Fit with a checkpoint; break it off after some reads and go on, where that is asked."""
    data = frame(60_000, 12)
    formula = "y ~ " + " + ".join(f"x{j}" for j in range(12))

    def fit(folder: Path) -> Parts:
        path = folder / "fit.checkpoint"
        if broken_after is not None:

            def stop(reading: Any) -> None:
                if reading.reads >= broken_after:
                    raise KeyboardInterrupt

            try:
                sigmoide.logit(formula, data, checkpoint=path, on_read=stop)
            except KeyboardInterrupt:
                assert path.exists()
        return of_result(sigmoide.logit(formula, data, checkpoint=path, resume=True), data)

    return fit


def model_file(path: Path) -> Callable[[Path], Parts]:
    return lambda _: of_result(sigmoide.read_model(path))


def estimator(
    kind: str, n: int, d: int, count: int, weighed: bool = False, **given: Any
) -> Callable[[Path], Parts]:
    def fit(_: Path) -> Parts:
        rng = np.random.default_rng(d)
        X: Any = rng.normal(size=(n, d)) * (rng.random((n, d)) < 0.3)
        y = (rng.random(n) < 1 / (1 + np.exp(-X[:, 0] - 0.5 * X[:, 1]))).astype(int)
        X = {
            "f64": lambda: X,
            "f32": lambda: X.astype(np.float32),
            "columns": lambda: np.asfortranarray(X),
            "sparse": lambda: sp.csr_array(X),
        }[kind]()
        weight = rng.integers(0, 3, n) if weighed else None
        model = sigmoide.LogisticRegression(n_jobs=count, **given).fit(X, y, sample_weight=weight)
        return of_estimator(model, X)

    return fit


def command(*arguments: str, table: pd.DataFrame) -> Callable[[Path], Parts]:
    def fit(folder: Path) -> Parts:
        table.to_csv(folder / "data.csv", index=False)
        done = CliRunner().invoke(
            program, ["fit", str(folder / "data.csv"), *arguments, "--out", str(folder / "m.json")]
        )
        assert done.exit_code in (0, 4), (done.stderr, done.exception)
        found = sigmoide.read_model(folder / "m.json")
        return {**of_result(found, folder / "data.csv"), "stdout": untimed(done.stdout)}

    return fit


def cases() -> list[Case]:
    """Return all cases, by their names."""
    small, plain = frame(800, 4), frame(40_000, 8, 1)
    holes = frame(3000, 4, 2, missing=True)
    every = "y ~ x0 + x1 + x2 + x3 + C(g)"
    found: list[Case] = []
    for name in REFERENCES:
        found += [
            (f"{name}, memory", reference(name)),
            (f"{name}, streamed", streamed_reference(name)),
        ]
    for method in ("firth", "flic", "flac"):
        for name in ("birthwt", "endometrial", "sex2", "m1"):
            found.append((f"{name}, {method}", reference(name, method=method)))
    for path in MODELS:
        found.append(
            (f"model file {path.stem}", lambda _, path=path: of_result(sigmoide.read_model(path)))
        )
    for l2 in (0.3, 30.0):
        found.append((f"plasma, l2={l2}", reference("plasma", l2=l2)))
        found.append(
            (f"pima, standardised, l2={l2}", reference("pima_tr2", l2=l2, standardize=True))
        )
    for kind in ("HC0", "HC1", "HC2", "HC3"):
        found.append((f"birthwt, {kind}", with_cov(kind)))
    for kind in ("CR0", "CR_G", "CR1"):
        found.append((f"birthwt, {kind}", with_cov(kind, cluster="who")))
    found += [
        ("birthwt, bootstrap", with_cov("bootstrap", replicates=60, seed=5)),
        ("birthwt, profile and tests", profile),
        ("checkpointed", kept(None)),
        ("broken off after 1, resumed", kept(1)),
        ("broken off after 3, resumed", kept(3)),
        ("frequencies", made(every, small, frequency="often")),
        ("weights and offset", made(every, small, weights="heavy", offset="shift", cov="HC1")),
        ("counts", made("cases / total ~ x0 + x1 + g", small)),
        ("functions", made("y ~ poly(x0, 3) + bs(x1, df=5) + cr(x2, df=4) + scale(x3)*g", plain)),
        ("products", made("y ~ (x0 + x1 + x2)**2 + C(g, Sum) - 1", plain)),
        ("penalty factors", made(every, plain, l2=2.0, penalty_factors={"x1": 0.0, "C(g)": 3.0})),
        ("separated", made(every, frame(5000, 4, 3, separated=True))),
        ("separated, many", made(every, frame(90_000, 8, 3, separated=True))),
        ("aliased", made(every, frame(5000, 4, 4, aliased=True))),
        ("dropped", made(every, holes)),
        ("indicators", made(every, holes, missing="indicator")),
        ("clusters of two kinds", made(every, small, cluster=["who", "g"])),
        ("loose", made(every, plain, tol=1e-4)),
        ("command", command("--target", "y", "--columns", "x0,x1,g", table=small)),
        (
            "command, split and path",
            command(
                "--formula", every, "--split", "random:0.2,0.2", "--patience", "3", table=small
            ),
        ),
        ("command, clusters", command("--formula", every, "--cluster", "who", table=small)),
        ("command, profile", command("--formula", every, "--ci", "profile", table=small)),
    ]
    for count in (1, 2):
        found += [
            (f"estimator f64, {count}", estimator("f64", 30_000, 20, count)),
            (f"estimator f32, {count}", estimator("f32", 90_000, 30, count)),
            (f"estimator columns, {count}", estimator("columns", 20_000, 12, count, C=np.inf)),
            (f"estimator sparse, {count}", estimator("sparse", 20_000, 40, count, C=0.1)),
            (f"estimator weighed, {count}", estimator("f64", 5_000, 9, count, weighed=True)),
            (f"estimator wide, {count}", estimator("f64", 3_000, 1_200, count)),
            (f"estimator diagonal, {count}", estimator("f32", 6_000, 2_500, count)),
            (f"estimator tiny, {count}", estimator("f64", 60, 3, count, tol=1e-9)),
        ]
        for name in ("cps1985_union", "digits_3v8", "esoph"):
            found.append((f"{name}, {count} threads", _with_threads(count, reference(name))))
        found.append((f"rows, {count} threads", _with_threads(count, made(every, plain))))
    return found


def _with_threads(count: int, case: Callable[[Path], Parts]) -> Callable[[Path], Parts]:
    def fit(folder: Path) -> Parts:
        with threads(count):
            return case(folder)

    return fit


def digests(chosen: str = "") -> dict[str, dict[str, str]]:
    """Return, for each case whose name holds this, a digest of each of its parts."""
    found = {}
    for name, fit in cases():
        if chosen in name:
            with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found[name] = {part: digest(value) for part, value in fit(Path(folder)).items()}
    return found


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Name each part of each case whose bits are not what they were."""
    return [
        f"{name}: {part}"
        for name, parts in before.items()
        for part in parts
        if after.get(name, {}).get(part) != parts[part]
    ]


def main(arguments: list[str]) -> int:
    """Record or check."""
    what, path = arguments[0], Path(arguments[1])
    found = digests()
    if what == "record":
        path.write_text(json.dumps(found, indent=1))
        print(f"{len(found)} cases")
        return 0
    other = differences(json.loads(path.read_text()), found)
    print("\n".join(other) or f"{len(found)} cases, the same bits")
    return bool(other)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
