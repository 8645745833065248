"""Follow every link of the site as a visitor would, and keep all that came back."""

import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.test import Client

LINK = re.compile(r"""(?:href|src|action)=["']([^"'#]+)""")


@dataclass
class Crawl:
    """What a visitor was given: address -> (status, headers and body as one text)."""

    answers: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def settled(self) -> dict[str, str]:
        """Each answer without what differs at every request: a form's token, the second."""
        return {url: _settled(text) for url, (_status, text) in self.answers.items()}

    @property
    def broken(self) -> list[str]:
        return [url for url, (status, _text) in self.answers.items() if status >= 400]

    def holding(self, token: str) -> list[str]:
        return [url for url, (_status, text) in self.answers.items() if token in text]


def crawl(client: Client, *starts: str, most: int = 600) -> Crawl:
    """Every page that can be reached by links from the start; static files are left out."""
    found, waiting = Crawl(), list(starts or ["/", "/robots.txt"])
    while waiting and len(found.answers) < most:
        url = waiting.pop()
        if url in found.answers:
            continue
        response = client.get(url)
        body = b"".join(response) if response.streaming else response.content
        text = body.decode("utf-8", "replace")
        head = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
        found.answers[url] = response.status_code, head + "\n" + unescape(text)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            waiting += [link for link in _links(url, text) if link not in found.answers]
        if "Location" in response.headers:
            waiting += _links(url, f'href="{response.headers["Location"]}"')
    assert not set(waiting) - set(found.answers), f"more than {most} addresses"
    return found


def _links(base: str, html: str) -> list[str]:
    links = (urlsplit(urljoin(base, unescape(link))) for link in LINK.findall(html))
    return [
        link.path + (f"?{link.query}" if link.query else "")
        for link in links
        if not link.scheme
        and not link.netloc
        and not link.path.startswith(("/static/", "/language/", "/admin/"))
    ]


def _settled(text: str) -> str:
    return "\n".join(
        line
        for line in text.splitlines()
        if "csrf" not in line.lower() and not line.startswith("Expires: ")
    )
