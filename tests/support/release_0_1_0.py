"""A database and files as 0.1.0 left them, written through the models of its migrations."""

import hashlib
import json
import sys
import uuid
from typing import Any

NEWEST = {
    "accounts": "0003_data_export",
    "api": "0001_tokens",
    "audit": "0002_more_actions",
    "batches": "0001_initial",
    "library": "0002_gallery",
    "studio": "0004_bytes_of_all_files",
    "training": "0004_made_live_by_hand",
    "uploads": "0001_initial",
}
"""The last migration of each app that the release had."""


def write_release() -> None:
    """Make its tables in the database that the environment names, with one painted photo."""
    import django

    django.setup()
    from django.apps import apps
    from django.core.files.storage import default_storage
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from colorizer.hints import HintSet
    from tests.support.pictures import encoded, grey_astronaut
    from webapp.common.storage import write
    from webapp.photos.encode import lightness_jpeg

    executor = MigrationExecutor(connection)
    own = {
        app.label for app in apps.get_app_configs() if app.name.startswith(("webapp", "training"))
    }
    leaves = [leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] not in own]
    targets = leaves + list(NEWEST.items())
    executor.migrate(targets)
    old: Any = executor.loader.project_state(targets).apps

    def model(app: str, name: str) -> Any:
        return old.get_model(app, name)

    owner = model("accounts", "User").objects.create(username="member", email="m@example.org")
    photo_id, job_id = uuid.uuid4(), uuid.uuid4()
    picture = grey_astronaut(300, 200)
    original = encoded(picture)
    import numpy as np

    folder = f"photos/{photo_id}"
    photo = model("library", "Photo").objects.create(
        id=photo_id,
        owner=owner,
        title="Eileen",
        width=300,
        height=200,
        is_grey=True,
        sha256=hashlib.sha256(original).hexdigest(),
        bytes=len(original),
        original=write(f"{folder}/original.png", original),
        lightness=write(f"{folder}/lightness.jpg", lightness_jpeg(np.asarray(picture), 4096)),
    )
    point = {"type": "point", "x": 0.5, "y": 0.5, "radius": 0.1, "color": "#aa3300"}
    hints = HintSet.parse({"version": 1, "hints": [point]}).to_json()
    version = model("training", "ModelVersion").objects.create(
        name="rehue-1", sha256="0" * 64, folder="gone", net="unet", card={}, state="retired"
    )
    model("studio", "Hints").objects.create(photo=photo, revision=3, data=hints)
    job = model("studio", "Job").objects.create(
        id=job_id, photo=photo, kind="render", revision=3, model_version=version, status="done"
    )
    image = write(f"{folder}/versions/{job_id}.png", encoded(picture.convert("RGB")))
    model("studio", "Version").objects.create(
        id=job_id,
        photo=photo,
        job=job,
        revision=3,
        hints=hints,
        model_version=version,
        image=image,
        bytes=default_storage.size(image),
        width=300,
        height=200,
    )
    sys.stdout.write(json.dumps({"photo": str(photo_id), "version": str(job_id)}))


if __name__ == "__main__":
    write_release()
