"""What runs a network: ONNX Runtime by default, torch on CUDA hosts."""

from pathlib import Path
from typing import Protocol

import onnxruntime as ort

from colorizer.color import Array
from colorizer.model import GROUND, ONNX, ModelError, ModelFolder

# Names of the graphs' inputs and outputs, with the channels of the inputs.
INPUTS = {"lightness": 1, "hint_ab": 2, "mask": 1, "prior_ab": 2}
LOOKED_AT = "looks"
SURVEYED = ["drift", "amplitude", "look", "kernel"]


class Backend(Protocol):
    """Runs a network on planes of one size."""

    def run(self, lightness: Array, hint_ab: Array, mask: Array, prior_ab: Array) -> Array:
        """Predict ab (N, 2, H, W) from planes (N, C, H, W); H and W are multiples of 32."""
        ...

    def opinions(
        self, lightness: Array, hint_ab: Array, mask: Array, prior_ab: Array
    ) -> tuple[Array, Array]:
        """Doubt (N, 1, H, W) and odds (N, Q, H / 4, W / 4); see :mod:`colorizer.opinions`."""
        ...

    def survey(self, look: Array) -> tuple[Array, ...]:
        """Survey pictures without hints, for kriging.

        Args:
            look: (N, 7, H, W), of :func:`colorizer.looks.looks`.

        Returns:
            Drift (N, 2, H, W), amplitude (N, 1, H, W), look (N, K, H, W), and the numbers
            of :class:`colorizer.kriging.Kernel` (7,).
        """
        ...


class OnnxBackend:
    """ONNX Runtime on the CPU."""

    def __init__(self, folder: ModelFolder, *, threads: int) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Spinning threads starve every neighbour on the machine.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        self.session = _load(folder.path / ONNX, options)
        self.ground = _load(folder.path / GROUND, options) if folder.has_ground else None
        # A stroke does not pay for opinions that nobody asked for.
        self.asked_only = ort.RunOptions()
        self.asked_only.only_execute_path_to_fetches = True

    def run(self, lightness: Array, hint_ab: Array, mask: Array, prior_ab: Array) -> Array:
        """Predict ab; see :class:`Backend`."""
        return self._run(["ab"], (lightness, hint_ab, mask, prior_ab))[0]

    def opinions(
        self, lightness: Array, hint_ab: Array, mask: Array, prior_ab: Array
    ) -> tuple[Array, Array]:
        """Give doubt and odds; see :class:`Backend`."""
        doubt, odds = self._run(["doubt", "odds"], (lightness, hint_ab, mask, prior_ab))
        return doubt, odds

    def survey(self, look: Array) -> tuple[Array, ...]:
        """Survey pictures; see :class:`Backend`."""
        if self.ground is None:
            raise ModelError(f"This model has no {GROUND}.")
        return tuple(self.ground.run(SURVEYED, {LOOKED_AT: look}))

    def _run(self, outputs: list[str], planes: tuple[Array, ...]) -> list[Array]:
        inputs = dict(zip(INPUTS, planes, strict=True))
        found: list[Array] = self.session.run(outputs, inputs, self.asked_only)
        return found


def _load(path: Path, options: ort.SessionOptions) -> ort.InferenceSession:
    try:
        return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime raises classes of its own C++ module
        raise ModelError(f"{path} is no network that ONNX Runtime can load: {error}") from error


def load_backend(folder: ModelFolder, name: str, *, threads: int) -> Backend:
    """Make a backend ready for a model: ``onnx``, or ``torch`` (needs the extra ``train``).

    Raises:
        ModelError: the backend cannot load the model, or there is no such backend.
    """
    if name == "onnx":
        return OnnxBackend(folder, threads=threads)
    if name == "torch":
        from colorizer.torch_backend import TorchBackend  # a site that only serves has no torch

        return TorchBackend.load(folder)
    raise ModelError(f"There is no backend {name!r}; there are onnx and torch.")
