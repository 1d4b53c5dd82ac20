"""The link of a read, compiled: loss, residual and curvature of 32 rows at once.

Rows are worked on four vectors at a time: one by one, each would wait for its own long chain of
products. The loss is ln(1 + e^u), u = eta towards the wrong class. Where rows weigh the same, the
logarithm of a product is taken for the sum of their logarithms, once for 128 rows or so: with
Q = prod (1 + e_i) - 1, kept as it is and never as 1 + Q, a sum of losses far below the rounding of
1 loses no digit.

The series are minimax (Remez), found in sixty digits; ``tests/kernels/test_kernels.py`` holds the
link to fifty.
"""

from __future__ import annotations

from typing import Any

from sigmoide.kernels.compiled.vectors import I64, LANES, VECTOR, WHOLE, Vectors, built
from sigmoide.kernels.reference import FEW_DIGITS

# Rows that are worked on at once.
WIDE = 4 * LANES

# What is summed up, a vector of lanes each: losses; s |y - p|, s (y - p)^2, s p (1 - p), s (y - p);
# and, of rows whose weight is still to come, their excesses max(u, 0) and Q.
LOSS, ABSOLUTE, SQUARE, BEND, RESIDUAL, EXCESS, PRODUCT = range(7)
TOTALS = 7 * LANES

# e^r = 1 + r + r^2 sum_k c_k r^k for |r| <= ln 2 / 2, to 1e-17 of itself.
_EXP = (
    0.500000000000001,
    0.16666666666666674,
    0.04166666666652199,
    0.008333333333322207,
    0.0013888888947820891,
    0.00019841269886591,
    2.4801487326012337e-05,
    2.7557242336680357e-06,
    2.763265575933203e-07,
    2.5110049895858716e-08,
)
# ln(1 + f) = 2 artanh(s) = 2 (s + s q sum_k c_k q^k), s = f / (2 + f), q = s^2 <= 1/9, to 2e-18.
_LOG = (
    0.33333333333333154,
    0.20000000000077633,
    0.1428571427404892,
    0.11111111977484313,
    0.09090872215139835,
    0.07693274737754364,
    0.06650553316532977,
    0.060525327408698454,
    0.04172214203128993,
    0.08505395942740934,
)
_LOG2_E, _LN2 = 1.4426950408889634, 0.6931471805599453
# ln 2 in two parts, the first so short that its products with whole numbers are exact.
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
# Added to a small number it leaves its whole part in the last bits; and what it is in bits.
_SHIFTER, _SHIFTER_BITS = 1.5 * 2.0**52, 0x4338000000000000
# Below this e^x is taken for e^-708, not quite the smallest float of full precision.
_LOWEST = -708.0
_MANTISSA, _ONE_BITS, _ROOT_HALF_BITS = 52, 1023, 0x3FE6A09E667F3BCD


def _exp(put: Vectors, x: Any) -> Any:
    """Return e^x for x <= 0, to an ulp.

    x = k ln 2 + r (Cody and Waite 1980, Software Manual for the Elementary Functions, ch. 6).
    """
    b = put.builder
    lowest = put.every(_LOWEST)
    x = b.select(b.fcmp_ordered("<", x, lowest), lowest, x)
    shifted = put.fused(x, put.every(_LOG2_E), put.every(_SHIFTER))
    k = b.fsub(shifted, put.every(_SHIFTER))
    r = put.fused(k, put.every(-_LN2_HIGH), x)
    r = put.fused(k, put.every(-_LN2_LOW), r)
    power = put.series(r, (1.0, 1.0, *_EXP))
    exponent = b.shl(b.bitcast(shifted, WHOLE), put.whole(_MANTISSA))
    return b.bitcast(b.add(b.bitcast(power, WHOLE), exponent), VECTOR)


def _log1p(put: Vectors, f: Any) -> Any:
    """Return ln(1 + f) for f in [-0.3, 1]."""
    b = put.builder
    s = b.fdiv(f, b.fadd(put.every(2.0), f))
    q = b.fmul(s, s)
    return b.fmul(put.fused(b.fmul(s, q), put.series(q, _LOG), s), put.every(2.0))


def _log1p_of_any(put: Vectors, product: Any) -> Any:
    """Return ln(1 + Q) for Q >= 0: 1 + Q = 2^k (1 + f), 1 + f between the roots of 1/2 and 2.

    f = Q 2^-k + (2^-k - 1), whose parts are exact.
    """
    b = put.builder
    bits = b.bitcast(b.fadd(product, put.every(1.0)), WHOLE)
    k = b.ashr(b.sub(bits, put.whole(_ROOT_HALF_BITS)), put.whole(_MANTISSA))
    down = b.bitcast(b.shl(b.sub(put.whole(_ONE_BITS), k), put.whole(_MANTISSA)), VECTOR)
    f = put.fused(product, down, b.fsub(down, put.every(1.0)))
    power = b.fsub(b.bitcast(b.add(k, put.whole(_SHIFTER_BITS)), VECTOR), put.every(_SHIFTER))
    return put.fused(power, put.every(_LN2), _log1p(put, f))


def _link(apart: bool) -> Any:
    def link(
        put: Vectors, eta: Any, y: Any, s: Any, at: Any, residual: Any, bend: Any, totals: Any
    ) -> None:
        b = put.builder
        places = [b.add(at, I64(k)) for k in range(0, WIDE, LANES)]
        zero, one = put.every(0.0), put.every(1.0)
        # Towards the wrong class: the loss is softplus(u), the residual's size sigmoid(u).
        event = [b.fcmp_ordered(">", put.load(put.place(y, i)), put.every(0.5)) for i in places]
        t = [put.load(put.place(eta, i)) for i in places]
        u = [b.select(is_one, b.fneg(x), x) for is_one, x in zip(event, t, strict=True)]
        e = [_exp(put, b.fneg(put.absolute(x))) for x in u]
        large = [b.fdiv(one, b.fadd(one, x)) for x in e]
        small = [b.fmul(x, p) for x, p in zip(e, large, strict=True)]
        total = [put.load(put.place(totals, I64(k))) for k in range(0, TOTALS, LANES)]
        for i, place in enumerate(places):
            weight = put.load(put.place(s, place))
            wrong = b.select(b.fcmp_ordered(">", u[i], zero), large[i], small[i])
            # Asked the other way round, what is no number would pass for a good prediction.
            excess = b.select(b.fcmp_ordered("<=", u[i], zero), zero, u[i])
            if apart:
                loss = b.fadd(excess, _log1p(put, e[i]))
                total[LOSS] = put.fused(weight, loss, total[LOSS])
            else:
                total[EXCESS] = b.fadd(total[EXCESS], excess)
                longer = b.fadd(total[PRODUCT], e[i])
                total[PRODUCT] = put.fused(total[PRODUCT], e[i], longer)
            share = b.fmul(weight, wrong)
            signed = b.select(event[i], share, b.fneg(share))
            bent = b.fmul(large[i], small[i])
            if apart:
                # Near the smallest floats digits are lost: less is told of than there is.
                bent = b.select(b.fcmp_ordered(">", bent, put.every(FEW_DIGITS)), bent, zero)
            curved = b.fmul(weight, bent)
            total[ABSOLUTE] = b.fadd(total[ABSOLUTE], share)
            total[SQUARE] = put.fused(share, wrong, total[SQUARE])
            total[BEND] = b.fadd(total[BEND], curved)
            total[RESIDUAL] = b.fadd(total[RESIDUAL], signed)
            put.store(signed, put.place(residual, place))
            if apart:
                put.store(curved, put.place(bend, place))
        for k, value in enumerate(total):
            put.store(value, put.place(totals, I64(LANES * k)))

    return built(link)


# (eta, y, s, at, residual, bend, totals), for the 32 rows from ``at``: fill s (y - p) and
# s p (1 - p), and add to the totals.
link_apart = _link(apart=True)
# The same for rows of one weight, whose losses ``settle`` will add; s p (1 - p) is not kept.
link_together = _link(apart=False)


@built
def settle(put: Vectors, totals: Any, weight: Any) -> None:
    """Add the losses that ``link_together`` left in the totals, times their weight."""
    b = put.builder
    loss, excess, product = (put.place(totals, I64(LANES * k)) for k in (LOSS, EXCESS, PRODUCT))
    losses = b.fadd(put.load(excess), _log1p_of_any(put, put.load(product)))
    put.store(put.fused(put.all(weight), losses, put.load(loss)), loss)
    put.store(put.every(0.0), excess)
    put.store(put.every(0.0), product)
