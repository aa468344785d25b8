"""The model that ships with Rehue."""

from pathlib import Path

SHIPPED = Path(__file__).parent / "rehue-2"
