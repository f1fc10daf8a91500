"""What the database knows of rooms.

Who is in a room right now is not here (signaling.roster); who may not come back, and
who was let in once, is. People are named by their Identity (`user:<pk>` or
`guest:<id>`) where a guest may be meant, by a foreign key where only an account may.
"""

from typing import Final

from django.conf import settings
from django.db import models
from django.utils import timezone

from rooms.identifiers import Slug, new_room_id, slug_of

NAME_CHARS: Final = 64
IDENTITY_CHARS: Final = 64


class Access(models.TextChoices):
    """Who may enter besides the owner."""

    LINK = "link", "Anyone with the link"
    SIGNED_IN = "signed_in", "Signed-in people"
    ASK = "ask", "Ask first"


class Room(models.Model):
    """A channel: a name and a link where people meet."""

    id = models.UUIDField(primary_key=True, default=new_room_id, editable=False)
    name = models.CharField(max_length=NAME_CHARS)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rooms"
    )
    access = models.CharField(max_length=16, choices=Access.choices, default=Access.LINK)
    locked = models.BooleanField(default=False)
    """Nobody new comes in; who is inside stays."""
    expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("-created_at", "id")
        indexes = (models.Index(fields=("owner", "-created_at")),)
        verbose_name = "channel"

    def __str__(self) -> str:
        return self.name

    @property
    def slug(self) -> Slug:
        return slug_of(self.id)

    @property
    def expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()


class Removal(models.Model):
    """Someone whom the owner removed; may not come back until forgiven."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="removals")
    identity = models.CharField(max_length=IDENTITY_CHARS)
    name = models.CharField(max_length=NAME_CHARS, blank=True)
    """As shown when removed: a guest has no other record to look the name up in."""
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "id")
        constraints = (
            models.UniqueConstraint(fields=("room", "identity"), name="one_removal_per_person"),
        )
        indexes = (models.Index(fields=("identity",)),)

    def __str__(self) -> str:
        return self.name or "Somebody"


class Admission(models.Model):
    """Someone whom the owner let into an ask-first room; need not ask again."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="admissions")
    identity = models.CharField(max_length=IDENTITY_CHARS)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("room", "identity"), name="one_admission_per_person"),
        )
        indexes = (models.Index(fields=("identity",)),)

    def __str__(self) -> str:
        return self.identity


class Visit(models.Model):
    """When a signed-in person was last at the door of somebody else's room."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="visits"
    )
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="visits")
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-last_at", "id")
        constraints = (models.UniqueConstraint(fields=("user", "room"), name="one_visit_per_room"),)
        indexes = (models.Index(fields=("user", "-last_at")),)

    def __str__(self) -> str:
        return f"{self.user_id} in {self.room_id}"
