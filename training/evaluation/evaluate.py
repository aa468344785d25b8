"""Scoring networks beside the training-free rows, picture by picture, under one protocol."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from colorizer.hints import Controls
from colorizer.samplers import seeded
from training.data.pictures import Picture, read_pictures
from training.evaluation import colorfulness, fixed_hints, fullsize, objects, strokes
from training.evaluation.methods import Method, Subject, load, methods_of
from training.evaluation.protocols import Cell, FixedHints, Protocol

SPLIT = "test"

Play = Callable[[Picture, dict[str, Method]], dict[str, fixed_hints.Played]]


def evaluate(
    protocol: Protocol,
    pictures: Sequence[Picture],
    subjects: Sequence[Subject],
    *,
    controls: Mapping[str, Controls] | None = None,
    processes: int = 1,
    callback: Callable[[int, int], object] | None = None,
) -> dict[str, list[Cell]]:
    """Score the training-free rows and networks: for each row a cell a column of the protocol.

    The figures, all but seconds and memory, do not depend on ``processes``.

    Args:
        protocol: what to measure.
        pictures: on which; all rows see the same ones.
        subjects: networks, each with a name of its own.
        controls: by name, those that each network also colours with, in a row of its own.
        processes: to share the pictures between; a timed protocol takes one.
        callback: called with the number of pictures done and of all whenever one is done; what it
            raises ends the evaluation.

    Raises:
        ModelError: a network cannot be loaded.
        DataError: a picture is damaged.
    """
    play = partial(_play, protocol, tuple(subjects), dict(controls or {}))
    played = []
    for rows in _spread(play, pictures, 1 if protocol.timed else processes):
        played.append(rows)
        if callback is not None:
            callback(len(played), len(pictures))
    return {
        row: [
            Cell.of(column, [rows[row][n] for rows in played])
            for n, column in enumerate(protocol.columns)
        ]
        for row in played[0]
    }


def pictures_for(protocol: Protocol, sources: Sequence[Path], limit: int | None) -> list[Picture]:
    """Read the pictures that a protocol is played on; of a prepared data set its test split.

    Raises:
        DataError: a source cannot be read, or has no picture that will do.
    """
    pictures = read_pictures(sources, SPLIT)
    if protocol.name == "fullsize":
        pictures = fullsize.with_colors(pictures)
    return choose(pictures, limit)


def choose(pictures: Sequence[Picture], limit: int | None) -> list[Picture]:
    """A limited number of pictures, spread over all sources, always the same ones."""
    if limit is None or limit >= len(pictures):
        return list(pictures)
    return sorted(pictures, key=lambda picture: seeded("limit", picture.name).random())[:limit]


def _spread(
    play: Callable[[Picture], dict[str, fixed_hints.Played]],
    pictures: Sequence[Picture],
    processes: int,
) -> Iterator[dict[str, fixed_hints.Played]]:
    """Play every picture, in order."""
    if processes == 1:
        try:
            yield from map(play, pictures)
        finally:
            load.cache_clear()
        return
    # Fresh processes: a fork would inherit the locks of the runtimes' threads.
    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"))
    try:
        yield from pool.map(play, pictures)
    finally:
        pool.shutdown(cancel_futures=True)


def _play(
    protocol: Protocol,
    subjects: Sequence[Subject],
    controls: Mapping[str, Controls],
    picture: Picture,
) -> dict[str, fixed_hints.Played]:
    return _player(protocol)(picture, methods_of(subjects, protocol.training_free, controls))


def _player(protocol: Protocol) -> Play:
    if isinstance(protocol, FixedHints):
        return partial(fixed_hints.play, protocol)
    players: dict[str, Play] = {
        "strokes": strokes.play,
        "objects": objects.play,
        "colorfulness": colorfulness.play,
        "fullsize": fullsize.play,
    }
    return players[protocol.name]
