from hypothesis import given
from hypothesis import strategies as st

from signaling.buckets import Bucket, FrameMeter, Rate

rates = st.builds(Rate, per_second=st.floats(0.5, 100), burst=st.floats(1, 500))
gaps = st.lists(st.floats(0, 5), max_size=200)


@given(rates, gaps)
def test_a_bucket_never_gives_more_than_its_burst_and_its_rate(
    rate: Rate, waits: list[float]
) -> None:
    now, taken = 0.0, 0
    bucket = Bucket.full(rate, now=now)
    for wait in waits:
        now += wait
        bucket, refused = bucket.take(1, now=now)
        taken += not refused
    assert taken <= rate.burst + now * rate.per_second + 1e-6


@given(rates)
def test_the_wait_that_a_bucket_names_is_enough(rate: Rate) -> None:
    bucket, wait = Bucket.full(rate, now=0), 0.0
    while not wait:
        bucket, wait = bucket.take(1, now=0)
    _, again = bucket.take(1, now=wait + 1e-6)
    assert again == 0


def test_a_clock_that_steps_back_gives_nothing() -> None:
    bucket = Bucket.full(Rate(1, 1), now=100)
    bucket, _ = bucket.take(1, now=100)
    bucket, wait = bucket.take(1, now=50)
    assert wait == 1


def test_a_meter_counts_frames_and_bytes() -> None:
    many = FrameMeter(frames=Rate(1, 3), octets=Rate(1, 1000), now=0)
    assert [many.accepts(1, now=0) for _ in range(4)] == [True, True, True, False]
    large = FrameMeter(frames=Rate(1, 100), octets=Rate(10, 100), now=0)
    assert large.accepts(100, now=0)
    assert not large.accepts(1, now=0.05)
    assert large.accepts(1, now=1)
