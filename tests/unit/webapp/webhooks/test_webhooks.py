"""Webhooks: signed, tried again, and never sent to the inside of the network."""

import hashlib
import hmac
import ipaddress
import json
import socket
import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.test import Client
from django.utils import timezone

from tests.support.people import live_version, upload, user
from training.registry.versions import ensure_shipped_model
from webapp.accounts.actor import Actor
from webapp.photos.services import add_photo
from webapp.studio import tasks as studio
from webapp.studio.requests import request_render
from webapp.webhooks import sending, services
from webapp.webhooks.models import Delivery, Webhook

pytestmark = pytest.mark.django_db

SECRET = "of-a-test"


@contextmanager
def receiving(*statuses):
    """A server that answers with these statuses, the last one again and again."""
    heard, left = [], list(statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append((dict(self.headers), body))
            status = left.pop(0) if len(left) > 1 else left[0]
            self.send_response(status)
            if status in {301, 307}:
                self.send_header("Location", "http://127.0.0.1:1/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook?a=b", heard
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def owner():
    return user("owner")


@pytest.fixture
def here(settings):
    settings.WEBHOOK_NETWORKS = ("127.0.0.0/8",)


def hook(owner, url):
    return Webhook.objects.create(owner=owner, url=url, secret=SECRET)


def queued(webhook, **fields):
    defaults = {
        "event": "photo.finished",
        "subject": "x",
        "payload": {"a": 1},
        "due": timezone.now(),
    }
    return Delivery.objects.create(webhook=webhook, **defaults | fields)


def send(delivery):
    services.deliver(delivery_id=delivery.pk)
    delivery.refresh_from_db()
    return delivery


def test_a_finished_photo_is_sent_once_and_signed(owner, here):
    ensure_shipped_model()
    with receiving(204) as (url, heard):
        hook(owner, url)
        photo = add_photo(actor=Actor(user=owner), upload=upload())
        job = request_render(photo=photo)
        studio.render(str(job.pk))
        delivery = Delivery.objects.get()
        assert send(delivery).status == "done"
        services.deliver(delivery_id=delivery.pk)
    [(headers, body)] = heard
    stated = json.loads(body)
    assert (stated["event"], stated["photo"]) == ("photo.finished", str(photo.pk))
    at, signature = (part.split("=")[1] for part in headers["Rehue-Signature"].split(","))
    expected = hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    assert signature == expected
    assert headers["Rehue-Delivery"] == str(delivery.pk)


def test_guests_and_other_users_learn_nothing(owner, here):
    live_version()
    hook(user("other"), "http://127.0.0.1:9/")
    services.notify(owner_id=owner.pk, event=Delivery.Event.PHOTO, subject="x", about={})
    assert not Delivery.objects.exists()


def test_what_is_not_taken_is_tried_again_later_and_later_and_then_given_up(
    owner, here, settings, django_capture_on_commit_callbacks
):
    settings.WEBHOOK_ATTEMPTS = 3
    with receiving(500) as (url, heard):
        delivery = queued(hook(owner, url))
        pauses = []
        for _ in range(3):
            before = timezone.now()
            send(delivery)
            pauses.append((delivery.due - before).total_seconds())
            Delivery.objects.filter(pk=delivery.pk).update(due=timezone.now())
        assert (delivery.status, delivery.attempts, len(heard)) == ("failed", 3, 3)
        assert 9 < pauses[0] < 15
        assert 39 < pauses[1] < 50
        assert delivery.answer == "HTTP 500"
        services.deliver_again(delivery=delivery)
        assert send(delivery).attempts == 1


def test_a_delivery_that_is_not_due_or_in_hand_is_left_alone(owner, here):
    with receiving(200) as (url, heard):
        delivery = queued(hook(owner, url), due=timezone.now() + timedelta(minutes=1))
        send(delivery)
        assert heard == []
        assert services.send_due(now=timezone.now()) == 0
        assert services.send_due(now=timezone.now() + timedelta(minutes=2)) == 1


def test_a_redirect_is_an_answer_and_not_followed(owner, here):
    with receiving(307) as (url, heard):
        assert send(queued(hook(owner, url))).answer == "HTTP 307"
        assert len(heard) == 1


def test_an_address_that_is_gone_for_good_is_not_tried_again(owner, here):
    with receiving(410) as (url, _):
        assert send(queued(hook(owner, url))).status == "failed"


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://localhost:8000/", "http://[::1]/", "http://0.0.0.0/",
     "http://10.0.0.1/", "http://192.168.1.1/", "http://172.16.0.1/", "http://169.254.169.254/",
     "http://[fe80::1]/", "http://[fd00::1]/", "http://[::ffff:127.0.0.1]/", "http://2130706433/",
     "http://0x7f.1/", "http://127.1/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
     "http://224.0.0.1/", "http://100.64.0.1/", "ftp://1.1.1.1/", "file:///etc/passwd",
     "http://user:secret@1.1.1.1/", "http://", "https://1.1.1.1 /", "http://1.1.1.1:99999/",
     "http://1.1.1.1/\r\nX: y", "gopher://1.1.1.1/"],
)  # fmt: skip
def test_nothing_is_sent_inside(owner, url):
    with pytest.raises(services.WebhookRefusedError):
        services.add_webhook(owner=owner, url=url)
    delivery = send(queued(hook(owner, url)))
    assert delivery.status in {"failed", "waiting"}
    assert "HTTP" not in delivery.answer


def test_a_name_that_turns_inside_later_is_not_reached(owner, monkeypatch, settings):
    """The address is looked at when something is sent, and the connection goes to that one."""
    with receiving(200) as (url, heard):
        port = int(url.split(":")[2].split("/")[0])
        webhook = hook(owner, f"http://rebound.example:{port}/")
        inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        monkeypatch.setattr(sending.socket, "getaddrinfo", lambda *_, **__: inside)
        delivery = send(queued(webhook))
    assert (delivery.status, heard) == ("failed", [])


def test_public_addresses_may_be_called():
    for address in ("1.1.1.1", "2606:4700::1111"):
        assert sending.is_allowed(ipaddress.ip_address(address))


def test_the_page_adds_shows_removes_and_sends_again(owner):
    client = Client()
    client.force_login(owner)
    assert client.post("/account/webhooks", {"url": "http://127.0.0.1/"}).status_code in {302, 422}
    services.add_webhook(owner=owner, url="https://1.1.1.1/hook")
    webhook = Webhook.objects.get()
    delivery = queued(webhook, status="failed", attempts=8)
    page = client.get("/account/webhooks").content.decode()
    assert "https://1.1.1.1/hook" in page
    assert webhook.secret in page
    client.post(f"/account/webhooks/deliveries/{delivery.pk}/again")
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == ("waiting", 0)
    client.post(f"/account/webhooks/{webhook.pk}/remove")
    assert not Webhook.objects.exists()


def test_so_many_and_no_more(owner, settings):
    settings.WEBHOOKS_PER_USER = 1
    services.add_webhook(owner=owner, url="https://1.1.1.1/")
    with pytest.raises(services.WebhookRefusedError):
        services.add_webhook(owner=owner, url="https://1.1.1.1/")
