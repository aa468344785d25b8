"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from webapp.accounts.views import language
from webapp.api.site import api
from webapp.common.views import about, help_page, privacy
from webapp.gallery.views import index
from webapp.ops.views import healthz, readyz
from webapp.studio.views import photo_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("", index, name="index"),
    path("photos/<uuid:photo_id>", photo_page, name="photo"),
    path("", include("webapp.gallery.urls")),
    path("", include("webapp.shares.urls")),
    path("", include("webapp.palettes.urls")),
    path("about", about, name="about"),
    path("help", help_page, name="help"),
    path("privacy", privacy, name="privacy"),
    path("account/", include("webapp.api.urls")),
    path("account/", include("webapp.webhooks.urls")),
    path("account/", include("webapp.accounts.urls")),
    path("account/", include("webapp.accounts.sign_in_urls")),
    path("batches/", include("webapp.batches.urls")),
    path("dashboard/", include("webapp.staff.urls")),
    path("", include("webapp.models.urls")),
    path("laboratory/", include("webapp.staff.lab.urls")),
    path("api/", api.urls),
    path("i18n/setlang/", language, name="set_language"),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
if settings.CONFIG.metrics:
    urlpatterns.append(path("", include("django_prometheus.urls")))
