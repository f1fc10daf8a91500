"""The addresses of the pages that belong to no app."""

from django.urls import include, path

from core import views

urlpatterns = [
    path("", include("core.health")),
    path("", views.landing, name="landing"),
]
