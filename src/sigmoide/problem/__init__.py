"""The problem: the objective, stated once, and over blocks, in the coordinates of a frame."""
