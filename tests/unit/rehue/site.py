"""The client's way into the site without a server: Django's handler behind httpx."""

import httpx
from django.test import Client as DjangoClient

from rehue import Client


class Handler(httpx.BaseTransport):
    """Answers httpx' requests with the site in this process; ``faults`` come first, one a request.

    A fault is an exception to raise, before or after the site did its work, or a response.
    """

    def __init__(self):
        self.site = DjangoClient(enforce_csrf_checks=True)
        self.faults = []
        self.requested = []

    def handle_request(self, request):
        self.requested.append(request)
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, httpx.Response):
            return fault
        if fault is not None and not getattr(fault, "after", False):
            raise fault
        answer = self._answer(request)
        if fault is not None:
            raise fault
        return answer

    def _answer(self, request):
        body = request.read()
        headers = {
            name: value for name, value in request.headers.items()
            if name not in ("host", "content-length", "cookie", "connection", "accept-encoding")
        }  # fmt: skip
        answer = self.site.generic(
            request.method, request.url.raw_path.decode(), body,
            content_type=request.headers.get("content-type", ""), headers=headers,
        )  # fmt: skip
        content = answer.getvalue() if answer.streaming else answer.content
        kept = [(name, value) for name, value in answer.headers.items()]
        kept += [("Set-Cookie", morsel.OutputString()) for morsel in answer.cookies.values()]
        return httpx.Response(answer.status_code, headers=kept, content=content)


def client_of(token="", handler=None):
    """A client of the site in this process, which never really sleeps; and its handler."""
    handler = handler or Handler()
    waits = []
    http = httpx.Client(transport=handler)
    client = Client("http://testserver", token=token, http=http, sleep=waits.append)
    client.waits = waits
    return client, handler


def lost(after=False):
    """A connection that was lost, before or after the site did its work."""
    error = httpx.ReadError("lost")
    error.after = after
    return error
