"""Sources: files, frames and streams, and where in them a row stands."""
