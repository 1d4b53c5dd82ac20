"""Designs: what is asked of columns, what is learned of them, and the columns of X they become."""
