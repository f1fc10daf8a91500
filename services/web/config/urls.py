"""The map of addresses: each app keeps its own."""

from django.contrib import admin
from django.urls import include, path

from config.api import api

urlpatterns = [
    path("", include("core.urls")),
    path("accounts/", include("accounts.urls")),
    path("", include("rooms.urls")),
    path("api/v1/", api.urls),
    path("admin/", admin.site.urls),
]
