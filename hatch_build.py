"""What a wheel holds beside the packages: the built page and the recipes."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SHARED = {"frontend/dist": "page", "recipes": "recipes"}
"""Folders of the checkout, and their names in the wheel's ``webapp/share``."""


class WheelContents(BuildHookInterface[Any]):
    """Puts folders of the checkout where an installed site looks for them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the folders; an editable install goes on reading them in the checkout.

        Raises:
            FileNotFoundError: the page has not been built.
        """
        if version == "editable":
            return
        if not Path(self.root, "frontend", "dist", "manifest.json").is_file():
            raise FileNotFoundError("The page has not been built; `make build` builds it first.")
        for folder, name in SHARED.items():
            build_data["force_include"][str(Path(self.root, folder))] = f"webapp/share/{name}"
