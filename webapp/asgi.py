"""The site as an ASGI application: pages and API, websockets, and the embedded worker's life."""

from __future__ import annotations

import os

from webapp.common.threads import limit_threads

limit_threads()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.settings")

from django.core.asgi import get_asgi_application  # noqa: E402  (after the two lines above)

pages = get_asgi_application()

# What follows needs Django's applications to be loaded.
from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import WebsocketDenier  # noqa: E402
from django.urls import re_path  # noqa: E402

from webapp.api.bodylimit import BodyLimit  # noqa: E402
from webapp.batches import routing as batches  # noqa: E402
from webapp.common.websocket.origin import SameOrigin  # noqa: E402
from webapp.gallery import routing as gallery  # noqa: E402
from webapp.ops.lifespan import Lifespan  # noqa: E402
from webapp.staff import routing as staff  # noqa: E402
from webapp.studio import routing as studio  # noqa: E402

sockets = SameOrigin(
    AuthMiddlewareStack(
        URLRouter(
            [
                *gallery.websocket_urlpatterns,
                *studio.websocket_urlpatterns,
                *batches.websocket_urlpatterns,
                *staff.websocket_urlpatterns,
                re_path(r"", WebsocketDenier.as_asgi()),
            ]
        )
    )
)
application = Lifespan(ProtocolTypeRouter({"http": BodyLimit(pages), "websocket": sockets}))
