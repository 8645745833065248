"""One person who walks through the admin, and notes what should not be."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from django.http import HttpResponseBase
from django.test import Client

from tests.walk_pages import Visit
from tests.walk_world import WalkWorld

REFUSED = {403, 404}
FORGED = {"on": "2026-06-01", "reason": "x", "text": "x", "title": "x", "_save": "1", "post": "yes"}


def client_of(walk: WalkWorld, name: str) -> Client:
    client = Client(raise_request_exception=False)
    user = walk.people[name]
    if user is not None:
        client.force_login(user)
    return client


def text_of(response: HttpResponseBase) -> str:
    """Everything that came back: the headers, the page, and what is packed in a file."""
    body = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    parts = [repr(dict(response.headers)), body.decode("utf-8", "replace")]
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            parts += [packed.read(name).decode("utf-8", "replace") for name in packed.namelist()]
    return "\n".join(parts)


class Walker:
    """One person with what they came upon that should not be."""

    def __init__(self, walk: WalkWorld, name: str) -> None:
        self.walk, self.name = walk, name
        self.client = client_of(walk, name)
        self.secret = {token for token, readers in walk.tokens.items() if name not in readers}
        self.found: set[str] = set()
        self.faults: list[str] = []
        self._forged: set[str] = set()

    def get(self, url: str) -> Any:
        return self._keep(url, self.client.get(url))

    def post(self, url: str, **data: Any) -> Any:
        return self._keep(f"POST {url}", self.client.post(url, data))

    def _keep(self, url: str, response: Any) -> Any:
        tokens = set(re.findall(r"密\d{3}[锁号]|密[稿信]锁|\w+@secret\.example", text_of(response)))
        self.found |= tokens
        if response.status_code >= 500:
            self.faults.append(f"{response.status_code} {url}")
        if tokens & self.secret:
            self.faults.append(f"{url} shows {sorted(tokens & self.secret)}")
        return response

    def visit(self, visit: Visit) -> None:
        status = self.get(visit.url).status_code
        if self.name in visit.by:
            if status not in (200, 302):
                self.faults.append(f"{status} {visit.url}, not opened")
        elif status not in REFUSED:
            self.faults.append(f"{status} {visit.url}, not refused")
        elif not self._is_refused_forms(visit):
            self.faults.append(f"POST {visit.url}, not refused")

    def _is_refused_forms(self, visit: Visit) -> bool:
        """Whether a forged form is refused; of addresses that differ by their row, one is tried."""
        if visit.like and visit.like in self._forged:
            return True
        self._forged.add(visit.like)
        return self.post(visit.url, **FORGED).status_code in (*REFUSED, 405)
