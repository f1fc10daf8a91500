"""Accounts and one-time links in the admin, whose log-in is everybody's log-in."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.http import HttpRequest
from django.utils import timezone

from accounts import links, services
from accounts.models import LinkPurpose, OneTimeLink, User

# The admin has no second factor and no limits of its own: nobody logs in there.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = "Traverse administration"
admin.site.site_title = "Traverse"


class UserCreationForm(AdminUserCreationForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("email", "name")


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    add_form = UserCreationForm
    ordering = ("email",)
    list_display = ("email", "name", "is_active", "is_staff", "date_joined", "last_login")
    search_fields = ("email", "name")
    readonly_fields = ("date_joined", "last_login")
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        (
            "May",
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),
    )

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "email" in form.changed_data:
            services.vouch_for_address(obj)


@admin.register(OneTimeLink)
class OneTimeLinkAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """An invitation's address is shown once, in the message after it was made."""

    list_display = ("purpose", "note", "created_at", "created_by", "expires_at", "used_at")
    list_filter = ("purpose",)
    fields = ("note",)

    def has_change_permission(self, request: HttpRequest, obj: OneTimeLink | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: OneTimeLink, form: Any, change: bool) -> None:
        address = links.create_link(
            purpose=LinkPurpose.INVITE,
            life=links.INVITE_LIFE,
            now=timezone.now(),
            note=obj.note,
            created_by=request.user if isinstance(request.user, User) else None,
        )
        made = OneTimeLink.objects.latest("pk")
        obj.__dict__.update(made.__dict__)
        messages.success(request, f"Invitation, good for one sign-up, shown only now: {address}")
