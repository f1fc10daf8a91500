"""What happens once, when the process starts."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from django.conf import settings

        from core import checks, observability  # noqa: F401  (checks register on import)

        observability.init(
            dsn=settings.SENTRY_DSN,
            release=settings.RELEASE,
            environment=settings.ENVIRONMENT,
        )
