"""Who asks too often is told when to come back."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests.support.people import a_token, as_guest, live_version, upload, user

LIMITS = {
    "API_READS_PER_MINUTE": 3,
    "API_WRITES_PER_MINUTE": 2,
    "API_UPLOADS_PER_MINUTE": 1,
    "API_PREDICTIONS_PER_MINUTE": 2,
}


@pytest.fixture(autouse=True)
def _low_limits(db, settings, monkeypatch):
    cache.clear()
    live_version()
    for name, value in LIMITS.items():
        setattr(settings, name, value)
    # The minute does not turn while a test runs.
    monkeypatch.setattr("webapp.api.limits.time.time", lambda: 1_700_000_010.0)


def statuses(client, address, count):
    return [client.get(address).status_code for _ in range(count)]


def test_the_limit_is_reported_with_the_time_to_wait(client):
    assert statuses(client, "/api/photos", 4) == [200, 200, 200, 429]
    response = client.get("/api/photos")
    assert response.json()["code"] == "too_many_requests"
    assert response.headers["Content-Type"] == "application/problem+json"
    assert int(response.headers["Retry-After"]) == 30


def test_the_next_minute_begins_anew(client, monkeypatch):
    statuses(client, "/api/photos", 4)
    monkeypatch.setattr("webapp.api.limits.time.time", lambda: 1_700_000_070.0)
    assert client.get("/api/photos").status_code == 200


def test_reads_writes_and_uploads_are_counted_apart(client):
    as_guest(client)
    statuses(client, "/api/photos", 4)
    photo = client.post("/api/photos", {"file": upload()})
    assert photo.status_code == 201
    assert client.post("/api/photos", {"file": upload()}).status_code == 429
    address = f"/api/photos/{photo.json()['id']}"
    patches = [
        client.patch(address, {"title": "a"}, content_type="application/json").status_code
        for _ in range(3)
    ]
    assert patches == [200, 200, 429]


def test_requests_to_the_network_are_counted_apart(client):
    as_guest(client)
    address = f"/api/photos/{client.post('/api/photos', {'file': upload()}).json()['id']}"
    requested = [
        client.post(f"{address}/{what}", {"x": 0, "y": 0}, content_type="application/json")
        for what in ("suggestions", "uncertainty", "suggestions")
    ]
    # 409: that model gives no predictions.
    assert [answer.status_code for answer in requested] == [409, 409, 429]
    patched = client.patch(address, {"title": "a"}, content_type="application/json")
    assert patched.status_code == 200


def test_guests_count_by_address(client):
    for name in ("one", "two", "three"):
        assert as_guest(Client(), name).get("/api/photos").status_code == 200
    assert as_guest(Client(), "four").get("/api/photos").status_code == 429
    elsewhere = as_guest(Client(REMOTE_ADDR="192.0.2.7"), "four")
    assert elsewhere.get("/api/photos").status_code == 200


def test_users_count_for_themselves_however_they_come(client):
    one, two = user("one"), user("two")
    client.force_login(one)
    program = Client(
        REMOTE_ADDR="192.0.2.7", headers={"authorization": f"Bearer {a_token(one)[1]}"}
    )
    assert statuses(client, "/api/photos", 2) == [200, 200]
    assert statuses(program, "/api/photos", 2) == [200, 429]
    client.force_login(two)
    assert client.get("/api/photos").status_code == 200


def test_pages_are_not_counted(client):
    assert statuses(client, "/", 6) == [200] * 6
