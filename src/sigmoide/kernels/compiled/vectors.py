"""Eight numbers at a time: the pieces that the compiled loops are built of.

Written as plain loops, the compiler makes short vectors of them and spends its time in remainders.
Here a loop says which vectors it works on, in LLVM's own terms; LLVM brings them to whatever the
processor has.

Vectors of float64 are known by their address, a whole number. Arrays would be counted as they are
handed on, and that takes longer than the work on a few rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from llvmlite import binding, ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from sigmoide.kernels.compiled.additions import GROUP

# Numbers of a vector.
LANES = GROUP
# Bytes of a number, and those that memory hands over at once.
NUMBER, LINE = 8, 64

# Whether a register holds a vector, and there are 32 of them.
LONG_REGISTERS = bool(binding.get_host_cpu_features().get("avx512f"))

I32, I64, F64 = ir.IntType(32), ir.IntType(64), ir.DoubleType()
VECTOR, WHOLE = ir.VectorType(F64, LANES), ir.VectorType(I64, LANES)
_MASK, _PLACES = ir.VectorType(ir.IntType(1), LANES), ir.VectorType(I32, LANES)
_BYTE = ir.IntType(8).as_pointer()

# Fused products are what the vectors use; the sign of a zero tells nothing here.
FLAGS: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "fastmath": {"contract", "nsz"},
}

# A product may be added without being rounded first; nothing else is rearranged.
_FUSED = ("contract",)


class Vectors:
    """A place in a function that is being built, and what can be put there."""

    def __init__(self, context: Any, builder: Any, kind: Any) -> None:
        self.context, self.builder, self.kind = context, builder, kind

    # Where things are

    def beyond(self, address: Any, index: Any, size: int = NUMBER) -> Any:
        """Return the address of an entry."""
        b = self.builder
        return b.add(address, b.mul(index, I64(size)))

    def place(self, address: Any, index: Any) -> Any:
        """Return where the vector lies that begins with this entry."""
        return self.builder.inttoptr(self.beyond(address, index), VECTOR.as_pointer())

    def rows(self, X: Any, stride: Any) -> list[Any]:
        """Return the addresses of eight rows from the first."""
        b = self.builder
        return [b.add(X, b.mul(stride, I64(i))) for i in range(LANES)]

    def below(self, length: Any) -> Any:
        """Return the mask of the lanes below a length."""
        lane = ir.Constant(WHOLE, list(range(LANES)))
        return self.builder.icmp_signed("<", lane, self.all(length, WHOLE))

    # Loading and storing

    def load(self, place: Any) -> Any:
        return self.builder.load(place, align=NUMBER)

    def store(self, value: Any, place: Any) -> None:
        self.builder.store(value, place, align=NUMBER)

    @property
    def size(self) -> int:
        """Bytes of a number of X."""
        return 4 if self.kind == types.float32 else NUMBER

    def widened(self, address: Any, mask: Any = None) -> Any:
        """Load eight numbers of X, zeros where the mask is not, as float64."""
        return self.masked(self.kind, address, mask)

    def masked(self, kind: Any, address: Any, mask: Any = None) -> Any:
        """Load eight numbers of a type, zeros where the mask is not, as float64."""
        b, size = self.builder, 4 if kind == types.float32 else NUMBER
        short = ir.VectorType(self.context.get_data_type(kind), LANES)
        where = b.inttoptr(address, short.as_pointer())
        if mask is None:
            loaded = b.load(where, align=size)
        else:
            name = f"llvm.masked.load.v{LANES}f{8 * size}.p0"
            signature = ir.FunctionType(short, [short.as_pointer(), I32, _MASK, short])
            function = cgutils.get_or_insert_function(b.module, signature, name)
            nothing = ir.Constant(short, [0.0] * LANES)
            loaded = b.call(function, [where, I32(size), mask, nothing])
        return loaded if size == NUMBER else b.fpext(loaded, VECTOR)

    def number(self, kind: Any, address: Any) -> Any:
        """Load one number of a type as float64."""
        b = self.builder
        loaded = b.load(b.inttoptr(address, self.context.get_data_type(kind).as_pointer()))
        return b.fpext(loaded, F64) if kind == types.float32 else loaded

    def ask(self, address: Any, lines: int) -> None:
        """Ask memory for some lines from this address on: they are on their way, nothing waits."""
        b = self.builder
        signature = ir.FunctionType(ir.VoidType(), [_BYTE, I32, I32, I32])
        function = cgutils.get_or_insert_function(b.module, signature, "llvm.prefetch.p0")
        for k in range(lines):
            where = b.inttoptr(b.add(address, I64(LINE * k)), _BYTE)
            b.call(function, [where, I32(0), I32(3), I32(1)])

    def variable(self, value: Any) -> Any:
        """Return where a value is kept that a loop will change."""
        return cgutils.alloca_once_value(self.builder, value)

    # Arithmetic

    def every(self, value: float) -> Any:
        """Return a constant in all lanes."""
        return ir.Constant(VECTOR, [value] * LANES)

    def whole(self, value: int) -> Any:
        """Return a whole number in all lanes."""
        return ir.Constant(WHOLE, [value] * LANES)

    def all(self, number: Any, kind: Any = VECTOR) -> Any:
        """Return a number in all lanes."""
        none = ir.Constant(kind, ir.Undefined)
        return self.shuffled(self.builder.insert_element(none, number, I32(0)), none, [0] * LANES)

    def spread(self, address: Any, index: Any) -> Any:
        """Return one entry of a vector in all lanes."""
        return self.all(self.number(types.float64, self.beyond(address, index)))

    def fused(self, x: Any, y: Any, z: Any) -> Any:
        """Return x y + z."""
        b = self.builder
        return b.fadd(b.fmul(x, y, flags=_FUSED), z, flags=_FUSED)

    def absolute(self, x: Any) -> Any:
        return self._of_llvm("fabs", x)

    def root(self, x: Any) -> Any:
        return self._of_llvm("sqrt", x)

    def _of_llvm(self, name: str, x: Any) -> Any:
        signature = ir.FunctionType(VECTOR, [VECTOR])
        whole_name = f"llvm.{name}.v{LANES}f64"
        function = cgutils.get_or_insert_function(self.builder.module, signature, whole_name)
        return self.builder.call(function, [x])

    def most(self, x: Any, y: Any) -> Any:
        """Return the greater, or what is no number where one is none."""
        b = self.builder
        greater = b.select(b.fcmp_ordered(">", x, y), x, y)
        return b.select(b.fcmp_ordered("ord", x, y), greater, b.fadd(x, y))

    def series(self, x: Any, coefficients: Sequence[float]) -> Any:
        """Return sum_k c_k x^k."""
        total = self.every(coefficients[-1])
        for c in coefficients[-2::-1]:
            total = self.fused(total, x, self.every(c))
        return total

    def lesser(self, m: Any, n: Any) -> Any:
        """Return the lesser of two whole numbers."""
        return self.builder.select(self.builder.icmp_signed("<", m, n), m, n)

    def greater(self, m: Any, n: Any) -> Any:
        """Return the greater of two whole numbers."""
        return self.builder.select(self.builder.icmp_signed(">", m, n), m, n)

    # From lane to lane

    def shuffled(self, x: Any, y: Any, lanes: Sequence[int]) -> Any:
        """Return these lanes of x and, counted on, of y."""
        return self.builder.shuffle_vector(x, y, ir.Constant(_PLACES, list(lanes)))

    def across(self, vectors: list[Any]) -> Any:
        """Return the vector whose lane i is the sum of the lanes of vector i, in a fixed tree."""
        step = 1
        while len(vectors) > 1:
            near = [k + LANES * bool(k & step) for k in range(LANES)]
            far = [(k ^ step) + LANES * bool(k & step) for k in range(LANES)]
            vectors = [
                self.builder.fadd(self.shuffled(x, y, near), self.shuffled(x, y, far))
                for x, y in zip(vectors[::2], vectors[1::2], strict=True)
            ]
            step *= 2
        return vectors[0]

    def total(self, vector: Any) -> Any:
        """Return the sum of the lanes, in a fixed tree."""
        step = 1
        while step < LANES:
            other = self.shuffled(vector, vector, [k ^ step for k in range(LANES)])
            vector = self.builder.fadd(vector, other)
            step *= 2
        return self.builder.extract_element(vector, I32(0))

    def transposed(self, vectors: list[Any]) -> list[Any]:
        """Return the eight vectors whose lanes are those of one lane each."""
        step = 1
        while step < LANES:
            low = [(k & ~step) + LANES * bool(k & step) for k in range(LANES)]
            high = [(k | step) + LANES * bool(k & step) for k in range(LANES)]
            turned: list[Any] = [None] * LANES
            for i in range(LANES):
                if not i & step:
                    turned[i] = self.shuffled(vectors[i], vectors[i | step], low)
                    turned[i | step] = self.shuffled(vectors[i], vectors[i | step], high)
            vectors = turned
            step *= 2
        return vectors

    # Loops

    def loop(self, length: Any, body: Callable[[Any], None], step: int = LANES) -> None:
        """Run the body on 0, ``step``, ... below the length."""
        with cgutils.for_range_slice(self.builder, I64(0), length, I64(step), I64) as (at, _):
            body(at)

    def chunks(self, length: Any, body: Callable[[Any, Any], None]) -> None:
        """Run the body on whole vectors, then once, masked, on what is left of the length."""
        b = self.builder
        whole = b.and_(length, I64(-LANES))
        self.loop(whole, lambda at: body(at, None))
        rest = b.sub(length, whole)
        with b.if_then(b.icmp_signed(">", rest, I64(0))):
            body(whole, self.below(rest))


def built(build: Callable[..., Any]) -> Any:
    """Make a function for compiled code out of one that puts it together.

    It is called with :class:`Vectors` and with what the function is passed: whole numbers, most of
    them addresses. Where rows of X are read, the first is some number of the type that X has. It
    returns a float, or nothing.
    """

    def typed(typing: Any, *kinds: Any) -> Any:
        def start(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            result = build(Vectors(context, builder, signature.args[0]), *values)
            return context.get_dummy_value() if result is None else result

        returns = types.float64 if build.__annotations__.get("return") == "float" else types.void
        return returns(*map(types.unliteral, kinds)), start

    return intrinsic(wraps(build)(typed))
