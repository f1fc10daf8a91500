"""What a browser needs to install Traverse as an app.

A view and not a static file: the icons' addresses carry the hash of their content.
It works without a service worker; why there is none: docs/decisions.
"""

from typing import Any, Final

from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

GROUND: Final = "#111617"
"""The dark theme's; a manifest has one colour for both, and the call is dark in both."""
ICONS: Final = (
    ("img/icons/icon-192.png", 192, "any"),
    ("img/icons/icon-512.png", 512, "any"),
    ("img/icons/maskable-192.png", 192, "maskable"),
    ("img/icons/maskable-512.png", 512, "maskable"),
)


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    home = reverse("home")
    return JsonResponse(
        {
            "id": "/",
            "name": "Traverse",
            "short_name": "Traverse",
            "description": "Video calls that connect wherever the web page loads.",
            "lang": "en",
            "dir": "ltr",
            "start_url": home,
            "scope": "/",
            "display": "standalone",
            "orientation": "any",
            "background_color": GROUND,
            "theme_color": GROUND,
            "categories": ["communication", "productivity"],
            "icons": [_vector(), *(_picture(*icon) for icon in ICONS)],
            "shortcuts": [{"name": "Create a channel", "url": home}],
        },
        content_type="application/manifest+json",
    )


def _vector() -> dict[str, Any]:
    return {"src": static("img/mark.svg"), "sizes": "any", "type": "image/svg+xml"}


def _picture(path: str, size: int, purpose: str) -> dict[str, Any]:
    return {
        "src": static(path),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }
