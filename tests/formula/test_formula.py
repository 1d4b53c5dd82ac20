"""Formulas: what is read, what is refused by its name, and that nothing is ever run."""

from __future__ import annotations

import sys
import time
from contextlib import suppress

import numpy as np
import pandas as pd
import pytest
from formulaic import model_matrix
from hypothesis import given, settings
from hypothesis import strategies as st

import sigmoide
from sigmoide.design.prepare import Request, prepare
from sigmoide.errors import FormulaError, SigmoideWarning, UsageError
from sigmoide.formula.algebra import parse
from sigmoide.sources.formats import in_memory
from sigmoide.sources.frames import read_source

COLUMNS = ("y", "a", "b", "c d", "g", "1", ".", "ñ")


def read(formula: str, columns: tuple[str, ...] = COLUMNS, apart: tuple[str, ...] = ()):
    found = parse(formula, columns, apart)
    return found.target, [t.label for t in found.terms], found.intercept


ALL = ["a", "b", "c d", "g", "1", ".", "ñ"]


@pytest.mark.parametrize(
    ("formula", "labels", "intercept"),
    [
        ("y ~ a + b", ["a", "b"], True),
        ("y~a+b", ["a", "b"], True),
        ("  y\n ~ a\n + b  ", ["a", "b"], True),
        ("y ~ a - 1", ["a"], False),
        ("y ~ a + 0", ["a"], False),
        ("y ~ 0 + a", ["a"], False),
        ("y ~ -1 + a", ["a"], False),
        ("y ~ a + -1", ["a"], False),
        ("y ~ a - 1 + 1", ["a"], True),
        ("y ~ 1", [], True),
        ("y ~ 1 + a", ["a"], True),
        ("y ~ -0 + a", ["a"], True),
        ("y ~ .", ALL, True),
        ("y ~ . - 1", ALL, False),
        ("y ~ . - a - `c d`", ["b", "g", "1", ".", "ñ"], True),
        ("y ~ b + .", ["b", "a", "c d", "g", "1", ".", "ñ"], True),
        ("y ~ . + C(g)", ["a", "b", "c d", "1", ".", "ñ", "C(g)"], True),
        ("y ~ . + C(g) - g", ["a", "b", "c d", "1", ".", "ñ"], True),
        ("y ~ . - C(g)", ["a", "b", "c d", "1", ".", "ñ"], True),
        ("y ~ a - b", ["a"], True),
        ("y ~ a + a", ["a"], True),
        ("y ~ (a + b)", ["a", "b"], True),
        ("y ~ ((a)) - (b)", ["a"], True),
        ("y ~ a + b - (a + b) + g", ["g"], True),
        ("y ~ (a - 1)", ["a"], False),
        ("y ~ `a` + `c d`", ["a", "c d"], True),
        ("y ~ `1` + `.`", ["1", "."], True),
        ("y ~ ñ", ["ñ"], True),
        ("y ~ C(g)", ["C(g)"], True),
        ("y ~ C( g )", ["C(g)"], True),
        ("y ~ C(`c d`)", ["C(`c d`)"], True),
        ("y ~ C(g, ref='x')", ["C(g, ref='x')"], True),
        ('y ~ C(g,ref = "x")', ["C(g, ref='x')"], True),
        ("y ~ C(g, ref='it\\'s')", ['C(g, ref="it\'s")'], True),
        ("y ~ C(g, ref='a`b`c')", ["C(g, ref='a`b`c')"], True),
        ("y ~ C(g, ref=2)", ["C(g, ref=2)"], True),
        ("y ~ C(g, ref=-1.5e-3)", ["C(g, ref=-0.0015)"], True),
        ("y ~ C(g, ref=True)", ["C(g, ref=True)"], True),
        ("y ~ C", ["C"], True),
        ("y ~ x.y + .z + _u", ["x.y", ".z", "_u"], True),
    ],
)
def test_what_is_read(formula, labels, intercept):
    assert read(formula) == ("y", labels, intercept)


def test_the_target_may_be_in_backticks():
    assert read("`c d` ~ a")[0] == "c d"
    assert "c d" not in read("`c d` ~ .")[1]


def test_weights_and_offset_are_apart_from_the_point():
    assert read("y ~ .", ("y", "a", "w", "o"), ("w", "o"))[1] == ["a"]
    assert read("y ~ . + w", ("y", "a", "w", "o"), ("w", "o"))[1] == ["a", "w"]


@pytest.mark.parametrize(
    ("reference", "level"),
    [("'x'", "x"), ("2", "2"), ("2.0", "2"), ("2.5", "2.5"), ("-1", "-1"), ("True", "True")],
)
def test_reference_levels_are_words(reference, level):
    (term,) = parse(f"y ~ C(g, ref={reference})", COLUMNS).terms
    assert (term.column, term.reference, term.categorical) == ("g", level, True)


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("y ~ a^2", ["'^'", "write '**'"]),
        ("y ~ a/b", ["'/'", "nesting"]),
        ("y ~ a %in% b", ["'%in%'", "nesting"]),
        ("y ~ a | b", ["'|'"]),
        ("y ~ lgo(a)", ["lgo(...)", "never run as code", "Did you mean log(...)?"]),
        ("y ~ hash(a)", ["hash(...)", "before the fit"]),
        ("y ~ np.log(a)", ["np.log(...)", "never run"]),
        ("y ~ Q('c d')", ["Q(...)"]),
        ("y ~ __import__('os').system('ls')", ["__import__(...)", "never run"]),
        ("y ~ {a + b}", ["'{'", "code"]),
        ("y ~ a[0]", ["'['", "indexing"]),
        ("y ~ a = b", ["'='"]),
        ("y ~ a < b", ["'<'", "a comparison"]),
        ("y ~ lambda: 0", ["':'"]),
        ("y ~ 2", ["2 is no term", "backticks"]),
        ("y ~ a + 1.5", ["1.5 is no term"]),
        ("y ~ 2*a", ["2 is no term"]),
        ("y ~ 01", ["01 is no term"]),
        ("y ~ 'a'", ["'a' is no term", "without quotes"]),
        ("y ~ a b", ["nothing joins 'a' and 'b'"]),
        ("y ~ c d", ["nothing joins 'c' and 'd'", "backticks"]),
        ("y ~ a, b", ["','"]),
        ("y ~ a &b", ["'&'"]),
        ("y ~ a; b", ["';'"]),
        ("y + z ~ a", ["one column stands on the left"]),
        ("cbind(y, z) ~ a", ["cbind(...) of the target"]),
        ("log(y) ~ a", ["log(...) of the target", "event="]),
        ("1 ~ a", ["left of '~'"]),
        ("'y' ~ a", ["left of '~'"]),
        ("~ a", ["left of '~'"]),
        ("y ~", ["nothing on the right", "y ~ 1"]),
        ("y ~ ", ["nothing on the right"]),
        ("y", ["there is no '~'"]),
        ("", ["there is no '~'"]),
        ("y = a", ["there is no '~'"]),
        ("y ~ a ~ b", ["twice"]),
        ("y ~~ a", ["twice"]),
        ("y ~ a +", ["ends after '+'"]),
        ("y ~ +", ["ends after '+'"]),
        ("y ~ a - - b", ["two minus signs"]),
        ("y ~ - (a - b)", ["two minus signs"]),
        ("y ~ a + + b", ["too many signs"]),
        ("y ~ a - + b + - + c", ["too many signs"]),
        ("y ~ `a", ["backtick is not closed"]),
        ("y ~ ``", ["names no column"]),
        ("y ~ C(g, ref='x)", ["C(...) is C(name)"]),
        ("y ~ 'x", ["quote is not closed"]),
        ("y ~ (a", ["not closed"]),
        ("y ~ a)", ["')' at character 6"]),
        ("y ~ ()", ["')' at character 6"]),
        ("y ~ C()", ["C(...) is C(name)"]),
        ("y ~ C(", ["C(...) is C(name)"]),
        ("y ~ C(g", ["C(...) is C(name)"]),
        ("y ~ C(g, 'x')", ["ref='level'"]),
        ("y ~ C(g, Helmert)", ["Helmert", "Treatment and Sum"]),
        ("y ~ C(g, ref=x)", ["ref='level'"]),
        ("y ~ C(g, ref=None)", ["ref='level'"]),
        ("y ~ C(g, ref=1j)", ["ref='level'"]),
        ("y ~ C(g, ref=print(1))", ["ref='level'"]),
        ("y ~ C(g, ref=f'{1}')", ["ref='level'"]),
        ("y ~ C(g, ref='x', ref='y')", ["ref='level'"]),
        ("y ~ C(a + b)", ["ref='level'"]),
        ("y ~ C(C(g))", ["ref='level'"]),
        ("y ~ C(log(g))", ["ref='level'"]),
        ("y ~ C(g)(h)", ["'(' at character 9"]),
        ("y ~ C(g).x", ["nothing joins"]),
        ("y ~ . - .", ["leave out every column"]),
        ("y ~ . - aa", ["'aa' is to be left out", "Did you mean 'a'?"]),
        ("y ~ . - C(zz)", ["'C(zz)' is to be left out"]),
        ("y ~ a + \x1b[31m", ["character 9"]),
        (3, ["type int"]),
    ],
)
def test_what_is_refused_by_its_name(formula, words):
    with pytest.raises(FormulaError) as caught:
        parse(formula, COLUMNS)
    for word in words:
        assert word in str(caught.value)
    assert caught.value.exit_code == 2


def test_long_words_are_not_repeated():
    for text in ("y ~ " + "f" * 10_000 + "(a)", "y ~ . - " + "a" * 10_000, "y ~ a " + "b" * 9999):
        with pytest.raises(FormulaError) as caught:
            parse(text, COLUMNS)
        assert len(str(caught.value)) < 800


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("y ~ 2*a", ["2 is no term"]),
        ("y ~ 1:a", ["1 at character 5 stands inside of a product"]),
        ("y ~ (a - 1)*b", ["1 at character 10 stands inside of a product"]),
        ("y ~ a*offset(b)", ["offset(b) stands inside of a product"]),
        ("y ~ a - offset(b)", ["offset(b) cannot be left out"]),
        ("y ~ offset(scale(a))", ["nothing is learned of it"]),
        ("y ~ " + " + ".join(["offset(a)"] * 6), ["more than 5 offsets"]),
        ("y ~ a**b", ["a whole number from 1 to 8", "I(a ** 2)"]),
        ("y ~ (a + b)**9", ["not '9'"]),
        ("y ~ a**2**2", ["two powers in a row"]),
        ("y ~ a:", ["it ends after ':'"]),
        ("y ~ *a", ["'*' at character 5"]),
        ("y ~ " + ":".join("abcdefghi"), ["a product of more than 8 columns"]),
        ("y ~ " + "(" * 60 + "a" + ")" * 60, ["more than 50 deep"]),
        ("y ~ I(" + "a + " * 100 + "a)", ["more than 90 operations"]),
        ("y ~ I(2*3)", ["I(2 * 3) names no column"]),
        ("y ~ log()", ["log(...) holds nothing"]),
        ("y ~ log(a, 2)", ["log(...) takes one argument"]),
        ("y ~ log(a", ["not closed"]),
        ("y ~ log(a b)", ["nothing joins 'a' and 'b'", "operation"]),
        ("y ~ log('a')", ["'a' at character 9 is a text"]),
        ("y ~ I(a > 1)", ["'>' (a comparison)"]),
        ("y ~ I(a^2)", ["write '**'"]),
        ("y ~ I(1e999*a)", ["no finite number"]),
        ("y ~ I(a[0])", ["indexing"]),
        ("y ~ I(C(g))", ["C(...) at character 7 stands by itself"]),
        ("y ~ log(poly(a, 2))", ["poly(...) at character 9 stands by itself"]),
        ("y ~ scale(center(a))", ["center(...) inside of scale(...)", "two reads"]),
        ("y ~ scale(log(center(a)))", ["center(...) inside of scale(...)", "two reads"]),
        ("y ~ bs(scale(a), df=4)", ["scale(...) inside of bs(...)", "two reads"]),
        ("y ~ log(sin(a))", ["sin(...) is not available"]),
        ("y ~ poly(a)", ["which degree? Write poly(a, 2)"]),
        ("y ~ poly(a, 0)", ["degree is a whole number from 1 to 20, not 0"]),
        ("y ~ poly(a, 2.5)", ["not 2.5"]),
        ("y ~ poly(a, 1e9)", ["not 1000000000"]),
        ("y ~ poly(a, 2, raw=True)", ["poly(...) takes no raw="]),
        ("y ~ poly(a, 2, 3)", ["given degree twice"]),
        ("y ~ poly(a, b)", ["degree is a number, and not 'b'", "never run"]),
        ("y ~ bs(a, df=2)", ["df is a whole number from 3 to 1000"]),
        ("y ~ bs(a, df=4, knots=[1])", ["df and knots both say"]),
        ("y ~ bs(a, knots=[2, 1])", ["knots increase"]),
        ("y ~ bs(a, knots=2)", ["knots are a list"]),
        ("y ~ bs(a, knots=[1 2])", ["knots are a list"]),
        ("y ~ bs(a, knots=[1", ["knots are a list"]),
        ("y ~ bs(a, lower_bound='x')", ["lower_bound is a number, not 'x'"]),
        ("y ~ cr(a)", ["how many columns? Write cr(name, df=4)"]),
        ("y ~ cr(a, df=1)", ["from 2 to 1000"]),
        ("y ~ cr(a, df=4, constraints='other')", ["constraints='center' is all there is"]),
        ("y / y ~ a", ["counts both the successes and the trials"]),
        ("y / (a + b) ~ a", ["counts are two columns"]),
        ("y / 2 ~ a", ["counts are two columns"]),
        ("y ~ a:b - a:bb", ["'bb' is to be left out", "Did you mean 'b'?"]),
        ("y ~ C(g, Sum, Treatment)", ["C(name, Sum, ref='level')"]),
        ("y ~ C(g, Sum())", ["ref='level'"]),
        ("y ~ C(g, Sum(sentinel()))", ["ref='level'", "never run"]),
    ],
)
def test_what_is_refused_of_products_and_functions(formula, words):
    with pytest.raises(FormulaError) as caught:
        parse(formula, COLUMNS)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("formula", "labels"),
    [
        ("y ~ a*b", ["a", "b", "a:b"]),
        ("y ~ a*b*g", ["a", "b", "g", "a:b", "a:g", "b:g", "a:b:g"]),
        ("y ~ (a + b + g)**2", ["a", "b", "g", "a:b", "a:g", "b:g"]),
        ("y ~ (a + b + g)**2 - a:b - a", ["b", "g", "a:g", "b:g"]),
        ("y ~ a:b + b:a", ["a:b"]),
        ("y ~ a:a", ["a"]),
        ("y ~ a**3", ["a"]),
        ("y ~ b:a + g", ["g", "b:a"]),
        ("y ~ (a + b)*(g - b)", ["a", "b", "g", "a:g", "b:g"]),
        ("y ~ a:(b + g) - b:a", ["a:g"]),
        ("y ~ (a*b - a:b)*g", ["a", "b", "g", "a:g", "b:g"]),
        ("y ~ log(a+1)*C(g , Sum)", ["log(a + 1)", "C(g, Sum)", "log(a + 1):C(g, Sum)"]),
        ("y ~ I((a)) + I( -a**2 )", ["I(a)", "I(-a ** 2)"]),
        ("y ~ I((a+b)/2 - (b-1))", ["I((a + b) / 2 - (b - 1))"]),
        ("y ~ I(a**-2*.5)", ["I(a ** (-2) * 0.5)"]),
        ("y ~ I(a**b**2) + I((a**b)**2)", ["I(a ** b ** 2)", "I((a ** b) ** 2)"]),
        ("y ~ I(a-1e-3)", ["I(a - 0.001)"]),
        ("y ~ log(`c d`)", ["log(`c d`)"]),
        ("y ~ poly(a, degree=2)", ["poly(a, 2)"]),
        ("y ~ bs(a, 4, lower_bound=-1)", ["bs(a, df=4, lower_bound=-1)"]),
        ("y ~ cr(log(a), knots=(1, 2))", ["cr(log(a), knots=[1, 2])"]),
        ("y ~ log + exp:log", ["log", "exp:log"]),
        ("y ~ a + offset(b) + offset(log(g))", ["a"]),
    ],
)
def test_the_terms_of_products_and_functions(formula, labels):
    found = parse(formula, COLUMNS)
    factors = [term.label for term in found.terms]
    made = found.products or tuple((k,) for k in range(len(factors)))
    assert [":".join(factors[k] for k in term) for term in made] == labels
    assert bool(found.products) == any(len(term) > 1 for term in made)


def test_the_point_in_products():
    columns = ("y", "a", "b", "g", "w")
    found = parse("y ~ (.)**2 + offset(b)", columns, ("w",))
    assert [term.label for term in found.terms] == ["a", "g"]
    assert found.products == ((0,), (1,), (0, 1))
    assert found.offset == "b"
    assert parse("n / g ~ .", ("n", "a", "g")).trials == "g"
    assert [term.label for term in parse("n / g ~ .", ("n", "a", "g")).terms] == ["a"]
    wide = tuple(f"x{k}" for k in range(2000))
    for formula in ("y ~ (.)**2", "y ~ (.)**8", "y ~ .*.", "y ~ .:.:.:."):
        with pytest.raises(FormulaError, match="products"):
            parse(formula, ("y", *wide))


def test_long_formulas_are_shown_in_part_and_read_in_no_time():
    columns = tuple(f"column_{j}" for j in range(5000))
    began = time.process_time()
    assert len(parse("y ~ " + " + ".join(columns), columns).terms) == 5000
    assert len(parse("y ~ .", ("y", *columns)).terms) == 5000
    for text in ("(" * 5000, "-" * 50_000, "`" * 50_001, "a-" * 8000, "C(" * 5000, "'" * 50_001):
        with pytest.raises(FormulaError) as caught:
            parse(f"y ~ {text}", COLUMNS)
        assert len(str(caught.value)) < 500
    assert time.process_time() - began < 3.0
    with pytest.raises(FormulaError, match="characters long"):
        parse("y ~ " + "a" * 1_000_001, COLUMNS)


# The columns of X


def small() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "y": [0, 1, 0, 1, 1, 0, 1, 0],
            "a": [1.5, 2, 3, 0.5, 4, 2.5, 1, 3.5],
            "rank": [1, 2, 3, 2, 3, 1, 1, 2],
            "race": ["white", "black", "other", "white", "black", "black", "white", "other"],
            "flag": [True, False, True, True, False, False, True, False],
            "c d": [3, 1, 4, 1, 5, 9, 2, 6],
        }
    )


def columns_of(formula: str, frame: pd.DataFrame) -> pd.DataFrame:
    source = read_source(frame)
    asked = parse(formula, source.names)
    ready = prepare(in_memory(source), Request(asked.target, asked.terms, asked.intercept))
    X = ready.blocks.map(lambda block: block.X)
    names = list(ready.design.names)
    if asked.intercept:
        return pd.DataFrame(np.column_stack([np.ones(len(X)), X]), columns=["Intercept", *names])
    return pd.DataFrame(X, columns=names)


@pytest.mark.parametrize(
    ("formula", "theirs"),
    [
        ("y ~ a", None),
        ("y ~ a - 1", None),
        ("y ~ race", None),
        ("y ~ a + race + `c d`", None),
        ("y ~ race - 1", None),
        ("y ~ a + race - 1", None),
        ("y ~ C(rank) + race - 1", None),
        ("y ~ race + C(rank) + a", None),
        ("y ~ C(rank)", None),
        ("y ~ C(race, ref='white')", "y ~ C(race, contr.treatment(base='white'))"),
        ("y ~ C(rank, ref=3) + a", "y ~ C(rank, contr.treatment(base=3)) + a"),
        ("y ~ .", "y ~ a + rank + race + flag + `c d`"),
        ("y ~ . - race - flag + 0", "y ~ a + rank + `c d` - 1"),
    ],
)
def test_columns_are_those_of_formulaic(formula, theirs):
    frame = small()
    ours = columns_of(formula, frame)
    expected = model_matrix(theirs or formula, frame).rhs
    by_name = {name.replace("T.", ""): column for name, column in expected.items()}
    assert len(ours.columns) == len(expected.columns)
    for (name, column), (their_name, their_column) in zip(
        ours.items(), expected.items(), strict=True
    ):
        np.testing.assert_array_equal(column, np.asarray(their_column, float), err_msg=name)
        if theirs is None:
            assert name == their_name
    assert len(by_name) == len(expected.columns)


def test_names_are_those_of_patsy():
    frame = small()
    assert columns_of("y ~ C(rank) + race + flag", frame).columns.tolist() == [
        "Intercept",
        "C(rank)[T.2]",
        "C(rank)[T.3]",
        "race[T.other]",
        "race[T.white]",
        "flag[T.True]",
    ]
    assert columns_of("y ~ a + race + C(rank) - 1", frame).columns.tolist() == [
        "a",
        "race[black]",
        "race[other]",
        "race[white]",
        "C(rank)[T.2]",
        "C(rank)[T.3]",
    ]
    # a chosen reference changes nothing where every level has a column, as in R
    assert columns_of("y ~ C(race, ref='white') - 1", frame).columns.tolist() == [
        "C(race, ref='white')[black]",
        "C(race, ref='white')[other]",
        "C(race, ref='white')[white]",
    ]


def test_columns_are_grouped_by_the_label_of_their_term():
    source = read_source(small())
    asked = parse("y ~ a + C(rank) + race", source.names)
    design = prepare(in_memory(source), Request(asked.target, asked.terms)).design
    assert design.groups == {
        "a": ("a",),
        "C(rank)": ("C(rank)[T.2]", "C(rank)[T.3]"),
        "race": ("race[T.other]", "race[T.white]"),
    }
    assert tuple(name for names in design.groups.values() for name in names) == design.names


def test_an_unknown_reference_names_the_levels():
    from sigmoide.errors import ColumnError

    with pytest.raises(ColumnError, match=r"'red' was chosen .* 'black', 'other', 'white'"):
        sigmoide.logit("y ~ C(race, ref='red')", small())


def test_an_empty_model_is_refused():
    for formula in ("y ~ 0", "y ~ -1", "y ~ a - a - 1"):
        with pytest.raises(UsageError, match="nothing is left to estimate"):
            sigmoide.logit(formula, small())


# Nothing is run


@pytest.mark.parametrize(
    "code",
    [
        "sentinel()",
        "C(sentinel())",
        "C(g, ref=sentinel())",
        "C(g, sentinel())",
        "{sentinel()}",
        "I(sentinel())",
        "`sentinel()`",
        "sentinel",
        "C(g, ref=(sentinel()))",
        "C(g, ref=[sentinel()][0])",
        "C(g, ref='{sentinel()}')",
        "C(g, ref=f'{sentinel()}')",
        "C(g, ref=''.join(sentinel()))",
        "C.__class__.__mro__[1].__subclasses__()",
        "().__class__",
    ],
)
def test_code_in_a_formula_is_never_run(code, monkeypatch):
    import builtins
    import warnings

    ran = []
    monkeypatch.setattr(builtins, "sentinel", lambda: ran.append(1) or "x", raising=False)
    for formula in (f"y ~ {code}", f"{code} ~ a", f"y ~ a + {code}", f"y ~ a - {code}"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SigmoideWarning)
            with suppress(sigmoide.errors.SigmoideError):
                sigmoide.logit(formula, small().assign(g=list("xyxyxyxy")))
    assert not ran


WORDS = ["y", "~", "+", "-", "a", "C(", ")", "(", ",", "ref", "=", "'x'", "`", "`c d`", ".", "0"]
WORDS += ["1", "2.5", " ", "\n", "*", ":", "**", "%in%", "|", "{", "}", "[", "]", "sentinel()", "ñ"]
WORDS += ["'", '"', "\\", "1e999", "1e", "True", "None", "é", "\u200b", "𝑎", "#", "@", "lambda:"]
PIECES = st.sampled_from([*WORDS, "\x00", "..."])


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join)))
def test_no_text_brings_anything_but_a_formula_or_a_formula_error(text):
    import builtins

    ran = []
    builtins.sentinel = lambda: ran.append(1)
    try:
        for formula in (text, f"y ~ {text}", f"y ~ a + C({text})", f"y ~ C(g, ref={text})"):
            try:
                found = parse(formula, COLUMNS)
            except FormulaError as error:
                assert str(error).startswith(("formula ", "the formula "))  # noqa: PT017
            else:
                assert isinstance(found.target, str)
                assert found.target
                assert all(term.column for term in found.terms)
    finally:
        del builtins.sentinel
    assert not ran


@settings(max_examples=100, deadline=None)
@given(
    names=st.lists(
        st.text(st.characters(exclude_characters="`", codec="utf-8"), min_size=1, max_size=8),
        min_size=2,
        max_size=5,
        unique=True,
    )
)
def test_any_name_may_stand_in_backticks(names):
    target, *rest = names
    text = f"`{target}` ~ " + " + ".join(f"`{name}`" for name in rest)
    found = parse(text, tuple(names))
    assert found.target == target
    assert [t.column for t in found.terms] == rest
    assert [t.column for t in parse(f"`{target}` ~ .", tuple(names)).terms] == rest
    levels = " + ".join(f"C(`{name}`)" for name in rest)
    assert [t.label for t in parse(f"`{target}` ~ {levels}", tuple(names)).terms] == [
        f"C(`{name}`)" for name in rest
    ]


def test_a_formula_needs_no_other_parser():
    """The parser is our own: nothing of formulaic is loaded by a fit."""
    import subprocess

    script = (
        "import sys, sigmoide\n"
        "sigmoide.logit('y ~ a + C(g)', {'y': [0, 1, 0, 1], 'a': [1, 2, 2, 1],"
        " 'g': ['u', 'u', 'v', 'v']}, l2=1)\n"
        "print('formulaic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "False", done.stderr
