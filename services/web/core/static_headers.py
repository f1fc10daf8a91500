"""What browsers are told about static files, each of them a hundred times a page.

Only what means something for a file that is not a page: no other site may read it, and
it is what its type says.
"""

from wsgiref.headers import Headers


def static_headers(headers: Headers, path: str, url: str) -> None:
    """WhiteNoise asks once for each file, at the start."""
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
