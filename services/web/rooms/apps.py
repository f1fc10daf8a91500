from django.apps import AppConfig


class RoomsConfig(AppConfig):
    name = "rooms"
    verbose_name = "Channels"

    def ready(self) -> None:
        from rooms import signals  # noqa: F401 (receivers connect on import)
