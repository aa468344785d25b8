"""The API's description: what ninja knows, and what all operations have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from webapp.api.examples import ANSWERS, BODIES
from webapp.api.idempotency import HEADER
from webapp.common.operations import Declaration, declaration_of
from webapp.common.problems import CONTENT_TYPE, PROBLEM_SCHEMA

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
        "name": "rehue_session",
        "description": "A browser's session, of a user or a guest. What changes something needs "
        "the header X-CSRFToken too, with the value of the cookie rehue_csrf. "
        "With HTTPS both cookies' names begin with __Host-.",
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
    507: "The site has no room left.",
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
        declared = {
            self.get_openapi_operation_id(operation): declaration_of(operation.view_func)
            for _, operation in self.operations()
        }
        for methods in schema["paths"].values():
            for method, operation in methods.items():
                _complete(operation, method.upper(), declared[operation["operationId"]])
        return schema

    def operations(self) -> Iterator[tuple[str, Operation]]:
        """Yield every operation, with its path as Django's routes have it."""
        for _, router in self._routers:
            for path, view in router.path_operations.items():
                route = path.replace("{", "<").replace("}", ">")
                yield from ((route, operation) for operation in view.operations)


def _complete(operation: dict[str, Any], method: str, declared: Declaration) -> None:
    scope = str(declared.scope)
    operation["security"] = [{}, {"Session": []}, {"Token": [scope]}]
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
    for status in _errors_of(operation, method, declared):
        responses.setdefault(status, {"$ref": f"#/components/responses/Problem{status}"})
    responses["default"] = _problem("Another error.")


def _errors_of(operation: dict[str, Any], method: str, declared: Declaration) -> list[int]:
    """Return the statuses that an operation can fail with: all operations', and its own."""
    found = {401, 403, 422, 429, *declared.errors}
    if "requestBody" in operation:
        found |= {400, 413}
    if method == "POST":  # it may carry an Idempotency-Key
        found |= {400, 409}
    if declared.admission:
        found |= {503}
    return sorted(found)


def _problem(words: str) -> dict[str, Any]:
    content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": words, "content": content}
