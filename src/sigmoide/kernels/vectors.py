"""Two loops over a few rows at once, written in the compiler's own vectors.

What they do is plain: ``dots`` is (x_i - m) . v for eight rows, ``gather`` adds sum_i r_i (x_i - m)
to a vector. Written as loops, the compiler makes short vectors of them and spends its time in
remainders; written so, each number of X is loaded, widened to float64, centred and used in two
instructions. LLVM brings the vectors to whatever the processor has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

# Rows of a group, and lanes of a vector.
LANES = 8

_I32, _I64, _F64 = ir.IntType(32), ir.IntType(64), ir.DoubleType()
_VECTOR = ir.VectorType(_F64, LANES)
_MASK = ir.VectorType(ir.IntType(1), LANES)
# A product may be added without being rounded first; nothing else is rearranged.
_FUSED = ("contract",)


class _Build:
    """The pieces that both loops are built of."""

    def __init__(self, context: Any, builder: Any) -> None:
        self.context, self.builder = context, builder

    def array(self, kind: Any, value: Any) -> Any:
        return self.context.make_array(kind)(self.context, self.builder, value)

    def rows(self, kind: Any, array: Any, first: Any) -> list[Any]:
        """Return where each of the eight rows begins."""
        b = self.builder
        stride = cgutils.unpack_tuple(b, array.strides)[0]
        base = b.ptrtoint(array.data, _I64)
        element = self.context.get_data_type(kind.dtype).as_pointer()
        return [
            b.inttoptr(b.add(base, b.mul(b.add(first, _I64(i)), stride)), element)
            for i in range(LANES)
        ]

    def load(self, kind: Any, pointer: Any, at: Any, mask: Any) -> Any:
        """Load eight numbers, those beyond the mask as zeros, and widen them to float64."""
        b = self.builder
        element = self.context.get_data_type(kind.dtype)
        short = ir.VectorType(element, LANES)
        size = 4 if kind.dtype == types.float32 else 8
        where = b.bitcast(b.gep(pointer, [at]), short.as_pointer())
        if mask is None:
            loaded = b.load(where, align=size)
        else:
            name = f"llvm.masked.load.v{LANES}f{8 * size}.p0"
            signature = ir.FunctionType(short, [short.as_pointer(), _I32, _MASK, short])
            function = cgutils.get_or_insert_function(b.module, signature, name)
            nothing = ir.Constant(short, [0.0] * LANES)
            loaded = b.call(function, [where, _I32(size), mask, nothing])
        return loaded if size == 8 else b.fpext(loaded, _VECTOR)

    def fused(self, x: Any, y: Any, z: Any) -> Any:
        """Return x y + z."""
        b = self.builder
        return b.fadd(b.fmul(x, y, flags=_FUSED), z, flags=_FUSED)

    def spread(self, vector: Any, lane: int) -> Any:
        """Return one lane in all lanes."""
        undefined = ir.Constant(_VECTOR, ir.Undefined)
        lanes = ir.Constant(ir.VectorType(_I32, LANES), [lane] * LANES)
        return self.builder.shuffle_vector(vector, undefined, lanes)

    def across(self, vectors: list[Any]) -> Any:
        """Return the vector whose lane i is the sum of the lanes of vector i, in a fixed tree."""
        b = self.builder
        kind = ir.VectorType(_I32, LANES)
        even = ir.Constant(kind, list(range(0, 2 * LANES, 2)))
        odd = ir.Constant(kind, list(range(1, 2 * LANES, 2)))
        while len(vectors) > 1:
            vectors = [
                b.fadd(b.shuffle_vector(x, y, even), b.shuffle_vector(x, y, odd))
                for x, y in zip(vectors[::2], vectors[1::2], strict=True)
            ]
        return vectors[0]

    @contextmanager
    def chunks(self, length: Any, body: Callable[[Any, Any], None]) -> Iterator[None]:
        """Run the body on whole vectors, then once, masked, on what is left of the length."""
        b = self.builder
        whole = b.and_(length, _I64(-LANES))
        with cgutils.for_range_slice(b, _I64(0), whole, _I64(LANES), _I64) as (at, _):
            body(at, None)
        rest = b.sub(length, whole)
        with b.if_then(b.icmp_signed(">", rest, _I64(0))):
            wide = ir.VectorType(_I64, LANES)
            first = b.insert_element(ir.Constant(wide, ir.Undefined), rest, _I32(0))
            zeros = ir.Constant(ir.VectorType(_I32, LANES), [0] * LANES)
            every = b.shuffle_vector(first, ir.Constant(wide, ir.Undefined), zeros)
            mask = b.icmp_signed("<", ir.Constant(wide, list(range(LANES))), every)
            body(whole, mask)
        yield


@intrinsic
def dots(typing: Any, X: Any, first: Any, m: Any, v: Any, eta: Any, at: Any) -> Any:
    """Add (x_i - m) . v to ``eta[at + i]`` for the eight rows from ``first``.

    The numbers of a row stand side by side in X; ``m`` and ``v`` are as long as a row, and zeros
    up to a whole vector.
    """

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kinds = signature.args
        put = _Build(context, builder)
        X, m, v, eta = (put.array(kinds[k], arguments[k]) for k in (0, 2, 3, 4))
        rows = put.rows(kinds[0], X, arguments[1])
        length = cgutils.unpack_tuple(builder, X.shape)[1]
        zero = ir.Constant(_VECTOR, [0.0] * LANES)
        sums = [cgutils.alloca_once_value(builder, zero) for _ in range(LANES)]

        def body(j: Any, mask: Any) -> None:
            centre = put.load(kinds[2], m.data, j, None)
            slope = put.load(kinds[3], v.data, j, None)
            for row, total in zip(rows, sums, strict=True):
                z = builder.fsub(put.load(kinds[0], row, j, mask), centre)
                builder.store(put.fused(z, slope, builder.load(total)), total)

        with put.chunks(length, body):
            pass
        where = builder.bitcast(builder.gep(eta.data, [arguments[5]]), _VECTOR.as_pointer())
        found = put.across([builder.load(total) for total in sums])
        builder.store(builder.fadd(builder.load(where, align=8), found), where, align=8)
        return context.get_dummy_value()

    return types.void(X, types.int64, m, v, eta, types.int64), build


@intrinsic
def gather(typing: Any, X: Any, first: Any, m: Any, r: Any, at: Any, g: Any) -> Any:
    """Add sum_i r[at + i] (x_i - m) over the eight rows from ``first`` to ``g``.

    ``g`` is as long as a row, and longer up to a whole vector.
    """

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kinds = signature.args
        put = _Build(context, builder)
        X, m, r, g = (put.array(kinds[k], arguments[k]) for k in (0, 2, 3, 5))
        rows = put.rows(kinds[0], X, arguments[1])
        length = cgutils.unpack_tuple(builder, X.shape)[1]
        weights = put.load(kinds[3], r.data, arguments[4], None)
        spread = [put.spread(weights, i) for i in range(LANES)]

        def body(j: Any, mask: Any) -> None:
            centre = put.load(kinds[2], m.data, j, None)
            halves: list[Any] = [None, None]
            for i, (row, weight) in enumerate(zip(rows, spread, strict=True)):
                z = builder.fsub(put.load(kinds[0], row, j, mask), centre)
                before = halves[i % 2]
                halves[i % 2] = (
                    builder.fmul(z, weight) if before is None else put.fused(z, weight, before)
                )
            where = builder.bitcast(builder.gep(g.data, [j]), _VECTOR.as_pointer())
            total = builder.fadd(halves[0], halves[1])
            builder.store(builder.fadd(builder.load(where, align=8), total), where, align=8)

        with put.chunks(length, body):
            pass
        return context.get_dummy_value()

    return types.void(X, types.int64, m, r, types.int64, g), build


@intrinsic
def power_of_two(typing: Any, k: Any) -> Any:
    """Return 2^k for a float that holds a whole number in -1022..1023."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        biased = builder.add(builder.fptosi(arguments[0], _I64), _I64(1023))
        return builder.bitcast(builder.shl(biased, _I64(52)), _F64)

    return types.float64(types.float64), build
