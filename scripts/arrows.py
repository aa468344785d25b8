"""Count what points the wrong way: imports up the floors, and circles, by room and by file.

``python -m scripts.arrows`` reads the order of the rooms from the ``layers`` contracts in
``pyproject.toml``, prints every arrow up and every circle, and fails if there is one.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("webapp", "training", "colorizer")

Graph = Mapping[str, set[str]]


def floors(package: str) -> dict[str, int]:
    """Return on which floor each room of ``package`` stands, the lowest being 0."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for contract in settings["tool"]["importlinter"]["contracts"]:
        if contract["type"] == "layers" and contract.get("containers") == [package]:
            layers = [layer.replace("(", "").replace(")", "") for layer in contract["layers"]]
            return {
                f"{package}.{room.strip()}": floor
                for floor, layer in enumerate(reversed(layers))
                for room in layer.replace("|", ":").split(":")
            }
    return {}


def files_of(package: str) -> dict[str, set[str]]:
    """Return which modules of ``package`` each of its modules imports."""
    graph = grimp.build_graph(package, cache_dir=None)
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def rooms_of(files: Graph) -> dict[str, set[str]]:
    """Return which rooms each room imports; the package's own ``__init__`` is no room."""
    rooms: dict[str, set[str]] = {}
    for module, others in files.items():
        for other in others:
            one, two = _room(module), _room(other)
            if one and two and one != two:
                rooms.setdefault(one, set()).add(two)
    return rooms


def arrows_up(imports: Graph, order: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Yield every import of something that stands higher, or beside it on the same floor."""
    for module, others in sorted(imports.items()):
        for other in sorted(others):
            one, two = order.get(_room(module)), order.get(_room(other))
            if one is not None and two is not None and _room(module) != _room(other) and one <= two:
                yield module, other


def circles(imports: Graph) -> list[list[str]]:
    """Return the groups of modules that reach each other (Tarjan's algorithm, iterative)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    waiting: list[str] = []
    found: list[list[str]] = []
    for root in sorted(imports):
        if root in index:
            continue
        path: list[tuple[str, Iterator[str]]] = []
        _enter(root, imports, index, low, waiting, path)
        while path:
            module, others = path[-1]
            other = next(others, None)
            if other is None:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[module])
                if low[module] == index[module]:
                    group = waiting[waiting.index(module) :]
                    del waiting[waiting.index(module) :]
                    if len(group) > 1:
                        found.append(sorted(group))
            elif other not in index:
                _enter(other, imports, index, low, waiting, path)
            elif other in waiting:
                low[module] = min(low[module], index[other])
    return found


def _enter(
    module: str,
    imports: Graph,
    index: dict[str, int],
    low: dict[str, int],
    waiting: list[str],
    path: list[tuple[str, Iterator[str]]],
) -> None:
    index[module] = low[module] = len(index)
    waiting.append(module)
    path.append((module, iter(sorted(imports.get(module, ())))))


def _room(module: str) -> str:
    return ".".join(module.split(".")[:2]) if "." in module else ""


def _shown(title: str, lines: Iterable[str]) -> int:
    lines = list(lines)
    print(f"  {title}: {len(lines)}")
    for line in lines:
        print(f"    {line}")
    return len(lines)


def main() -> int:
    """Print what points the wrong way in each package; return 1 if anything does."""
    wrong = 0
    for package in PACKAGES:
        files = files_of(package)
        rooms, order = rooms_of(files), floors(package)
        print(f"{package}: {len(files)} files, {len(order) or 'none'} on floors")
        wrong += _shown("arrows up by room", map(" -> ".join, arrows_up(rooms, order)))
        wrong += _shown("arrows up by file", map(" -> ".join, arrows_up(files, order)))
        wrong += _shown("circles by room", map(", ".join, circles(rooms)))
        wrong += _shown("circles by file", map(", ".join, circles(files)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
