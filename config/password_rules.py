"""What a password must be, by profile: they contradict each other, so a site chooses one.

asvs: long, not a common one, never changed without a cause (OWASP ASVS, NIST SP 800-63B).
dengbao (网络安全等级保护): kinds of characters, changed after 90 days, none of the last five again.
"""

from typing import Any

RULES = "accounts.passwords"
ALWAYS: list[dict[str, Any]] = [
    {"NAME": f"{RULES}.Uncommon"},
    {"NAME": f"{RULES}.UnlikeTheName"},
]
PROFILES: dict[str, list[dict[str, Any]]] = {
    "asvs": [
        {"NAME": f"{RULES}.LongEnough", "OPTIONS": {"min_length": 12}},
        *ALWAYS,
        {"NAME": f"{RULES}.NotUsedBefore", "OPTIONS": {"refused": 0}},
    ],
    "dengbao": [
        {"NAME": f"{RULES}.LongEnough", "OPTIONS": {"min_length": 8}},
        {"NAME": f"{RULES}.ThreeKinds"},
        *ALWAYS,
        {"NAME": f"{RULES}.NotUsedBefore", "OPTIONS": {"refused": 5}},
    ],
}
# After so many days a new one is asked for; None: never.
DAYS = {"asvs": None, "dengbao": 90}
