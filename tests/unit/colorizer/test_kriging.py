from dataclasses import replace

import numpy as np
import pytest
import torch

from colorizer import kriging
from colorizer.clusters import Clusters
from colorizer.color import lab_to_rgb, rgb_to_lab, to_uint8
from colorizer.distribution import BINS
from colorizer.features import features
from colorizer.field import PhotoField
from colorizer.kriging import Observations, deviation, krige
from colorizer.nets.field import FieldNet
from colorizer.nets.regression import FieldPixels, regress, spread_alone
from colorizer.prior import Affinities, propagate
from colorizer.samplers import sample_mixed, sample_pixels, seeded
from tests.support.pictures import astronaut


@pytest.fixture(scope="module")
def rgb():
    return np.asarray(astronaut().resize((96, 80)))


@pytest.fixture(scope="module")
def lightness(rgb):
    return rgb_to_lab(rgb)[..., 0] / 100


@pytest.fixture(scope="module")
def ab(rgb):
    return np.ascontiguousarray(rgb_to_lab(rgb)[..., 1:].transpose(2, 0, 1))


def quality(rgb, ab):
    lab = np.concatenate([rgb_to_lab(rgb)[..., :1], ab.transpose(1, 2, 0)], axis=-1)
    return -10 * np.log10(((to_uint8(lab_to_rgb(lab)) / 255.0 - rgb / 255.0) ** 2).mean())


def test_without_hints_there_is_the_mean(lightness, ab):
    field = PhotoField.plain(lightness)
    field.mean[0] = 7
    assert (krige(field, ab, np.zeros((1, 80, 96), np.float32)) == field.mean).all()


def test_hints_stay_as_given(lightness, ab):
    hint_ab, mask = sample_pixels(ab, 0.03, seeded("stay"))
    spread = krige(PhotoField.plain(lightness), hint_ab, mask)
    assert (spread[:, mask[0] > 0] == hint_ab[:, mask[0] > 0]).all()


@pytest.mark.parametrize("share", [0.01, 0.05])
def test_many_hints_give_more_than_the_prior(rgb, lightness, ab, share):
    hint_ab, mask = sample_pixels(ab, share, seeded("many", share))
    kriged = quality(rgb, krige(PhotoField.plain(lightness), hint_ab, mask))
    prior = propagate(Affinities.of(lightness[None, None]), hint_ab[None], mask[None])[0]
    assert kriged > quality(rgb, prior) + 0.15


def test_windows_agree_with_the_picture_as_a_whole(lightness, ab, monkeypatch):
    hint_ab, mask = sample_pixels(ab, 0.06, seeded("windows"))
    in_windows = krige(PhotoField.plain(lightness), hint_ab, mask)
    monkeypatch.setattr(kriging, "MAX_OBSERVATIONS", 10_000)
    whole = krige(PhotoField.plain(lightness), hint_ab, mask)
    assert 0 < np.abs(in_windows - whole).mean() < 1


def test_a_dab_is_one_hint_and_not_its_pixels(lightness):
    mask = np.zeros((1, 80, 96), np.float32)
    mask[0, 16:24, 16:24] = 1
    mask[0, 50:52, 60:62] = 1
    blue, red = (np.array(c, np.float32)[:, None, None] for c in ([-5.0, -40.0], [50.0, 30.0]))
    colors = np.where(mask, blue, 0)
    colors[:, 40:] = np.where(mask[:, 40:], red, 0)
    few = np.zeros_like(mask)
    few[0, 19:21, 19:21] = few[0, 50:52, 60:62] = 1
    spread, thin = (krige(PhotoField.plain(lightness), colors, m) for m in (mask, few))
    assert np.abs(spread - thin)[:, 30:].mean() < 1


def test_a_picture_painted_all_over_is_quick_and_exact(lightness, ab):
    mask = np.ones((1, 80, 96), np.float32)
    mask[0, ::9, ::9] = 0
    spread = krige(PhotoField.plain(lightness), ab * mask, mask)
    assert np.abs(spread - ab)[:, mask[0] == 0].mean() < 8


def test_it_is_surest_at_hints_and_each_hint_makes_it_surer(lightness, ab):
    field = PhotoField.plain(lightness)
    spreads = []
    for count in (0, 1, 10, 400):
        hint_ab, mask = sample_pixels(ab, count / mask_size(ab), seeded("spread", count))
        spread = deviation(field, hint_ab, mask)
        assert spread.shape == mask.shape
        if count:
            assert spread[mask > 0].mean() < 0.5 * spread[mask == 0].mean()
        spreads.append(spread.mean())
    assert spreads == sorted(spreads, reverse=True)
    plain = field.kernel.constant + field.kernel.partial_sill
    assert spreads[0] == pytest.approx(np.sqrt(plain), rel=1e-3)


def test_the_farther_a_hint_lies_off_the_mean_the_less_it_counts_elsewhere(lightness):
    plain = PhotoField.plain(lightness)
    wary = replace(plain, kernel=replace(plain.kernel, outlier_discount=0.01))
    mask = np.zeros((1, 80, 96), np.float32)
    mask[0, 5, 5] = 1
    far = np.s_[:, 60:, 60:]
    shares = []
    for chroma in (2, 80):
        color = np.full((2, 80, 96), chroma, np.float32)
        shares.append((krige(wary, color, mask) / krige(plain, color, mask))[far].mean())
    assert shares[0] > 0.9
    assert shares[1] < 0.6


def test_a_brush_s_colour_is_not_taken_at_its_word(lightness):
    plain = PhotoField.plain(lightness)
    loose = replace(plain, kernel=replace(plain.kernel, brush_nugget=1.0))
    color = np.full((2, 80, 96), 40, np.float32)
    kept = []
    for side in (2, 4):
        mask = np.zeros((1, 80, 96), np.float32)
        mask[0, 40 : 40 + side, 40 : 40 + side] = 1
        one, other = (krige(field, color, mask)[0, 40, 46] for field in (plain, loose))
        kept.append(other / one)
    assert kept[0] == 1
    assert kept[1] < 0.9


def mask_size(ab):
    return ab[0].size


def test_torch_gives_the_same(lightness, ab):
    torch.manual_seed(0)
    net = FieldNet(4, 2, nested=True, gates=True).eval()
    torch.nn.init.normal_(net.grid.head.weight, std=0.02)
    with torch.inference_mode():
        maps = net(torch.from_numpy(features(lightness))[None])
        field = PhotoField.of((plane[0].numpy() for plane in maps[:4]), net.kernel().numpy())
        hint_ab, mask = sample_mixed(ab, seeded("torch", 5), dense=0)
        clusters = Clusters.of(hint_ab, mask)
        assert 1 < clusters.is_brush.sum() < len(clusters)
        colors = torch.from_numpy(clusters.means(hint_ab.reshape(2, -1).T)).float()
        pixels = FieldPixels.of(maps, 0)
        observed, is_brush = pixels.means(clusters), torch.from_numpy(clusters.is_brush)
        torch_ab = regress(net.kernel(), observed, colors, is_brush, pixels)
    free = mask[0] == 0
    ours = krige(field, hint_ab, mask)
    apart = np.abs(torch_ab.T.reshape(2, 80, 96).numpy() - ours)[:, free]
    assert apart.mean() < 1e-2 * np.abs(ours).mean()


def test_torch_hands_implausible_colours_to_their_things_alike(lightness, ab):
    torch.manual_seed(0)
    net = FieldNet(4, 2, nested=True, gates=True).eval()
    torch.nn.init.normal_(net.things.weight, std=0.3)
    with torch.inference_mode():
        maps = net(torch.from_numpy(features(lightness))[None])
        field = PhotoField.of((plane[0].numpy() for plane in maps[:4]), net.kernel().numpy())
        logits = np.where(np.hypot(*BINS.T) < 30, 2.0, -4.0)
        field = replace(field, ab_logits=logits[:, None, None] + np.zeros((1, 20, 24)))
        hint_ab, mask = np.zeros_like(ab), np.zeros_like(ab[:1])
        for row, color in ((10, (70, 40)), (50, (5, -8))):
            hint_ab[:, row : row + 8, 40:48] = np.array(color)[:, None, None]
            mask[0, row : row + 8, 40:48] = 1
        clusters = Clusters.of(hint_ab, mask)
        plausible = Observations.of(field, hint_ab, mask).plausibility
        assert plausible.min() < 0.1 < 0.9 < plausible.max()
        colors = torch.from_numpy(clusters.means(hint_ab.reshape(2, -1).T)).float()
        pixels = FieldPixels.of(maps, 0)
        torch_ab = regress(
            net.kernel(),
            pixels.means(clusters),
            colors,
            torch.from_numpy(clusters.is_brush),
            pixels,
            torch.from_numpy(plausible).float(),
        )
    ours = krige(field, hint_ab, mask)
    apart = np.abs(torch_ab.T.reshape(2, 80, 96).numpy() - ours)[:, mask[0] == 0]
    assert apart.mean() < 1e-2 * np.abs(ours).mean()


def test_a_dab_alone_goes_as_far_as_in_a_system_of_its_own(lightness):
    net = FieldNet(4, 2, nested=True, gates=True).eval()
    torch.nn.init.constant_(net.outlier_discount, -2.0)
    with torch.inference_mode():
        pixels = FieldPixels.of(net(torch.from_numpy(features(lightness))[None]), 0)
        dabs, kernel = pixels.pick(np.array([500, 3000])), net.kernel()
        alone = spread_alone(kernel, dabs, 30.0, pixels)
        for number in range(2):
            dab, way = dabs.pick(np.array([number])), torch.tensor([[30.0, 0.0]])
            is_brush = torch.tensor([True])
            moved = regress(kernel, dab, dab.mean + way, is_brush, pixels) - pixels.mean
            assert torch.allclose(alone[:, number], moved[:, 0] / 30, rtol=3e-3)


def test_a_fresh_field_network_is_nearly_the_plain_field(lightness, ab):
    net = FieldNet(4, 2, nested=False, gates=False).eval()
    with torch.inference_mode():
        maps = net(torch.from_numpy(features(lightness))[None])
    field = PhotoField.of((plane[0].numpy() for plane in maps[:4]), net.kernel().detach().numpy())
    hint_ab, mask = sample_pixels(ab, 0.02, seeded("fresh"))
    plain = krige(PhotoField.plain(lightness), hint_ab, mask)
    assert np.abs(krige(field, hint_ab, mask) - plain).mean() < 1
