"""The pages on which staff train, search and score, and follow that."""
