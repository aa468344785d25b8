"""Things in colours of a person's choice: what is chosen, and what the losses ask for."""

import numpy as np
import pytest
import torch

from training.learning.recoloring import (
    EDGE,
    choose_mosaic,
    choose_places,
    choose_thing,
    mosaic_loss,
    other_hue,
    place_dabs,
    segments,
    thing_loss,
)

LABELS = np.zeros((64, 96), np.uint8)
LABELS[8:40, 10:50] = 1
LABELS[44:60, 60:90] = 2
LABELS[2:4, 2:4] = 3  # too small, and too thin
MEAN = np.stack([np.full(LABELS.shape, 20.0), np.zeros(LABELS.shape)]).astype(np.float32)


@pytest.fixture(params=range(8))
def rng(request):
    return np.random.default_rng(request.param)


def test_a_thing_is_one_region_with_dabs_of_another_hue_inside(rng):
    task = choose_thing(LABELS, MEAN, rng)
    inside = task.label.reshape(LABELS.shape) == 0
    (number,) = np.unique(LABELS[inside])
    assert number in (1, 2)
    assert inside.sum() == (number == LABELS).sum()
    assert len(task.dabs) in (1, 3)
    assert all(inside.ravel()[dab].all() for dab in task.dabs)
    assert task.colors @ [20, 0] == pytest.approx(np.minimum(task.colors @ [20, 0], 1e-3))


def test_pixels_near_an_edge_do_not_count(rng):
    task = choose_thing(LABELS, MEAN, rng)
    inside = task.label.reshape(LABELS.shape) == 0
    counts = task.counts.reshape(LABELS.shape)
    rows, columns = np.nonzero(inside)
    top, bottom, left, right = rows.min(), rows.max(), columns.min(), columns.max()
    assert not counts[top, left:right].any()
    assert not counts[top - EDGE, left:right].any()
    assert counts[top + EDGE, left + EDGE]
    assert counts[top - EDGE - 1, left]
    assert not counts[bottom + 1, left]


def test_a_mosaic_has_a_dab_for_each_of_its_regions(rng):
    task = choose_mosaic(LABELS, MEAN, rng)
    assert sorted(task.region) == [0, 1, 2]
    for dab, region in zip(task.dabs, task.region, strict=True):
        assert (task.label[dab] == region).all()


def test_places_lie_inside_the_regions_that_are_large_enough(rng):
    places = choose_places(LABELS, rng)
    assert set(LABELS.ravel()[places]) <= {1, 2}
    rows, columns = np.divmod(places, LABELS.shape[1])
    neighbours = [LABELS[rows + dy, columns + dx] for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0))]
    assert all((LABELS[rows, columns] == labels).all() for labels in neighbours)
    assert choose_places(np.zeros((64, 96), np.uint8), rng) is None


def test_things_measured_together_count_as_one_by_one(rng):
    went = torch.from_numpy(rng.random((50, 3)))
    inside = torch.from_numpy(rng.random((50, 3)) < 0.4)
    alone = [thing_loss(went[:, k], inside[:, k]) for k in range(3)]
    assert thing_loss(went, inside) == pytest.approx(torch.stack(alone).mean())


def test_without_a_fit_region_there_is_no_task(rng):
    assert choose_thing(np.zeros((64, 96), np.uint8), MEAN, rng) is None
    assert choose_mosaic(np.zeros((64, 96), np.uint8), MEAN, rng) is None


def test_further_dabs_lie_far_from_the_first(rng):
    region = LABELS == 1
    first, *others = (
        np.array(np.unravel_index(dab, region.shape)).mean(axis=1)
        for dab in place_dabs(region, 3, rng)
    )
    assert all(np.hypot(*(other - first)) > 8 for other in others)


def test_another_hue_is_a_quarter_turn_off(rng):
    own = rng.standard_normal(2)
    other = other_hue(own, rng)
    assert own @ other <= 1e-4
    assert 25 <= np.hypot(*other) <= 55


def test_segments_follow_true_colours():
    rgb = np.zeros((40, 60, 3), np.uint8)
    rgb[:, :30] = (200, 30, 30)
    rgb[:, 30:] = (30, 30, 200)
    labels = segments(rgb)
    assert len(np.unique(labels)) == 2
    assert (labels[:, :28] == labels[0, 0]).all()
    assert (labels[:, 32:] == labels[0, -1]).all()


def test_the_loss_of_a_thing_falls_with_reach_and_rises_with_leak():
    inside = torch.tensor([True] * 10 + [False] * 30)

    def loss(reach, leak):
        return float(thing_loss(torch.where(inside, reach, leak), inside))

    assert loss(1.0, 0.0) < loss(0.8, 0.0) < loss(0.8, 0.3) < loss(0.3, 0.8)
    assert loss(1.0, 0.0) == pytest.approx(1 - 9.8 / 10.6 - 0.6 * np.log(0.98), rel=1e-4)


def test_the_loss_of_a_mosaic_is_a_distance():
    requested = torch.zeros(5, 2)
    off = torch.tensor([[3.0, 4.0]]).expand(5, 2)
    assert float(mosaic_loss(off, requested)) == pytest.approx(26**0.5 / 25)
