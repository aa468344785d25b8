"""One thing gets a colour of a person's choice: what follows, and what stays."""

import io
import tarfile
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from colorizer.color import rgb_to_lab
from tests.support.pictures import astronaut, encoded
from training.data.pictures import DataError, Picture
from training.evaluation import objects
from training.evaluation.evaluate import evaluate, pictures_for
from training.evaluation.methods import Method, methods_of
from training.evaluation.objects import (
    Thing,
    choose_mosaic,
    choose_things,
    compare,
    depth,
    went,
)
from training.evaluation.protocols import PROTOCOLS

ROWS = ("nearest", "prior", "kriging")


def label_map(height=128, width=192):
    """Bands of 40, 30, 15, 10, 3 and 2 % of the width, and a thin line."""
    labels = np.empty((height, width), np.uint8)
    edges = np.round(np.cumsum([0, 0.4, 0.3, 0.15, 0.1, 0.03, 0.02]) * width).astype(int)
    for number, (left, right) in enumerate(pairwise(edges)):
        labels[:, left:right] = number
    labels[0] = 9
    return labels


@pytest.fixture(scope="module")
def labels():
    return label_map()


@pytest.fixture(scope="module")
def lab(labels):
    return rgb_to_lab(np.asarray(astronaut().resize(labels.shape[::-1])))


@pytest.fixture(scope="module")
def picture():
    content = encoded(astronaut().resize((192, 128)), "PNG")
    regions = Picture("a.regions.png", encoded(Image.fromarray(label_map())))
    return Picture("a.png", content, regions)


def distance_by_hand(region):
    """To the nearest pixel of another region or beyond the picture, by trying them all."""
    height, width = region.shape
    others = [
        (row, column)
        for row in range(-1, height + 1)
        for column in range(-1, width + 1)
        if not (0 <= row < height and 0 <= column < width and region[row, column])
    ]
    return np.array(
        [
            [
                min(np.hypot(row - r, column - c) for r, c in others) if region[row, column] else 0
                for column in range(width)
            ]
            for row in range(height)
        ]
    )


@pytest.fixture
def blob():
    """An irregular region that touches the picture's edge."""
    region = np.zeros((14, 17), bool)
    region[0:9, 3:12] = region[6:12, 8:16] = True
    return region


def test_depth_agrees_with_trying_all_pixels(blob):
    assert depth(blob) == pytest.approx(distance_by_hand(blob))


def test_figures_agree_with_sums_by_hand(blob):
    way = np.random.default_rng(0).random(blob.shape)
    deep = distance_by_hand(blob)
    members = np.argwhere(blob)
    inside = outside = inner = outer = 0.0
    for row, column in np.ndindex(blob.shape):
        if deep[row, column] > 2:
            inside, inner = inside + way[row, column], inner + 1
        elif min(np.hypot(*(members - (row, column)).T)) > 2:  # the picture's edge is no region's
            outside, outer = outside + way[row, column], outer + 1
    assert compare(way, Thing(blob, (40.0, 0.0))) == {
        "reach": pytest.approx(inside / inner),
        "leak": pytest.approx(outside / outer),
        "soft_iou": pytest.approx(inside / (inner + outside)),
    }


def test_a_pixel_went_the_share_of_the_way_that_it_came_nearer():
    before = np.zeros((2, 1, 6))
    after = np.array([[[0, 40, 20, 60, -40, 20]], [[0, 0, 0, 0, 0, 30]]], float)
    assert went(before, after, (40.0, 0.0)).tolist() == [[0, 1, 0.5, 1, 0, 0.5]]


class TestThings:
    def test_the_largest_the_middle_and_the_smallest_region_get_a_colour(self, labels, lab):
        # Of bands 0 to 3: the others are too small, and the line is nowhere deep.
        things = choose_things("a", labels, lab)
        assert [labels[thing.region][0] for thing in things] == [0, 2, 3]
        assert all((labels[thing.region] == labels[thing.region][0]).all() for thing in things)

    def test_a_region_over_45_percent_gets_none(self, lab, labels):
        most = np.where(labels == 1, 0, labels)
        assert [most[thing.region][0] for thing in choose_things("a", most, lab)] == [2, 3]

    @pytest.mark.parametrize("name", ["a", "b", "c", "d"])
    def test_the_colour_is_far_from_the_regions_own(self, name, labels, lab):
        for thing in choose_things(name, labels, lab):
            own = lab[thing.region][:, 1:].mean(axis=0)
            assert np.hypot(*thing.ab) == pytest.approx(40)
            assert np.dot(own, thing.ab) <= 1e-6  # at least 90 degrees off

    def test_the_colours_depend_on_the_picture_alone(self, labels, lab):
        one, again = ([t.ab for t in choose_things("a", labels, lab)] for _ in range(2))
        others = {tuple(t.ab for t in choose_things(name, labels, lab)) for name in "bcdef"}
        assert one == again
        assert len(others) > 1

    def test_every_region_of_a_hundredth_is_in_the_mosaic(self, labels):
        assert [labels[t.region][0] for t in choose_mosaic("a", labels)] == [0, 1, 2, 3, 4, 5]
        assert len({t.ab for t in choose_mosaic("a", labels)}) == 6


class TestDabs:
    def test_the_first_lies_at_the_deepest_place_and_is_cut_to_the_region(self):
        region = np.zeros((100, 200), bool)
        region[30:37, 50:150] = True  # seven high: the deepest row is the fourth
        ab, mask = Thing(region, (40.0, -3.0)).hints(1)
        rows, columns = np.nonzero(mask[0])
        assert rows.mean() == 33
        assert rows.max() - rows.min() == columns.max() - columns.min() == 6  # radius 3
        assert not mask[0][~region].any()
        assert ab[:, 33, int(columns.mean())].tolist() == [40.0, -3.0]
        assert not ab[:, mask[0] == 0].any()

    def test_three_lie_far_apart_and_deep(self):
        region = np.zeros((100, 200), bool)
        region[20:60, 20:180] = True
        _, mask = Thing(region, (40.0, 0.0)).hints(3)
        assert not mask[0][depth(region) < 10 - 3].any()
        columns = np.nonzero(mask[0].any(axis=0))[0]
        assert len(columns) == 3 * 7
        # The deepest place is the leftmost of many, then the right end, then between.
        assert columns[[3, 10, 17]].tolist() == pytest.approx([39, 104, 170], abs=2)


class TestPlay:
    def test_a_row_that_tints_everything_reaches_and_leaks_wholly(self, picture):
        rows = objects.play(picture, methods_of([], ["nearest"]))["nearest"]
        labels = np.asarray(Image.fromarray(label_map()).resize((256, 171), Image.NEAREST))
        lab = rgb_to_lab(np.zeros((*labels.shape, 3), np.uint8))
        things = choose_things("a.png", labels, lab)
        expected = np.mean([t.inside.sum() / (t.inside | t.outside).sum() for t in things])
        for figures in rows[:2]:
            assert (figures["reach"], figures["leak"]) == pytest.approx((1, 1))
            assert figures["soft_iou"] == pytest.approx(expected)
            assert figures["weight"] == 3

    def test_a_row_that_knows_the_regions_has_the_best_figures(self, picture):
        labels = np.asarray(Image.fromarray(label_map()).resize((256, 171), Image.NEAREST))

        def color(photo, ab, mask):
            result = np.zeros_like(ab)
            for number in np.unique(labels[mask[0] > 0]):
                region = labels == number
                result[:, region] = ab[:, region & (mask[0] > 0)][:, :1]
            return result

        *dabs, mosaic = objects.play(picture, {"perfect": Method(color)})["perfect"]
        for figures in dabs:
            assert figures == pytest.approx({"soft_iou": 1, "reach": 1, "leak": 0, "weight": 3})
        assert mosaic["mosaic"] == pytest.approx(0, abs=1e-5)

    def test_a_row_that_hears_no_hints_is_a_chroma_away_from_the_mosaic(self, picture):
        *dabs, mosaic = objects.play(picture, methods_of([], ["grey"]))["grey"]
        assert [figures["reach"] for figures in dabs] == [0, 0]
        assert mosaic["mosaic"] == pytest.approx(40)

    def test_results_without_hints_are_not_counted_as_reached(self, picture):
        def color(photo, ab, mask):  # a tint of its own, which hints do not change
            return np.full_like(ab, 12.0)

        figures = objects.play(picture, {"tint": Method(color)})["tint"][0]
        assert figures["reach"] == figures["leak"] == 0


@pytest.fixture
def shard(picture, tmp_path):
    path = tmp_path / "objects.tar"
    with tarfile.open(path, "w") as tar:
        for name, file in (
            ("objects/a.png", picture.content()),
            ("objects/a.regions.png", picture.regions.content()),
            ("objects/b.png", picture.content()),
            ("objects/b.regions.png", encoded(Image.new("L", (192, 128)))),  # one region
        ):
            member = tarfile.TarInfo(name)
            member.size = len(file)
            tar.addfile(member, io.BytesIO(file))
    return path


def test_a_tar_is_played_and_pictures_without_a_thing_count_in_the_mosaic_alone(shard):
    protocol = PROTOCOLS["objects"]
    pictures = pictures_for(protocol, [shard], None)
    assert [picture.name for picture in pictures] == ["objects/a.png", "objects/b.png"]
    both, first = evaluate(protocol, pictures, []), evaluate(protocol, pictures[:1], [])
    assert tuple(both) == ROWS
    one, three, mosaic = both["kriging"]
    assert 0 < one.figures["leak"] < one.figures["reach"] < three.figures["reach"] <= 1
    assert one.figures == first["kriging"][0].figures
    assert 0 < mosaic.figures["mosaic"] < first["kriging"][2].figures["mosaic"] < 80


def test_a_picture_without_regions_is_named(picture):
    with pytest.raises(DataError, match=r"a\.png has no regions"):
        evaluate(PROTOCOLS["objects"], [Picture(picture.name, picture.source)], [])
