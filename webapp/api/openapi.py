"""The API's description: what ninja knows, and what all operations have in common."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from webapp.api.examples import ANSWERS, BODIES
from webapp.api.idempotency import HEADER
from webapp.api.scopes import scope_of
from webapp.problems import CONTENT_TYPE, PROBLEM_SCHEMA

_KEY = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Sent again with the same key, the request is answered again and done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
_SECURITY = {
    "Session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "sessionid",
        "description": "A browser's session, of a user or a guest. What changes something needs "
        "the header X-CSRFToken too, with the value of the cookie csrftoken.",
    },
    "Token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "rehue_...",
        "description": "A personal token, made on the page /account/tokens.",
    },
}
_WORDS = {
    400: "The request cannot be read.",
    401: "Who calls is not known: sign in, or show a valid token.",
    403: "The CSRF token is missing, or the token lacks the scope.",
    404: "There is nothing here, or it is not yours.",
    409: "Something stands against it as it is now.",
    412: "The client speaks another version of tus.",
    413: "Too large.",
    415: "Not a kind of content that is taken.",
    422: "Some of the values are not valid.",
    429: "Too much: a rate limit, with Retry-After, or a quota.",
    503: "The site cannot do this at the moment.",
}


class RehueAPI(NinjaAPI):
    """The API, described with its errors, its scopes, and the ways to say who calls."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return the operation's name: that of its function."""
        return operation.view_func.__name__

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Return the description, completed."""
        schema = super().get_openapi_schema(**options)
        components = schema["components"]
        components["schemas"]["Problem"] = PROBLEM_SCHEMA
        components["securitySchemes"] = _SECURITY
        components["responses"] = {
            f"Problem{status}": _problem(words) for status, words in _WORDS.items()
        }
        for path, methods in schema["paths"].items():
            for method, operation in methods.items():
                _complete(operation, method.upper(), path)
        return schema


def _complete(operation: dict[str, Any], method: str, path: str) -> None:
    scope = scope_of(method, path)
    session: dict[str, list[str]] = {"Session": []}
    operation["security"] = [{}, session]
    if scope is not None:
        operation["security"].append({"Token": [str(scope)]})
        operation["description"] = f"{operation.get('description', '')}\n\nScope: `{scope}`."
    for content in operation.get("requestBody", {}).get("content", {}).values():
        if operation["operationId"] in BODIES:
            content["example"] = BODIES[operation["operationId"]]
    for response in operation["responses"].values():
        for content in response.get("content", {}).values():
            name = content["schema"].get("$ref", "").rsplit("/", 1)[-1]
            if name in ANSWERS:
                content["example"] = ANSWERS[name]
    if method == "POST":
        operation.setdefault("parameters", []).append(_KEY)
    responses = operation["responses"]
    for status in _errors_of(operation, method, path):
        responses.setdefault(status, {"$ref": f"#/components/responses/Problem{status}"})
    responses["default"] = _problem("Another error.")


def _errors_of(operation: dict[str, Any], method: str, path: str) -> list[int]:
    """Return the statuses that an operation can fail with, by what it is like."""
    found = {401, 403, 422, 429}
    body = operation.get("requestBody", {}).get("content", {})
    if body:
        found |= {400, 413}
    if "multipart/form-data" in body:
        found |= {415}
    if "{" in path:
        found |= {404}
    if method == "POST":
        found |= {400, 409}
    if method in ("POST", "PUT"):
        found |= {409, 503}
    if path.startswith("/api/uploads"):
        found |= {412}
    return sorted(found)


def _problem(words: str) -> dict[str, Any]:
    content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": words, "content": content}
