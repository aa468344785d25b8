"""The API's documentation as a page of the site, drawn from its OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

Schema = Mapping[str, Any]

METHODS = ("options", "head", "get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Field:
    """A parameter, a field of a body, or an answer by its status."""

    name: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True)
class Operation:
    """One method at one address."""

    anchor: str
    method: str
    path: str
    summary: str
    description: tuple[str, ...]
    scope: str
    deprecated: bool
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    responses: tuple[Field, ...]


class SitePage(DocsBase):
    """``/api/docs`` in the site's own frame: readable on a phone, and without scripts."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **_: Any) -> HttpResponse:
        """Show every operation, by subject."""
        document = api.get_openapi_schema()
        return render(request, "api/docs.html", {"groups": groups(document)})


def groups(document: Schema) -> dict[str, list[Operation]]:
    """Return the operations of an OpenAPI document by their first tag, in its order."""
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                operation = methods[method]
                tag = (operation.get("tags") or ["api"])[0]
                found.setdefault(tag, []).append(_read(path, method, operation, document))
    return found


def sentences(document: Schema) -> Iterator[str]:
    """Yield what the page says in sentences, in English; some of them more than once."""
    for tag, operations in groups(document).items():
        yield tag.capitalize()
        for operation in operations:
            yield operation.summary
            yield from operation.description
            fields = (*operation.parameters, *operation.body, *operation.responses)
            yield from (field.description for field in fields)


def _read(path: str, method: str, operation: Schema, document: Schema) -> Operation:
    return Operation(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        description=_paragraphs(operation.get("description", "").partition("\n\nScope: ")[0]),
        scope=next((way["Token"][0] for way in operation["security"] if "Token" in way), ""),
        deprecated=operation.get("deprecated", False),
        parameters=tuple(
            Field(
                parameter["name"],
                kind_of(parameter.get("schema", {})),
                parameter.get("required", False),
                _words(parameter) or _words(parameter.get("schema", {})),
            )
            for parameter in operation.get("parameters", [])
        ),
        body=tuple(_fields(operation.get("requestBody", {}), document)),
        responses=tuple(
            _answer(str(status), _resolve(operation["responses"][status], document))
            for status in sorted(operation["responses"], key=str)
        ),
    )


def _answer(status: str, answer: Schema) -> Field:
    """Return what is answered with a status; the protocol's own phrase says nothing more."""
    phrase = HTTPStatus(int(status)).phrase if status.isdigit() else ""
    words = _words(answer)
    made = answer.get("content", {}).get("application/json", {}).get("schema")
    return Field(status, kind_of(made) if made else "", False, "" if words == phrase else words)


def _fields(body: Schema, document: Schema) -> Iterator[Field]:
    for content in body.get("content", {}).values():
        schema = _resolve(content.get("schema", {}), document)
        required = schema.get("required", [])
        for name, value in schema.get("properties", {}).items():
            yield Field(name, kind_of(value), name in required, _words(value))


def _resolve(part: Schema, document: Schema) -> Schema:
    """Return what ``part`` refers to, where it only says where that stands."""
    if "$ref" not in part:
        return part
    _, components, kind, name = part["$ref"].split("/")
    found: Schema = document[components][kind][name]
    return found


def _paragraphs(text: str) -> tuple[str, ...]:
    """Return a docstring's paragraphs, each on one line, however long its lines were."""
    return tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip())


def _words(schema: Schema) -> str:
    return str(schema.get("description", ""))


def _name(reference: str) -> str:
    return reference.rsplit("/", 1)[-1]


def kind_of(schema: Schema) -> str:
    """Say in short what a JSON schema takes, in no language.

    >>> kind_of({"type": "array", "items": {"type": "string", "format": "uuid"}})
    'uuid[]'
    >>> kind_of({"anyOf": [{"type": "integer"}, {"type": "null"}]})
    'integer'
    >>> kind_of({"enum": ["png", "jpeg"]})
    'png, jpeg'
    """
    if "$ref" in schema:
        return _name(schema["$ref"])
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return " | ".join(kind_of(one) for one in choices if one.get("type") != "null")
    if schema.get("type") == "array":
        return f"{kind_of(schema.get('items', {}))}[]"
    return str(schema.get("format") or schema.get("type") or "any")
