"""Batches: many photos coloured behind, a chunk at a time."""
