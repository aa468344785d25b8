import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from colorizer.engine import Colorizer
from colorizer.field import PLAIN, PhotoField
from colorizer.hints import MAX_REGION_POINTS, HintSet
from colorizer.models import SHIPPED
from colorizer.outline import outline
from tests.support.pictures import grey_astronaut

HEIGHT, WIDTH = 60, 80


def field_of(embedding):
    scale = np.ones(embedding.shape[:2], np.float32)
    return PhotoField(embedding, scale, np.zeros((2, *scale.shape), np.float32), PLAIN)


@pytest.fixture(scope="module")
def things():
    """Two squares alike, apart, and a ring that touches the photo's corner."""
    embedding = np.full((HEIGHT, WIDTH, 3), 5, np.float32)
    embedding[20:40, 20:40] = embedding[20:40, 50:70] = 0
    embedding[:12, :12] = -5
    embedding[4:8, 4:8] = 5
    return field_of(embedding)


def of(points):
    return shapely.Polygon(np.array(points) * (WIDTH, HEIGHT))


def test_it_is_the_connected_piece_around_the_place(things):
    piece = of(outline(things, 30, 30))
    expected = shapely.box(20, 20, 40, 40)
    assert piece.intersection(expected).area / piece.union(expected).area > 0.93
    assert not piece.intersects(shapely.box(50, 20, 70, 40))


def test_it_reaches_the_edge_and_has_no_holes(things):
    piece = of(outline(things, 2, 2))
    assert piece.bounds[:2] == (0, 0)
    assert piece.area == pytest.approx(144, rel=0.1)


def test_a_place_unlike_all_around_it_is_small():
    embedding = np.zeros((HEIGHT, WIDTH, 1), np.float32)
    embedding[10, 10] = 50
    piece = of(outline(field_of(embedding), 10, 10))
    assert 0 < piece.area < 4
    assert piece.distance(shapely.Point(10.5, 10.5)) < 1


def test_a_photo_all_alike_is_one_thing():
    piece = of(outline(field_of(np.zeros((HEIGHT, WIDTH, 1), np.float32)), 5, 70))
    assert piece.equals(shapely.box(0, 0, WIDTH, HEIGHT))


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, HEIGHT - 1),
    st.integers(0, WIDTH - 1),
    st.floats(0, 1),
    st.floats(0, 1),
    st.integers(0, 99),
)
def test_any_place_of_any_field_gives_a_region_and_larger_sizes_larger_ones(
    row, column, one, other, seed
):
    rng = np.random.default_rng(seed)
    noise = rng.normal(0, rng.choice([0.05, 0.5, 3]), (HEIGHT, WIDTH, 4)).astype(np.float32)
    small, large = (
        outline(field_of(noise), row, column, size=size) for size in sorted((one, other))
    )
    for points in (small, large):
        assert 3 <= len(points) <= MAX_REGION_POINTS
        assert HintSet.parse({"version": 2, "hints": [], "regions": [{"points": _lists(points)}]})
    edge = of(small).length
    assert of(small).difference(of(large)).area <= 1 + edge


def _lists(points):
    return [list(point) for point in points]


def test_the_shipped_model_outlines():
    colorizer = Colorizer.load(SHIPPED)
    photo = colorizer.prepare(np.asarray(grey_astronaut(200, 160).convert("RGB")))
    small, large = (
        shapely.Polygon(colorizer.outline(photo, 0.45, 0.25, size=size)) for size in (0.2, 0.6)
    )
    assert 0 < small.area < large.area < 0.9
    assert large.distance(shapely.Point(0.45, 0.25)) < 0.02
