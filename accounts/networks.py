"""From where a request came: its address, and the network around it."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

# What one household or office has: a whole /24 of IPv4, the /64 of IPv6.
PREFIX = {4: 24, 6: 64}


def address_of(request: HttpRequest) -> str:
    """Who spoke to the outermost of the site's own proxies; empty where nobody can say.

    Each proxy adds at the right of the header whom it heard, and whatever stands further left is
    the visitor's own invention: so many entries are counted as proxies are trusted, from the right.
    """
    heard = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    trusted = settings.TRUSTED_PROXIES
    forwarded = _read(heard[-trusted]) if 0 < trusted <= len(heard) else None
    address = forwarded or _read(request.META.get("REMOTE_ADDR", ""))
    return str(address) if address else ""


def network_of(request: HttpRequest) -> str:
    """The network around the request's address, as the text of its first address."""
    return network_around(address_of(request))


def network_around(address: str) -> str:
    read = _read(address)
    if read is None:
        return ""
    return str(ip_network((read, PREFIX[read.version]), strict=False).network_address)


def _read(text: str) -> IPv4Address | IPv6Address | None:
    """The address; an IPv4 address that a server of IPv6 wrapped is the IPv4 address."""
    try:
        address = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    wrapped = getattr(address, "ipv4_mapped", None)
    return wrapped or address
