"""How far models are above what needs no training, in the figures that count.

``python -m benchmarks.quality --data TEST.tar [--limit 200]`` plays the protocols ``report``,
``points`` and ``strokes`` (docs/reference/protocols.md) and prints, for each model, the PSNR above
the better of ``levin`` and ``prior`` (above ``grey`` without hints), the strokes to 28 dB as a
share of what ``prior`` needs, and how far each model is from the first one named.
"""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from colorizer.models import SHIPPED
from training.evaluation.evaluate import evaluate, pictures_for
from training.evaluation.methods import name_apart, open_subject
from training.evaluation.protocols import PROTOCOLS, Cell

REPORT, POINTS = ("mean",), ("@0", "@1", "@2", "@5", "@10", "@20", "@50", "@100", "@200")
GOAL = "28 dB"

Rows = dict[str, list[Cell]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="test pictures")
    parser.add_argument("--model", type=Path, nargs="*", default=[SHIPPED], help="model folders")
    parser.add_argument("--limit", type=int, help="score this many pictures only")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    subjects = name_apart([open_subject(path) for path in options.model])
    models = [subject.name for subject in subjects]
    played: dict[str, Rows] = {}
    for name in ("report", "points", "strokes"):
        protocol = PROTOCOLS[name]
        pictures = pictures_for(protocol, options.data, options.limit)
        played[name] = evaluate(protocol, pictures, subjects, processes=options.processes)
        print(f"{name}: {len(pictures)} pictures, {protocol.about}", flush=True)
        print_rows(played[name], "strokes" if name == "strokes" else "psnr")
    print("\ndB above the better of levin and prior (above grey at @0), and strokes to 28 dB")
    print(f"{'':16}" + "".join(f"{label:>8}" for label in (*REPORT, *POINTS, "strokes")))
    first: list[float] = []
    for model in ("kriging", *models):
        figures = summary(played, model)
        print(f"{model:16}" + "".join(f"{value:+8.2f}" for value in figures))
        if model in models[1:]:
            behind = [value - best for value, best in zip(figures, first, strict=True)]
            print(f"{'  to the first':16}" + "".join(f"{value:+8.2f}" for value in behind))
        elif model in models:
            first = figures


def summary(played: dict[str, Rows], model: str) -> list[float]:
    """The gain in each column that counts; last, strokes as a share of the prior's."""
    report = [above(played["report"], model, label) for label in REPORT]
    points = [above(played["points"], model, label) for label in POINTS]
    strokes = [figure(played["strokes"], row, GOAL, "strokes") for row in (model, "prior")]
    return [*report, *points, strokes[0] / strokes[1]]


def above(rows: Rows, model: str, label: str) -> float:
    """PSNR above the better of ``levin`` and ``prior``, which are ``grey`` without hints."""
    rivals = [figure(rows, row, label) for row in ("levin", "prior")]
    return figure(rows, model, label) - max(rivals)


def figure(rows: Rows, row: str, label: str, key: str = "psnr") -> float:
    """One figure of a table."""
    cell = next(cell for cell in rows[row] if cell.column.label == label)
    return cell.figures[key]


def print_rows(rows: Rows, key: str) -> None:
    """Every row in the columns that have a figure, with the standard errors of ``prior``."""
    numbers = [n for n, cell in enumerate(rows["prior"]) if key in cell.figures]
    columns = [rows["prior"][n].column.label for n in numbers]
    print(f"{'':16}" + "".join(f"{label:>8}" for label in columns))
    for name, cells in rows.items():
        print_line(name, [cells[n].figures[key] for n in numbers])
    print_line("standard error", [rows["prior"][n].error for n in numbers])


def print_line(name: str, values: Sequence[float]) -> None:
    """A row of figures."""
    print(f"{name:16}" + "".join(f"{value:8.2f}" for value in values), flush=True)


if __name__ == "__main__":
    main()
