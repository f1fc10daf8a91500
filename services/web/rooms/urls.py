"""The addresses of the channel pages.

`str`, not a stricter converter: a malformed slug must get the same answer as one that
nobody has (rooms.access).
"""

from django.urls import path

from rooms import views

urlpatterns = [
    path("channels/", views.home, name="home"),
    path("channels/new/", views.create, name="room_create"),
    path("c/<str:slug>/", views.room, name="room"),
    path("c/<str:slug>/ready/", views.ready, name="room_ready"),
    path("c/<str:slug>/settings/", views.room_settings, name="room_settings"),
    path("c/<str:slug>/settings/name/", views.change_name, name="room_rename"),
    path("c/<str:slug>/settings/access/", views.change_access, name="room_access"),
    path("c/<str:slug>/settings/lock/", views.change_lock, name="room_lock"),
    path("c/<str:slug>/settings/expiry/", views.change_expiry, name="room_expiry"),
    path("c/<str:slug>/settings/removed/<int:removal_id>/", views.forgive, name="room_forgive"),
    path("c/<str:slug>/delete/", views.delete, name="room_delete"),
]
