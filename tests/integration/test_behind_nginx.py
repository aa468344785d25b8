"""What docker/compose.yaml starts, as plain processes behind Debian's nginx.

The commands are read from the compose file and the proxy's configuration is the image's: what is
not run here is the engine, the images, and the names that containers find each other by.
"""

import re
import socket
import sys

import pytest
import yaml

from tests.support.fleet import fleet
from tests.support.nginx import private_nginx
from tests.support.pictures import encoded, grey_astronaut
from tests.support.server import ROOT
from tests.support.services import free_port
from tests.support.visitor import point, visiting

pytestmark = [pytest.mark.services, pytest.mark.slow]

SERVICES = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text())["services"]


def command_of(service, **replaced):
    """A service's own command, with this test's Python and ports."""
    programs = {
        "python": [sys.executable],
        "celery": [sys.executable, "-m", "celery"],
    }
    command = []
    for word in SERVICES[service]["command"]:
        command += programs.get(word, [replaced.get(word, word)])
    return command


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compose")
    with fleet(folder / "data") as made:
        made.extra |= {
            "TRUST_PROXY": "1",
            "HTTPS": "0",
            "PROXY_ADDRESSES": "127.0.0.1",
            "X_ACCEL_PREFIX": "/protected/",
            "ALLOWED_HOSTS": "127.0.0.1",
        }
        ports = [free_port(), free_port()]
        for port in ports:
            made.start("web", command_of("web", **{"8000": str(port)}))
        for service in ("strokes", "background", "clock-worker"):
            made.start(service, command_of(service))
        schedule = str(folder / "clock")
        made.start("clock", command_of("clock", **{"/tmp/clock": schedule}))  # noqa: S108
        with private_nginx(folder / "nginx", web=ports, media=folder / "data" / "media") as url:
            made.wait_until_ready(url)
            made.url, made.ports = url, ports
            yield made


def test_a_photo_is_uploaded_painted_and_downloaded_through_the_proxy(site):
    with visiting(site.url) as visitor:
        photo = visitor.upload(encoded(grey_astronaut(400, 300)))
        with visitor.socket(photo["id"]) as window:
            window.tell_hints(1, point(0.5, 0.3, "#c08060"))
            window.hear_chroma(1)
        job = visitor.render(photo["id"])
        assert job["status"] == "done"
        original = visitor.http.get(photo["original_url"])
        assert original.status_code == 200
        assert original.headers["server"] == "nginx"
        assert "x-accel-redirect" not in original.headers
        assert original.headers["content-type"] == "image/png"
        assert visitor.download(job["version_id"]).content[:4] == b"\x89PNG"


def test_photos_have_no_address_of_their_own_at_the_proxy(site):
    with visiting(site.url) as visitor:
        photo = visitor.upload(encoded(grey_astronaut()))
        key = f"photos/{photo['id']}/original.png"
        for address in (f"/protected/{key}", f"/media/{key}", f"/protected/../{key}", "/metrics"):
            assert visitor.http.get(address).status_code in {403, 404}


def test_what_clients_say_of_themselves_is_not_passed_on(site):
    """A link in mail, and who counts for the limits, come from the proxy's own words."""
    with visiting(site.url) as visitor:
        lies = {
            "X-Forwarded-For": "203.0.113.9",
            "X-Forwarded-Host": "evil.example:1234",
            "X-Forwarded-Proto": "https",
        }
        answer = visitor.http.get("/account/login/", headers=lies)
        assert answer.status_code == 200
        assert "evil.example" not in answer.text
        refused = visitor.http.get("/", headers={"Host": "evil.example"})
        assert refused.status_code == 400


def test_a_web_process_that_dies_is_no_error_to_anybody(site):
    dying = next(one for one in site.running if one.log.name.startswith("web"))
    dying.kill()
    try:
        with visiting(site.url) as visitor:
            for _ in range(10):
                assert visitor.http.get("/api/photos").status_code == 200
            photo = visitor.upload(encoded(grey_astronaut()))
            with visitor.socket(photo["id"]) as window:
                window.hear_chroma(0)
    finally:
        site.start("web", command_of("web", **{"8000": str(site.ports[0])}))


def test_the_proxy_passes_no_endless_head(site):
    host, port = re.fullmatch(r"http://(.+):(\d+)", site.url).groups()
    with socket.create_connection((host, int(port)), timeout=20) as greedy:
        greedy.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 60_000 + b"\r\n\r\n")
        assert greedy.recv(100).split(b" ")[1] in {b"400", b"431"}
