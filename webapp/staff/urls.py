"""The dashboard source's pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from webapp.staff.views import audit, home, jobs, models, users

app_name = "dashboard"
JOB = "jobs/<slug:source>/<slug:what>/<slug:row_id>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("usage", home.measure, name="measure"),
    path("models/<uuid:model_id>/switch", models.switch, name="switch"),
    path("models/roll-back", models.roll_back, name="roll-back"),
    path("jobs", jobs.jobs, name="jobs"),
    path("jobs/<slug:source>/retry", jobs.retry_all, name="retry-all"),
    path(f"{JOB}/retry", jobs.retry, name="retry"),
    path(f"{JOB}/cancel", jobs.cancel, name="cancel"),
    path("users", users.users, name="users"),
    path("users/<int:user_id>", users.user, name="user"),
    path("users/<int:user_id>/close", users.close, name="close"),
    path("users/<int:user_id>/open", users.reopen, name="open"),
    path("audit", audit.audit, name="audit"),
]
