"""``manage.py evaluate``: a model's figures beside the training-free rows."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from colorizer.model import ModelError, ModelFolder, sha256_of
from colorizer.models import SHIPPED
from training.management.packages import laboratory_packages
from training.models import ModelVersion
from training.registry import folder_of


class Command(BaseCommand):
    """Print the table of one protocol."""

    help = "Score a model on a tar of pictures, beside the training-free rows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--protocol", choices=("report", "points"), required=True)
        parser.add_argument(
            "--model",
            default=str(SHIPPED),
            help="a registered model version's name or a model folder; else the shipped one",
        )
        parser.add_argument("--data", type=Path, required=True, help="tar of pictures")
        parser.add_argument("--limit", type=int, help="score this many pictures only")
        parser.add_argument("--json", type=Path, help="also write the figures to this file")
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)

    def handle(self, *args: Any, **options: Any) -> None:
        """Evaluate and print."""
        with laboratory_packages():
            from training.data import DataError, read_shards
            from training.evaluate import choose, evaluate
            from training.protocols import PROTOCOLS
            from training.tables import as_json, as_text
        if options["limit"] is not None and options["limit"] < 1:
            raise CommandError("--limit is a number of pictures, at least 1.")
        protocol = PROTOCOLS[options["protocol"]]
        try:
            model = ModelFolder.open(_folder(options["model"]))
            pictures = choose(read_shards([options["data"]]), options["limit"])
            results = evaluate(
                protocol, pictures, {model.name: model.path}, processes=options["processes"]
            )
        except (ModelError, DataError) as error:
            raise CommandError(str(error)) from error
        facts = {
            "pictures": len(pictures),
            "data": options["data"].name,
            "data_sha256": sha256_of(options["data"]),
            "model": model.name,
            "model_sha256": model.sha256,
        }
        heading = (
            f"protocol {protocol.name}, {protocol.side}x{protocol.side}, "
            f"{len(pictures)} pictures of {facts['data']}"
        )
        self.stdout.write(as_text(protocol, results, [model.name], heading=heading))
        if options["json"]:
            figures = as_json(protocol, results, [model.name], **facts)
            options["json"].write_text(json.dumps(figures, indent=1) + "\n")


def _folder(name: str) -> Path:
    if Path(name).is_dir():
        return Path(name)
    known = ModelVersion.objects.filter(name=name).first()
    if known is None:
        raise CommandError(f"{name} is neither a model folder nor a registered model version.")
    return folder_of(known)
