"""Runs a network with torch: on CUDA where there is a device, else on the CPU."""

import torch

from colorizer.color import Array
from colorizer.model import WEIGHTS, ModelError, ModelFolder
from colorizer.nets.build import channels_last
from colorizer.nets.store import load_weights


class TorchBackend:
    """torch, with the weights of ``weights.safetensors``."""

    def __init__(self, folder: ModelFolder) -> None:
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        try:
            net = load_weights(folder.path / WEIGHTS, folder.card.net)
        except ValueError as error:
            raise ModelError(f"The model in {folder.path} does not fit: {error}") from error
        self.net = channels_last(net).to(self.device).eval()

    def run(self, lightness: Array, hint_ab: Array, mask: Array, prior_ab: Array) -> Array:
        """Predict ab; see :class:`colorizer.backends.Backend`."""
        planes = (lightness, hint_ab, mask, prior_ab)
        with torch.inference_mode():
            ab = self.net(*(torch.from_numpy(plane).to(self.device) for plane in planes))
        result: Array = ab.cpu().numpy()
        return result
