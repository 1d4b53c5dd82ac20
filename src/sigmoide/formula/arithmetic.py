"""Arithmetic inside calls: read into a tree that is never run, and written again from it."""

from __future__ import annotations

from difflib import get_close_matches

from sigmoide.columns.words import number_word
from sigmoide.design.functions.arithmetic import (
    FUNCTIONS,
    NEGATIVE,
    Apply,
    Node,
    Number,
    Stateful,
    Variable,
    columns_of,
)
from sigmoide.errors import FormulaError
from sigmoide.formula.tokens import LONGEST_ARITHMETIC, Token, Tokens, shown

STATEFUL = ("center", "scale")
_TOP_ONLY = ("C", "poly", "bs", "cr", "offset")
# How tightly each binds, for as few parentheses as there may be.
_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, NEGATIVE: 3, "**": 4}


class ArithmeticReader(Tokens):
    """Reads the arithmetic of a call, from behind its parenthesis to the one that closes it."""

    _steps = 0
    _learned = ""

    def arithmetic(self, function: Token, *, learned: str = "") -> Node:
        """Read arithmetic.

        Parameters
        ----------
        function : Token
            The call that it stands in.
        learned : str
            The call around it that is learned of all rows, in which no other may be.

        Raises
        ------
        FormulaError
            If it is none, or names no column.
        """
        self._steps, self._learned = 0, learned
        if self.sign(")") or self.peek().kind == "end":
            raise self.refused(f"{function.word}(...) holds nothing. Write {function.word}(name).")
        tree = self._sum()
        if not columns_of(tree):
            raise self.refused(
                f"{function.word}({text_of(tree)}) names no column: it would be the same in every "
                "row. Name one."
            )
        return tree

    def unknown(self, function: Token) -> FormulaError:
        """Say that there is no such function."""
        known = (*_TOP_ONLY, "I", *FUNCTIONS, *STATEFUL)
        near = get_close_matches(function.word, known, n=1)
        if function.word == "Q":
            hint = " Put a name that is no identifier in `backticks`."
        elif near:
            hint = f" Did you mean {near[0]}(...)?"
        else:
            hint = " Make other columns before the fit."
        return self.refused(
            f"{function.word}(...) is not available, and formulas are never run as code. There are "
            f"{', '.join(known[:-1])} and {known[-1]}.{hint}"
        )

    def _step(self) -> None:
        self._steps += 1
        if self._steps > LONGEST_ARITHMETIC:
            raise self.refused(
                f"more than {LONGEST_ARITHMETIC} operations in one call. Make the column before "
                "the fit."
            )

    def _sum(self) -> Node:
        node = self._product()
        while self.sign("+", "-"):
            self._step()
            sign = self.next().word
            node = Apply(sign, (node, self._product()))
        return node

    def _product(self) -> Node:
        node = self._signed()
        while self.sign("*", "/"):
            self._step()
            sign = self.next().word
            node = Apply(sign, (node, self._signed()))
        return node

    def _signed(self) -> Node:
        if not self.sign("+", "-"):
            return self._power()
        self._step()
        negative = self.next().word == "-"
        node = self._signed()
        if not negative:
            return node
        return Number(-node.value) if isinstance(node, Number) else Apply(NEGATIVE, (node,))

    def _power(self) -> Node:
        base = self._atom()
        if not self.sign("**"):
            return base
        self._step()
        self.next()
        return Apply("**", (base, self._signed()))

    def _atom(self) -> Node:
        token = self.next()
        if token.kind == "number":
            value = self.number(token)
            if value is None:
                raise self.refused(f"{token.word!r} at character {token.at} is no finite number.")
            return Number(value)
        if token.kind in ("name", "quoted"):
            if token.kind == "name" and self.sign("("):
                return self._inner(token)
            return Variable(self.name(token))
        if token.kind == "text":
            raise self.refused(
                f"{token.word} at character {token.at} is a text, where numbers are needed. Names "
                "stand without quotes, or in `backticks`."
            )
        if token.word == "(" and token.kind == "sign":
            self._step()
            node = self._sum()
            self.closing()
            return node
        raise self.not_available(token)

    def _inner(self, function: Token) -> Node:
        """Read a call inside of another."""
        name = function.word
        if name in _TOP_ONLY:
            around = f" It is inside of {self._learned}(...)." if self._learned else ""
            raise self.refused(
                f"{name}(...) at character {function.at} stands by itself, or in a product of "
                f"terms, and not inside of other functions.{around}"
            )
        if name in STATEFUL and self._learned:
            raise self.refused(
                f"{name}(...) inside of {self._learned}(...): both are learned of all rows, one "
                "after the other, which takes two reads of the data. Make one of them before the "
                "fit."
            )
        if name not in (*FUNCTIONS, *STATEFUL, "I"):
            raise self.unknown(function)
        self._step()
        self.next()
        if name not in STATEFUL:
            node = self._sum()
            self.closing()
            return node if name == "I" else Apply(name, (node,))
        self._learned = name
        node = self._sum()
        self._learned = ""
        self.closing()
        if not columns_of(node):
            raise self.refused(f"{name}({text_of(node)}) names no column. Name one.")
        return Stateful("center" if name == "center" else "scale", node)

    def closing(self) -> None:
        """Take the parenthesis that closes."""
        token = self.next()
        if token.word == ")" and token.kind == "sign":
            return
        if token.kind == "end":
            raise self.refused("a parenthesis is not closed. Close it, or leave it out.")
        if token.kind in ("name", "quoted", "number", "text"):
            before = self.tokens[self.position - 2].word
            raise self.refused(
                f"nothing joins {before!r} and {token.word!r}. Write an operation between them: "
                "+ - * / or **."
            )
        raise self.not_available(token)


def text_of(node: Node, binds: int = 0) -> str:
    """Return a tree as a formula has it, with as few parentheses as there may be."""
    if isinstance(node, Number):
        text = number_word(node.value)
        return f"({text})" if node.value < 0.0 and binds else text
    if isinstance(node, Variable):
        return shown(node.name)
    if isinstance(node, Stateful):
        return f"{node.function}({text_of(node.argument)})"
    if node.function in FUNCTIONS:
        return f"{node.function}({text_of(node.arguments[0])})"
    own = _BINDS[node.function]
    if node.function == NEGATIVE:
        text = f"-{text_of(node.arguments[0], own)}"
    else:
        # What stands on the looser side of the sign keeps its parentheses.
        left, right = (own + 1, own) if node.function == "**" else (own, own + 1)
        a, b = node.arguments
        text = f"{text_of(a, left)} {node.function} {text_of(b, right)}"
    return f"({text})" if own < binds else text
