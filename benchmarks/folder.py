"""A folder of a thousand photos with ten bad ones in its middle, as one batch through the site.

``python -m benchmarks.folder`` serves from an empty folder, colours them, fetches the ZIP, and
checks that every good photo has its result with the hash that the manifest says, and every bad one
its reason. It prints how long the batch and the ZIP took, and ends with 1 if anything is missing.
"""

import argparse
import hashlib
import io
import json
import os
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any


def color(photos: int, bad: set[int], width: int, height: int) -> dict[str, Any]:
    """Have them coloured; return what came of it, and how long it took."""
    from tests.support.member import member_of
    from tests.support.server import running_server
    from tests.support.zips import portraits

    with tempfile.TemporaryDirectory() as name:
        data = Path(name) / "data"
        with (
            running_server(data, LOG_LEVEL="ERROR") as server,
            member_of(server.url, {"DATA_DIR": str(data)}) as member,
        ):
            begin = time.perf_counter()
            archive = portraits(photos, bad=bad, width=width, height=height)
            made = member.batch_of(archive, format="jpeg")
            batch = member.wait_for_batch(made["id"], 7200, look=2.0)
            colored = time.perf_counter()
            content = member.http.get(made["archive_url"], timeout=600).raise_for_status().content
            fetched = time.perf_counter()
    return {
        "done": batch["done"],
        "failed": batch["failed"],
        "wrong": wrongs(zipfile.ZipFile(io.BytesIO(content)), photos, bad),
        "batch_seconds": round(colored - begin, 1),
        "zip_seconds": round(fetched - colored, 1),
    }


def wrongs(archive: zipfile.ZipFile, photos: int, bad: set[int]) -> list[str]:
    """What the ZIP lacks, in sentences: results, hashes, or reasons."""
    rows = json.loads(archive.read("manifest.json"))["files"]
    wrong = [f"{len(rows)} rows instead of {photos}"] if len(rows) != photos else []
    for number, row in enumerate(rows, start=1):
        if number in bad:
            if row["result"] or not row["error"]:
                wrong.append(f"{row['file']} was bad, and has no reason")
            continue
        result = archive.read(f"photos/{row['result']}") if row["result"] else b""
        if hashlib.sha256(result).hexdigest() != row["result_sha256"]:
            wrong.append(f"{row['file']} has no result, or another one")
    return wrong


def main() -> int:
    """Colour, check, print, and return 1 if anything is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=1000)
    parser.add_argument("--bad", type=int, default=10)
    parser.add_argument("--size", default="96x64", help="of the photos")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    first = (arguments.photos - arguments.bad) // 2 + 1
    width, height = map(int, arguments.size.split("x"))
    bad = set(range(first, first + arguments.bad))
    figures = color(arguments.photos, bad, width, height)
    figures |= {"photos": arguments.photos, "cores": os.cpu_count()}
    if arguments.json:
        print(json.dumps(figures))
    else:
        print(f"{figures['done']} results and {figures['failed']} named failures")
        print(f"  in {figures['batch_seconds']} s, upload included; ZIP {figures['zip_seconds']} s")
        for sentence in figures["wrong"]:
            print(f"  {sentence}")
    good = arguments.photos - arguments.bad
    whole = (figures["done"], figures["failed"]) == (good, arguments.bad)
    return int(not whole or bool(figures["wrong"]))


if __name__ == "__main__":
    sys.exit(main())
