"""Runs a network with torch: on CUDA where there is a device, else on the CPU."""

import torch

from colorizer.color import Array
from colorizer.model import WEIGHTS, ModelError, ModelFolder
from colorizer.nets.build import ColorNet, channels_last
from colorizer.nets.store import load_weights


class TorchBackend:
    """torch, with a network that is in memory already or comes from a model folder."""

    def __init__(self, net: ColorNet) -> None:
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.net = channels_last(net).to(self.device).eval()

    @classmethod
    def load(cls, folder: ModelFolder) -> "TorchBackend":
        """Read the weights of ``weights.safetensors``.

        Raises:
            ModelError: they do not fit the model's card.
        """
        try:
            return cls(load_weights(folder.path / WEIGHTS, folder.card.net))
        except ValueError as error:
            raise ModelError(f"The model in {folder.path} does not fit: {error}") from error

    def run(self, lightness: Array, hint_ab: Array, mask: Array, prior_ab: Array) -> Array:
        """Predict ab; see :class:`colorizer.backends.Backend`."""
        return self._predict(lightness, hint_ab, mask, prior_ab)[0]

    def opinions(
        self, lightness: Array, hint_ab: Array, mask: Array, prior_ab: Array
    ) -> tuple[Array, Array]:
        """Give doubt and odds; see :class:`colorizer.backends.Backend`."""
        _, doubt, odds = self._predict(lightness, hint_ab, mask, prior_ab)
        return doubt, odds

    def survey(self, look: Array) -> tuple[Array, ...]:
        """Survey pictures; see :class:`colorizer.backends.Backend`."""
        if self.net.ground is None:
            raise ModelError("This network surveys nothing.")
        with torch.inference_mode():
            survey = self.net.ground(torch.from_numpy(look).to(self.device))
            planes = (*survey, self.net.ground.kernel())
        return tuple(plane.cpu().numpy() for plane in planes)

    def _predict(self, *planes: Array) -> list[Array]:
        with torch.inference_mode():
            said = self.net.predict(*(torch.from_numpy(p).to(self.device) for p in planes))
        return [plane.cpu().numpy() for plane in said if plane is not None]
