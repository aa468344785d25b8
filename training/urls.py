"""The laboratory's addresses."""

from django.urls import URLPattern, URLResolver, include, path

from training.pages import public

urlpatterns: list[URLPattern | URLResolver] = [
    path("models", public.models_page, name="models"),
    path("models/runs/<slug:name>", public.run_page, name="model_run"),
    path("models/searches/<slug:name>", public.search_page, name="model_search"),
    path("models/searches/<slug:name>.csv", public.search_csv, name="model_search_csv"),
    path(
        "models/searches/<slug:name>/plots/<slug:plot>/<slug:theme>",
        public.search_plot,
        name="model_search_plot",
    ),
    path("models/<str:name>", public.model_page, name="model"),
    path("models/<str:name>/samples/<str:file>", public.sample, name="model_sample"),
    path("laboratory/", include("training.pages.staff_urls")),
]
