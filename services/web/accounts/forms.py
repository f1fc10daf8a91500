"""The forms of the account pages: allauth's checks, our fields and words.

No placeholders: a label that vanishes while one types is no label.
"""

from typing import Any, Final

from allauth.account import forms as account
from allauth.account.internal import flows
from allauth.account.internal.userkit import filter_users_by_email
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.contrib.auth import get_user_model, password_validation
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest

from accounts import mail
from accounts.models import User
from accounts.names import NAME_CHARS, NameInvalid, clean_name

_RULES: Final = (
    "At least 8 characters. Common passwords, and ones like your name or address, are refused."
)
EMAIL_HELP: Final = "You log in with it. Other people do not see it."
NAME_HELP: Final = "Shown to the others in a call. You can change it later."
_EMAIL_CHARS: Final = 254
_PASSWORD_CHARS: Final = 1024


class NameField(forms.CharField):
    """A display name, cleaned as `accounts.names` says."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", "Your name")
        options.setdefault("help_text", NAME_HELP)
        options.setdefault(
            "widget",
            forms.TextInput(attrs={"autocomplete": "name", "maxlength": NAME_CHARS}),
        )
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        raw = "" if value is None else str(value)
        if not raw.strip():
            return ""
        try:
            return clean_name(raw)
        except NameInvalid as error:
            raise forms.ValidationError(str(error), code="invalid") from error


class _OurFields:
    """Takes out allauth's placeholders and puts in our labels and help."""

    fields: dict[str, forms.Field]
    labels: dict[str, str] = {}
    help_texts: dict[str, str] = {}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.help_texts.get(name, "")
            if isinstance(field, forms.EmailField):
                field.widget.attrs.setdefault("maxlength", _EMAIL_CHARS)
            if isinstance(field.widget, forms.PasswordInput):
                field.widget.attrs.setdefault("maxlength", _PASSWORD_CHARS)


class LoginForm(_OurFields, account.LoginForm):  # type: ignore[misc]
    labels = {"login": "E-mail address", "password": "Password", "remember": "Stay logged in"}


class _NewPerson(forms.Form):
    """Holds the password against the person that the same form describes."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "password1" in data:
            person = User(email=data.get("email", ""), name=data.get("name", ""))
            try:
                password_validation.validate_password(data["password1"], person)
            except forms.ValidationError as error:
                self.add_error("password1", error)
        return data


class SignupForm(_OurFields, _NewPerson, account.SignupForm):  # type: ignore[misc]
    labels = {"email": "E-mail address", "name": "Your name", "password1": "Password"}
    help_texts = {"email": EMAIL_HELP, "name": NAME_HELP, "password1": _RULES}
    field_order = ["email", "name", "password1"]

    name = NameField()

    def try_save(self, request: HttpRequest) -> tuple[AbstractBaseUser | None, Any]:
        if self.account_already_exists:
            # A new account costs one hash; a taken address must take as long.
            get_user_model()().set_password(self.cleaned_data["password1"])
        answer: tuple[AbstractBaseUser | None, Any] = super().try_save(request)
        return answer


class OwnerForm(_OurFields, _NewPerson):
    """The first administrator, made from a one-time link."""

    labels = SignupForm.labels
    help_texts = SignupForm.help_texts

    email = forms.EmailField(
        max_length=_EMAIL_CHARS, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    name = NameField()
    password1 = forms.CharField(
        strip=False,
        max_length=_PASSWORD_CHARS,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_email(self) -> str:
        email = User.objects.normalize_email(self.cleaned_data["email"])
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError("There is an account with this address already.")
        return email


class ResetPasswordForm(_OurFields, account.ResetPasswordForm):  # type: ignore[misc]
    """Looks nothing up before the answer: the clock tells nothing about an address."""

    labels = {"email": "E-mail address"}

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def save(self, request: HttpRequest, **options: Any) -> str:
        email: str = self.cleaned_data["email"]

        def job() -> None:
            with context.request_context(request):
                users = filter_users_by_email(
                    email, is_active=True, prefer_verified=True, for_login=True
                )
                flows.password_reset.request_password_reset(
                    request, email, users, account.default_token_generator
                )

        mail.later(job)
        return email


class ResetPasswordKeyForm(_OurFields, account.ResetPasswordKeyForm):  # type: ignore[misc]
    labels = {"password1": "New password", "password2": "New password, once more"}
    help_texts = {"password1": _RULES}


class ChangePasswordForm(_OurFields, account.ChangePasswordForm):  # type: ignore[misc]
    labels = {
        "oldpassword": "Current password",
        "password1": "New password",
        "password2": "New password, once more",
    }
    help_texts = {"password1": _RULES}


class SetPasswordForm(_OurFields, account.SetPasswordForm):  # type: ignore[misc]
    """For an account that an administrator made without a password."""

    labels = ResetPasswordKeyForm.labels
    help_texts = ResetPasswordKeyForm.help_texts


class ChangeEmailForm(_OurFields, account.AddEmailForm):  # type: ignore[misc]
    labels = {"email": "New e-mail address"}
    help_texts = {"email": "It changes when you open the link that is sent there."}


class ReauthenticateForm(_OurFields, account.ReauthenticateForm):  # type: ignore[misc]
    labels = {"password": "Password"}


class AuthenticateForm(_OurFields, mfa.AuthenticateForm):  # type: ignore[misc]
    labels = {"code": "Code"}
    help_texts = {"code": "Six digits from your authenticator app, or one recovery code."}


class CodeReauthenticateForm(_OurFields, mfa.ReauthenticateForm):  # type: ignore[misc]
    labels = AuthenticateForm.labels
    help_texts = AuthenticateForm.help_texts


class ActivateTOTPForm(_OurFields, totp.ActivateTOTPForm):  # type: ignore[misc]
    labels = {"code": "Code from the app"}


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    name = NameField()

    class Meta:
        model = User
        fields = ("name",)


class DeleteAccountForm(_OurFields, forms.Form):
    labels = {"password": "Your password"}

    password = forms.CharField(
        strip=False,
        max_length=_PASSWORD_CHARS,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self._user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not account.get_adapter().reauthenticate(self._user, password):
            raise forms.ValidationError("The password is wrong.", code="incorrect_password")
        return password
