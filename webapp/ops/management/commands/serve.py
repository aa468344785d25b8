"""``manage.py serve``: the whole site in this process, from an empty folder to an answer."""

from __future__ import annotations

import socket
import sys
from contextlib import suppress
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from webapp.ops.embedded import EmbeddedError, hold_folder
from webapp.ops.server import configuration


class _Server(uvicorn.Server):
    """Uvicorn, which tells people where to look once it answers."""

    async def startup(self, sockets: Any = None) -> None:
        """Start listening and say so."""
        await super().startup(sockets=sockets)
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            sys.stdout.write(f"Rehue is ready: http://{shown}:{port}\n")
            sys.stdout.flush()


class Command(BaseCommand):
    """Prepare what is missing, then serve until Ctrl-C."""

    help = "Serve the site on HOST:PORT with its own worker; nothing else needs to run."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare and serve."""
        if not settings.EMBEDDED:
            raise CommandError(
                "serve runs everything in one process, which REDIS_URL rules out; "
                "`manage.py scaleout` starts web and worker processes.",
                returncode=2,
            )
        try:
            hold_folder().close()
        except EmbeddedError as error:
            raise CommandError(str(error), returncode=2) from None
        with bound_socket(settings.CONFIG.host, settings.CONFIG.port) as listener:
            call_command("prepare")
            server = _Server(configuration(port=settings.CONFIG.port))
            # Where Ctrl-C was ignored for the whole shell job, uvicorn ends without raising it.
            with suppress(KeyboardInterrupt):
                server.run(sockets=[listener])
            if server.started:
                self.stdout.write("Rehue has stopped.")


def bound_socket(host: str, port: int) -> socket.socket:
    """Take the address before any work is done, so that a taken one is told at once."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        raise CommandError(
            f"{host}:{port} cannot be used ({error.strerror}). Choose another port: PORT=8001.",
            returncode=2,
        ) from None
    return listener
