"""The links' pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from webapp.shares import views

app_name = "shares"
urlpatterns: list[URLPattern] = [
    path("s/<str:token>", views.share_page, name="share"),
    path("s/<str:token>/<str:which>.jpg", views.share_picture, name="picture"),
    path("account/shares", views.shares_page, name="list"),
    path("account/shares/<uuid:share_id>/revoke", views.revoke_page, name="revoke"),
]
