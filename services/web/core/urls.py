"""The addresses of the pages that belong to no app."""

from django.urls import path

from core import views

urlpatterns = [
    path("", views.landing, name="landing"),
]
