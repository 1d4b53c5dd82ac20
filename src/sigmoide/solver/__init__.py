"""Solvers: they ask a problem for numbers and cannot know where rows live."""
