"""The channel pages: check, parse, call one service, answer.

The room comes from `rooms.access` alone; its refusals become pages in `refusing`.
"""

from collections.abc import Callable
from functools import wraps
from math import ceil
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from rooms import access, callpage, entry, queries, services, throttles
from rooms.forms import AccessForm, ExpiryForm, LockForm, NameForm
from rooms.models import Room
from rooms.viewers import account_of, remember, viewer_of

View = Callable[..., HttpResponse]

UNPROCESSABLE: Final = 422
LONG_WAIT_S: Final = 120


def refusing(view: View) -> View:
    """Turns a Refusal into its page."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except access.Refusal as refusal:
            response = render(
                request,
                f"rooms/refused/{refusal.code}.html",
                {"room": refusal.room, "wait": _in_words(refusal.retry_after_s or 0)},
                status=refusal.status,
            )
            if refusal.retry_after_s:
                response["Retry-After"] = str(refusal.retry_after_s)
            return response

    return answer


def for_owner(view: View) -> View:
    """Signs the person in first, then hands over the room in place of the slug."""

    @wraps(view)
    def answer(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
        viewer = viewer_of(request)
        found = access.own_room_for(slug, viewer)
        return view(request, found, **kwargs)

    return never_cache(login_required(refusing(answer)))


def change(view: View) -> View:
    """A form of the settings page. Who had to sign in first comes back with a GET."""

    @wraps(view)
    def answer(request: HttpRequest, room: Room, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return redirect("room_settings", slug=room.slug)
        return view(request, room, **kwargs)

    return require_http_methods(["GET", "POST"])(for_owner(answer))


@never_cache
@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return _home(request, NameForm())


@require_http_methods(["GET", "POST"])
@login_required
@refusing
def create(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":  # Back from signing in.
        return redirect("home")
    form = NameForm(request.POST)
    if not form.is_valid():
        return _home(request, form, status=UNPROCESSABLE)
    wait_s = throttles.count_creation(viewer_of(request))
    if wait_s:
        raise access.TooManyRequests(retry_after_s=wait_s)
    created = services.create_room(owner_id=account_of(request).pk, name=form.cleaned_data["name"])
    return redirect("room_ready", slug=created.slug)


def _home(request: HttpRequest, form: NameForm, *, status: int = 200) -> HttpResponse:
    user_id = account_of(request).pk
    context = {
        "form": form,
        "mine": [
            {"room": room, "url": callpage.share_url(room)}
            for room in queries.rooms_owned_by(user_id)
        ],
        "recent": queries.recent_visits_of(user_id),
    }
    return render(request, "rooms/home.html", context, status=status)


@require_safe
@never_cache
@refusing
def room(request: HttpRequest, slug: str) -> HttpResponse:
    """The call page, with a ticket in it; a guest gives a name there."""
    viewer = viewer_of(request)
    found = access.room_for(slug, viewer)
    ticket = entry.ticket_for(request, found, viewer)
    if viewer.user is not None and not access.owns(viewer, found):
        services.record_visit(room_id=found.pk, user_id=viewer.user.pk)
    context = {"room": found, "config": callpage.call_config(request, found, viewer, ticket)}
    response = render(request, "rooms/call.html", context)
    remember(viewer, response)
    return response


@require_safe
@for_owner
def ready(request: HttpRequest, room: Room) -> HttpResponse:
    """Where a new channel's link is shown, to be sent to others before going in."""
    return render(
        request, "rooms/ready.html", {"room": room, "share_url": callpage.share_url(room)}
    )


@require_safe
@for_owner
def room_settings(request: HttpRequest, room: Room) -> HttpResponse:
    return _settings(request, room)


@change
def change_name(request: HttpRequest, room: Room) -> HttpResponse:
    form = NameForm(request.POST)
    if not form.is_valid():
        return _settings(request, room, name_form=form)
    services.rename(room_id=room.pk, name=form.cleaned_data["name"])
    return _saved(request, room, "The name is changed.", section="name")


@change
def change_access(request: HttpRequest, room: Room) -> HttpResponse:
    form = AccessForm(request.POST)
    if not form.is_valid():
        return _settings(request, room, access_form=form)
    services.set_access(room_id=room.pk, access=form.cleaned_data["access"])
    return _saved(request, room, "Who may enter is changed.", section="access")


@change
def change_lock(request: HttpRequest, room: Room) -> HttpResponse:
    form = LockForm(request.POST)
    if not form.is_valid():
        return _settings(request, room, lock_form=form)
    locked = form.cleaned_data["locked"]
    services.set_locked(room_id=room.pk, locked=locked)
    said = "The channel is locked." if locked else "The channel is unlocked."
    return _saved(request, room, said, section="lock")


@change
def change_expiry(request: HttpRequest, room: Room) -> HttpResponse:
    form = ExpiryForm(request.POST)
    if not form.is_valid():
        return _settings(request, room, expiry_form=form)
    expires_at = form.cleaned_data["expires_at"]
    services.set_expiry(room_id=room.pk, expires_at=expires_at)
    said = "The link now ends by itself." if expires_at else "The link no longer ends by itself."
    return _saved(request, room, said, section="expiry")


@change
def forgive(request: HttpRequest, room: Room, *, removal_id: int) -> HttpResponse:
    services.forgive_removal(room_id=room.pk, removal_id=removal_id)
    return _saved(request, room, "They may come back.", section="removed")


@require_http_methods(["GET", "POST"])
@for_owner
def delete(request: HttpRequest, room: Room) -> HttpResponse:
    """Asks on GET, deletes on POST."""
    if request.method != "POST":
        return render(request, "rooms/delete.html", {"room": room})
    services.delete_room(room_id=room.pk)
    messages.success(request, f"“{room.name}” is deleted.")
    return redirect("home")


def _in_words(wait_s: int) -> str:
    if wait_s > LONG_WAIT_S:
        return f"{ceil(wait_s / 60)} minutes"
    return "1 second" if wait_s == 1 else f"{wait_s} seconds"


def _saved(request: HttpRequest, room: Room, said: str, *, section: str) -> HttpResponse:
    messages.success(request, said)
    return redirect(reverse("room_settings", args=(room.slug,)) + f"#{section}")


def _settings(request: HttpRequest, room: Room, **bound: Form) -> HttpResponse:
    """The settings page; `bound` holds the form that was refused, if one was."""
    context = {
        "room": room,
        "share_url": callpage.share_url(room),
        "removals": queries.removals_from(room.pk),
        "name_form": NameForm(initial={"name": room.name}, auto_id="id_channel_%s"),
        "access_form": AccessForm(initial={"access": room.access}),
        "lock_form": LockForm(),
        "expiry_form": ExpiryForm(initial=ExpiryForm.initial_for(room)),
        **bound,
    }
    return render(request, "rooms/settings.html", context, status=UNPROCESSABLE if bound else 200)
