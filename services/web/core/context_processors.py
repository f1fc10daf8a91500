"""What every template may know about the installation."""

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static

from core.icons import SPRITE


def site(request: HttpRequest) -> dict[str, object]:
    """`site.*` in templates; `installation.*` where allauth puts its own `site` over ours."""
    values = {
        "base_url": settings.SITE.base_url,
        "signup": settings.SIGNUP,
        "mail_enabled": settings.MAIL_ENABLED,
        "turn_configured": bool(settings.TURN_HOST),
        "release": settings.RELEASE,
        "sprite_url": static(SPRITE),
    }
    return {"site": values, "installation": values}
