import io

import numpy as np
import pytest
from PIL import Image
from skimage.color import rgb2lab

from tests.support.pictures import astronaut, encoded
from tests.support.sources import jpeg, scene
from training.data.filter import Findings, filter_pictures, is_near_grey, perceptual_hash, square
from training.data.pictures import Picture


def _filter(*pictures):
    findings = Findings(found=len(pictures))
    usable = list(filter_pictures(pictures, side=64, findings=findings))
    return [picture.name for picture in usable], findings


def _distance(one, other):
    hashes = [perceptual_hash(square(image, 64)) for image in (one, other)]
    return int(np.bitwise_count(hashes[0] ^ hashes[1]))


def test_the_centre_square_is_scaled():
    photo = astronaut().resize((200, 120))
    expected = photo.crop((40, 0, 160, 120)).resize((64, 64), Image.Resampling.LANCZOS)
    inside = np.s_[:, 4:-4]  # nearer to the cut the filter may see what lies beyond it
    assert np.array_equal(square(photo, 64)[inside], np.asarray(expected)[inside])
    assert square(photo.rotate(90, expand=True), 150).shape == (150, 150, 3)


@pytest.mark.parametrize("amount", [0.0, 0.05, 0.1, 0.15, 0.2, 0.4, 1.0])
def test_near_grey_is_little_chroma_on_average_or_nearly_all_over(amount):
    photo = astronaut().resize((64, 64))
    rgb = np.asarray(Image.blend(photo.convert("L").convert("RGB"), photo, amount))
    chroma = np.hypot(*rgb2lab(rgb)[..., 1:].transpose(2, 0, 1))
    assert is_near_grey(rgb) == (chroma.mean() < 3.5 or np.quantile(chroma, 0.9) < 7)


def test_one_small_spot_of_colour_does_not_make_a_picture_colourful():
    rgb = np.full((64, 64, 3), 128, np.uint8)
    rgb[:18, :18] = (255, 0, 0)  # 8 % of it: much chroma on average, none in nine tenths
    assert is_near_grey(rgb)
    rgb[:24, :24] = (255, 0, 0)
    assert not is_near_grey(rgb)


def test_the_hash_is_of_the_low_frequencies():
    rgb = square(astronaut(), 128)
    grey = np.asarray(
        Image.fromarray(rgb).convert("L").resize((32, 32), Image.Resampling.LANCZOS), float
    )
    waves = np.cos(np.pi * np.outer(np.arange(8), np.arange(32) + 0.5) / 32)
    low = waves @ grey @ waves.T
    expected = np.packbits(low > np.median(low)).tobytes()
    assert perceptual_hash(rgb).tobytes() == expected


def test_the_same_photo_in_another_file_is_similar_and_another_photo_is_not():
    photo = scene(1, 200, 200)
    smaller = photo.resize((90, 90))
    worse = Image.open(io.BytesIO(encoded(photo, "JPEG", quality=30)))
    lighter = photo.point(lambda value: min(255, value + 20))
    assert all(_distance(photo, other) <= 6 for other in (photo, smaller, worse, lighter))
    scenes = [scene(number) for number in range(40)]
    assert min(_distance(scenes[0], other) for other in scenes[1:]) > 6


def test_damaged_and_grey_pictures_and_duplicates_are_left_out_and_listed():
    grey = encoded(astronaut().convert("L"), "JPEG")
    again = encoded(scene(1, 300, 300), "PNG")
    names, findings = _filter(
        Picture("a.jpg", jpeg(1)),
        Picture("b.jpg", jpeg(2)[:700]),
        Picture("c.jpg", grey),
        Picture("d.jpg", jpeg(1)),
        Picture("e.png", again),
        Picture("f.jpg", jpeg(3)),
    )
    assert names == ["a.jpg", "f.jpg"]
    assert [found["name"] for found in findings.damaged] == ["b.jpg"]
    assert "truncated" in findings.damaged[0]["reason"]
    assert findings.near_grey == ["c.jpg"]
    assert findings.duplicates == [
        {"name": "d.jpg", "kept": "a.jpg"},
        {"name": "e.png", "kept": "a.jpg"},
    ]
    assert (findings.found, findings.looked_at) == (6, 6)
