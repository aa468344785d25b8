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

__all__ = [
    "FORMATS",
    "Bits",
    "FormatLimitError",
    "FormatName",
    "OutputFormat",
    "OutputOptions",
    "Subsampling",
    "check_format",
    "encode",
    "png_head",
]
