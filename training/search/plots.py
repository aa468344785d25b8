"""Optuna's own plots of a study, for light and for dark pages."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import matplotlib as mpl
import numpy as np
import optuna
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.colors import Colormap, LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator
from optuna.trial import TrialState
from optuna.visualization import matplotlib as optuna_plots

PSNR = "PSNR in dB"
SIZE = (8.0, 4.8)
RATES = (1e-4, 2e-4, 5e-4, 1e-3)
ROOM_FOR_NAMES = 0.06
"""By which the scale of a parallel plot moves aside, as a share of the figure's width."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours that are told apart by colour-blind readers, and seen on the page's paper.

    Attributes:
        ink: of text and axes.
        line: of the grid.
        mark: of points and bars (Okabe and Ito's blue).
        best: of the line of the best so far (their orange).
        shades: part of the map "cividis" that stands out from the paper; more is stronger.
    """

    ink: str
    line: str
    mark: str
    best: str
    shades: tuple[float, float]

    def colors(self) -> Colormap:
        """Colours for values from low to high."""
        shades = mpl.colormaps["cividis"](np.linspace(*self.shades, 256))
        return LinearSegmentedColormap.from_list("shades", shades)


THEMES = {
    "light": Theme("#1d1c1a", "#d8d5d0", "#0072b2", "#d55e00", (0.65, 0.0)),
    "dark": Theme("#efece7", "#3a3937", "#56b4e9", "#e69f00", (0.45, 1.0)),
}


def _history(study: optuna.Study) -> Axes:
    axes = optuna_plots.plot_optimization_history(study, target_name=PSNR)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    return axes


def _importances(study: optuna.Study) -> Axes:
    evaluator = optuna.importance.PedAnovaImportanceEvaluator()
    axes = optuna_plots.plot_param_importances(study, evaluator=evaluator)
    if legend := axes.get_legend():
        legend.remove()  # its only entry is what the title says
    return axes


def _slices(study: optuna.Study) -> Axes:
    slices = cast(Sequence[Axes], optuna_plots.plot_slice(study, target_name=PSNR))
    for axes in slices:
        if axes.get_xscale() == "log":
            axes.set_xticks(RATES, [f"{rate:g}" for rate in RATES])
            axes.minorticks_off()
    return slices[0]


def _parallel(study: optuna.Study) -> Axes:
    axes = optuna_plots.plot_parallel_coordinate(study, target_name=PSNR)
    for label in axes.get_xticklabels():
        label.set_horizontalalignment("left")
    _, scale, *_ = _figure_of(axes).axes
    scale.set_position(scale.get_position().translated(ROOM_FOR_NAMES, 0))
    return axes


def _epochs(study: optuna.Study) -> Axes:
    axes = optuna_plots.plot_intermediate_values(study)
    axes.set(xlabel="Epoch", ylabel=PSNR)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    return axes


PLOTS: dict[str, Callable[[optuna.Study], Axes]] = {
    "history": _history,
    "importances": _importances,
    "slice": _slices,
    "parallel": _parallel,
    "epochs": _epochs,
}


def draw_plots(study: optuna.Study) -> dict[str, dict[str, bytes]]:
    """Draw what Optuna shows of a study.

    Returns:
        For each plot its SVG without a background, ``light`` and ``dark``; nothing before two
        trials with different values are complete.
    """
    complete = study.get_trials(deepcopy=False, states=[TrialState.COMPLETE])
    if len({trial.value for trial in complete}) < 2:
        return {}
    plt.switch_backend("agg")
    return {name: _draw(study, plot) for name, plot in PLOTS.items()}


def _draw(study: optuna.Study, plot: Callable[[optuna.Study], Axes]) -> dict[str, bytes]:
    # Optuna sets a style of its own for the whole process, calls its plots experimental, and has
    # matplotlib warn of axes without extent where all trials share a value.
    with warnings.catch_warnings(), plt.rc_context({"figure.figsize": SIZE}):
        warnings.simplefilter("ignore")
        figure = _figure_of(plot(study))
        try:
            return {name: _svg(figure, theme) for name, theme in THEMES.items()}
        finally:
            plt.close(figure)


def _figure_of(axes: Axes) -> Figure:
    return cast(Figure, axes.get_figure(root=True))


def _svg(figure: Figure, theme: Theme) -> bytes:
    for axes in figure.axes:
        _paint(axes, theme)
    for text in figure.findobj(Text):
        text.set_color(theme.ink)
    file = io.BytesIO()
    figure.savefig(
        file, format="svg", transparent=True, bbox_inches="tight", metadata={"Date": None}
    )
    return file.getvalue()


def _paint(axes: Axes, theme: Theme) -> None:
    axes.tick_params(which="both", color=theme.ink, labelcolor=theme.ink)
    for spine in axes.spines.values():
        spine.set_edgecolor(theme.ink)
    for line in (*axes.get_xgridlines(), *axes.get_ygridlines()):
        line.set_color(theme.line)
    for bar in axes.patches:
        bar.set_facecolor(theme.mark)
    for marks in axes.collections:
        _paint_marks(marks, theme)
    if legend := axes.get_legend():
        legend.get_frame().set_facecolor("none")
        legend.get_frame().set_edgecolor(theme.line)
    _paint_lines(axes, theme)


def _paint_marks(marks: Collection, theme: Theme) -> None:
    if marks.get_array() is None:
        marks.set_color(theme.mark)
    else:
        marks.set_cmap(theme.colors())


def _paint_lines(axes: Axes, theme: Theme) -> None:
    """One line is of the best so far; many are of trials, the later the stronger."""
    colors = theme.colors()
    many = len(axes.lines) > 1
    for place, line in enumerate(axes.lines):
        line.set_color(colors(place / (len(axes.lines) - 1)) if many else theme.best)
        line.set_alpha(1.0)
    if legend := axes.get_legend():
        for handle, line in zip(legend.get_lines(), axes.lines, strict=False):
            handle.set_color(line.get_color())
            handle.set_alpha(1.0)
