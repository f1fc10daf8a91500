"""What must follow a deletion, wherever it came from: a page, the admin, a cascade.

A deleted account takes its rooms with it, and every record that names it.
"""

from typing import Any

from django.conf import settings
from django.db.models.signals import post_delete
from django.dispatch import receiver

from rooms.models import Admission, Removal, Room
from rooms.queries import identity_of_user
from signaling.announce import room_changed


@receiver(post_delete, sender=Room)
def end_the_call(*, instance: Room, **_: Any) -> None:
    room_changed(instance.pk)


@receiver(post_delete, sender=settings.AUTH_USER_MODEL)
def forget_the_person(*, instance: Any, **_: Any) -> None:
    identity = identity_of_user(instance.pk)
    Removal.objects.filter(identity=identity).delete()
    Admission.objects.filter(identity=identity).delete()
