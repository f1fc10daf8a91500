"""People with an account, and the one-time links that let somebody in.

A person signs in by e-mail address, stored in lower case and unique; the name
is what others see and need not be unique.
"""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.names import NAME_CHARS, NameInvalid, clean_name


class UserManager(BaseUserManager["User"]):
    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """The whole address in lower case: nobody tells two boxes apart by case."""
        return super().normalize_email(email).strip().lower()

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=self.normalize_email(username))

    def create_user(
        self, email: str, password: str | None = None, *, name: str, **fields: Any
    ) -> "User":
        user = self.model(email=self.normalize_email(email), name=clean_name(name), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, email: str, password: str | None = None, *, name: str, **fields: Any
    ) -> "User":
        return self.create_user(
            email, password, name=name, is_staff=True, is_superuser=True, **fields
        )


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField("e-mail address", max_length=254, unique=True)
    name = models.CharField(max_length=NAME_CHARS, help_text="Shown to others in a call.")
    is_staff = models.BooleanField("administrator", default=False)
    is_active = models.BooleanField("active", default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = (
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_any_case"),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.email = User.objects.normalize_email(self.email)
        try:
            self.name = clean_name(self.name)
        except NameInvalid as error:
            raise ValidationError({"name": str(error)}) from error

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class LinkPurpose(models.TextChoices):
    OWNER = "owner", "first administrator"
    INVITE = "invite", "invitation"


class OneTimeLink(models.Model):
    """A link good for one use; made, checked and used up by `accounts.links` only."""

    purpose = models.CharField(max_length=16, choices=LinkPurpose)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    note = models.CharField(
        max_length=200, blank=True, help_text="For you: who it is for. Never shown to them."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        User, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    expires_at = models.DateTimeField(editable=False)
    used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "one-time link"

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.pk}"
