"""Pictures to learn from and to score on: read, prepared, split."""
