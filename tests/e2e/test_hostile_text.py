"""Names, channel names and messages are text and never markup (perf.md S13)."""

import time
from functools import partial

import pytest

from tests.e2e.conftest import People
from tests.e2e.corpus import BIDI_NAME, XSS
from tests.e2e.harness.browser import eventually
from tests.e2e.harness.media import BLUE, RED
from tests.e2e.harness.person import Person

pytestmark = pytest.mark.browser

BETWEEN_MESSAGES_S = 0.3
"""Slower than the four a second at which a receiver stops listening."""
NAME_CHARS = 64
NAMES_PER_CHANNEL = 20
"""Each takes a ticket, and a person gets 30 a minute for a channel."""


def intact(person: Person) -> bool:
    """Nothing of the corpus ran, and nothing of it became an element."""
    return bool(
        person.tab.evaluate(
            "globalThis.pwned === undefined && ![...document.querySelectorAll('*')].some("
            "(e) => [...e.attributes].some((a) => a.name.startsWith('on'))"
            " || /evil\\.test|pwned/.test(e.src || e.href?.toString() || '')"
            " || (e.localName === 'script' && /pwned/.test(e.textContent)"
            "     && e.type !== 'application/json'))"
        )
    )


def test_the_corpus_is_large_enough() -> None:
    assert len(set(XSS)) >= 50


def test_no_message_of_the_corpus_runs_and_each_is_shown_as_it_was_written(
    people: People,
) -> None:
    ada, bob = people.with_account("Ada", RED), people.chromium("Bob", BLUE)
    link = ada.create_channel("Hostile chat")
    ada.enter(link)
    bob.enter(link, guest=True)
    ada.wait_for_others("Bob")
    ada.sees(bob)
    ada.open_panel("chat")
    for number, text in enumerate(XSS, start=1):
        bob.say(text)
        time.sleep(BETWEEN_MESSAGES_S)
        eventually(partial(_has_messages, ada, number), what=f"the message {text!r} arrives")
        assert intact(ada), text
    assert ada.messages() == list(XSS)
    assert bob.messages() == list(XSS)
    assert intact(bob)


def test_no_channel_name_of_the_corpus_runs_on_any_page(people: People) -> None:
    ada = people.with_account("Ada", RED)
    links = []
    for text in XSS:
        links.append(ada.create_channel(text[:NAME_CHARS]))
        assert intact(ada), f"{text} on the page of the link"
    ada.tab.goto(f"{ada.base_url}/channels/")
    assert intact(ada)
    assert ada.tab.count("main h3 bdi") == len(XSS)
    for link in links[::4]:
        ada.tab.goto(f"{link}settings/")
        assert intact(ada), "in the settings"
        ada.open(link)
        assert intact(ada), "on the call page"


def test_no_name_of_the_corpus_runs_at_the_other_end(people: People) -> None:
    ada, bob = people.with_account("Ada", RED), people.chromium("Bob", BLUE)
    names = [text for text in XSS if len(text) <= NAME_CHARS]
    for first in range(0, len(names), NAMES_PER_CHANNEL):
        link = ada.create_channel("Hostile names")
        ada.enter(link)
        ada.open_panel("people")
        for name in names[first : first + NAMES_PER_CHANNEL]:
            bob.open(link)
            bob.tab.fill("[data-testid=lobby] [data-testid=name]", name)
            bob.tab.click("[data-testid=join]")
            bob.is_in()
            ada.tab.wait_for("[data-testid=tile]:not([data-peer-id=self])")
            assert intact(ada), name
            assert intact(bob), name
            bob.hang_up()
            ada.tab.wait_gone("[data-testid=tile]:not([data-peer-id=self])")


def test_a_name_cannot_turn_the_text_around_it(people: People) -> None:
    ada = people.with_account("Ada", RED)
    link = ada.create_channel("Bidi")
    ada.enter(link)
    bob = people.chromium("Bob", BLUE)
    bob.open(link)
    bob.tab.fill("[data-testid=lobby] [data-testid=name]", BIDI_NAME)
    bob.tab.click("[data-testid=join]")
    bob.is_in()
    ada.tab.wait_for("[data-testid=tile]:not([data-peer-id=self])")
    (name,) = ada.others()
    assert not set(name) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b")
    assert (
        ada.tab.evaluate("document.querySelector('[data-testid=tile] [data-part=name]').localName")
        == "bdi"
    )


def _has_messages(person: Person, number: int) -> bool:
    return person.tab.count("[data-testid=message]") >= number
