"""What the exported graphs of a model take and give, and what runs them; batch, H, W are free."""

from typing import Protocol

from colorizer.color import Array

MULTIPLE = 32
"""H and W are multiples of it."""

INPUTS = {"lightness": 1, "hint_ab": 2, "mask": 1, "prior_ab": 2}
"""The inputs of ``model.onnx`` with their channels."""

FIELD_INPUT = "features"
"""The input of ``field.onnx``: :func:`colorizer.features.features`."""

FIELD_OUTPUTS = (
    "mean_ab",
    "scale",
    "embedding",
    "thing_embedding",
    "ab_logits",
    "mode_ab",
    "kernel",
)
"""What ``field.onnx`` gives; see :class:`colorizer.field.PhotoField`."""


class Backend(Protocol):
    """Runs a network on planes of one size."""

    def run(self, lightness: Array, hint_ab: Array, mask: Array, prior_ab: Array) -> Array:
        """Predict ab (N, 2, H, W) from planes (N, C, H, W); H and W are multiples of 32."""
        ...

    def encode(self, features: Array) -> tuple[Array, ...]:
        """Run the field network.

        Args:
            features: (N, 7, H, W), of :func:`colorizer.features.features`.

        Returns:
            Mean (N, 2, H, W), scale (N, 1, H, W), embedding of colours and of things (N, K, H, W),
            ab logits (N, Q, H / 4, W / 4), mode (N, 2, H, W), and the numbers of
            :class:`colorizer.field.Kernel` (8,).
        """
        ...
