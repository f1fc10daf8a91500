"""Our answers to the questions that django-allauth asks.

Owns: who may sign up, what a failed log-in counts against, and that no mail is
sent while somebody waits for the answer.
"""

from collections.abc import Mapping
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts import links, mail
from accounts.models import LinkPurpose, User
from core.clients import client_key

INVITATION_SESSION_KEY: Final = "invitation"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: Mapping[str, Any] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The e-mail address or the password is wrong.",
        "email_taken": "There is an account with this address. Log in, or reset the password.",
        "enter_current_password": "This is not your current password.",
        "incorrect_password": "The password is wrong.",
        "same_as_current": "This is the address you have now.",
        "duplicate_email": "This is the address you have now.",
        "too_many_login_attempts": (
            "Too many wrong passwords from here. Wait five minutes, or reset the password."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        if settings.SIGNUP == "open":
            return True
        if settings.SIGNUP == "closed":
            return False
        token = request.session.get(INVITATION_SESSION_KEY, "")
        return links.is_valid(token, purpose=LinkPurpose.INVITE, now=timezone.now())

    def save_user(
        self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True
    ) -> AbstractBaseUser:
        user.name = form.cleaned_data["name"]
        if settings.SIGNUP == "invite":
            self._use_invitation(request)
        saved: AbstractBaseUser = super().save_user(request, user, form, commit)
        return saved

    def _use_invitation(self, request: HttpRequest) -> None:
        token = request.session.pop(INVITATION_SESSION_KEY, "")
        try:
            links.redeem(token, purpose=LinkPurpose.INVITE, now=timezone.now())
        except links.LinkInvalid:
            closed = render(request, "account/signup_closed.html", status=403)
            raise ImmediateHttpResponse(closed) from None

    def send_mail(self, template_prefix: str, email: str, values: dict[str, Any]) -> None:
        """Rendered and sent on the mail thread, with the request that asked for it.

        Whoever asks chooses the Host header, and its port is not checked: a link in a
        mail never repeats it.
        """
        request = context.request
        at_home = {k: links.at_home(v) for k, v in values.items() if k.endswith("_url")}
        known = {"base_url": settings.SITE.base_url, **values, **at_home}

        def job() -> None:
            with context.request_context(request):
                super(AccountAdapter, self).send_mail(template_prefix, email, known)

        mail.later(job)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("profile")

    def get_client_ip(self, request: HttpRequest) -> str:
        """Not always an address: whatever failures are counted against."""
        return client_key(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Account and address together: guessing elsewhere locks nobody out here."""
        account: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{account}|{self.get_client_ip(request)}"
