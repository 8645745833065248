"""Who works in an office and is a deputy, too: on the deputies' desk, the deputy alone."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from access.rights import Role
from measures.models import CommitmentFeedback
from proposals.models import Proposal
from tests.deputy_world import ask_word, make_desk, make_handled, rate, signed_in
from tests.world import make_feedback, make_member, make_proposal, make_sponsorship

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[Role.DEPUTIES_OFFICE, "superuser"])
def world(request, settings, tmp_path) -> SimpleNamespace:
    """林秀兰's letter; 周建国, who co-signed, sees all of it in the office he works in."""
    settings.MEDIA_ROOT = tmp_path
    world = make_handled(make_desk())
    if request.param == "superuser":
        world.partner.user.is_superuser = True
        world.partner.user.save()
    else:
        world.partner.user = make_member(request.param, "both")
        world.partner.save()
    return world


def test_what_another_deputy_is_asked_does_not_wait_here(world):
    make_feedback(world.reply, deputy=world.lead)
    ask_word(world.promise, world.lead)
    draft = make_proposal("", sponsor=world.lead, state=Proposal.State.COSIGNING)
    make_sponsorship(draft, world.silent, asked_on=timezone.localdate())
    assert signed_in(world.partner).get("/desk/").context["tasks"] == []
    assert len(signed_in(world.lead).get("/desk/").context["tasks"]) == 3


def test_what_another_deputy_said_of_the_letter_is_not_taken_for_the_own_word(world):
    rate(world.reply, world.lead, "不满意", "没有回应增开班次")
    ask_word(world.promise, world.lead)
    own = f"/desk/proposals/{world.proposal.key}/"
    for path in (own, f"{own}replies/1/", f"{own}replies/1/rate/"):
        text = signed_in(world.partner).get(path).content.decode()
        assert "不满意" not in text, path
        assert "没有回应增开班次" not in text, path


def test_nobody_answers_for_another_deputy_here(world):
    ask_word(world.promise, world.lead)
    client = signed_in(world.partner)
    path = f"/desk/proposals/{world.proposal.key}/replies/1/promises/1/"
    assert client.get(path).context["question"] is None
    assert client.post(path, {"word": "kept"}).status_code == 404
    assert CommitmentFeedback.objects.get().state == "awaited"


def test_proposals_of_others_have_their_pages_at_the_office_alone(world):
    other = make_proposal("0300", sponsor=make_desk("何别处"))
    assert signed_in(world.partner).get(f"/desk/proposals/{other.key}/").status_code == 404
