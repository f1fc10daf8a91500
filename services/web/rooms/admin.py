"""Channels for administrators: found by id or link, never by who was a guest in them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from rooms.identifiers import InvalidSlug, id_of
from rooms.models import Removal, Room
from signaling.announce import room_changed


class RemovalInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Removal
    fields = readonly_fields = ("name", "at")
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Room)
class RoomAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "slug", "access", "locked", "expires_at", "created_at")
    list_filter = ("access", "locked")
    search_fields = ("id",)
    search_help_text = "The whole id, or the 22 characters of the link."
    readonly_fields = ("id", "slug", "created_at")
    raw_id_fields = ("owner",)
    inlines = (RemovalInline,)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Room], search_term: str
    ) -> tuple[QuerySet[Room], bool]:
        try:
            return queryset.filter(pk=id_of(search_term.strip())), False
        except InvalidSlug:
            return super().get_search_results(request, queryset, search_term)

    def save_model(self, request: HttpRequest, obj: Room, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        room_changed(obj.pk)
