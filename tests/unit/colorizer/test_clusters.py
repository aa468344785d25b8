import numpy as np
import pytest

from colorizer.clusters import Clusters


@pytest.fixture
def planes():
    """Nothing yet: ab and mask of 24x32 pixels."""
    return np.zeros((2, 24, 32), np.float32), np.zeros((1, 24, 32), np.float32)


def put(planes, rows, columns, color):
    ab, mask = planes
    ab[:, rows, columns] = np.array(color, np.float32)[:, None, None]
    mask[:, rows, columns] = 1


def test_every_pixel_belongs_to_one_cluster(planes):
    ab, mask = planes
    rng = np.random.default_rng(0)
    mask[0, rng.random((24, 32)) < 0.3] = 1
    ab[:] = 80 * rng.random(ab.shape)
    clusters = Clusters.of(ab, mask)
    assert sorted(clusters.pixel) == np.flatnonzero(mask).tolist()
    assert clusters.sizes.sum() == mask.sum()
    assert not clusters.is_brush.any()


def test_a_stroke_is_as_many_clusters_as_it_has_cells(planes):
    put(planes, slice(8, 16), slice(0, 32), (20, 30))
    clusters = Clusters.of(*planes)
    assert len(clusters) == 4
    assert clusters.is_brush.all()
    assert (clusters.means(planes[0].reshape(2, -1).T) == (20, 30)).all()
    middles = clusters.means(np.column_stack(np.divmod(np.arange(24 * 32), 32)))
    assert sorted(middles[:, 1]) == [3.5, 11.5, 19.5, 27.5]


def test_colours_that_differ_do_not_share_a_cluster(planes):
    put(planes, slice(0, 4), slice(0, 4), (20, 30))
    put(planes, slice(0, 4), slice(4, 8), (-20, 30))
    assert len(Clusters.of(*planes)) == 2


@pytest.mark.parametrize(("side", "is_brush"), [(1, False), (2, False), (3, True), (7, True)])
def test_a_brush_paints_more_than_a_cell_of_four_pixels(planes, side, is_brush):
    put(planes, slice(4, 4 + side), slice(4, 4 + side), (5, 5))
    assert set(Clusters.of(*planes).is_brush) == {is_brush}


def test_grey_pixels_far_from_each_other_are_no_brush_s(planes):
    planes[1][0, ::3, ::3] = 1
    assert not Clusters.of(*planes).is_brush.any()
