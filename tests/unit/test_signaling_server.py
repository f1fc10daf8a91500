"""What the server takes from the libraries below it is still there after an upgrade."""

from signaling import server


def test_autobahn_still_makes_its_debug_texts_with_the_helpers_that_are_replaced() -> None:
    for module, helper in server.DEBUG_HELPERS:
        assert callable(getattr(module, helper)), f"{module.__name__}.{helper}"
