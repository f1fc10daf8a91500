"""Password hashers: one that is quick and counts (the time a log-in takes is its hashes),
and one that takes its time."""

from django.contrib.auth.hashers import MD5PasswordHasher, PBKDF2PasswordHasher


class CountingHasher(MD5PasswordHasher):
    calls = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).calls += 1
        return super().encode(password, salt)


class RealHasher(PBKDF2PasswordHasher):
    """Django's own, with a quarter of its rounds: what else differs shows all the more."""

    iterations = PBKDF2PasswordHasher.iterations // 4
