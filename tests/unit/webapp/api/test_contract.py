"""What the API says of itself: complete, and the same as yesterday unless somebody decided."""

import pytest

from scripts.contract import PATH, contract
from webapp.api.scopes import Scope
from webapp.api.site import api

METHODS = [
    (method, path, operation)
    for path, methods in api.get_openapi_schema()["paths"].items()
    for method, operation in methods.items()
]


def test_the_contract_does_not_change_unnoticed():
    assert PATH.read_text() == contract(), "If that is meant: python -m scripts.contract"


def test_operations_are_named_once():
    names = [operation["operationId"] for _, _, operation in METHODS]
    assert len(set(names)) == len(names)


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
