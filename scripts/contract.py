"""Write the API's description to ``docs/reference/openapi.json``, where a change of it is seen.

``python -m scripts.contract``: a test fails until the file is what the site says of itself.
"""

import json
import os
from pathlib import Path

import django

PATH = Path(__file__).resolve().parents[1] / "docs" / "reference" / "openapi.json"


def contract() -> str:
    """The API's description as it is now."""
    from webapp.api.site import api

    schema = json.loads(json.dumps(api.get_openapi_schema(), default=str))  # keys are text in JSON
    return json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the file."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.settings")
    django.setup()
    PATH.write_text(contract())
    print(f"Written: {PATH.name}")


if __name__ == "__main__":
    main()
