"""Content credentials in results, verified by the library's own reader."""

import io
import json

import numpy as np
import pytest

from colorizer.intake import Limits
from colorizer.intake.reading import read_here
from colorizer.metadata.fields import Metadata
from colorizer.metadata.xmp import SOURCE_TYPE, Provenance
from colorizer.output import FORMATS, encode
from colorizer.output.signing import Credentials, SigningError
from rehue.cli import main
from tests.support.certificates import KEYS, make_signer
from tests.support.pictures import astronaut, grey_astronaut

c2pa = pytest.importorskip("c2pa", reason="the extra c2pa is not installed")

RGB = np.asarray(astronaut().resize((120, 90)))
DEEP = RGB.astype(np.uint16) * 257
PROVENANCE = Provenance(software="Rehue 1.2", model="rehue-4", hints=3)
KNOWN = Metadata(caption="Boats", taken="1943-05", dpi=(300, 300))


@pytest.fixture(scope="module")
def signer():
    return make_signer()


def credentials(signer, folder):
    (folder / "chain.pem").write_bytes(signer.chain)
    (folder / "key.pem").write_bytes(signer.key)
    return Credentials.read(folder / "chain.pem", folder / "key.pem")


def verified(data, name, root):
    """What the reader says: how far the statement can be trusted, and the statement."""
    trust = {"trust": {"trust_anchors": root.decode()}, "verify": {"verify_trust": True}}
    context = c2pa.Context(c2pa.Settings.from_dict(trust))
    with c2pa.Reader(FORMATS[name].content_type, io.BytesIO(data), context=context) as reader:
        found = json.loads(reader.json())
    return found["validation_state"], found["manifests"][found["active_manifest"]]


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("pixels", [RGB, DEEP], ids=["8 bits", "16 bits"])
def test_every_format_is_signed_and_says_what_it_is(signer, tmp_path, name, pixels):
    plain = encode(pixels, name, metadata=KNOWN, provenance=PROVENANCE)
    signed = credentials(signer, tmp_path).sign(plain, name, PROVENANCE)
    state, manifest = verified(signed, name, signer.root)
    assert state == "Trusted"
    (action,) = manifest["assertions"][0]["data"]["actions"]
    assert action["digitalSourceType"] == SOURCE_TYPE
    assert action["softwareAgent"] == {"name": "Rehue", "version": "1.2"}
    assert "rehue-4, with 3 hints" in action["description"]
    before, after = read_here(plain, Limits()), read_here(signed, Limits())
    assert np.array_equal(before.pixels, after.pixels)
    assert before.metadata == after.metadata
    assert SOURCE_TYPE.encode() in signed, "XMP says it too"


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_changed_pixel_is_found(signer, tmp_path, name):
    data = encode(RGB, name, provenance=PROVENANCE)
    signed = bytearray(credentials(signer, tmp_path).sign(data, name, PROVENANCE))
    pixels = data[len(data) // 2 : len(data) // 2 + 40]
    signed[bytes(signed).index(pixels) + 20] ^= 1
    assert verified(bytes(signed), name, signer.root)[0] == "Invalid"


def test_a_signer_whom_nobody_knows_is_not_trusted(signer, tmp_path):
    signed = credentials(make_signer(), tmp_path).sign(encode(RGB, "png"), "png", PROVENANCE)
    assert verified(signed, "png", signer.root)[0] != "Trusted"


@pytest.mark.parametrize("kind", sorted(KEYS))
def test_the_key_says_how_is_signed(tmp_path, kind):
    signer = make_signer(kind)
    found = credentials(signer, tmp_path)
    assert found.algorithm == kind
    signed = found.sign(encode(RGB, "jpeg"), "jpeg", PROVENANCE)
    assert verified(signed, "jpeg", signer.root)[0] == "Trusted"


def test_unusable_credentials_are_refused_with_a_reason(signer, tmp_path):
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    with pytest.raises(SigningError, match=r"key\.pem"):
        Credentials.read(chain, key)
    key.write_bytes(b"no key")
    chain.write_bytes(signer.chain)
    with pytest.raises(SigningError, match="private key"):
        Credentials.read(chain, key)
    key.write_bytes(signer.key)
    chain.write_bytes(b"no certificate")
    with pytest.raises(SigningError):
        Credentials.read(chain, key).sign(encode(RGB, "png"), "png", PROVENANCE)


def test_a_certificate_that_has_run_out_signs_nothing(tmp_path):
    late = credentials(make_signer(expired=True), tmp_path)
    with pytest.raises(SigningError):
        late.sign(encode(RGB, "png"), "png", PROVENANCE)


def test_the_command_line_signs_what_it_makes(signer, tmp_path):
    photo, result = tmp_path / "photo.jpg", tmp_path / "result.png"
    grey_astronaut(60, 48).save(photo)
    credentials(signer, tmp_path)
    files = [str(tmp_path / name) for name in ("chain.pem", "key.pem")]
    call = ["colorize", str(photo), "-o", str(result)]
    assert main([*call, "--sign", *files]) == 0
    state, manifest = verified(result.read_bytes(), "png", signer.root)
    assert state == "Trusted"
    assert "with 0 hints" in manifest["assertions"][0]["data"]["actions"][0]["description"]


def test_the_command_line_does_nothing_where_it_cannot_sign(tmp_path, capsys):
    photo, result = tmp_path / "photo.jpg", tmp_path / "result.png"
    grey_astronaut(60, 48).save(photo)
    missing = str(tmp_path / "missing.pem")
    assert main(["colorize", str(photo), "-o", str(result), "--sign", missing, missing]) == 2
    assert "missing.pem cannot be read: No such file or directory" in capsys.readouterr().err
    assert not result.exists()
