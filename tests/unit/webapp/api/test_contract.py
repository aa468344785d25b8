"""What the API says of itself: complete, and the same as yesterday unless somebody decided."""

import re

import pytest
from ninja import Schema
from pydantic import create_model

from scripts.contract import PATH, contract
from webapp.api.site import api
from webapp.common.operations import Scope, declaration_of

METHODS = [
    (method, path, operation)
    for path, methods in api.get_openapi_schema()["paths"].items()
    for method, operation in methods.items()
]


def test_the_contract_does_not_change_unnoticed():
    assert PATH.read_text() == contract(), "If that is meant: python -m scripts.contract"


def test_every_operation_declares_what_it_takes():
    without = [
        path
        for path, operation in api.operations()
        if not hasattr(operation.view_func, "declaration")
    ]
    assert without == []


def test_reading_needs_no_right_to_write():
    wrong = [
        (method, path)
        for path, operation in api.operations()
        for method in operation.methods
        if method in ("GET", "HEAD")
        and not declaration_of(operation.view_func).scope.endswith(":read")
    ]
    assert wrong == []


def test_operations_are_named_once():
    names = [operation["operationId"] for _, _, operation in METHODS]
    assert len(set(names)) == len(names)


def schemas(of=Schema):
    """All the API's schemas, under the names that its description has for them."""
    for one in of.__subclasses__():
        yield re.sub(r"\W", "_", one.__name__), one
        yield from schemas(one)


def contents():
    """What is sent and answered as JSON or as a form: the operation, and the content."""
    for method, path, operation in METHODS:
        sent = operation.get("requestBody", {}).get("content", {})
        answered = [
            content
            for status, response in operation["responses"].items()
            if str(status).startswith("2")
            for content in response.get("content", {}).values()
        ]
        for kind, content in sent.items():
            if kind != "multipart/form-data":
                yield f"{method} {path}", content
        for content in answered:
            yield f"{method} {path}", content


@pytest.mark.parametrize(("what", "content"), list(contents()), ids=lambda one: str(one)[:40])
def test_what_is_sent_and_answered_has_an_example_that_fits(what, content):
    example = content["example"]
    name = content["schema"].get("$ref", "/ArchiveIn").rsplit("/", 1)[-1]
    fields = dict(schemas())[name].model_fields
    assert set(example) <= set(fields), "it has what nobody knows"
    # Without what reads a schema's values off rows.
    plain = create_model(name, **{key: (field.annotation, field) for key, field in fields.items()})
    assert plain.model_validate(example)


@pytest.mark.parametrize(("method", "path", "operation"), METHODS, ids=lambda one: str(one)[:40])
def test_an_operation_is_described(method, path, operation):
    assert operation["summary"]
    assert operation["description"]
    assert operation["tags"]
    # With a session, as a guest, or with a token of the one scope that it needs.
    (scope,) = [scope for way in operation["security"] for scope in way.get("Token", [])]
    assert scope in Scope.values
    assert {"401", "403", "422", "429", "default"} <= set(map(str, operation["responses"]))
    if "{" in path:
        assert 404 in operation["responses"]
    if method == "post":
        assert "Idempotency-Key" in [one["name"] for one in operation["parameters"]]
