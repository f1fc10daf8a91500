"""Credentials and configuration for the TURN relay."""

from django.apps import AppConfig


class TurnConfig(AppConfig):
    name = "turn"
