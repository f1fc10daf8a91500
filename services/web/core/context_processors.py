"""What every template may know about the installation."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """`site.*` in templates."""
    return {
        "site": {
            "base_url": settings.SITE.base_url,
            "signup": settings.SIGNUP,
            "mail_enabled": settings.MAIL_ENABLED,
            "turn_configured": bool(settings.TURN_HOST),
            "release": settings.RELEASE,
        }
    }
