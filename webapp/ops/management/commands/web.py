"""``manage.py web``: a web process of the scale-out profile."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from webapp.ops.server import configuration


class Command(BaseCommand):
    """Serve pages, API and websockets; workers and the clock are other processes."""

    help = "Serve HTTP on HOST:PORT until asked to stop; needs DATABASE_URL and REDIS_URL."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say where several web processes of one machine listen."""
        parser.add_argument("--port", type=int, default=settings.CONFIG.port, help="not PORT")

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve."""
        if settings.EMBEDDED:
            raise CommandError("Without REDIS_URL it is `manage.py serve`.", returncode=2)
        server = uvicorn.Server(configuration(port=options["port"]))
        with suppress(KeyboardInterrupt):
            server.run()
        if not server.started:
            raise CommandError("The web process did not start.", returncode=3)
