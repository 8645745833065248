"""All settings, read from the environment or from `.env`; README.md lists them."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.environment import Environment
from config.password_rules import DAYS, PROFILES

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment(BASE_DIR / ".env")

# Whose site this is ------------------------------------------------------------------

SITE_NAME = env.text("SITE_NAME", "代表建议办理公开")
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "var")
# Bytes a letter may have at the most: the reader refuses a larger one with a sentence.
LETTER_MAX_BYTES = env.number("LETTER_MAX_MB", 20, least=1) * 1024 * 1024

# Safety ------------------------------------------------------------------------------

DEBUG = env.boolean("DEBUG", default=False)
# Reading a letter needs no key; a site does (config/checks.py).
SECRET_KEY = env.secret("SECRET_KEY", "development-only-" * 4 if DEBUG else "")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", [])

# HTTPS is the rule; a site on plain HTTP (the demo, a closed intranet) says so.
HTTPS = env.boolean("HTTPS", default=True)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
# A form with an old token: what its own account typed is kept.
CSRF_FAILURE_VIEW = "clerkadmin.held.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
    }
}

# Parts -------------------------------------------------------------------------------

INSTALLED_APPS = [
    "config.admin_app.ClerkAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "import_export",
    "simple_history",
    "django_filters",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "config",
    "clerkadmin",
    "departments",
    "assemblies",
    "proposals",
    "measures",
    "intake",
    "notifications",
    "accounts",
    "search",
    "public",
    "desk",
    "following",
    "demo",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.sessions.note_seen",
    "django.middleware.locale.LocaleMiddleware",
    "config.middleware.vary_on_cookie",
    "config.middleware.never_keep_the_desk",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.refuse_floods",
    "django_otp.middleware.OTPMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.owed.first_things_first",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
# The review of a long letter is one form, with a dozen fields for each of its sentences.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000
# The largest draft (clerkadmin/drafts.py), carried by the sign-in page: nine bytes a letter there.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Database ----------------------------------------------------------------------------

DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'luoshi.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE takes the write lock at BEGIN: a deferred one fails half-way with "locked".
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People ------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.NameOrEmailBackend",
]
PASSWORD_PROFILE = env.choice("PASSWORD_PROFILE", "asvs", ("asvs", "dengbao"))
AUTH_PASSWORD_VALIDATORS = PROFILES[PASSWORD_PROFILE]
PASSWORD_DAYS = DAYS[PASSWORD_PROFILE]
# A link by e-mail to a new password works so long, and once.
PASSWORD_RESET_TIMEOUT = 2 * 3600
LOGIN_URL = "accounts:sign_in"
LOGOUT_REDIRECT_URL = "accounts:sign_in"
# Who works only with a code of an app beside the password.
SECOND_FACTOR = env.choice(
    "SECOND_FACTOR", "optional" if DEBUG else "staff", ("optional", "staff", "everybody")
)
OTP_TOTP_ISSUER = SITE_NAME
# So many wrong passwords of one account from one network, and it waits so long.
SIGN_IN_LOCK_MINUTES = env.number("SIGN_IN_LOCK_MINUTES", 15, least=1)
AXES_FAILURE_LIMIT = env.number("SIGN_IN_TRIES", 8, least=2)
AXES_COOLOFF_TIME = timedelta(minutes=SIGN_IN_LOCK_MINUTES)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "accounts.backends.counted_name"
AXES_CLIENT_IP_CALLABLE = "accounts.limits.counted_network"
AXES_LOCKOUT_CALLABLE = "accounts.limits.answer"
AXES_RESET_ON_SUCCESS = True
# An attempt that meets the lock neither counts nor makes it longer.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# Who was signed in, and from where, accounts.SignIn tells.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
# What was sent with an attempt is written down without these.
AXES_SENSITIVE_PARAMETERS = [
    *("username", "email", "ip_address", "code", "next", "_held", "csrfmiddlewaretoken"),
    *("old_password", "new_password1", "new_password2", "_form_token", "_form_of"),
]
# Who does nothing for so long signs in again; and after so long everybody does.
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 60 * env.number("SESSION_IDLE_MINUTES", 60, least=5)
SESSION_LIFE_HOURS = env.number("SESSION_LIFE_HOURS", 12, least=1)
# Where clerks sit: a deputy's rating from there raises an alarm (accounts/alarms.py).
OFFICE_NETWORKS = env.networks("OFFICE_NETWORKS")
INVITATION_DAYS = env.number("INVITATION_DAYS", 14, least=1)
# How many proxies of ours stand before the site: so many entries of X-Forwarded-For are believed.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0, least=0)

# E-mail ------------------------------------------------------------------------------

# Without it messages are kept for the desk and nobody is mailed.
_email = env.email("EMAIL_URL")
EMAIL_CONFIGURED = bool(_email)
EMAIL_BACKEND = _email.get("EMAIL_BACKEND", "django.core.mail.backends.dummy.EmailBackend")
EMAIL_HOST = _email.get("EMAIL_HOST", "localhost")
EMAIL_PORT = _email.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = _email.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _email.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = _email.get("EMAIL_FILE_PATH", "")
# For each word of the server: one that looks through a mail before it takes it needs its time.
EMAIL_TIMEOUT = 60
# Where the links of a message lead; its host is also in the messages' ids.
_host = next((host for host in ALLOWED_HOSTS if host.strip("*.")), "localhost").lstrip("*.")
SITE_URL = env.site_url("SITE_URL", f"{'https' if HTTPS else 'http'}://{_host}")
EMAIL_DOMAIN = urlsplit(SITE_URL).hostname
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("EMAIL_FROM", f"luoshi@{EMAIL_DOMAIN}")

# Language and time -------------------------------------------------------------------

LANGUAGE_CODE = env.choice("LANGUAGE_CODE", "zh-hans", ("zh-hans", "en"))
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = USE_TZ = True

# Files -------------------------------------------------------------------------------

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "files"  # never served by a server: a view asks the gate each time
MEDIA_URL = "admin/files/"
STORAGES = {
    "default": {"BACKEND": "clerkadmin.files.SafeStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

LOG_LEVEL = env.choice("LOG_LEVEL", "WARNING", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
