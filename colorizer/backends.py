"""What runs a network: ONNX Runtime by default, torch on CUDA hosts."""

from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime as ort

from colorizer.color import Array
from colorizer.model import ONNX, ModelError, ModelFolder


class Backend(Protocol):
    """Runs a network on planes of one size."""

    def run(self, lightness: Array, hint_ab: Array, mask: Array, prior_ab: Array) -> Array:
        """Predict ab (N, 2, H, W) from planes (N, C, H, W); H and W are multiples of 16."""
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

    def run(self, lightness: Array, hint_ab: Array, mask: Array, prior_ab: Array) -> Array:
        """Predict ab; see :class:`Backend`."""
        planes = {
            "lightness": lightness,
            "hint_ab": hint_ab,
            "mask": mask,
            "prior_ab": prior_ab,
        }
        return np.asarray(self.session.run(["ab"], planes)[0], np.float32)


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
