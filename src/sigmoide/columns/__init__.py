"""Columns: from cells to numbers, booleans and levels, and the account of the rows."""
