"""The arithmetic of one block, compiled: faster twins of the reference, which they equal."""
