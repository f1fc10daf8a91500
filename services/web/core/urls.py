"""The addresses of the pages that belong to no app."""

from django.urls import include, path

from core import views
from core.manifest import manifest

urlpatterns = [
    path("", include("core.health")),
    path("", views.landing, name="landing"),
    path("manifest.webmanifest", manifest, name="manifest"),
]
