"""Input validation: what enters from outside is checked before any compiled code reads it.

Arrays and lists, sparse matrices, and Arrow buffers come in through the functions of this package.
What they let pass can be indexed without a look at its bounds.
"""
