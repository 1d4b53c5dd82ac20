"""Data beyond memory: read in chunks, learned from once, kept encoded in a file of its own."""
