"""The one door to torchvision: ``from training.data.vision import transforms``.

torchvision's wheel on the package index is built for CUDA. Beside a CPU build of torch its C++
library does not load; that alone would not matter, for nothing here uses its operators, but the
Python part then registers shape functions for two of them and fails at import with "operator
torchvision::nms does not exist". Declaring the two schemas first cures it: data sets, transforms
and picture grids work, while ``torchvision.ops`` and ``torchvision.io`` still do not and must not
be used. Where the library does load, or where torchvision was imported before, nothing is declared.
See docs/adr/0006-pins-and-torchvision.md.
"""

import importlib.util
import sys
from pathlib import Path

import torch

SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)


def _operators_load() -> bool:
    """Whether torchvision's own C++ library loads beside this build of torch."""
    spec = importlib.util.find_spec("torchvision")
    if spec is None or spec.origin is None:
        return True  # nothing to cure: the import below says that torchvision is missing
    for library in Path(spec.origin).parent.glob("_C*"):
        try:
            torch.ops.load_library(str(library))
        except OSError:
            return False
        return True
    return False


def _declare_schemas() -> torch.library.Library | None:
    """Declare the operators that torchvision's Python part expects, if its library cannot."""
    if "torchvision" in sys.modules or _operators_load():
        return None
    library = torch.library.Library("torchvision", "DEF")
    for schema in SCHEMAS:
        library.define(schema)
    return library


_library = _declare_schemas()  # kept: the declarations live as long as this object

from torchvision import datasets, utils  # noqa: E402 - the schemas must stand before this import
from torchvision.transforms import v2 as transforms  # noqa: E402 - as above

__all__ = ["datasets", "transforms", "utils"]
