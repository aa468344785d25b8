"""``manage.py models``: the site's model versions, and which one is live."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from training.management.packages import ready_database
from training.models import ModelVersion
from training.registry.versions import (
    ModelUnusableError,
    leave_choice,
    make_live,
    retire,
    roll_back,
)


class Command(BaseCommand):
    """List the versions, or change which one colours photos."""

    help = (
        "List model versions; live, retire or rollback changes what the site colours with, and "
        "auto leaves it to the site."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "action",
            nargs="?",
            default="list",
            choices=("list", "live", "auto", "retire", "rollback"),
        )
        parser.add_argument("name", nargs="?", help="of the version to make live or to retire")
        parser.add_argument("--json", action="store_true", help="print the list as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """List or change."""
        ready_database()
        action, name = options["action"], options["name"]
        if (name is None) == (action in {"live", "retire"}):
            raise CommandError("live and retire need the name of a version, the others take none.")
        try:
            if action == "live":
                make_live(actor=None, model_version=_version(name))
            elif action == "auto":
                leave_choice()
            elif action == "retire":
                retire(actor=None, model_version=_version(name))
            elif action == "rollback":
                roll_back(actor=None)
        except ModelUnusableError as error:
            raise CommandError(f"Nothing has changed. {error}") from error
        rows = [
            {"name": v.name, "state": v.state, "net": v.net, "sha256": v.sha256}
            for v in ModelVersion.objects.all()
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=1))
            return
        for row in rows:
            self.stdout.write(
                f"{row['name']:<40} {row['state']:<10} {row['net']:<24} {row['sha256'][:12]}"
            )


def _version(name: str) -> ModelVersion:
    version = ModelVersion.objects.filter(name=name).first()
    if version is None:
        raise CommandError(f"There is no model version {name}.")
    return version
