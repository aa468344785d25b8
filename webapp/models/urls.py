"""The public pages of models, runs and searches."""

from django.urls import URLPattern, path

from webapp.models import views

urlpatterns: list[URLPattern] = [
    path("models", views.models_page, name="models"),
    path("models/runs/<slug:name>", views.run_page, name="model_run"),
    path("models/searches/<slug:name>", views.search_page, name="model_search"),
    path("models/searches/<slug:name>.csv", views.search_csv, name="model_search_csv"),
    path(
        "models/searches/<slug:name>/plots/<slug:plot>/<slug:theme>",
        views.search_plot,
        name="model_search_plot",
    ),
    path("models/<str:name>", views.model_page, name="model"),
    path("models/<str:name>/samples/<str:file>", views.sample, name="model_sample"),
]
