import numpy as np
import pytest

from colorizer.baselines import levin, nearest
from colorizer.color import rgb_to_lab
from colorizer.prior import Affinities, propagate
from colorizer.samplers import sample_pixels, seeded
from tests.support.pictures import astronaut


@pytest.fixture(scope="module")
def photo():
    lab = rgb_to_lab(np.asarray(astronaut().resize((96, 80))))
    return lab[None, None, ..., 0] / 100, np.ascontiguousarray(lab[..., 1:].transpose(2, 0, 1))


def hints_on(ab, share=0.03):
    return sample_pixels(ab, share, seeded("test", share))


def test_no_hint_gives_no_colour(photo):
    lightness, ab = photo
    affinities = Affinities.of(lightness)
    assert not propagate(affinities, ab[None], np.zeros_like(lightness)).any()


def test_hints_stay_as_given(photo):
    lightness, ab = photo
    hint_ab, mask = hints_on(ab)
    spread = propagate(Affinities.of(lightness), hint_ab[None], mask[None])
    assert spread[0][:, mask[0] > 0] == pytest.approx(hint_ab[:, mask[0] > 0])


def test_one_hint_colours_the_whole_picture(photo):
    lightness, ab = photo
    mask = np.zeros_like(lightness)
    mask[0, 0, 10, 10] = 1
    color = np.array([20.0, -30.0], np.float32)[None, :, None, None]
    spread = propagate(Affinities.of(lightness), np.broadcast_to(color, (1, *ab.shape)), mask)
    assert spread == pytest.approx(np.broadcast_to(color, spread.shape), abs=1e-3)


def test_colour_stops_where_lightness_jumps():
    lightness = np.zeros((1, 1, 32, 32), np.float32)
    lightness[..., 16:] = 1
    mask = np.zeros_like(lightness)
    ab = np.zeros((1, 2, 32, 32), np.float32)
    mask[0, 0, 16, [4, 28]] = 1
    ab[0, 0, 16, 4], ab[0, 0, 16, 28] = 50, -50
    spread = propagate(Affinities.of(lightness), ab, mask)
    assert spread[0, 0, :, :14].min() > 25
    assert spread[0, 0, :, 18:].max() < -15


@pytest.mark.parametrize(("height", "width"), [(16, 16), (17, 33), (80, 96), (1, 40), (5, 3)])
def test_any_size_will_do(height, width):
    rng = np.random.default_rng(0)
    lightness = rng.random((1, 1, height, width), np.float32)
    ab = rng.uniform(-50, 50, (1, 2, height, width)).astype(np.float32)
    mask = (rng.random((1, 1, height, width)) < 0.2).astype(np.float32)
    mask[..., 0, 0] = 1
    spread = propagate(Affinities.of(lightness), ab, mask)
    assert spread.shape == ab.shape
    assert np.abs(spread).max() <= 50.001


def test_a_batch_is_spread_as_its_pictures_alone(photo):
    lightness, ab = photo
    pairs = [hints_on(ab, share) for share in (0.0, 0.01, 0.2)]
    hint_ab, mask = np.stack([h for h, _ in pairs]), np.stack([m for _, m in pairs])
    batch = propagate(Affinities.of(lightness.repeat(3, 0)), hint_ab, mask)
    alone = Affinities.of(lightness)
    for n in range(3):
        one = propagate(alone, hint_ab[n : n + 1], mask[n : n + 1])
        assert batch[n] == pytest.approx(one[0], abs=1e-4)


def test_it_comes_near_the_exact_solution_of_levins_equation(photo):
    lightness, ab = photo
    hint_ab, mask = hints_on(ab, 0.05)
    spread = propagate(Affinities.of(lightness), hint_ab[None], mask[None])[0]
    exact = levin(lightness[0], hint_ab, mask)
    assert np.abs(spread - ab).mean() < 1.1 * np.abs(exact - ab).mean()
    assert np.abs(spread - exact).mean() < 2.5


def authors_weights(lightness, row, column):
    """Weights of the 8 neighbours as getColorExact.m, the authors' own code, has them."""
    window = lightness[row - 1 : row + 2, column - 1 : column + 2].astype(float).ravel()
    here, around = window[4], np.delete(window, 4)
    sigma = 0.6 * window.var()
    sigma = max(sigma, -((around - here) ** 2).min() / np.log(0.01), 0.000002)
    weights = np.exp(-((around - here) ** 2) / sigma)
    return weights / weights.sum()


def test_weights_are_those_of_the_authors(photo):
    lightness = photo[0].copy()
    lightness[..., 20:30, 20:30] = 0.5  # flat
    lightness[..., 24, 24] = 0.9  # unlike all its neighbours
    weights = Affinities.of(lightness).levels[0][0]
    for row, column in ((1, 1), (10, 40), (25, 26), (24, 24), (24, 25), (78, 94)):
        expected = authors_weights(lightness[0, 0], row, column)
        assert weights[:, row, column] == pytest.approx(expected, abs=2e-3)


class TestBaselines:
    def test_levin_is_a_dense_solve_of_the_authors_weights(self):
        rng = np.random.default_rng(3)
        lightness = rng.random((1, 7, 9), np.float32)
        mask = np.zeros((1, 7, 9), np.float32)
        mask[0, [0, -1]] = mask[0, :, 0] = mask[0, :, -1] = 1  # all along the border
        ab = rng.normal(0, 30, (2, 7, 9)).astype(np.float32)
        system, known = np.eye(63), np.zeros((63, 2))
        for row, column in np.ndindex(7, 9):
            here = 9 * row + column
            if mask[0, row, column]:
                known[here] = ab[:, row, column]
                continue
            weights = iter(authors_weights(lightness[0], row, column))
            for dy, dx in np.ndindex(3, 3):
                if (dy, dx) != (1, 1):
                    system[here, 9 * (row + dy - 1) + column + dx - 1] -= next(weights)
        expected = np.linalg.solve(system, known).T.reshape(2, 7, 9)
        assert levin(lightness, ab, mask) == pytest.approx(expected, abs=1e-2)

    def test_levin_solves_its_equation(self, photo):
        lightness, ab = photo
        hint_ab, mask = hints_on(ab)
        solved = levin(lightness[0], hint_ab, mask)
        weights = Affinities.of(lightness).levels[0][0]
        padded = np.pad(solved, ((0, 0), (1, 1), (1, 1)), mode="edge")
        height, width = mask.shape[1:]
        shifts = [(y, x) for y in range(3) for x in range(3) if (y, x) != (1, 1)]
        mean = sum(
            w * padded[:, y : y + height, x : x + width]
            for w, (y, x) in zip(weights, shifts, strict=True)
        )
        free = mask[0] == 0
        assert np.abs(mean - solved)[:, free].max() < 1e-2
        assert solved[:, ~free] == pytest.approx(hint_ab[:, ~free], abs=1e-3)

    def test_nearest_takes_the_nearest_hint(self):
        ab = np.zeros((2, 1, 10), np.float32)
        mask = np.zeros((1, 1, 10), np.float32)
        mask[0, 0, [2, 9]] = 1  # no pixel is as near to the one as to the other
        ab[0, 0, [2, 9]] = [10, 20]
        assert nearest(ab, mask)[0, 0].tolist() == [10] * 6 + [20] * 4

    def test_both_leave_a_picture_without_hints_grey(self, photo):
        lightness, ab = photo
        mask = np.zeros_like(lightness[0])
        assert not nearest(ab, mask).any()
        assert not levin(lightness[0], ab, mask).any()
