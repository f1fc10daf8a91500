"""The tests; `tests.support` and `tests.environment` are shared by all of them."""
