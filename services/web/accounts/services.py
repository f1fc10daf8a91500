"""What changes an account, each in one transaction.

Deleting a person deletes their channels with them (rooms.signals ends the
calls) and every session of theirs dies with the account.
"""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts import links
from accounts.models import LinkPurpose, User


@transaction.atomic
def create_owner(*, token: str, email: str, name: str, password: str, now: datetime) -> User:
    """The first administrator. Raises `links.LinkInvalid`.

    The address counts as proven: whoever holds the link runs the server.
    """
    links.redeem(token, purpose=LinkPurpose.OWNER, now=now)
    if not links.needs_owner():
        raise links.LinkInvalid
    user = User.objects.create_superuser(email, password, name=name)
    vouch_for_address(user)
    return user


@transaction.atomic
def vouch_for_address(user: User) -> None:
    """An administrator typed this address: it is the account's only one, and proven."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"primary": True, "verified": True}
    )


@transaction.atomic
def switch_off_second_factor(user: User) -> None:
    Authenticator.objects.filter(user=user).delete()


@transaction.atomic
def delete_account(user: User) -> None:
    user.delete()
