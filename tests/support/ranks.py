"""Whether two rows of measurements differ: the rank test of Mann and Whitney."""

import math
from collections.abc import Sequence


def differ(one: Sequence[float], other: Sequence[float]) -> float:
    """The two-sided p of both rows coming from one distribution: small when they differ.

    By the normal approximation, which holds from about twenty in each row.
    """
    ordered = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks, ties, start = 0.0, 0.0, 0
    while start < len(ordered):
        end = start
        while end < len(ordered) and ordered[end][0] == ordered[start][0]:
            end += 1
        # Equal values share the middle of their ranks.
        ranks += (start + end + 1) / 2 * sum(row == 0 for _, row in ordered[start:end])
        ties += (end - start) ** 3 - (end - start)
        start = end
    n, m, total = len(one), len(other), len(ordered)
    variance = n * m / 12 * (total + 1 - ties / (total * (total - 1)))
    if variance == 0:
        return 1.0
    u = ranks - n * (n + 1) / 2
    return math.erfc(abs(u - n * m / 2) / math.sqrt(2 * variance))
