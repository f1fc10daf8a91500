"""What the tests know about the people they make."""

from typing import Final

PASSWORD: Final = "a long enough phrase"
OTHER_PASSWORD: Final = "quite another phrase"
