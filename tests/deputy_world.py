"""A desk with everything on it: a proposal, who stands under it, and one of each that must not show.

Everything that somebody else wrote for themselves holds `TOKEN`.
"""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from access.rights import Role
from assemblies.models import Deputy, DeputyContact
from measures.models import Commitment, CommitmentFeedback
from proposals import rating
from proposals.models import (
    Assignment,
    Attachment,
    CoHandlingOpinion,
    Contact,
    Event,
    ExtensionRequest,
    Feedback,
    FeedbackReason,
    Proposal,
    Reply,
    ReturnRequest,
    Sponsorship,
)
from tests.world import (
    ASSIGNED_ON,
    LETTER,
    SENT_ON,
    make_assignment,
    make_category,
    make_commitment,
    make_department,
    make_deputy,
    make_feedback,
    make_figure,
    make_measure,
    make_member,
    make_proposal,
    make_rating,
    make_reply,
    make_sponsorship,
    make_user,
)

TOKEN = "密语zq9"


def make_desk(name: str = "林秀兰", username: str = "") -> Deputy:
    """A deputy with an account, and so with a desk."""
    deputy = make_deputy(name)
    if deputy.user is None:
        deputy.user = make_user(username or f"deputy-{name}", is_staff=False)
        deputy.save()
    return deputy


def signed_in(deputy: Deputy) -> Client:
    client = Client()
    client.force_login(deputy.user)
    return client
