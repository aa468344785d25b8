from dataclasses import replace

import numpy as np
import pytest
from scipy import linalg
from scipy.spatial.distance import cdist

from colorizer.color import rgb_to_lab
from colorizer.engine import Colorizer
from colorizer.field import PhotoField
from colorizer.hints import HintSet
from colorizer.models import SHIPPED
from colorizer.raster import rasterise
from colorizer.reference import MAX_OBSERVATIONS, NUGGET, NoColorsError, Reference, guided
from tests.support.pictures import astronaut, grey_astronaut

NONE = HintSet.empty
DAB = HintSet.parse(
    {
        "version": 1,
        "hints": [{"type": "point", "x": 0.2, "y": 0.7, "radius": 0.03, "color": "#2c7a3a"}],
    }
)


@pytest.fixture(scope="module")
def colorizer():
    return Colorizer.load(SHIPPED)


@pytest.fixture(scope="module")
def rgb():
    return np.asarray(astronaut().resize((192, 192)))


@pytest.fixture(scope="module")
def halves(rgb):
    """The left and the right half, as fields with a scale and a mean, and their true colours."""
    rng = np.random.default_rng(0)
    made = []
    for half in (rgb[::4, :96:4], rgb[::4, 96::4]):
        lab = rgb_to_lab(np.ascontiguousarray(half))
        plain = PhotoField.plain(lab[..., 0] / 100)
        field = replace(
            plain,
            mean=rng.normal(0, 5, (2, *plain.scale.shape)).astype(np.float32),
            scale=rng.uniform(0.5, 2, plain.scale.shape).astype(np.float32),
        )
        made.append((field, np.ascontiguousarray(lab[..., 1:].transpose(2, 0, 1))))
    return made


def dense(fields, truths, chosen, target):
    """The same by SciPy: embeddings of pixels of several photos in one system."""
    rows = [field.embedding.reshape(field.scale.size, -1) for field in fields]
    seen = np.concatenate([r[c] for r, c in zip(rows, chosen, strict=True)]).astype(float)
    scale = np.concatenate([f.scale.ravel()[c] for f, c in zip(fields, chosen, strict=True)])
    residual = np.concatenate(
        [
            (truth - field.mean).reshape(2, -1).T[c]
            for field, truth, c in zip(fields, truths, chosen, strict=True)
        ]
    )
    kernel = target.kernel

    def covariance(a, b, scale_a, scale_b):
        likeness = np.exp(-cdist(a, b))
        return (kernel.constant + kernel.partial_sill * likeness) * np.outer(scale_a, scale_b)

    among = covariance(seen, seen, scale, scale)
    among += np.diag(NUGGET * kernel.partial_sill * scale**2)
    here = target.embedding.reshape(target.scale.size, -1).astype(float)
    cross = covariance(here, seen, target.scale.ravel(), scale)
    return target.mean + (cross @ linalg.solve(among, residual)).T.reshape(target.mean.shape)


def test_colours_are_kriged_by_look_from_all_references(halves):
    (left, left_ab), (right, right_ab) = halves
    references = [Reference.of(left, left_ab), Reference.of(right, right_ab)]
    chosen = []
    for field, reference in zip((left, right), references, strict=True):
        pixel = reference.observations.pixel.astype(int)
        assert len(pixel) == min(MAX_OBSERVATIONS, field.scale.size)
        chosen.append(pixel[:, 0] * field.scale.shape[1] + pixel[:, 1])
    expected = dense((left, right), (left_ab, right_ab), chosen, right)
    assert guided(right, references, 1).mean == pytest.approx(expected, abs=5e-2)
    half = (expected + right.mean) / 2
    assert guided(right, references, 0.5).mean == pytest.approx(half, abs=5e-2)


def test_without_references_or_strength_nothing_changes(halves):
    (left, left_ab), (right, _) = halves
    assert guided(right, [], 1) is right
    assert (guided(right, [Reference.of(left, left_ab)], 0).mean == right.mean).all()


def test_a_photo_gets_its_own_colours_back(colorizer, rgb):
    truth = rgb_to_lab(rgb)[..., 1:].transpose(2, 0, 1)
    reference = colorizer.reference(rgb)
    errors = []
    for strength in (0, 0.5, 1):
        photo = colorizer.prepare(rgb, references=[reference], strength=strength)
        errors.append(np.hypot(*(colorizer.predict(photo, NONE) - truth)).mean())
    assert errors[2] < errors[1] < errors[0]
    assert errors[2] < 0.7 * errors[0]


def test_hints_correct_what_a_reference_says(colorizer, rgb):
    grey = np.asarray(grey_astronaut(192, 192).convert("RGB"))
    with_reference = colorizer.prepare(grey, references=[colorizer.reference(rgb)])
    without = colorizer.prepare(grey)
    at = rasterise(DAB, with_reference.height, with_reference.width).mask[0] > 0
    one, other = (colorizer.predict(photo, DAB) for photo in (with_reference, without))
    assert one[:, at] == pytest.approx(other[:, at], abs=1e-4)
    assert np.abs(one - other)[:, ~at].mean() > 3


def test_a_photo_without_colours_gives_none(colorizer):
    with pytest.raises(NoColorsError, match="without colours"):
        colorizer.reference(np.asarray(grey_astronaut(64, 64).convert("RGB")))
