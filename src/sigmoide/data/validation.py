"""Input validation: what enters from outside is checked before any compiled code reads it.

Sparse matrices, Arrow buffers and arrays of every kind come in through the functions of this
module. What they let pass can be indexed without a look at its bounds.
"""

from __future__ import annotations
