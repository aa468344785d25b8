"""The gallery with many photos: the server's time for its pages, and how many queries they take.

``python -m benchmarks.gallery`` fills a site in a temporary folder with photos (rows of their own,
one shared file), asks for the gallery's page, for further pages deep in the list, and for searches,
and prints medians and 95th percentiles of the time from the request to the last byte, in this
process, without the network, and the processor's time of it, which busy neighbours change less. The
bar is 150 ms for the page.
"""

import argparse
import json
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.settings")

WARM_UP = 3
MAX_PAGE_MS = 150.0


def fill(photos: int) -> tuple[Any, list[Any]]:
    """Make a site with a user who has so many photos; return a browser and the photos."""
    from django.core.management import call_command
    from django.test import Client

    from tests.support.gallery import many_photos
    from tests.support.people import live_version, user
    from webapp.accounts.actor import Actor

    call_command("migrate", verbosity=0)
    owner = user()
    made = many_photos(Actor(user=owner), photos, model=live_version(), tags=20)
    client = Client(headers={"host": "localhost"})
    client.force_login(owner)
    return client, made


def request(client: Any, address: str) -> tuple[float, float, int, str]:
    """Ask for an address; return milliseconds, those of the processor, queries, and what came."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries_run:
        start, busy = time.perf_counter(), time.process_time()
        response = client.get(address)
        body = response.content.decode()
        taken = (time.perf_counter() - start) * 1000
        worked = (time.process_time() - busy) * 1000
    assert response.status_code == 200, f"{address}: {response.status_code}"
    return taken, worked, len(queries_run), body


def measured(client: Any, addresses: Callable[[int], str], times: int) -> dict[str, Any]:
    """Ask again and again; return the median, the 95th percentile, and the numbers of queries."""
    samples = [request(client, addresses(n)) for n in range(WARM_UP + times)][WARM_UP:]
    milliseconds = [taken for taken, *_ in samples]
    return {
        "median_ms": round(statistics.median(milliseconds), 1),
        "p95_ms": round(statistics.quantiles(milliseconds, n=20)[-1], 1),
        "cpu_ms": round(statistics.median(worked for _, worked, *_ in samples), 1),
        "queries": sorted({queries for *_, queries, _ in samples}),
    }


def walk(client: Any) -> list[str]:
    """The addresses of all further pages, from the first to the last, as the page names them."""
    addresses, address = [], "/photos"
    while True:
        *_, body = request(client, address)
        more = re.search(r'hx-get="([^"]+after=[^"]+)"', body)
        if more is None:
            return addresses
        address = more[1].replace("&amp;", "&")
        addresses.append(address)


def measure(photos: int, times: int) -> dict[str, Any]:
    """Fill a site and measure each kind of request."""
    client, made = fill(photos)
    pages = walk(client)
    kinds: dict[str, Callable[[int], str]] = {
        "page": lambda _: "/photos",
        "page by name": lambda _: "/photos?sort=name",
        "page at a place": lambda n: f"/photos?at={made[(n * 7919) % photos].pk}",
        "further page": lambda n: pages[(n * 31) % len(pages)],
        "search": lambda n: f"/photos?q=photo+{n % 10}&sort=changed",
        "tag and model": lambda n: f"/photos?tag=tag+{n % 20}&model=rehue-test",
        "api": lambda _: "/api/photos?limit=100",
    }
    return {name: measured(client, address, times) for name, address in kinds.items()}


def main() -> int:
    """Measure, print, and return 1 if the page takes longer than it may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=5000)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "LOG_LEVEL": "ERROR"}
        import django

        django.setup()
        figures = measure(arguments.photos, arguments.times)
    load = round(os.getloadavg()[0], 1)
    if arguments.json:
        print(json.dumps({"photos": arguments.photos, "load": load, **figures}))
    else:
        print(f"{arguments.photos} photos, {os.cpu_count()} cores, load {load}")
        for name, row in figures.items():
            queries = ", ".join(map(str, row["queries"]))
            print(
                f"  {name:16} {row['median_ms']:7.1f} ms (median) {row['p95_ms']:7.1f} ms (p95)"
                f" {row['cpu_ms']:7.1f} ms (processor)   {queries} queries"
            )
    return int(figures["page"]["median_ms"] > MAX_PAGE_MS)


if __name__ == "__main__":
    sys.exit(main())
