"""Uploads that survive a lost connection (tus)."""
