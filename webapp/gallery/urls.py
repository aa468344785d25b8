"""The pages of the app library."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from webapp.gallery.views import card, gallery

app_name = "library"
urlpatterns: list[URLPattern | URLResolver] = [
    path("photos", gallery, name="gallery"),
    path("photos/<uuid:photo_id>/card", card, name="card"),
]
