"""Proposals and what came of them, as clerks keep them: a file per noun."""

from proposals.admin import (
    assignment,
    contact,
    event,
    feedback,
    opinion,
    petition,
    proposal,
    reply,
    trail,
)

__all__ = [
    "assignment",
    "contact",
    "event",
    "feedback",
    "opinion",
    "petition",
    "proposal",
    "reply",
    "trail",
]
