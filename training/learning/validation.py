"""Scores on validation pictures while a network learns, and the pictures that go with them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from colorizer.color import Array, lab_to_rgb, rgb_to_lab, to_uint8
from colorizer.features import features
from colorizer.nets import ColorNet
from colorizer.prior import Affinities, propagate
from colorizer.samplers import sample_cells, sample_pixels, seeded
from training.data.pictures import Picture
from training.evaluation.metrics import psnr, ssim
from training.learning.crops import whole
from training.learning.recipe import Hints
from training.learning.regression import hinted
from training.learning.samples import REPORT_SHARES

SIDE = 128
NO_HINTS, FEW, DENSE = 0, 10, 0.03
GRID_PICTURES = 8
_BATCH = 10

Bytes = npt.NDArray[np.uint8]


def _cells(count: int) -> Callable[[Array, str], tuple[Array, Array]]:
    return lambda ab, name: sample_cells(ab, count, seeded("val", name, count))


def _pixels(share: float) -> Callable[[Array, str], tuple[Array, Array]]:
    return lambda ab, name: sample_pixels(ab, share, seeded("val", name, share))


AMOUNTS: dict[Hints, dict[str, Callable[[Array, str], tuple[Array, Array]]]] = {
    "report": {f"{share:.0%}": _pixels(share) for share in REPORT_SHARES},
    "mixed": {
        f"@{NO_HINTS}": _cells(NO_HINTS),
        f"@{FEW}": _cells(FEW),
        f"{DENSE:.0%}": _pixels(DENSE),
    },
}


@dataclass(slots=True)
class _Case:
    """One picture with one amount of hints."""

    amount: str
    truth: Bytes
    lab: Array
    inputs: tuple[Array, ...]
    prior_psnr: float


class Validation:
    """Validation pictures at 128x128 with their hints, prepared once and scored many times.

    Args:
        pictures: to score on.
        hints: ``report`` scores at 1, 3 and 5 % of the pixels, ``mixed`` without hints, with ten
            dabs and at 3 %. The hints of a picture are always the same.
    """

    def __init__(self, pictures: Sequence[Picture], hints: Hints) -> None:
        self._cases = [
            _case(picture, amount, sampler)
            for amount, sampler in AMOUNTS[hints].items()
            for picture in pictures
        ]
        self._pictures = len(pictures)

    def score(
        self, net: ColorNet, device: str, alive: Callable[[], None] = lambda: None
    ) -> dict[str, float]:
        """Figures of a network in evaluation mode, means over pictures and amounts of hints.

        Args:
            net: what to score.
            device: where it is.
            alive: called again and again as it goes.

        Returns:
            ``psnr`` in dB, ``ssim``, ``gain`` (PSNR above the training-free prior) in dB, and the
            PSNR of each amount as ``psnr 3%`` and the like.
        """
        results = self._results(net, device, self._cases, alive)
        pairs = list(zip(results, self._cases, strict=True))
        quality = np.array([psnr(result, case.truth) for result, case in pairs])
        figures = {
            "psnr": float(quality.mean()),
            "ssim": float(np.mean([ssim(result, case.truth) for result, case in pairs])),
            "gain": float(quality.mean() - np.mean([case.prior_psnr for case in self._cases])),
        }
        amounts = np.array([case.amount for case in self._cases])
        for amount in dict.fromkeys(amounts.tolist()):
            figures[f"psnr {amount}"] = float(quality[amounts == amount].mean())
        return figures

    def show(self, net: ColorNet, device: str) -> Tensor:
        """A few pictures as rows of grey, hints, result and truth: (4 n, 3, H, W) in [0, 1]."""
        start = len(self._cases) // 2
        cases = self._cases[start : start + min(GRID_PICTURES, self._pictures)]
        rows = []
        for case, result in zip(cases, self._results(net, device, cases), strict=True):
            _, hint_ab, mask, _ = case.inputs
            rows += [
                _join(case.lab, 0 * hint_ab),
                _join(case.lab, hint_ab * mask),
                result,
                case.truth,
            ]
        return torch.from_numpy(np.stack(rows)).permute(0, 3, 1, 2) / 255

    def _results(
        self,
        net: ColorNet,
        device: str,
        cases: Sequence[_Case],
        alive: Callable[[], None] = lambda: None,
    ) -> list[Bytes]:
        results = []
        for start in range(0, len(cases), _BATCH):
            some = cases[start : start + _BATCH]
            inputs = zip(*(case.inputs for case in some), strict=True)
            planes = [torch.from_numpy(np.stack(planes)).to(device) for planes in inputs]
            if net.field is not None:
                stacked = np.stack([features(case.inputs[0][0]) for case in some])
                hints = {"features": torch.from_numpy(stacked).to(device), "hint_ab": planes[1]}
                planes[3] = hinted(net.field, {**hints, "mask": planes[2]})["prior_ab"]
            with torch.inference_mode():
                out = net(*planes).cpu().numpy()
            results += [_join(case.lab, ab) for case, ab in zip(some, out, strict=True)]
            alive()
        return results


def _case(
    picture: Picture, amount: str, sampler: Callable[[Array, str], tuple[Array, Array]]
) -> _Case:
    truth = whole(picture.rgb(), SIDE)
    lab = rgb_to_lab(truth)
    ab = np.ascontiguousarray(lab[..., 1:].transpose(2, 0, 1))
    lightness = np.ascontiguousarray(lab[None, ..., 0] / np.float32(100))
    hint_ab, mask = sampler(ab, picture.name)
    prior = propagate(Affinities.of(lightness[None]), hint_ab[None], mask[None])[0]
    prior_psnr = psnr(_join(lab, prior), truth)
    return _Case(amount, truth, lab, (lightness, hint_ab, mask, prior), prior_psnr)


def _join(lab: Array, ab: Array) -> Bytes:
    return to_uint8(lab_to_rgb(np.concatenate([lab[..., :1], ab.transpose(1, 2, 0)], axis=-1)))
