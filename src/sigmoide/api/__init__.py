"""The public functions, one a file, and what they share."""
