"""Prints a single-use link to choose a new password, where no mail can bring it."""

from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from accounts import links, services
from accounts.models import User


class Command(BaseCommand):
    help = "Print a single-use link with which a person chooses a new password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address of the account")
        parser.add_argument(
            "--second-factor-off",
            action="store_true",
            help="also switch the second factor off, for somebody who lost the phone and the codes",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = User.objects.get_by_natural_key(options["email"])
        except User.DoesNotExist:
            raise CommandError("no account has this address") from None
        if not user.is_active:
            raise CommandError("this account is not active; activate it in the admin first")
        if options["second_factor_off"]:
            services.switch_off_second_factor(user)
        key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
        self.stdout.write(links.absolute(reverse("account_reset_password_from_key", kwargs=key)))
