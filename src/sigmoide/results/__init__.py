"""What was asked of a fit and what came out: frozen records that numbers travel in."""
