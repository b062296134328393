"""For tests of what a page says of a day: they are not to run across midnight."""

import time

DAY = 86_400


def await_room(seconds):
    """Returns when the present day, UTC, has at least so many seconds left: at once but for the last of them."""
    left = DAY - time.time() % DAY
    if left < seconds:
        time.sleep(left + 1)
