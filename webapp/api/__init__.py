"""The HTTP API: who calls it, with what token, how often, and its errors."""
