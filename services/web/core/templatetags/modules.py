"""`{% load modules %}{% modulepreload "js/call/main.js" %}`: a link to every module behind it."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from core.modules import modules_behind

register = template.Library()


@register.simple_tag
def modulepreload(entry: str) -> SafeString:
    """Raises ModuleMissing."""
    links = ((static(name),) for name in modules_behind(entry))
    return format_html_join("\n", '<link rel="modulepreload" href="{}">', links)
