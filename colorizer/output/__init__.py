"""Results as files: PNG, JPEG, WebP and TIFF that say what they are."""

from colorizer.output.encode import (
    FORMATS,
    Bits,
    FormatLimitError,
    FormatName,
    OutputFormat,
    OutputOptions,
    Subsampling,
    check_format,
    encode,
    png_head,
)
from colorizer.output.mark import Mark, Place, draw_mark

__all__ = [
    "FORMATS",
    "Bits",
    "FormatLimitError",
    "FormatName",
    "Mark",
    "OutputFormat",
    "OutputOptions",
    "Place",
    "Subsampling",
    "check_format",
    "draw_mark",
    "encode",
    "png_head",
]
