"""Values from the environment: a wrong one stops the start with a sentence naming it."""

from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql")
EMAIL_SCHEMES = ("smtp", "smtp+tls", "smtp+ssl", "consolemail", "filemail")


class Environment:
    """Settings read with django-environ; a failure names the variable and what it wants."""

    def __init__(self, env_file: Path) -> None:
        self._env = environ.Env()
        if env_file.is_file():
            self._env.read_env(env_file)

    def _read(self, name: str, expected: str, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except (ValueError, ImproperlyConfigured) as error:
            raise ImproperlyConfigured(
                f"{name} is {self._env.ENVIRON.get(name)!r}, but should be {expected}. "
                "See .env.example."
            ) from error

    def text(self, name: str, default: str) -> str:
        return self._env.str(name, default=default)

    def folder(self, name: str, default: Path) -> Path:
        """A folder that is there, or is made."""
        folder = Path(self._env.str(name, default=str(default)))
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ImproperlyConfigured(
                f"{name} is {str(folder)!r}, but should be a folder that can be written. "
                "See .env.example."
            ) from error
        return folder

    def secret(self, name: str, default: str) -> str:
        """A secret of 50 characters at least, or empty: then what needs it stops."""
        value = self._env.str(name, default=default)
        if 0 < len(value) < 50:
            raise ImproperlyConfigured(
                f"{name} should be at least 50 random characters. See .env.example."
            )
        return value

    def boolean(self, name: str, *, default: bool) -> bool:
        value = self._env.str(name, default=str(default)).lower()
        if value not in {"true", "false", "1", "0", "on", "off", "yes", "no"}:
            raise ImproperlyConfigured(
                f"{name} is {value!r}, but should be true or false. See .env.example."
            )
        return value in {"true", "1", "on", "yes"}

    def number(self, name: str, default: int, *, least: int = 0) -> int:
        value = self._read(name, "a whole number", lambda: self._env.int(name, default=default))
        if value < least:
            raise ImproperlyConfigured(
                f"{name} is {value}, but should be {least} or more. See .env.example."
            )
        return int(value)

    def words(self, name: str, default: list[str]) -> list[str]:
        return [word for word in self._env.list(name, default=default) if word]

    def networks(self, name: str) -> list[IPv4Network | IPv6Network]:
        """Networks as CIDR, separated by commas."""
        expected = "networks such as 10.20.0.0/16,203.0.113.0/24"
        words = self.words(name, [])
        return self._read(name, expected, lambda: [ip_network(word.strip()) for word in words])  # type: ignore[no-any-return]

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        value = self._env.str(name, default=default)
        if value not in choices:
            raise ImproperlyConfigured(
                f"{name} is {value!r}, but should be one of {', '.join(choices)}. See .env.example."
            )
        return value

    def database(self, name: str, default: str) -> dict[str, Any]:
        expected = "an address such as sqlite:////srv/luoshi/db.sqlite3 or postgres://user:password@host:5432/luoshi"
        url = self._env.str(name, default=default)
        if url.split(":", 1)[0] not in DATABASE_SCHEMES:
            # The address may hold a password: only its scheme is repeated.
            raise ImproperlyConfigured(f"{name} should be {expected}. See .env.example.")
        return self._read(name, expected, lambda: self._env.db_url_config(url))

    def email(self, name: str) -> dict[str, Any]:
        """How mail is sent, as Django's settings; empty: it is not."""
        expected = "an address such as smtp+tls://user:password@mail.example.gov.cn:587"
        url = self._env.str(name, default="")
        if not url:
            return {}
        if url.split(":", 1)[0] not in EMAIL_SCHEMES:
            # The address may hold a password: it is not repeated.
            raise ImproperlyConfigured(f"{name} should be {expected}. See .env.example.")
        found: dict[str, Any] = self._env.email_url_config(url)
        return {key: value for key, value in found.items() if key != "OPTIONS" and value}

    def site_url(self, name: str, default: str) -> str:
        """The address of the site: scheme and host, without a path."""
        url = self._env.str(name, default=default).rstrip("/")
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path:
            raise ImproperlyConfigured(
                f"{name} is {url!r}, but should be an address such as "
                "https://luoshi.example.gov.cn. See .env.example."
            )
        return url
