"""Calls in a formula: contrasts, arithmetic, polynomials and splines, each with its arguments."""

from __future__ import annotations

import ast

from sigmoide.columns.words import number_word
from sigmoide.design.design import Contrast, Term
from sigmoide.design.functions.arithmetic import (
    FUNCTIONS,
    Apply,
    Expression,
    Node,
    Stateful,
    stateful_in,
)
from sigmoide.design.functions.orthogonal import MOST_DEGREE
from sigmoide.design.functions.splines import MOST_DEGREE as MOST_SPLINE_DEGREE
from sigmoide.design.functions.splines import MOST_KNOTS
from sigmoide.design.functions.transform import AskedPolynomials, AskedSplines, RequestedFunction
from sigmoide.design.target import event_word
from sigmoide.errors import FormulaError
from sigmoide.formula.arithmetic import STATEFUL, ArithmeticReader, text_of
from sigmoide.formula.tokens import Token

_CONTRASTS: dict[str, tuple[Contrast, str]] = {
    "Treatment": ("treatment", "reference"),
    "Sum": ("sum", "omit"),
}
# What each takes besides the arithmetic, in its order.
_TAKES = {
    "poly": ("degree",),
    "bs": ("df", "knots", "degree", "lower_bound", "upper_bound"),
    "cr": ("df", "knots", "lower_bound", "upper_bound", "constraints"),
}
Level = str | int | float | bool
Argument = float | str | tuple[float, ...]


class CallReader(ArithmeticReader):
    """Reads calls, from behind their names."""

    def call(self, function: Token) -> Term | Expression:
        """Read a call; ``offset(...)`` is an Expression.

        Raises
        ------
        FormulaError
            If there is no such function, or it is not used so.
        """
        name = function.word
        if name not in ("C", "I", "offset", *FUNCTIONS, *STATEFUL, *_TAKES):
            raise self.unknown(function)
        self.next()
        if name == "C":
            return self._levels()
        tree = self.arithmetic(function, learned=name if name in (*STATEFUL, *_TAKES) else "")
        if name in _TAKES:
            return self._basis(name, tree)
        if self.sign(","):
            raise self.refused(
                f"{name}(...) takes one argument; ',' at character {self.peek().at} begins another."
            )
        self.closing()
        if name in FUNCTIONS:
            tree = Apply(name, (tree,))
        elif name in STATEFUL:
            tree = Stateful("center" if name == "center" else "scale", tree)
        label = f"{name}({text_of(tree)})" if name in ("I", "offset") else text_of(tree)
        if name != "offset":
            return Term(label, label, asked=RequestedFunction(tree), named=True)
        if stateful_in(tree):
            raise self.refused(
                f"{label}: an offset is known before the fit, and nothing is learned of it. Leave "
                "center(...) and scale(...) out."
            )
        return Expression(label, tree)

    def _levels(self) -> Term:
        """Read ``C(name)``, with a contrast and a reference where there are any."""
        inside = self.next()
        if inside.kind not in ("name", "quoted"):
            raise self._bad_levels()
        column = self.name(inside)
        contrast: Contrast = "treatment"
        reference: Level | None = None
        said: list[str] = []
        while (token := self.next()).word == "," and len(said) < 2:
            word = self.next()
            if word.word == "ref" and self.sign("=") and reference is None:
                self.next()
                reference = self._level()
                said.append(f"ref={reference!r}")
            elif word.kind == "name" and word.word in _CONTRASTS and not said:
                contrast, keyword = _CONTRASTS[word.word]
                said.append(word.word)
                if self.sign("("):
                    self.next()
                    if self.peek().word == keyword and self.peek(1).word == "=":
                        self.position += 2
                    reference = self._level()
                    if self.next().word != ")":
                        raise self._bad_levels()
                    said[0] += f"({reference!r})"
            elif word.kind == "name" and word.word not in ("ref", *_CONTRASTS):
                raise self.refused(
                    f"{word.word} at character {word.at} is no contrast of C(...). There are "
                    "Treatment and Sum: C(name, Sum), C(name, Treatment('level')); levels alone "
                    "are C(name, ref='level')."
                )
            else:
                raise self._bad_levels()
        if token.word != ")":
            raise self._bad_levels()
        label = f"C({', '.join([inside.word, *said])})"
        word_of = None if reference is None else event_word(reference)
        return Term(
            column, label, categorical=True, reference=word_of, contrast=contrast, named=True
        )

    def _level(self) -> Level:
        """Read a text, a number, True or False: a literal, which is no code."""
        token = self.next()
        sign = ""
        if token.word in ("+", "-"):
            sign, token = token.word, self.next()
        if token.kind == "text" and not sign:
            source = token.word
        elif token.kind == "number" or (token.word in ("True", "False") and not sign):
            source = sign + token.word
            if token.word[-1] in "eE" and self.peek().word in ("+", "-"):
                source += self.next().word + self.next().word
        else:
            raise self._bad_levels()
        try:
            level = ast.literal_eval(source)
        except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
            raise self._bad_levels() from error
        if not isinstance(level, str | int | float):
            raise self._bad_levels()
        return level

    def _bad_levels(self) -> FormulaError:
        return self.refused(
            "C(...) is C(name) or C(name, ref='level'), with one column's name, in `backticks` if "
            "it is no identifier, and Sum or Treatment between them if need be: "
            "C(name, Sum, ref='level'); formulas are never run as code."
        )

    def _basis(self, name: str, tree: Node) -> Term:
        """Read what stands behind the arithmetic of ``poly``, ``bs`` and ``cr``."""
        given: dict[str, Argument] = {}
        words = [text_of(tree)]
        while self.sign(","):
            self.next()
            keyword, value = self._argument(name, given)
            given[keyword] = value
            said = _in_formula(value)
            words.append(said if name == "poly" else f"{keyword}={said}")
        self.closing()
        label = f"{name}({', '.join(words)})"
        if name == "poly":
            if "degree" not in given:
                raise self.refused(f"{label}: which degree? Write poly({words[0]}, 2).")
            basis: AskedPolynomials | AskedSplines = AskedPolynomials(
                self._whole(label, given, "degree", 1, MOST_DEGREE)
            )
        else:
            basis = self._splines(name, label, given)
        return Term(label, label, asked=RequestedFunction(tree, basis), named=True)

    def _argument(self, name: str, given: dict[str, Argument]) -> tuple[str, Argument]:
        """Read ``value`` or ``keyword=value``."""
        takes = _TAKES[name]
        if self.peek().kind == "name" and self.peek(1).word == "=":
            token = self.next()
            self.next()
            keyword = token.word
            if keyword not in takes:
                raise self.refused(
                    f"{name}(...) takes no {keyword}=; it takes "
                    f"{', '.join(f'{word}=' for word in takes)}."
                )
        else:
            keyword = takes[0]
        if keyword in given:
            raise self.refused(f"{name}(...) is given {keyword} twice. Give it once.")
        return keyword, self._value(name, keyword)

    def _value(self, name: str, keyword: str) -> Argument:
        if keyword == "knots":
            if not self.sign("[", "("):
                raise self.refused(f"{name}(...): knots are a list, such as knots=[10, 20].")
            closes = "]" if self.next().word == "[" else ")"
            knots: list[float] = []
            while not self.sign(closes):
                knots.append(self._one_number(name, keyword))
                if self.sign(","):
                    self.next()
                elif not self.sign(closes):
                    raise self.refused(f"{name}(...): knots are a list, such as knots=[10, 20].")
            self.next()
            return tuple(knots)
        if self.peek().kind == "text":
            return self.next().word[1:-1]
        return self._one_number(name, keyword)

    def _one_number(self, name: str, keyword: str) -> float:
        sign = -1.0 if self.sign("-") else 1.0
        if self.sign("+", "-"):
            self.next()
        token = self.next()
        value = self.number(token) if token.kind == "number" else None
        if value is None:
            shown = token.word or "the end of the formula"
            raise self.refused(
                f"{name}(...): {keyword} is a number, and not {shown!r}; formulas are never run "
                "as code."
            )
        return sign * value

    def _whole(
        self, label: str, given: dict[str, Argument], keyword: str, least: int, most: int
    ) -> int:
        value = given[keyword]
        if isinstance(value, float) and value.is_integer() and least <= value <= most:
            return int(value)
        said = _in_formula(value)
        raise self.refused(
            f"{label}: {keyword} is a whole number from {least} to {most}, not {said}."
        )

    def _splines(self, name: str, label: str, given: dict[str, Argument]) -> AskedSplines:
        natural = name == "cr"
        constraints = given.get("constraints")
        if constraints not in (None, "center"):
            raise self.refused(f"{label}: constraints='center' is all there is. Leave it out.")
        centred = constraints == "center"
        degree = 3 if natural or "degree" not in given else None
        if degree is None:
            degree = self._whole(label, given, "degree", 1, MOST_SPLINE_DEGREE)
        if "df" in given and "knots" in given:
            raise self.refused(f"{label}: df and knots both say how many knots. Give one of them.")
        low, high = (self._bound(label, given, word) for word in ("lower_bound", "upper_bound"))
        knots = given.get("knots", ())
        if not isinstance(knots, tuple):
            raise AssertionError("knots are a tuple")
        if len(knots) > MOST_KNOTS or list(knots) != sorted(set(knots)):
            raise self.refused(
                f"{label}: knots increase, and there are at most {MOST_KNOTS:,} of them."
            )
        if "df" in given:
            least = (1 if centred else 2) if natural else degree
            taken = 2 - centred if natural else degree
            inner = self._whole(label, given, "df", least, MOST_KNOTS) - taken
            return AskedSplines(natural, inner, (), low, high, degree, centred)
        if natural and "knots" not in given:
            raise self.refused(f"{label}: how many columns? Write cr(name, df=4).")
        return AskedSplines(natural, None, knots, low, high, degree, centred)

    def _bound(self, label: str, given: dict[str, Argument], keyword: str) -> float | None:
        value = given.get(keyword)
        if value is None or isinstance(value, float):
            return value
        raise self.refused(f"{label}: {keyword} is a number, not {_in_formula(value)}.")


def _in_formula(value: Argument) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(number_word(knot) for knot in value)}]"
    return repr(value) if isinstance(value, str) else number_word(value)
