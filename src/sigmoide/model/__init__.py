"""Models: fitting them, proving them, keeping them."""
