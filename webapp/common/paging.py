"""Lists of the API in one shape: some of the items, and how many there are in all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import QuerySet
from ninja import Query, Schema
from pydantic import Field

MAX_ITEMS = 100
Item = TypeVar("Item")
Row = TypeVar("Row")

Limit = Annotated[int, Query(ge=1, le=MAX_ITEMS, description="How many items at most.")]
Offset = Annotated[int, Query(ge=0, le=1_000_000, description="How many to pass over first.")]


class Page(Schema, Generic[Item]):
    """Some of the items, from ``offset`` on, and how many there are in all."""

    items: list[Item]
    count: Annotated[int, Field(ge=0)]


def page_of(
    rows: QuerySet[Any] | Sequence[Row],
    serialize: Callable[[Any], Item],
    *,
    limit: int,
    offset: int,
) -> dict[str, Any]:
    """Return one page of ``rows``, each as ``serialize`` shows it."""
    count = rows.count() if isinstance(rows, QuerySet) else len(rows)
    return {"items": [serialize(row) for row in rows[offset : offset + limit]], "count": count}
