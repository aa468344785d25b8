"""Results of an evaluation as a table to read and as JSON to keep."""

from typing import Any

from training.evaluate import Cell, gains
from training.protocols import Protocol

TITLES = {
    "psnr": "PSNR, dB (mean over pictures; higher is better)",
    "ssim": "SSIM (grey alone scores high: for continuity with the report only)",
    "ciede2000": "CIEDE2000 (lower is better)",
    "hint_error": "distance between result and hint at the hints, ab units",
    "seconds": "seconds a picture",
}
_DIGITS = {"psnr": 2, "ssim": 3, "ciede2000": 2, "hint_error": 2, "seconds": 3}


def as_text(
    protocol: Protocol, results: dict[str, list[Cell]], models: list[str], *, heading: str
) -> str:
    """Tables of every figure, a row a method, a column an amount of hints."""
    columns = protocol.columns() + (["mean"] if protocol.averaged else [])
    width = max(map(len, (*results, "standard error"))) + 2
    lines = [heading]
    for figure, title in TITLES.items():
        lines += ["", title, " " * width + "".join(f"{column:>9}" for column in columns)]
        for method, cells in results.items():
            row = "".join(f"{cell.figures[figure]:9.{_DIGITS[figure]}f}" for cell in cells)
            lines.append(f"{method:<{width}}{row}")
        if figure == "psnr":
            errors = [cell.psnr_error for cell in results["prior"]]
            lines.append(
                f"{'standard error':<{width}}" + "".join(f"{error:9.2f}" for error in errors)
            )
    for model in models:
        above = "".join(f"{gain:+9.2f}" for gain in gains(results, model))
        lines += ["", f"{model}: dB above the better of levin and prior", " " * width + above]
    return "\n".join(lines)


def as_json(
    protocol: Protocol, results: dict[str, list[Cell]], models: list[str], **facts: Any
) -> dict[str, Any]:
    """The same with medians and standard errors, and the facts that make it repeatable."""
    columns = protocol.columns() + (["mean"] if protocol.averaged else [])
    return {
        "protocol": protocol.name,
        "side": protocol.side,
        **facts,
        "rows": {
            method: dict(zip(columns, (cell.to_json() for cell in cells), strict=True))
            for method, cells in results.items()
        },
        "above_training_free_db": {
            model: dict(zip(columns, (round(g, 4) for g in gains(results, model)), strict=True))
            for model in models
        },
    }
