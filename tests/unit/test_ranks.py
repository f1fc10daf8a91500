"""The rank test against values that are known."""

import random

import pytest

from tests.support.ranks import differ


def test_two_rows_without_overlap_differ() -> None:
    assert differ(range(20), range(100, 120)) < 1e-6


def test_equal_rows_do_not_differ() -> None:
    assert differ([1.0] * 30, [1.0] * 30) == 1.0
    assert differ(range(30), range(30)) == pytest.approx(1.0)


def test_the_value_is_the_one_of_the_tables() -> None:
    one, other = [1, 4, 8, 10, 12], [2, 3, 5, 6, 7, 9, 11, 13, 14, 15]
    # The ranks of the first row are its values: their sum is 35, U = 35 - 15, z = 5 / 8.165.
    assert differ(one, other) == pytest.approx(0.5403, abs=1e-3)


def test_one_in_a_hundred_of_equal_sources_falls_below_a_hundredth() -> None:
    source = random.Random(1)
    below = sum(
        differ([source.random() for _ in range(40)], [source.random() for _ in range(40)]) < 0.01
        for _ in range(1000)
    )
    assert 2 <= below <= 25
