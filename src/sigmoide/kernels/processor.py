"""Which kind of processor this is, as far as the compiler knows it."""

from __future__ import annotations

import zlib

from llvmlite import binding


def processor() -> str:
    """Return the name of the processor's kind, and a checksum of what it can do.

    Two of the same make the same code, hence the same bits.
    """
    able = binding.get_host_cpu_features().flatten()
    return f"{binding.get_host_cpu_name()} {zlib.crc32(able.encode()):08x}"
