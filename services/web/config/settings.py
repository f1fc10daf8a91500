"""All settings, read from the environment, secure by default.

The process refuses to start with what is missing or unsafe; it never guesses a
secret. Any variable may be given as `NAME_FILE`, the path of a file that holds
the value (Docker secrets). docs/operations.md lists every variable.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from core.environment import Environment
from core.logging import logging_config
from core.static_headers import static_headers

env = Environment()
WEB_DIR: Final = Path(__file__).resolve().parent.parent

# --- Where the service lives --------------------------------------------------
SITE: Final = env.site(
    "BASE_URL", "http://localhost:8000", extra="EXTRA_ORIGINS", insecure="ALLOW_INSECURE_HTTP"
)
VAR_DIR: Final = Path(env.str("VAR_DIR", str(WEB_DIR.parent.parent / "var")))
DEBUG = False
SECRET_KEY = env.secret("SECRET_KEY", min_length=50)
# Keys that were in use before; what they signed is still read.
SECRET_KEY_FALLBACKS = env.secrets("SECRET_KEY_FALLBACKS", min_length=50)
ALLOWED_HOSTS = SITE.hosts
# Exact `scheme://host[:port]`; also the only origins that may open a WebSocket.
ALLOWED_ORIGINS: Final = SITE.origins
CSRF_TRUSTED_ORIGINS = SITE.origins
RELEASE: Final = env.str("RELEASE", "")
ENVIRONMENT: Final = env.str("ENVIRONMENT", "production" if SITE.secure else "local")

# --- Applications -------------------------------------------------------------
INSTALLED_APPS = [
    "core",
    "accounts",
    "rooms",
    "signaling",
    "turn",
    "diagnostics",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.admin",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "core.middleware.RequestLogMiddleware",
    "core.middleware.OperationsMiddleware",
    # Above what is said of pages: see `core.static_headers`.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "core.middleware.IsolationHeadersMiddleware",
    "core.middleware.PageCompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context_processors.site",
            ],
        },
    },
]

# --- Data ---------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{VAR_DIR / 'traverse.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Empty: one process, everything in memory (the embedded default).
REDIS_URL: Final = env.redis("REDIS_URL")
CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "traverse",
            "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
        }
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            # The default of 300 would let a crowd of addresses push out the counters
            # of wrong passwords.
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    ),
}
# What a platform says about the number of processes; only checked, never obeyed.
WEB_CONCURRENCY: Final = env.int("WEB_CONCURRENCY", 1, minimum=1)
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": (
        {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            # redis-py's own default of 5 s would close idle subscriptions.
            "CONFIG": {
                "hosts": [{"address": REDIS_URL, "socket_timeout": None}],
                "prefix": "traverse",
            },
        }
        if REDIS_URL
        else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    ),
}

# --- Accounts -----------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
# One backend, so that a password is hashed once per log-in; it extends Django's own.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
_VALIDATORS: Final = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": f"{_VALIDATORS}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": f"{_VALIDATORS}.MinimumLengthValidator"},
    {"NAME": f"{_VALIDATORS}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATORS}.NumericPasswordValidator"},
]
SIGNUP: Final = env.choice("SIGNUP", ("open", "invite", "closed"), "open")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
SESSION_COOKIE_AGE = int(
    timedelta(days=env.int("SESSION_DAYS", 14, minimum=1, maximum=365)).total_seconds()
)
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "core.views.csrf_failure"

# --- Mail ---------------------------------------------------------------------
# smtp+tls://user:password@host:587; empty: mail is printed on the console.
EMAIL_URL = env.str("EMAIL_URL", "")
MAIL_ENABLED: Final = bool(EMAIL_URL)
globals().update(env.email("EMAIL_URL", "consolemail://"))
# A mail server that hangs must not hang the page.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", f"Traverse <no-reply@{SITE.host}>")

# --- django-allauth -----------------------------------------------------------
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "add_email": "accounts.forms.ChangeEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Without mail nobody can prove an address: sign-up then says when one is taken
# (docs/operations.md, "Without mail").
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if MAIL_ENABLED else "none"
ACCOUNT_EMAIL_NOTIFICATIONS = MAIL_ENABLED
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 2
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Whether a session outlives the browser: the person decides, always, never.
ACCOUNT_SESSION_REMEMBER = {"ask": None, "always": True, "never": False}[
    env.choice("SESSION_REMEMBER", ("ask", "always", "never"), "ask")
]
# Per address only what an office or a class behind one address never reaches;
# wrong passwords count per account and address together ("key", see the
# adapter), so that nobody is locked out from elsewhere.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    "signup": "60/m/ip,300/h/ip",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "60/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "confirm_email": "1/3m/key",
}
MFA_ADAPTER = "accounts.mfa.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Traverse"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = not MAIL_ENABLED
MFA_FORMS = {
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.CodeReauthenticateForm",
    "activate_totp": "accounts.forms.ActivateTOTPForm",
}

# --- Transport and browser hardening ------------------------------------------
SECURE_SSL_REDIRECT = SITE.secure and env.bool("SSL_REDIRECT", True)
SECURE_HSTS_SECONDS = 31_536_000 if SITE.secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SITE.secure
SECURE_HSTS_PRELOAD = SITE.secure
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE.secure
if SITE.secure:
    # A sibling host or a plain http page can set no cookie of such a name.
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Only behind a proxy that sets the header on every request (nginx, Render).
TRUST_PROXY: Final = env.bool("TRUST_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUST_PROXY else None
# How many proxies of ours append to X-Forwarded-For.
TRUSTED_PROXIES: Final = env.int("TRUSTED_PROXIES", 1, maximum=9) if TRUST_PROXY else 0
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "media-src": ["'self'", "blob:"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        # Safari before 15.4 does not count wss: as 'self'.
        "connect-src": ["'self'", *SITE.websocket_origins],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    },
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": ["self"],
    "microphone": ["self"],
    "display-capture": ["self"],
    "screen-wake-lock": ["self"],
    "picture-in-picture": ["self"],
    "fullscreen": ["self"],
    "autoplay": ["self"],
    "speaker-selection": ["self"],
    "geolocation": [],
    "payment": [],
    "usb": [],
    "midi": [],
}

# --- Static files -------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(VAR_DIR / "static")))
# What `manage.py build_icons` cuts; Django warns of a directory that is not there.
BUILD_DIR: Final = VAR_DIR / "build"
STATICFILES_DIRS = [path for path in (WEB_DIR / "static", BUILD_DIR) if path.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "core.static.StaticStorage"},
}
# Before the first `collectstatic` the files are served as they are in git.
STATIC_COLLECTED: Final = (STATIC_ROOT / "staticfiles.json").is_file()
WHITENOISE_USE_FINDERS = not STATIC_COLLECTED
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ADD_HEADERS_FUNCTION = static_headers
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100

# --- TURN ---------------------------------------------------------------------
TURN_SECRET: Final = env.optional_secret("TURN_SECRET", min_length=32)
# Host name or address that browsers use; empty: no relay, and the pages say so.
TURN_HOST: Final = env.host("TURN_HOST")
TURN_PORT: Final = env.int("TURN_PORT", 3478, minimum=1, maximum=65535)
# Ports where TURN over TLS and plain TURN over TCP answer on 443; 0: not offered.
TURN_TLS_PORT: Final = env.int("TURN_TLS_PORT", 0, maximum=65535)
TURN_PUBLIC_IPS: Final = env.addresses("TURN_PUBLIC_IPS")
TURN_TCP_443_PORT: Final = env.int("TURN_TCP_443_PORT", 0, maximum=65535)
TURN_REALM: Final = env.str("TURN_REALM", SITE.host)
env.require("TURN_SECRET", because="TURN_HOST", when=bool(TURN_HOST and not TURN_SECRET))
env.differ("TURN_SECRET", TURN_SECRET, "SECRET_KEY", SECRET_KEY)
TURN_TTL: Final = timedelta(seconds=env.int("TURN_TTL_SECONDS", 7200, minimum=600, maximum=86_400))

# --- Calls --------------------------------------------------------------------
ROOM_CAPACITY: Final = env.int("ROOM_CAPACITY", 8, minimum=2, maximum=8)

# --- Operation ----------------------------------------------------------------
# Without it only this machine may read /-/metrics.
METRICS_TOKEN: Final = env.optional_secret("METRICS_TOKEN", min_length=32)

# --- Errors and logs ----------------------------------------------------------
SENTRY_DSN: Final = env.sentry("SENTRY_DSN")
LOG_LEVEL: Final = env.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO")
LOG_FORMAT: Final = env.choice("LOG_FORMAT", ("console", "json"), "json")
LOGGING = logging_config(level=LOG_LEVEL, style=LOG_FORMAT)

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
