"""The library room's pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from webapp.library.gallery import card, gallery

app_name = "library"
urlpatterns: list[URLPattern | URLResolver] = [
    path("photos", gallery, name="gallery"),
    path("photos/<uuid:photo_id>/card", card, name="card"),
]
