"""A real nginx before web processes, with the configuration that the images use."""

import contextlib
import os
import shutil
import string
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.support.needs import missing
from tests.support.server import ROOT
from tests.support.services import answers, free_port, stop, wait_until


@contextlib.contextmanager
def private_nginx(folder: Path, *, web: list[int], media: Path) -> Iterator[str]:
    """Run nginx before web processes on ports of 127.0.0.1.

    Yields:
        Its address.
    """
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if program is None:
        missing("nginx", "apt-get install nginx-light")
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    site = string.Template(_with_tmp_at(folder, "nginx.conf.template")).safe_substitute(
        LISTEN=f"127.0.0.1:{port}",
        WEB=" ".join(f"server 127.0.0.1:{one};" for one in web),
        MEDIA=str(media),
        SCHEME="http",
        EDGE="192.0.2.1",
    )
    (folder / "site.conf").write_text(site)
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(user + _with_tmp_at(folder, "nginx.conf"))
    log = folder / "log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [program, "-c", folder / "nginx.conf", "-p", folder, "-g", "daemon off;"],
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until(lambda: answers(port), what="nginx", process=process, log=log)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(process)


def _with_tmp_at(folder: Path, name: str) -> str:
    """Return one of the image's files, with a folder of the test's own for the container's /tmp."""
    return (ROOT / "docker" / name).read_text().replace("/tmp/", f"{folder}/")  # noqa: S108 - replaced, not written to
