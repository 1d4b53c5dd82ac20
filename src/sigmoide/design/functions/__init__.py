"""Functions of columns: arithmetic, polynomials and splines, learned once and frozen."""
