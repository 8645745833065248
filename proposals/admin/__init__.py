"""Proposals and what came of them, as clerks keep them: a file per noun."""

from proposals.admin import assignment, event, feedback, proposal, reply, trail

__all__ = ["assignment", "event", "feedback", "proposal", "reply", "trail"]
