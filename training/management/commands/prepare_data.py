"""``manage.py prepare_data``: from pictures to a data set that runs and scores refer to by name."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from training.data.pictures import DataError, Picture, read_pictures
from training.management.packages import lab_packages, ready_database
from training.models import DataSet
from training.registry.data_sets import folder_for, folder_of, register_data_set


class Command(BaseCommand):
    """Make a data set and register it."""

    help = "Prepare square pictures in splits: undamaged, in colour, no two alike."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("name", help="what to call the data set")
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument(
            "--from", dest="sources", type=Path, nargs="+", help="tars and folders of pictures"
        )
        source.add_argument("--places365", type=Path, help="folder of Places365, as torchvision's")
        source.add_argument("--imagenet", type=Path, help="folder of ImageNet, as torchvision's")
        parser.add_argument(
            "--splits",
            default="report",
            help="report (4,500 / 500 / 1,000), kept (by top folder), or train=900,val=100,test=0",
        )
        parser.add_argument("--side", type=int, default=128, help="of the pictures, in pixels")
        parser.add_argument("--seed", type=int, default=0, help="of the draw")
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, register and report."""
        with lab_packages():
            from training.data.prepare import parse_splits, prepare
        ready_database()
        try:
            splits = parse_splits(options["splits"])
            folder = folder_for(name=options["name"])
            sources, pictures = _read(options)
            prepare(
                pictures,
                folder,
                splits=splits,
                side=options["side"],
                seed=options["seed"],
                sources=sources,
            )
            data_set = register_data_set(name=options["name"], folder=folder)
        except DataError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Stopped; nothing was written.") from None
        report = _report(data_set)
        self.stdout.write(json.dumps(report, indent=1) if options["json"] else _as_text(report))


def _read(options: dict[str, Any]) -> tuple[list[str], list[Picture]]:
    """What the manifest calls the sources, and their pictures."""
    if options["sources"]:
        return [source.name for source in options["sources"]], read_pictures(options["sources"])
    with lab_packages():
        from training.data.torchvision_sets import read_imagenet, read_places365
    if options["places365"]:
        return ["places365"], read_places365(options["places365"])
    return ["imagenet"], read_imagenet(options["imagenet"])


def _report(data_set: DataSet) -> dict[str, Any]:
    return {
        "name": data_set.name,
        "folder": str(folder_of(data_set)),
        "side": data_set.side,
        "counts": data_set.counts,
        "findings": data_set.findings,
        "sha256": data_set.sha256,
    }


def _as_text(report: dict[str, Any]) -> str:
    counts = ", ".join(f"{count} {split}" for split, count in report["counts"].items())
    findings = report["findings"]
    return (
        f"{report['name']}: {counts}; {report['side']}x{report['side']}, in {report['folder']}\n"
        f"Of {findings['found']} pictures {findings['looked_at']} were looked at. Left out: "
        f"{findings['damaged']} damaged, {findings['near_grey']} near-grey, "
        f"{findings['duplicates']} that look like another; manifest.json there names them."
    )
