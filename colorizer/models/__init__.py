"""The models that ship with Rehue: the full one, and a fast one for hosts without a GPU."""

from pathlib import Path

SHIPPED = Path(__file__).parent / "rehue-4"
