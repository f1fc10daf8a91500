"""`{% load icons %}{% icon "mic" %}`: a drawing beside words, never instead of them."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.icons import SPRITE, known

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """Raises UnknownIcon for a name that is not in core/icons.txt."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static(SPRITE),
        known(name),
    )
