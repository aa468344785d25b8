"""The client speaks the API as it is: the site itself answers, in this process."""

import io

import httpx
import numpy as np
import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from colorizer.hints import HintSet
from rehue import ApiError, Client, ColorizationError, UnreachableError, WaitTimeoutError
from tests.support.pdfs import image, pdf, scan
from tests.support.people import a_token, live_version, portrait, user
from tests.support.pictures import astronaut, encoded
from tests.unit.rehue.site import client_of, lost
from webapp.photos.models import Photo
from webapp.studio.api import predictions as api_predictions
from webapp.studio.models import Job, Version

HINTS = {
    "version": 1,
    "hints": [{"type": "point", "x": 0.5, "y": 0.5, "radius": 0.05, "color": "#d0602c"}],
}


@pytest.fixture(autouse=True)
def live(db):
    cache.clear()
    return live_version()


@pytest.fixture
def site():
    return client_of(a_token(user("owner"))[1])


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "portrait.png"
    path.write_bytes(portrait())
    return path


def render(job):
    """Do a worker's work: the result is a small file."""
    key = default_storage.save(f"photos/{job.photo_id}/v.png", ContentFile(portrait()))
    Version.objects.create(
        id=job.pk, photo=job.photo, job=job, revision=job.revision, hints={}, image=key,
        model_version=job.model_version, width=96, height=64,
    )  # fmt: skip
    Job.objects.filter(pk=job.pk).update(status="done")


def test_a_photo_is_uploaded_coloured_and_downloaded(site, file, tmp_path):
    client, _ = site
    photo = client.upload(file)
    assert (photo.title, photo.width, photo.height) == ("portrait", 96, 64)
    client._sleep = lambda _: [
        render(job) for job in Job.objects.filter(kind="render").exclude(status="done")
    ]
    version = client.render(photo)
    assert version.model == "rehue-test"
    out = client.download(version, tmp_path / "new" / "out.png")
    with Image.open(out) as result, Image.open(io.BytesIO(portrait())) as source:
        assert result.tobytes() == source.tobytes()
    assert [path.name for path in out.parent.iterdir()] == ["out.png"]


def test_a_page_of_a_pdf_is_uploaded_by_its_number(site, tmp_path):
    album = tmp_path / "album.pdf"
    album.write_bytes(pdf(*(scan(image(np.full((48, 64), 9 * n, np.uint8))) for n in (1, 2))))
    client, _ = site
    photo = client.upload(album, page=2)
    assert (photo.page, photo.pages, client.upload(album).page) == (2, 2, 1)
    with album.open("rb") as stream:
        assert client.upload(stream, page=2).page == 2


def test_an_open_file_can_be_uploaded(site, file):
    client, _ = site
    with file.open("rb") as stream:
        assert client.upload(stream, name="from a stream.png").title == "from a stream"


def test_a_batch_takes_the_colours_of_other_photos_as_strongly_as_wanted(site, file, tmp_path):
    client, _ = site
    tinted = np.asarray(astronaut().resize((96, 96))).copy()
    tinted[..., 2] //= 3
    (tmp_path / "like.png").write_bytes(encoded(Image.fromarray(tinted)))
    like, photo = client.upload(tmp_path / "like.png"), client.upload(file)
    batch = client.make_batch(photos=[photo], hints="references", references=[like], strength=0.4)
    (item,) = client.batch_items(batch)
    made = client.transport.send("GET", f"/api/batches/{batch.id}/items/{item.number}/hints").json()
    assert (made["hints"]["references"], made["hints"]["strength"]) == ([like.id], 0.4)
    with pytest.raises(ApiError, match="grey itself"):
        client.make_batch(photos=[photo], hints="references", references=[photo])


def test_photos_are_listed_over_pages_and_searched(site, file, monkeypatch):
    monkeypatch.setattr("rehue.client._PAGE", 2)
    client, _ = site
    names = ["harbour.png", "street.png", "harbour wall.png", "church.png", "bridge.png"]
    for name in names:
        client.upload(file, name=name)
    assert [photo.title for photo in client.photos()] == [
        n.removesuffix(".png") for n in names[::-1]
    ]
    assert [photo.title for photo in client.photos("harbour")] == ["harbour wall", "harbour"]
    assert client.photo(next(client.photos()).id).title == "bridge"


def test_hints_are_saved_over_the_newest(site, file):
    client, _ = site
    photo = client.upload(file)
    assert client.save_hints(photo, HINTS) == 1
    assert client.save_hints(photo, HintSet.parse(HINTS)) == 2
    assert client.hints(photo).to_json() == HINTS


def test_colours_and_uncertainty_are_requested(site, file, monkeypatch):
    client, _ = site
    photo = client.upload(file)
    reported = {
        "suggestions": {"suggestions": [{"color": "#aa3300", "weight": 0.5}]},
        "uncertainty": {"width": 1, "height": 1, "encoding": "png", "unit": 0.25, "data": "UE5H"},
    }
    requested = []

    def ask(**facts):
        requested.append(facts)
        return reported[facts["kind"]] | {"model": "some"}

    monkeypatch.setattr(api_predictions, "ask", ask)
    (suggestion,) = client.suggest(photo, 0.25, 0.75, count=3, hints=HINTS)
    assert (suggestion.color, suggestion.weight) == ("#aa3300", 0.5)
    uncertainty = client.uncertainty(photo.id)
    assert (uncertainty.model, uncertainty.unit, uncertainty.png) == ("some", 0.25, b"PNG")
    first, second = requested
    assert (first["place"], first["count"]) == ((0.25, 0.75), 3)
    assert first["hint_set"] == HintSet.parse(HINTS)
    assert second["hint_set"] == HintSet.empty


def test_a_model_without_predictions_is_reported(site, file):
    client, _ = site
    with pytest.raises(ApiError) as refused:
        client.uncertainty(client.upload(file))
    assert refused.value.code == "no_opinions"


def test_models_and_account_are_reported(site):
    client, _ = site
    (model,) = client.models()
    assert (model.name, model.live, model.scores) == ("rehue-test", True, [])
    account = client.account()
    assert account.quotas["photos"].used == 0
    assert account.quotas["photos"].limit > 0


def test_a_guest_may_do_without_a_token(file):
    client, _ = client_of()
    photo = client.upload(file)
    assert Photo.objects.get(pk=photo.id).owner is None
    assert [one.id for one in client.photos()] == [photo.id]
    client.delete(photo)


# What goes wrong


def test_a_refusal_is_raised_with_the_site_s_sentence(site, tmp_path):
    client, handler = site
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"nonsense")
    with pytest.raises(ApiError, match="not a picture that can be read") as caught:
        client.upload(broken)
    assert (caught.value.status, caught.value.code) == (415, "unsupported_format")
    assert len(handler.requested) == 1


def test_a_bad_token_is_reported(file):
    client, _ = client_of("rehue_wrong")
    with pytest.raises(ApiError) as caught:
        client.upload(file)
    assert (caught.value.status, caught.value.code) == (401, "bad_token")


@pytest.mark.parametrize("after", [False, True])
def test_a_lost_connection_costs_nothing_and_doubles_nothing(site, file, after):
    client, handler = site
    handler.faults = [lost(after), lost(after)]
    client.upload(file)
    assert Photo.objects.count() == 1
    assert len({request.headers["idempotency-key"] for request in handler.requested}) == 1
    assert len(client.waits) == 2


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_site_gets_the_request_again_when_it_says(site, status):
    client, handler = site
    busy = httpx.Response(status, headers={"Retry-After": "7"}, json={"detail": "Busy."})
    handler.faults = [busy]
    client.models()
    assert client.waits == [7.0]


def test_a_quota_is_not_waited_for(site):
    client, handler = site
    handler.faults = [httpx.Response(429, json={"detail": "Full.", "code": "quota"})]
    with pytest.raises(ApiError, match="Full"):
        client.models()
    assert client.waits == []


def test_a_site_that_is_down_is_unreachable(site):
    client, handler = site
    handler.faults = [lost() for _ in range(6)]
    with pytest.raises(UnreachableError, match="does not answer"):
        client.models()
    assert len(handler.requested) == 6


def test_what_is_no_rehue_site_is_distinguished(site):
    client, handler = site
    handler.faults = [httpx.Response(404, text="<h1>nginx</h1>")]
    with pytest.raises(UnreachableError, match="not as a Rehue site"):
        client.models()


def test_a_download_that_stops_in_the_middle_leaves_no_half_a_file(site, tmp_path):
    client, handler = site
    handler.faults = [lost() for _ in range(6)]
    with pytest.raises(UnreachableError):
        client.download("0" * 32, tmp_path / "out.png")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_colouring_is_reported(site, file):
    client, _ = site
    photo = client.upload(file)
    client._sleep = lambda _: Job.objects.filter(kind="render").update(
        status="failed", error="Nothing came."
    )
    with pytest.raises(ColorizationError, match="Nothing came"):
        client.render(photo)


def test_the_address_of_version_0_1_is_followed_with_the_key_and_done_once(site, file):
    client, handler = site
    photo = client.upload(file)
    old = client.transport.send("POST", f"/api/photos/{photo.id}/colorize")
    assert old.status_code == 202
    first, second = handler.requested[-2:]
    assert (first.method, second.method) == ("POST", "POST")
    assert second.url.path == f"/api/photos/{photo.id}/renders"
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert Job.objects.get(kind="render").pk.hex == old.json()["id"].replace("-", "")


def test_a_file_in_a_store_of_its_own_is_fetched_from_there(site, tmp_path):
    client, handler = site
    signed = "https://store.example.org/photos/v.png?Signature=abc"
    handler.faults = [
        httpx.Response(302, headers={"Location": signed}),
        httpx.Response(200, content=portrait()),
    ]
    assert client.download("0" * 32, tmp_path / "out.png").read_bytes() == portrait()
    assert str(handler.requested[-1].url) == signed
    assert "authorization" not in handler.requested[-1].headers


def test_waiting_has_an_end(site, file, monkeypatch):
    client, _ = site
    photo = client.upload(file)
    with pytest.raises(WaitTimeoutError):
        client.render(photo, timeout=0)


def test_server_and_token_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("REHUE_SERVER", "https://rehue.example.org/")
    monkeypatch.setenv("REHUE_TOKEN", "rehue_abc")
    with Client() as client:
        assert client.server == "https://rehue.example.org"
        assert client._http.headers["Authorization"] == "Bearer rehue_abc"
