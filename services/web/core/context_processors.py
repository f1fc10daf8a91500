"""What every template may know about the installation."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """`site.*` in templates; `installation.*` where allauth puts its own `site` over ours."""
    values = {
        "base_url": settings.SITE.base_url,
        "signup": settings.SIGNUP,
        "mail_enabled": settings.MAIL_ENABLED,
        "turn_configured": bool(settings.TURN_HOST),
        "release": settings.RELEASE,
    }
    return {"site": values, "installation": values}
