import numpy as np
import pytest

from colorizer.samplers import sample_cells, sample_mixed, sample_pixels, seeded


@pytest.fixture
def ab():
    return np.random.default_rng(1).uniform(-80, 80, (2, 128, 128)).astype(np.float32)


@pytest.mark.parametrize(("share", "count"), [(0.01, 164), (0.03, 492), (0.05, 819), (0.0, 0)])
def test_pixels_are_exactly_as_many_as_requested(ab, share, count):
    hint_ab, mask = sample_pixels(ab, share, seeded("x"))
    assert mask.sum() == count
    assert (hint_ab == ab * mask).all()


def test_cells_hold_the_mean_colour_of_their_four_pixels(ab):
    hint_ab, mask = sample_cells(ab, 10, seeded("x"))
    assert 0 < mask.sum() <= 40
    rows, columns = np.nonzero(mask[0])
    top, left = rows[0] // 2 * 2, columns[0] // 2 * 2
    assert mask[0, top : top + 2, left : left + 2].all()
    mean = ab[:, top : top + 2, left : left + 2].mean((1, 2))
    assert hint_ab[:, top, left] == pytest.approx(mean, abs=1e-4)


def test_no_cells_is_a_hint_set_like_any_other(ab):
    hint_ab, mask = sample_cells(ab, 0, seeded("x"))
    assert not hint_ab.any()
    assert not mask.any()


def test_the_same_key_draws_the_same_hints_and_another_key_others(ab):
    first = sample_pixels(ab, 0.01, seeded("report", "a.jpg", 0.01))[1]
    assert (first == sample_pixels(ab, 0.01, seeded("report", "a.jpg", 0.01))[1]).all()
    assert (first != sample_pixels(ab, 0.01, seeded("report", "b.jpg", 0.01))[1]).any()


def test_the_generator_is_the_same_on_every_machine():
    assert seeded("report", "a.jpg", 0.01).integers(0, 1000, 4).tolist() == [0, 126, 619, 933]


def test_training_sees_none_few_and_many_hints(ab):
    rng = np.random.default_rng(0)
    shares = [sample_mixed(ab, rng)[1].mean() for _ in range(300)]
    assert 0.06 < np.mean([share == 0 for share in shares]) < 0.2
    assert sum(0 < share < 0.002 for share in shares) > 30
    assert sum(share > 0.01 for share in shares) > 50
