"""What full-size results carry of what is known about their photos, and how they are saved."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from colorizer import intake, output
from colorizer.metadata.fields import Metadata
from tests.support.certificates import make_signer
from tests.support.people import upload, user
from tests.support.pictures import astronaut, encoded, grey_astronaut
from webapp.photos.models import Photo
from webapp.studio import signing, tasks
from webapp.studio.requests import request_render

KNOWN = Metadata(
    taken="1943-05-12", people=("Kim Sun-ja",), caption="Boats", city="Busan", latitude=35.1,
    longitude=129.04,
)  # fmt: skip


def change(client, result, **metadata):
    address = f"/api/photos/{result['id']}"
    answer = client.patch(address, {"metadata": metadata}, content_type="application/json")
    assert answer.status_code == 200, answer.content


@pytest.fixture
def owner(model):
    return user("archivist")


@pytest.fixture
def member(client, owner):
    client.force_login(owner)
    return client


@pytest.fixture
def result(member):
    ramp = np.linspace(0, 65535, 96 * 64).reshape(64, 96).astype(np.uint16)
    scan = upload(output.encode(ramp, "tiff", metadata=KNOWN), "scan.tif")
    added = member.post("/api/photos", {"file": scan}).json()
    photo = Photo.objects.get(pk=added["id"])
    tasks.render(str(request_render(photo=photo).pk))
    (version,) = member.get(f"/api/photos/{photo.pk}/versions").json()["items"]
    return {"id": str(photo.pk), "image": f"/api/versions/{version['id']}/image"}


def read(client, result, query=""):
    response = client.get(f"{result['image']}?{query}")
    assert response.status_code == 200, response.content
    return intake.read(b"".join(response.streaming_content))


@pytest.mark.parametrize("name", ["png", "jpeg", "webp", "tiff"])
def test_a_change_shows_in_the_next_download(member, result, name):
    assert read(member, result, f"format={name}").metadata.city == "Busan"
    change(member, result, city="Incheon")
    after = read(member, result, f"format={name}")
    assert (after.metadata.city, after.metadata.taken) == ("Incheon", "1943-05-12")


def test_another_beginning_leaves_the_pixels(member, result):
    before = read(member, result).pixels
    change(member, result, caption="x" * 4000)
    after = read(member, result)
    assert np.array_equal(before, after.pixels)
    assert len(after.metadata.caption) == 4000


@pytest.mark.parametrize("name", ["png", "jpeg", "tiff"])
def test_a_download_leaves_out_the_place_or_all(member, result, name):
    nowhere = read(member, result, f"format={name}&metadata=no_place").metadata
    assert (nowhere.city, nowhere.latitude, nowhere.people) == ("", None, ("Kim Sun-ja",))
    bare = read(member, result, f"format={name}&metadata=none").metadata
    assert (bare.people, bare.caption, bare.taken) == ((), "", "")


def test_the_account_decides_where_a_download_does_not(member, owner, result):
    owner.default_metadata = "no_place"
    owner.save()
    assert read(member, result).metadata.city == ""
    assert read(member, result, "metadata=all").metadata.city == "Busan"


@pytest.mark.parametrize(
    ("query", "bits"),
    [("format=png", 16), ("format=png&bits=8", 8), ("format=tiff", 16),
     ("format=tiff&bits=8", 8)],
)  # fmt: skip
def test_bits_are_chosen(member, result, query, bits):
    assert read(member, result, query).bits == bits


def test_quality_and_subsampling_are_chosen(member, result):
    files = [
        b"".join(member.get(f"{result['image']}?format=jpeg&{query}").streaming_content)
        for query in ("quality=95", "quality=60&subsampling=4:2:0")
    ]
    assert len(files[1]) < len(files[0])
    layers = [Image.open(io.BytesIO(data)).layer[0][1:3] for data in files]
    assert layers == [(1, 1), (2, 2)]
    assert member.get(f"{result['image']}?format=jpeg&quality=0").status_code == 422


@pytest.mark.parametrize("name", ["png", "tiff"])
def test_a_mark_is_seen_and_all_else_is_the_result(member, result, name):
    plain = read(member, result, f"format={name}").pixels
    corner = read(member, result, f"format={name}&mark=corner")
    assert corner.pixels.shape == plain.shape
    assert corner.metadata.city == "Busan"
    changed = (corner.pixels != plain).any(axis=-1)
    assert 0 < changed.mean() < 0.2
    assert not changed[:40].any()
    caption = read(member, result, f"format={name}&mark=caption").pixels
    assert np.array_equal(caption[:64], plain)
    assert len(caption) > 64
    assert member.get(f"{result['image']}?mark=everywhere").status_code == 422


def test_a_mark_is_in_the_language_of_whoever_asks(member, result):
    marks = [
        b"".join(member.get(f"{result['image']}?mark=caption", headers=requested).streaming_content)
        for requested in ({"accept-language": "ko"}, {"accept-language": "en"})
    ]
    assert marks[0] != marks[1]


@pytest.fixture
def certified(settings, tmp_path):
    """The site has a certificate; its root is what readers trust."""
    signer = make_signer()
    (tmp_path / "chain.pem").write_bytes(signer.chain)
    (tmp_path / "key.pem").write_bytes(signer.key)
    settings.C2PA_CERTIFICATE, settings.C2PA_KEY = f"{tmp_path}/chain.pem", f"{tmp_path}/key.pem"
    signing._credentials.cache_clear()
    yield signer
    signing._credentials.cache_clear()


@pytest.mark.parametrize("query", ["format=png", "format=png&bits=8", "format=jpeg", "format=tiff"])
def test_a_download_is_signed_where_the_site_has_a_certificate(member, result, certified, query):
    c2pa = pytest.importorskip("c2pa", reason="the extra c2pa is not installed")
    change(member, result, city="Incheon")
    response = member.get(f"{result['image']}?{query}")
    data = b"".join(response.streaming_content)
    trust = {"trust": {"trust_anchors": certified.root.decode()}, "verify": {"verify_trust": True}}
    context = c2pa.Context(c2pa.Settings.from_dict(trust))
    with c2pa.Reader(response["Content-Type"], io.BytesIO(data), context=context) as reader:
        assert json.loads(reader.json())["validation_state"] == "Trusted"
    assert intake.read(data).metadata.city == "Incheon"


def test_colours_that_were_brought_in_are_not_signed(member, certified):
    pytest.importorskip("c2pa", reason="the extra c2pa is not installed")
    grey = encoded(grey_astronaut(160, 160))
    added = member.post("/api/photos", {"file": upload(grey)}).json()
    copy = upload(encoded(astronaut().resize((160, 160))))
    version = member.post(f"/api/photos/{added['id']}/versions", {"file": copy}).json()
    for query in ("format=png", "format=jpeg"):
        response = member.get(f"/api/versions/{version['id']}/image?{query}")
        data = b"".join(response.streaming_content)
        assert b"c2pa" not in data
        assert b"TrainedAlgorithmicMedia" not in data


def test_a_certificate_that_cannot_be_used_stands_in_the_way_of_being_ready(certified, settings):
    assert signing.signing_problem() == ""
    signing._credentials.cache_clear()
    settings.C2PA_KEY += ".gone"
    assert signing.signing_problem() == signing.UNUSABLE


@pytest.mark.parametrize("name", ["png", "tiff"])
def test_the_hint_set_is_named_by_its_whole_address(member, result, settings, name):
    settings.PUBLIC_URL = "https://photos.example.org"
    response = member.get(f"{result['image']}?format={name}")
    version = result["image"].split("/")[3]
    address = f"https://photos.example.org/api/versions/{version}/hints"
    assert address.encode() in b"".join(response.streaming_content)
