"""The arithmetic of one block. NumPy is the reference; faster twins must equal it."""
