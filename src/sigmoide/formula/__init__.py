"""Formulas: read by a small parser of our own, never evaluated as Python.

The grammar::

    formula   name ~ sum | name / name ~ sum
    sum       [sign] product {sign product}
    sign      + | - | + -
    product   joined {* joined}
    joined    power {: power}
    power     term [** whole number]
    term      name | `any name` | . | 0 | 1 | call | ( sum )
    call      C(name [, contrast] [, ref=level])
              I(arithmetic) | log(arithmetic) | exp(…) | sqrt(…) | center(…) | scale(…)
              poly(arithmetic, degree) | bs(arithmetic, df=…) | cr(arithmetic, df=…)
              offset(arithmetic)
    contrast  Treatment | Treatment(level) | Sum | Sum(level)
    level     'text' | "text" | number | True | False
    arithmetic  numbers, names, + - * / ** ( ), log, exp, sqrt, center, scale

``docs/formula.md`` says what each of them means. Whatever is not in this list is refused by name.
"""
