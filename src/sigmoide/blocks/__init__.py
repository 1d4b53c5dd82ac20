"""Blocks of rows, wherever they live, and results that add up over them."""
