"""Files of figures: what runs and searches found, to be shown where their weights are not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,48}$"
Name = Annotated[str, Field(pattern=NAME)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class FiguresError(Exception):
    """A file of figures cannot be read or written; the message says why."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RunFigures(_Part):
    """A run: its recipe, how it went, and what was measured on the way."""

    name: Name
    recipe: dict[str, Any]
    data: list[str]
    val: list[str] = []
    device: str = "cpu"
    steps: Annotated[int, Field(ge=0)]
    seconds: Annotated[float, Field(ge=0)]
    best: dict[str, float] = {}
    measurements: list[tuple[int, dict[str, float]]] = []


class SearchFigures(_Part):
    """A search: where its trials started from, their table, and Optuna's plots as SVG."""

    name: Name
    recipe: dict[str, Any]
    data: list[str]
    val: list[str] = []
    pictures: int | None = None
    seconds: Annotated[float, Field(ge=0)]
    trials: list[dict[str, Any]]
    csv: str = ""
    plots: dict[str, dict[Literal["light", "dark"], str]] = {}


class ScoreFigures(_Part):
    """A row of a protocol's table; ``run`` names one in the same file, if it is of one."""

    protocol: str
    method: Annotated[str, Field(min_length=1, max_length=100)]
    run: Name | None = None
    subject_sha256: Sha256 | Literal[""] = ""
    data: Annotated[str, Field(max_length=200)]
    data_sha256: Sha256
    pictures: Annotated[int, Field(ge=1)]
    hints_seed: Annotated[str, Field(max_length=100)]
    code_version: Annotated[str, Field(max_length=60)]
    figures: list[dict[str, Any]]
    seconds: Annotated[float, Field(ge=0)]


class FigureFile(_Part):
    """A whole file; ``about`` says where and how its figures were made."""

    kind: Literal["rehue-figures"] = "rehue-figures"
    format: Literal[1] = 1
    about: str = ""
    runs: list[RunFigures] = []
    searches: list[SearchFigures] = []
    scores: list[ScoreFigures] = []


def read_figures(path: Path) -> FigureFile:
    """Read and check a file of figures.

    Raises:
        FiguresError: it is missing, damaged, of another kind, or of a later format.
    """
    try:
        read = FigureFile.model_validate_json(path.read_bytes())
    except OSError as error:
        raise FiguresError(f"{path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise FiguresError(f"{path} holds no figures: {where}: {first['msg']}.") from error
    known = {run.name for run in read.runs}
    if missing := {score.run for score in read.scores if score.run} - known:
        raise FiguresError(f"{path}: scores are of runs it has not: {', '.join(missing)}.")
    return read


def write_figures(path: Path, figures: FigureFile) -> None:
    """Write a file of figures.

    Raises:
        FiguresError: it cannot be written.
    """
    try:
        path.write_text(figures.model_dump_json(indent=1) + "\n")
    except OSError as error:
        raise FiguresError(f"{path} cannot be written: {error.strerror}.") from error
