"""The map of addresses: each app keeps its own."""

from django.contrib import admin
from django.urls import include, path

from accounts.views import setup
from config.api import api

urlpatterns = [
    path("", include("core.urls")),
    path("accounts/", include("accounts.urls")),
    path("setup/<str:token>/", setup, name="setup"),
    path("", include("rooms.urls")),
    path("api/v1/", api.urls),
    path("admin/", admin.site.urls),
]

handler400 = "core.views.bad_request"
handler403 = "core.views.permission_denied"
handler404 = "core.views.page_not_found"
handler429 = "core.views.too_many_requests"  # named by allauth, not by Django
handler500 = "core.views.server_error"
