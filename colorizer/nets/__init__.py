"""PyTorch networks for hint-based colourization, and their export to ONNX."""

from colorizer.nets.build import NETS, ColorNet, NetConfig, build

__all__ = ["NETS", "ColorNet", "NetConfig", "build"]
