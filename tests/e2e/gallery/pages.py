"""Every page that is not a call, and how to get it into each of its states.

The one list behind the pictures (tests.e2e.gallery) and the accessibility checks
(tests/e2e/accessibility): a page that is added here is looked at by both.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page

from tests.e2e.gallery.seed import PASSWORD

Act = Callable[[Page], None]


@dataclass(frozen=True, slots=True)
class Scene:
    name: str
    path: str
    """An address, or `{link}` of the seed's links, or `!500` for a page of failure."""
    who: str = "visitor"
    """Whose session: a key of the seed's sessions, or `visitor` for none."""
    act: Act | None = None
    """What the person does there before anybody looks."""
    site: str = "open"
    """`open`: sign-up, mail and relay; `bare`: none of them."""


def submit(selector: str = "main form button[type=submit]") -> Act:
    def act(page: Page) -> None:
        page.locator(selector).first.click()
        page.wait_for_load_state()

    return act


def _refused_log_in(page: Page) -> None:
    page.fill("input[name=login]", "nobody@example.com")
    page.fill("input[name=password]", "wrong wrong wrong")
    submit()(page)


def _refused_sign_up(page: Page) -> None:
    page.fill("input[name=email]", "ada")
    page.fill("input[name=name]", "\u200b")
    page.fill("input[name=password1]", "12345")
    page.eval_on_selector("main form", "form => { form.noValidate = true; }")
    submit()(page)


def _ask_for_reset(page: Page) -> None:
    page.fill("input[name=email]", "somebody@example.com")
    submit()(page)


def _second_step(page: Page) -> None:
    page.fill("input[name=login]", "sam@example.com")
    page.fill("input[name=password]", PASSWORD)
    submit()(page)
    page.wait_for_url("**/2fa/authenticate/**")


def _wrong_code(page: Page) -> None:
    _second_step(page)
    page.fill("input[name=code]", "000000")
    submit()(page)


def _wrong_password(page: Page) -> None:
    page.fill("input[name=password]", "not my password")
    submit()(page)


def _no_name(page: Page) -> None:
    page.fill(".create input[name=name]", "")
    submit(".create button[type=submit]")(page)


def _no_moment(page: Page) -> None:
    page.locator("#expiry input[type=radio]").last.check()
    submit("#expiry button[type=submit]")(page)


def _saved(page: Page) -> None:
    submit("#name button[type=submit]")(page)


PAGES: Final = (
    Scene("landing", "/"),
    Scene("landing-bare", "/", site="bare"),
    Scene("landing-signed-in", "/", who="ada"),
    Scene("sign-up", "/accounts/signup/"),
    Scene("sign-up-refused", "/accounts/signup/", act=_refused_sign_up),
    Scene("sign-up-closed", "/accounts/signup/", site="bare"),
    Scene("invitation-invalid", "{invitation}", site="bare"),
    Scene("log-in", "/accounts/login/"),
    Scene("log-in-refused", "/accounts/login/", act=_refused_log_in),
    Scene("log-in-code", "/accounts/login/", act=_second_step),
    Scene("log-in-code-refused", "/accounts/login/", act=_wrong_code),
    Scene("log-out", "/accounts/logout/", who="ada"),
    Scene("inactive", "/accounts/inactive/"),
    Scene("reset", "/accounts/password/reset/"),
    Scene("reset-without-mail", "/accounts/password/reset/", site="bare"),
    Scene("reset-sent", "/accounts/password/reset/", act=_ask_for_reset),
    Scene("reset-without-mail-made", "/accounts/password/reset/", act=_ask_for_reset, site="bare"),
    Scene("reset-choose", "{reset}"),
    Scene("reset-dead-link", "/accounts/password/reset/key/1-dead-link/"),
    Scene("reset-done", "/accounts/password/reset/key/done/"),
    Scene("set-up-owner", "{setup}"),
    Scene("set-up-link-used", "/setup/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/"),
    Scene("confirm-sent", "/accounts/confirm-email/"),
    Scene("confirm-address", "{confirm}"),
    Scene("confirm-dead-link", "/accounts/confirm-email/dead/"),
    Scene("profile", "/accounts/profile/", who="ada"),
    Scene("profile-without-mail", "/accounts/profile/", who="ada", site="bare"),
    Scene("profile-delete", "/accounts/profile/delete/", who="ada"),
    Scene("profile-delete-refused", "/accounts/profile/delete/", who="ada", act=_wrong_password),
    Scene("change-password", "/accounts/password/change/", who="ada"),
    Scene("change-address", "/accounts/email/", who="ada"),
    Scene("change-address-waiting", "/accounts/email/", who="noor"),
    Scene("confirm-it-is-you", "/accounts/2fa/totp/activate/", who="stale"),
    Scene("confirm-by-code", "/accounts/2fa/reauthenticate/", who="sam-stale"),
    Scene("second-factor-off", "/accounts/2fa/", who="ada"),
    Scene("second-factor-set-up", "/accounts/2fa/totp/activate/", who="ada"),
    Scene("second-factor-on", "/accounts/2fa/", who="sam"),
    Scene("second-factor-switch-off", "/accounts/2fa/totp/deactivate/", who="sam"),
    Scene("recovery-codes", "/accounts/2fa/recovery-codes/", who="sam"),
    Scene("recovery-codes-new", "/accounts/2fa/recovery-codes/generate/", who="sam"),
    Scene("home", "/channels/", who="ada"),
    Scene("home-empty", "/channels/", who="empty"),
    Scene("home-refused", "/channels/", who="ada", act=_no_name),
    Scene("ready", "{garden}ready/", who="ada"),
    Scene("ready-ask", "{ask}ready/", who="ada"),
    Scene("settings", "{garden}settings/", who="ada"),
    Scene("settings-saved", "{garden}settings/", who="ada", act=_saved),
    Scene("settings-refused", "{garden}settings/", who="ada", act=_no_moment),
    Scene("settings-locked", "{locked}settings/", who="ada"),
    Scene("settings-expired", "{expired}settings/", who="ada"),
    Scene("settings-long-name", "{members}settings/", who="ada"),
    Scene("delete", "{garden}delete/", who="ada"),
    Scene("refused-sign-in", "{members}"),
    Scene("refused-expired", "{expired}"),
    Scene("refused-expired-owner", "{expired}", who="ada"),
    Scene("refused-removed", "{garden}", who="sam"),
    Scene("refused-not-found", "/c/AAAAAAAAAAAAAAAAAAAAAA/"),
    Scene("failure-400", "!400"),
    Scene("failure-403", "!403"),
    Scene("failure-403-csrf", "!403-csrf"),
    Scene("failure-404", "/nowhere/"),
    Scene("failure-429", "!429"),
    Scene("failure-500", "!500"),
)
