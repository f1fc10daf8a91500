"""The account pages that django-allauth does not have, or that need more than it does."""

from http import HTTPStatus
from typing import Any

from allauth.account import views as allauth_views
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as open_session
from django.contrib.auth import logout as close_session
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import links, services
from accounts.adapter import INVITATION_SESSION_KEY
from accounts.forms import DeleteAccountForm, OwnerForm, ProfileForm
from accounts.models import LinkPurpose, User
from core.views import too_many_requests


class LoginView(allauth_views.LoginView):  # type: ignore[misc]
    """Says with its status, too, that there were too many wrong passwords."""

    def form_invalid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        if form.has_error("__all__", code="too_many_login_attempts"):
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
            response["Retry-After"] = "300"
        return response


login = LoginView.as_view()


class EmailView(allauth_views.EmailView):  # type: ignore[misc]
    """Changing the address needs a mail; without mail an administrator does it."""

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        if request.user.is_authenticated and not settings.MAIL_ENABLED:
            return redirect("profile")
        return super().dispatch(request, *args, **options)


email = EmailView.as_view()


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    user = _person(request)
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=user)
    if form.is_valid():
        form.save()
        messages.success(request, "Your name was changed. It shows from the next call you join.")
        return redirect("profile")
    # A refused name must not stand in the header as if it were saved.
    shown = User.objects.get(pk=user.pk)
    return render(request, "account/profile.html", {"form": form, "person": shown})


@never_cache
@sensitive_post_parameters("password")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete_account(request: HttpRequest) -> HttpResponse:
    user = _person(request)
    data = request.POST if request.method == "POST" else None
    form = DeleteAccountForm(data, user=user)
    if not form.is_valid():
        if form.has_error("password", code="too_many_login_attempts"):
            return too_many_requests(request)
        return render(request, "account/delete.html", {"form": form})
    close_session(request)
    services.delete_account(user)
    messages.success(request, "Your account and your channels were deleted.")
    return redirect("landing")


@never_cache
@sensitive_post_parameters("password1")
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest, token: str) -> HttpResponse:
    """The first administrator's form, behind a link that still works."""
    now = timezone.now()
    if not links.needs_owner() or not links.is_valid(token, purpose=LinkPurpose.OWNER, now=now):
        return _setup_invalid(request)
    form = OwnerForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "account/setup.html", {"form": form})
    data = form.cleaned_data
    try:
        user = services.create_owner(
            token=token,
            email=data["email"],
            name=data["name"],
            password=data["password1"],
            now=now,
        )
    except links.LinkInvalid:
        return _setup_invalid(request)
    open_session(request, user)
    return redirect(settings.LOGIN_REDIRECT_URL)


def _setup_invalid(request: HttpRequest) -> HttpResponse:
    """One page for every reason: nobody learns whether such a link was ever made."""
    return render(request, "account/setup_invalid.html", status=HTTPStatus.NOT_FOUND)


@never_cache
@require_http_methods(["GET", "HEAD"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Keeps the token for sign-up. Opening the link does not use it up: mail programs do that."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    if settings.SIGNUP == "open":
        # Nobody needs it, and each would cost a row of the session table.
        return redirect("account_signup")
    request.session[INVITATION_SESSION_KEY] = token
    if not get_adapter().is_open_for_signup(request):
        del request.session[INVITATION_SESSION_KEY]
        return render(request, "account/invitation_invalid.html", status=HTTPStatus.NOT_FOUND)
    return redirect("account_signup")


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user
