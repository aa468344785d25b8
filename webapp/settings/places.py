"""Where the site's own files are: in a checkout, or in an installed package."""

from pathlib import Path

from platformdirs import user_data_path

PACKAGE = Path(__file__).resolve().parents[1]
BASE_DIR = PACKAGE.parent
"""What ``colorizer``, ``training`` and ``webapp`` are imported from."""

if (BASE_DIR / "pyproject.toml").is_file():
    PAGE = BASE_DIR / "frontend" / "dist"
    RECIPES = BASE_DIR / "recipes"
    DATA = BASE_DIR / "data"
    ADD_TRAINING = "make lab"
else:  # hatch_build.py put them there
    PAGE = PACKAGE / "share" / "page"
    RECIPES = PACKAGE / "share" / "recipes"
    DATA = user_data_path("rehue", appauthor=False)
    ADD_TRAINING = "pip install 'rehue[train]'"
