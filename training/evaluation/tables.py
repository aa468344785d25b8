"""Results of an evaluation as a table to read and as JSON to keep."""

from collections.abc import Sequence
from typing import Any

from training.evaluation.protocols import Cell, Protocol, gains

TITLES = {
    "psnr": "PSNR, dB (mean over pictures; higher is better)",
    "ssim": "SSIM (grey alone scores high: for continuity with the report only)",
    "ciede2000": "CIEDE2000 (lower is better)",
    "hint_error": "distance between result and hint at the hints, ab units",
    "strokes": "strokes until the picture is that good (13 if 12 do not do; lower is better)",
    "reached": "share of the pictures that become that good",
    "soft_iou": "soft IoU of what the dabs colour and the thing (higher is better)",
    "reach": "reach: share of the way to the dab's colour, inside the thing (higher is better)",
    "leak": "leak: the same outside of it (lower is better)",
    "mosaic": "distance to a mosaic of regions that have one dab each, ab units (lower is better)",
    "colorfulness": "colourfulness (Hasler and Süsstrunk 2003)",
    "correlation": "its correlation with the truth's, over the pictures (higher is better)",
    "seconds": "seconds a picture",
    "memory": "peak of memory above the loaded process, MiB",
    "seconds_ratio": "seconds, as a multiple of Pillow's",
    "memory_ratio": "peak of memory, as a multiple of Pillow's",
}
_DIGITS = {
    **dict.fromkeys(("ssim", "seconds", "soft_iou", "reach", "leak"), 3),
    **dict.fromkeys(("mosaic", "colorfulness"), 1),
    "memory": 0,
}


def as_text(
    protocol: Protocol, results: dict[str, list[Cell]], models: Sequence[str], *, heading: str
) -> str:
    """Tables of every figure, a row a method, a column an amount of hints."""
    width = max(map(len, (*results, "standard error"))) + 2
    lines = [heading]
    for figure, title in TITLES.items():
        numbers = [n for n, column in enumerate(protocol.columns) if figure in column.figures]
        if not numbers:
            continue
        labels = "".join(f"{protocol.columns[n].label:>9}" for n in numbers)
        lines += ["", title, " " * width + labels]
        for method, cells in results.items():
            values = [cells[n].figures.get(figure) for n in numbers]
            if any(value is not None for value in values):
                lines.append(f"{method:<{width}}" + _row(values, _DIGITS.get(figure, 2)))
        cells = [results[protocol.errors_of][n] for n in numbers]
        if all(cell.figures and cell.column.main == figure for cell in cells):
            errors = [cell.error for cell in cells]
            lines.append(f"{'standard error':<{width}}" + _row(errors, _DIGITS.get(figure, 2)))
    for model in models:
        gained = [gain for gain in gains(_psnr(results), model) if gain is not None]
        if not gained:
            continue
        lines += ["", f"{model}: dB above the better of levin and prior"]
        lines.append(" " * width + "".join(f"{gain:+9.2f}" for gain in gained))
    return "\n".join(lines)


def as_json(
    protocol: Protocol, results: dict[str, list[Cell]], models: Sequence[str], **facts: Any
) -> dict[str, Any]:
    """The same with medians and standard errors, and the facts that make it repeatable."""
    labels = [column.label for column in protocol.columns]
    return {
        "protocol": protocol.name,
        "side": protocol.side,
        **facts,
        "rows": {
            method: {
                label: cell.to_json()
                for label, cell in zip(labels, cells, strict=True)
                if cell.figures
            }
            for method, cells in results.items()
        },
        "above_training_free_db": {
            model: {
                label: round(gain, 4)
                for label, gain in zip(labels, gains(_psnr(results), model), strict=True)
                if gain is not None
            }
            for model in models
        },
    }


def _row(values: Sequence[float | None], digits: int) -> str:
    return "".join(" " * 9 if value is None else f"{value:9.{digits}f}" for value in values)


def _psnr(results: dict[str, list[Cell]]) -> dict[str, list[float | None]]:
    return {row: [cell.figures.get("psnr") for cell in cells] for row, cells in results.items()}
