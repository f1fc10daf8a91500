"""What people may send to the room pages, parsed into values that services take."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.names import NameInvalid, clean_name
from rooms.models import NAME_CHARS, Access, Room

PRESETS: Final[dict[str, timedelta]] = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=30),
}
MAX_LIFE: Final = timedelta(days=3650)


class NameForm(forms.Form):
    """One field; the same for a new channel and a new name."""

    name = forms.CharField(
        label="Channel name",
        # Cleaning may shorten what was typed; it decides what is too long.
        max_length=16 * NAME_CHARS,
        strip=False,
        error_messages={
            "required": "Give the channel a name, for example Monday check-in.",
            "max_length": f"Use at most {NAME_CHARS} characters.",
        },
        widget=forms.TextInput(
            attrs={"maxlength": NAME_CHARS, "autocomplete": "off", "enterkeyhint": "go"}
        ),
    )

    def clean_name(self) -> str:
        try:
            return clean_name(self.cleaned_data["name"])
        except NameInvalid as error:
            raise ValidationError(str(error), code="invalid") from error


class AccessForm(forms.Form):
    access = forms.TypedChoiceField(
        label="Who may enter besides you",
        choices=(
            (Access.LINK, "Anyone with the link, with or without an account"),
            (Access.SIGNED_IN, "Signed-in people who have the link"),
            (Access.ASK, "Ask first: you let in each person"),
        ),
        coerce=Access,
        widget=forms.RadioSelect,
    )


class LockForm(forms.Form):
    """Says which state is wanted, so that a form sent twice does not toggle back."""

    locked = forms.TypedChoiceField(
        choices=(("true", "Lock"), ("false", "Unlock")), coerce=lambda value: value == "true"
    )


class ExpiryForm(forms.Form):
    """When the link stops working. `expires_at` of the cleaned data: None is never.

    A browser sends the chosen moment twice: `at` in the person's own clock, which has
    no zone, and, where scripts run, `at_utc` with one. Without scripts the page says
    that `at` is UTC.
    """

    CHOICES: Final = (
        ("never", "Never"),
        ("hour", "In an hour"),
        ("day", "In a day"),
        ("week", "In a week"),
        ("month", "In 30 days"),
        ("at", "At a date and time"),
    )

    when = forms.ChoiceField(label="The link ends", choices=CHOICES, widget=forms.RadioSelect)
    at = forms.DateTimeField(
        label="Date and time (UTC)",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    at_utc = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        data["expires_at"] = self._moment(data, now=timezone.now())
        return data

    def _moment(self, data: dict[str, Any], *, now: datetime) -> datetime | None:
        when: str = data["when"]
        if when == "never":
            return None
        if when in PRESETS:
            return now + PRESETS[when]
        moment: datetime | None = data.get("at_utc") or data.get("at")
        if moment is None:
            raise ValidationError("Choose the date and time.", code="required")
        if not now < moment <= now + MAX_LIFE:
            raise ValidationError(
                "Choose a moment in the future, within ten years.", code="out_of_range"
            )
        return moment.astimezone(UTC)

    @staticmethod
    def initial_for(room: Room) -> dict[str, Any]:
        return {"when": "at" if room.expires_at else "never", "at": room.expires_at}
