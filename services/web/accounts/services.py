"""What changes an account, each in one transaction.

Deleting a person deletes their channels with them (rooms.signals ends the
calls) and every session of theirs dies with the account.
"""

from datetime import datetime

from allauth.account.models import EmailAddress
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
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


@transaction.atomic
def delete_account(user: User) -> None:
    user.delete()
