"""The batches room's pages."""
