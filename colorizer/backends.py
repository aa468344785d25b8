"""What runs a network: ONNX Runtime by default, torch on CUDA hosts."""

from pathlib import Path

import numpy as np
import onnxruntime as ort

from colorizer.color import Array
from colorizer.graphs import FIELD_INPUT, FIELD_OUTPUTS, INPUTS, Backend
from colorizer.model import FIELD, ONNX, ModelError, ModelFolder, files_of


class OnnxBackend:
    """ONNX Runtime on the CPU."""

    def __init__(self, folder: ModelFolder, *, threads: int) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Spinning threads starve every neighbour on the machine.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        names = files_of(folder.card.net)
        self.session = _load(folder.path / ONNX, options) if ONNX in names else None
        self.field = _load(folder.path / FIELD, options) if FIELD in names else None
        self.outputs = [] if self.field is None else [one.name for one in self.field.get_outputs()]

    def run(self, lightness: Array, hint_ab: Array, mask: Array, prior_ab: Array) -> Array:
        """Predict ab; see :class:`colorizer.graphs.Backend`."""
        if self.session is None:
            raise ModelError(f"This model has no {ONNX}.")
        planes = (lightness, hint_ab, mask, prior_ab)
        (ab,) = self.session.run(["ab"], dict(zip(INPUTS, planes, strict=True)))
        return np.asarray(ab)

    def encode(self, features: Array) -> tuple[Array, ...]:
        """Run the field network; see :class:`colorizer.graphs.Backend`."""
        if self.field is None:
            raise ModelError(f"This model has no {FIELD}.")
        outputs = self.field.run(self.outputs, {FIELD_INPUT: features})
        named = dict(zip(self.outputs, outputs, strict=True))
        # Graphs of 0.1.0 have one embedding for both.
        named.setdefault("thing_embedding", named["embedding"])
        return tuple(named[name] for name in FIELD_OUTPUTS)


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
