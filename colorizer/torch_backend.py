"""Runs a network with torch: on CUDA where there is a device, else on the CPU."""

import numpy as np
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
        """Predict ab; see :class:`colorizer.graphs.Backend`."""
        planes = (lightness, hint_ab, mask, prior_ab)
        with torch.inference_mode():
            ab = self.net(*(torch.from_numpy(plane).to(self.device) for plane in planes))
        return np.asarray(ab.cpu().numpy())

    def encode(self, features: Array) -> tuple[Array, ...]:
        """Run the field network; see :class:`colorizer.graphs.Backend`."""
        if self.net.field is None:
            raise ModelError("This model has no field network.")
        with torch.inference_mode():
            maps = self.net.field(torch.from_numpy(features).to(self.device))
            planes = (*maps, self.net.field.mode(maps.ab_logits), self.net.field.kernel())
        return tuple(plane.cpu().numpy() for plane in planes)
