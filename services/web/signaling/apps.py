"""The app of the signalling socket: no models, one management command per job."""

from django.apps import AppConfig


class SignalingConfig(AppConfig):
    name = "signaling"
