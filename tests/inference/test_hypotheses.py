"""Linear hypotheses: their text, their tests, what is refused; joint tests of terms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from sigmoide.errors import UsageError
from sigmoide.inference.equations import LinearEquations, parse_hypotheses
from sigmoide.inference.wald import independent, joint_tests, linear_test
from sigmoide.results.covariance import estimates
from support.reference_blocks import fit_of, terms_of
from support.reference_sets import WITH_MLE, reference

NAMES = (
    "Intercept",
    "age",
    "race[T.black]",
    "race[T.white]",
    "C(g, ref='x)')[T.12+ yrs]",
    "age:race[T.black]",
    "poly(age, 3)[2]",
    "income (£)",
    "a",
    "b",
    "größe",
)


def row(**weights):
    found = np.zeros(len(NAMES))
    for name, weight in weights.items():
        found[NAMES.index(name)] = weight
    return found


@pytest.mark.parametrize(
    ("text", "weights", "constant"),
    [
        ("a = 0", {"a": 1}, 0),
        ("a", {"a": 1}, 0),
        ("a - b = 0", {"a": 1, "b": -1}, 0),
        ("a=b", {"a": 1, "b": -1}, 0),
        ("-a + b = -1", {"a": -1, "b": 1}, -1),
        ("+a = 1", {"a": 1}, 1),
        ("1 = a", {"a": -1}, -1),
        ("2*age + race[T.white] = 1", {"age": 2, "race[T.white]": 1}, 1),
        ("age*2 = 1", {"age": 2}, 1),
        ("age/4 - .5 = 1e1", {"age": 0.25}, 10.5),
        ("2*(a - 3*(b + 1)) = 4", {"a": 2, "b": -6}, 10),
        ("(a + b)/2 = Intercept", {"a": 0.5, "b": 0.5, "Intercept": -1}, 0),
        ("2*3*a = 6/2", {"a": 6}, 3),
        ("age:race[T.black] = 0", {"age:race[T.black]": 1}, 0),
        ("C(g, ref='x)')[T.12+ yrs] = a", {"C(g, ref='x)')[T.12+ yrs]": 1, "a": -1}, 0),
        ("poly(age, 3)[2] - age = 0", {"poly(age, 3)[2]": 1, "age": -1}, 0),
        ("`income (£)` = a", {"income (£)": 1, "a": -1}, 0),
        ("`a` = 0", {"a": 1}, 0),
        ("größe = 0", {"größe": 1}, 0),
        ("a + a = 1", {"a": 2}, 1),
        ("  a\t=   b ", {"a": 1, "b": -1}, 0),
        ("a - -1 = 0", None, None),
    ],
)
def test_one_equation(text, weights, constant):
    if weights is None:
        with pytest.raises(UsageError, match="a number or the name of a coefficient is missing"):
            parse_hypotheses(text, NAMES)
        return
    found = parse_hypotheses(text, NAMES)
    np.testing.assert_allclose(found.matrix, [row(**weights)], rtol=1e-15)
    assert found.constants == pytest.approx([constant])


@pytest.mark.parametrize(
    "text",
    [
        "a = b = age",
        "a = b, b = age",
        "a = b; b = age",
        "a = b\nb = age\n",
        ["a = b", "b = age"],
        ("a = b", "b = age,"),
    ],
)
def test_several_equations(text):
    found = parse_hypotheses(text, NAMES)
    np.testing.assert_array_equal(found.matrix, [row(a=1, b=-1), row(b=1, age=-1)])
    assert found.labels == ("a = b", "b = age")


def test_marks_inside_names_split_nothing():
    names = ("f(a, b)[T.x=y]", "g", "h[a;b]")
    found = parse_hypotheses("f(a, b)[T.x=y] = g, h[a;b] = 0", names)
    assert found.labels == ("f(a, b)[T.x=y] = g", "h[a;b] = 0")
    np.testing.assert_array_equal(found.matrix, [[1, -1, 0], [0, 0, 1]])
    odd = ("x, = y", "z")
    assert parse_hypotheses("`x, = y` = z", odd).labels == ("`x, = y` = z",)


@pytest.mark.parametrize("name", WITH_MLE)
def test_every_name_of_the_tables_can_be_written(name):
    """R's names as they are where they are one word with brackets, else in backticks."""
    names = ["Intercept", *(f"C(x, ref='y')[T.{n}]" for n in reference(name).names[1:])]
    for j, each in enumerate(names):
        found = parse_hypotheses(f"{each} = 0", names)
        assert found.matrix[0].nonzero()[0].tolist() == [j]
        assert (parse_hypotheses(f"`{each}` = 0", names).matrix == found.matrix).all()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("agee = 0", r"character 1: there is no coefficient 'agee'. The nearest is 'age'."),
        ("a = race[T.blck]", r"character 5: .*'race\[T.blck\]'. The nearest is 'race\[T.black\]'."),
        ("zzzz = 0", r"no coefficient 'zzzz'. A name with other signs in it goes in backticks."),
        ("income = 0", r"no coefficient 'income'"),
        ("a * b = 0", "character 3: a product of two coefficients is not linear"),
        ("a * (b + 1) = 0", "a product of two coefficients is not linear"),
        ("1 / a = 0", "character 3: a division by a coefficient is not linear"),
        ("a / (1 - 1) = 0", "a division by 0 has no value"),
        ("a ** 2 = 0", "a power is not linear"),
        ("a == 0", "a number or the name of a coefficient is missing"),
        ("a = ", "a number or the name of a coefficient is missing"),
        ("= 0", "character 1: a number or the name"),
        ("(a = 0", "a bracket is not closed"),
        ("a) = 0", r"'\)' was not expected there"),
        ("a b = 0", "'b' was not expected there"),
        ("2a = 0", "a number or the name of a coefficient is missing"),
        ("a < 0", "'<' was not expected there"),
        ("`a = 0", "a backtick is not closed"),
        ("race[T.black = 0", "character 5: a bracket of a name is not closed"),
        ("1e999*a = 0", "1e999 is beyond what floating point holds"),
        ("a = a", "says nothing about the coefficients: it is always true"),
        ("a - a = 1", "says nothing about the coefficients: it is never true"),
        ("1 = 1", "says nothing"),
        ("", "no hypothesis was given"),
        (" ,;\n", "no hypothesis was given"),
        ([], "no hypothesis was given"),
        ([1], "1 was given as a hypothesis; write it as text"),
        ("(" * 60 + "a" + ")" * 60 + " = 0", "brackets are nested more than 50 deep"),
        ("a" * 10_001, "10,001 characters was given; up to 10,000 are read"),
        ("__import__('os') = 0", r"there is no coefficient \"__import__\('os'\)\""),
        ("1e308*a*10 = 0", "beyond what floating point holds"),
    ],
)
def test_what_is_refused(text, says):
    with pytest.raises(UsageError, match=says):
        parse_hypotheses(text, NAMES)


PIECES = [*NAMES[:6], "`income (£)`", "0", "1", "2.5", "1e3", "1e400", ".", "+", "-", "*", "/", "="]
PIECES += [
    "(",
    ")",
    "[",
    "]",
    "`",
    ",",
    ";",
    "\n",
    " ",
    "'",
    '"',
    ":",
    "é",
    "x",
    "**",
    "==",
    "lambda",
]


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=25).map("".join)))
def test_any_text_is_read_or_refused(text):
    try:
        found = parse_hypotheses(text, NAMES)
    except UsageError:
        return
    assert found.matrix.shape == (len(found.labels), len(NAMES))
    assert np.isfinite(found.matrix).all()
    assert found.matrix.any(axis=1).all()


@settings(max_examples=100, deadline=None)
@given(
    weights=st.lists(st.integers(-9, 9), min_size=3, max_size=3).filter(any),
    constant=st.integers(-9, 9),
)
def test_what_is_written_is_what_is_read(weights, constant):
    names = ("a", "b[T.x]", "c:d")
    text = " + ".join(f"({w})*{n}" for w, n in zip(weights, names, strict=True))
    found = parse_hypotheses(f"{text} = ({constant})", names)
    np.testing.assert_array_equal(found.matrix, [weights])
    assert found.constants.tolist() == [constant]


# --- tests


@pytest.fixture(scope="module")
def birthwt():
    return estimates(fit_of("birthwt"), True), ("Intercept", *reference("birthwt").names[1:])


def test_tests_are_their_definition(birthwt):
    got, names = birthwt
    linear = parse_hypotheses(["raceblack - raceother = 0", "2*age + smoke = 1"], names)
    found = linear_test(linear, got.params, got.covariance)
    L, V = linear.matrix, got.covariance
    apart = L @ got.params - [0.0, 1.0]
    np.testing.assert_allclose(found.estimate, apart, rtol=1e-14)
    np.testing.assert_allclose(found.standard_error, np.sqrt(np.diag(L @ V @ L.T)), rtol=1e-12)
    np.testing.assert_allclose(found.z, apart / found.standard_error, rtol=1e-12)
    np.testing.assert_allclose(found.p, chi2.sf(found.z**2, 1), rtol=1e-10)
    truth = float(apart @ np.linalg.solve(L @ V @ L.T, apart))
    assert found.joint.statistic == pytest.approx(truth, rel=1e-10)
    assert found.joint.df == 2
    assert found.joint.p == pytest.approx(chi2.sf(truth, 2), rel=1e-10)


def test_one_coefficient_is_the_table_s_own_test(birthwt):
    got, names = birthwt
    mle = reference("birthwt").ref["mle"]
    for j, name in enumerate(names):
        found = linear_test(parse_hypotheses(f"{name} = 0", names), got.params, got.covariance)
        assert found.z[0] == pytest.approx(mle["z"][j], rel=1e-8)
        assert found.p[0] == pytest.approx(mle["p"][j], rel=1e-8)
        assert found.joint.statistic == pytest.approx(found.z[0] ** 2, rel=1e-12)


def test_other_words_for_the_same_hypotheses_give_the_same_test(birthwt):
    got, names = birthwt
    statistics = [
        linear_test(parse_hypotheses(text, names), got.params, got.covariance).joint.statistic
        for text in (
            "raceblack = raceother = 0",
            "raceblack = 0, raceother = 0",
            "raceblack + raceother = 0, 3*raceblack - raceother = 0",
        )
    ]
    np.testing.assert_allclose(statistics, statistics[0], rtol=1e-12)
    joint = joint_tests({"race": [3, 4]}, got.params, got.covariance)["race"]
    assert joint.statistic == pytest.approx(statistics[0], rel=1e-12)
    assert joint.df == 2


@pytest.mark.parametrize("name", WITH_MLE)
def test_joint_tests_of_terms_are_near_drop1(name):
    got = estimates(fit_of(name), True)
    terms = {label: [j + 1 for j in places] for label, places in terms_of(name).items()}
    found = joint_tests(terms, got.params, got.covariance)
    for line in reference(name).ref["drop1"]["terms"]:
        joint = found[line["term"]]
        places = terms[line["term"]]
        V = got.covariance[np.ix_(places, places)]
        truth = got.params[places] @ np.linalg.solve(V, got.params[places])
        assert joint.statistic == pytest.approx(truth, rel=1e-9)
        assert joint.df == line["df"]
        # another test of the same null: of the same size, not of the same digits
        assert 0.2 < joint.statistic / line["lrt"] < 2.0


def test_what_follows_from_the_others_is_counted_once(birthwt):
    got, names = birthwt
    linear = parse_hypotheses("raceblack = 0, raceother = 0, raceblack = raceother", names)
    assert len(independent(linear).labels) == 2
    found = linear_test(linear, got.params, got.covariance)
    two = linear_test(
        parse_hypotheses("raceblack = raceother = 0", names), got.params, got.covariance
    )
    assert found.joint.df == 2
    assert found.joint.statistic == pytest.approx(two.joint.statistic, rel=1e-12)
    assert len(found.z) == 3


def test_contradictions_are_refused(birthwt):
    got, names = birthwt
    linear = parse_hypotheses("age = 0, smoke = 1, age + smoke = 2", names)
    with pytest.raises(UsageError, match=r"'age \+ smoke = 2' contradicts the ones before it"):
        linear_test(linear, got.params, got.covariance)


def test_hypotheses_of_another_model_are_refused(birthwt):
    got, names = birthwt
    linear = parse_hypotheses("age = 0", names[:-1])
    with pytest.raises(UsageError, match=r"about 9 coefficients, and the model has 10"):
        linear_test(linear, got.params, got.covariance)


def test_what_speaks_of_infinite_coefficients_is_withheld():
    got = estimates(fit_of("endometrial"), True)
    names = ("Intercept", "NV", "PI", "EH")
    linear = parse_hypotheses("NV = 0, PI = EH, NV - NV + PI = 0", names)
    found = linear_test(linear, got.params, got.covariance)
    assert math.isnan(found.estimate[0])
    assert math.isnan(found.p[0])
    assert np.isfinite(found.p[1:]).all()
    assert math.isnan(found.joint.statistic)
    assert found.joint.df == 3
    joint = joint_tests({"NV": [1], "both": [2, 3]}, got.params, got.covariance)
    assert math.isnan(joint["NV"].p)
    assert 0.0 < joint["both"].p < 1.0


def test_no_coefficients_is_no_test():
    found = joint_tests({"nothing": []}, np.ones(2), np.eye(2))["nothing"]
    assert (found.df, math.isnan(found.statistic)) == (0, True)


def test_a_covariance_of_no_rank_gives_no_test():
    linear = LinearEquations(np.eye(2), np.zeros(2), ("a = 0", "b = 0"))
    found = linear_test(linear, np.ones(2), np.ones((2, 2)))
    assert math.isnan(found.joint.statistic)
    assert found.joint.df == 2
