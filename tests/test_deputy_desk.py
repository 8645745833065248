"""The desk of a deputy: what waits, what became of the own proposals, and for whom it is there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access.rights import Role
from proposals.models import Assignment, Event, Proposal, Sponsorship
from tests.deputy_world import make_desk, signed_in
from tests.world import (
    SENT_ON,
    make_assignment,
    make_commitment,
    make_department,
    make_deputy,
    make_feedback,
    make_member,
    make_proposal,
    make_reply,
    make_rules,
    make_sponsorship,
    make_user,
)

pytestmark = pytest.mark.django_db
State = Proposal.State


def text_of(client: Client, path: str = "/desk/") -> str:
    response = client.get(path)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_it_opens():
    deputy = make_desk()
    make_proposal(sponsor=deputy)
    assert "关于改善学校周边公交出行的建议" in text_of(signed_in(deputy))
