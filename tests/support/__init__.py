"""What several test files share: problems whose nature is known, and arithmetic beyond float64."""
