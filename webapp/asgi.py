"""The site as an ASGI application: pages and API, websockets, and the embedded worker's life."""

from __future__ import annotations

import os

from webapp.runtime.threads import limit_threads

limit_threads()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.settings")

from django.core.asgi import get_asgi_application  # noqa: E402  (after the two lines above)

pages = get_asgi_application()

# What follows needs Django's applications to be loaded.
from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import (  # noqa: E402
    AllowedHostsOriginValidator,
    WebsocketDenier,
)
from django.urls import re_path  # noqa: E402

from webapp.batches import routing as batches  # noqa: E402
from webapp.bodylimit import BodyLimit  # noqa: E402
from webapp.library import routing as library  # noqa: E402
from webapp.realtime import routing as realtime  # noqa: E402
from webapp.runtime.lifespan import Lifespan  # noqa: E402
from webapp.studio import routing as studio  # noqa: E402

sockets = AllowedHostsOriginValidator(
    AuthMiddlewareStack(
        URLRouter(
            [
                *library.websocket_urlpatterns,
                *studio.websocket_urlpatterns,
                *batches.websocket_urlpatterns,
                *realtime.websocket_urlpatterns,
                re_path(r"", WebsocketDenier.as_asgi()),
            ]
        )
    )
)
application = Lifespan(ProtocolTypeRouter({"http": BodyLimit(pages), "websocket": sockets}))
