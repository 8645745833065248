"""Co-sponsors: asked, answering for themselves, and asked again when the text changes."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from access.rights import Role
from notifications.models import Message
from proposals import registering, submitting
from proposals.models import Event, Proposal, Sponsorship
from tests import world
from tests.admin_pages import kinds
from tests.test_submitting import lead, make_draft, paper, sees, with_account  # noqa: F401

pytestmark = pytest.mark.django_db
State = Proposal.State


@pytest.fixture
def asked(lead):  # noqa: F811
    """A proposal with 周建国 and 吴敏 asked to co-sign."""
    proposal = make_draft(lead)
    submitting.ask(proposal, [with_account("周建国"), with_account("吴敏")], by=lead.user)
    return proposal


def name_under(proposal: Proposal, name: str) -> Sponsorship:
    return proposal.sponsorships.select_related("proposal", "deputy").get(deputy__name=name)


def standing(proposal: Proposal) -> list[str]:
    names = proposal.sponsorships.standing().order_by("order")
    return list(names.values_list("deputy__name", flat=True))


def test_who_is_asked_reads_the_text_and_stands_under_it_once_they_confirm(asked):
    asked.refresh_from_db()
    assert asked.state == State.COSIGNING
    assert kinds(asked) == ["drafted", "cosigner_asked", "cosigner_asked"]
    assert [e.details["deputy"] for e in asked.events.filter(kind="cosigner_asked")] == [
        "周建国",
        "吴敏",
    ]
    zhou = name_under(asked, "周建国")
    assert (zhou.asked_on, zhou.confirmed_on) == (timezone.localdate(), None)
    assert sees(zhou.deputy, asked)
    assert standing(asked) == ["林秀兰"]
    # Each of the two is told, though the asking of the other is none of their business.
    told = Message.objects.filter(path=reverse("desk:cosign", args=[asked.key]))
    assert {row.recipient for row in told} == {
        zhou.deputy.user,
        name_under(asked, "吴敏").deputy.user,
    }
    submitting.confirm(zhou, by=zhou.deputy.user)
    assert standing(asked) == ["林秀兰", "周建国"]
    event = asked.events.last()
    assert (event.kind, event.actor, event.details["deputy"]) == (
        "cosigned",
        zhou.deputy.user,
        "周建国",
    )


def test_who_declines_sees_it_no_more_and_their_words_reach_the_lead(asked):
    wu = name_under(asked, "吴敏")
    submitting.decline(wu, words=" 数据还不够 ", by=wu.deputy.user)
    assert not sees(wu.deputy, asked)
    assert "吴敏" not in standing(asked)
    event = asked.events.last()
    assert (event.kind, event.details["words"]) == ("cosigning_declined", "数据还不够")
    for move in (submitting.confirm, submitting.decline, submitting.take_back):
        with pytest.raises(ValidationError):
            move(wu)


def test_who_has_confirmed_can_think_otherwise_until_it_is_handed_in(asked):
    zhou = name_under(asked, "周建国")
    submitting.confirm(zhou)
    submitting.decline(zhou)
    assert standing(asked) == ["林秀兰"]
    wu = name_under(asked, "吴敏")
    submitting.confirm(wu)
    submitting.submit(asked)
    with pytest.raises(ValidationError):
        submitting.decline(wu)
    assert standing(asked) == ["林秀兰", "吴敏"]


@pytest.mark.parametrize("field", ["title", "reason", "request"])
def test_another_text_is_confirmed_anew(asked, field):
    zhou, wu = name_under(asked, "周建国"), name_under(asked, "吴敏")
    submitting.confirm(zhou)
    submitting.decline(wu)
    told = asked.events.count()
    assert submitting.change(asked, **{field: "关于另一件事的建议"})
    zhou.refresh_from_db()
    wu.refresh_from_db()
    assert zhou.confirmed_on is None and zhou.asked_on == timezone.localdate()
    assert wu.declined_on is not None
    assert standing(asked) == ["林秀兰"]
    assert asked.events.count() == told + 1
    again = asked.events.last()
    assert again.kind == Event.Kind.COSIGNER_ASKED
    assert (again.details["deputy"], again.details["again"]) == ("周建国", "text_changed")


@pytest.mark.parametrize("change", ["added", "removed"])
def test_other_papers_are_confirmed_anew(asked, change, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    before = submitting.attach(asked, paper("旧照片.jpg"))
    zhou = name_under(asked, "周建国")
    submitting.confirm(zhou, by=zhou.deputy.user)
    read = zhou.proposal.version
    if change == "added":
        submitting.attach(asked, paper())
    else:
        submitting.detach(before)
    zhou.refresh_from_db()
    assert (zhou.confirmed_on, standing(asked)) == (None, ["林秀兰"])
    assert asked.events.last().details["again"] == "text_changed"
    with pytest.raises(ValidationError):
        submitting.confirm(zhou, seen=read, by=zhou.deputy.user)


def test_the_wished_handler_is_not_what_they_have_signed(asked):
    submitting.confirm(name_under(asked, "周建国"))
    assert not submitting.change(asked, wished_handler="市城管局")
    assert standing(asked) == ["林秀兰", "周建国"]


def test_nobody_confirms_words_that_they_have_not_read(asked):
    zhou = name_under(asked, "周建国")
    seen = zhou.proposal.version
    submitting.change(asked, request="请增设候车亭二十座。")
    with pytest.raises(ValidationError):
        submitting.confirm(zhou, seen=seen)
    zhou.refresh_from_db()
    assert zhou.confirmed_on is None
    submitting.confirm(zhou, seen=zhou.proposal.version)
    assert standing(asked) == ["林秀兰", "周建国"]


def test_only_serving_deputies_of_the_assembly_are_asked_each_once(asked, lead):  # noqa: F811
    retired = with_account("郑立", is_serving=False)
    stranger = with_account("外地代表", assembly=world.make_assembly("linshi"))
    zhou = name_under(asked, "周建国").deputy
    new = with_account("孙梅")
    for deputies in ([retired], [stranger], [zhou], [lead], [new, new], [new, zhou]):
        with pytest.raises(ValidationError):
            submitting.ask(asked, deputies)
    assert asked.sponsorships.count() == 3
    submitting.ask(asked, [new])
    assert [s.deputy.name for s in submitting.co_sponsors(asked)] == ["周建国", "吴敏", "孙梅"]


def test_nobody_is_asked_to_sign_an_empty_page(lead):  # noqa: F811
    draft = make_draft(lead, request="")
    with pytest.raises(ValidationError):
        submitting.ask(draft, [with_account("周建国")])
    assert draft.sponsorships.count() == 1


def test_who_has_not_answered_can_be_asked_no_more(asked):
    zhou, wu = name_under(asked, "周建国"), name_under(asked, "吴敏")
    submitting.confirm(zhou)
    with pytest.raises(ValidationError):
        submitting.take_back(zhou)
    with pytest.raises(ValidationError):
        submitting.take_back(name_under(asked, "林秀兰"))
    submitting.take_back(wu)
    assert not sees(wu.deputy, asked)
    assert Proposal.objects.get().state == State.COSIGNING
    submitting.decline(zhou)
    assert asked.sponsorships.count() == 2


def test_with_nobody_asked_any_more_it_is_a_draft_again(asked):
    for name in ("周建国", "吴敏"):
        submitting.take_back(name_under(asked, name))
    assert Proposal.objects.get().state == State.DRAFT


def test_who_did_not_answer_stands_not_under_it_once_it_is_handed_in(asked, lead):  # noqa: F811
    zhou, wu = name_under(asked, "周建国"), name_under(asked, "吴敏")
    submitting.confirm(zhou)
    submitting.submit(asked, by=lead.user)
    assert wu not in asked.sponsorships.all()
    assert standing(asked) == ["林秀兰", "周建国"]
    assert sees(zhou.deputy, asked)
    assert not sees(wu.deputy, asked)
    for late in (submitting.confirm, submitting.take_back):
        with pytest.raises(Sponsorship.DoesNotExist):
            late(wu)


def farewells(deputy) -> list[tuple[str, str]]:
    """What a deputy is told when nobody waits for their answer any more: words, and where to."""
    told = Message.objects.filter(recipient=deputy.user, kind=Message.Kind.COSIGNING)
    return [(row.text, row.path) for row in told.order_by("pk")[1:]]


def test_who_has_not_answered_learns_that_they_are_asked_no_more(asked, lead):  # noqa: F811
    zhou, wu = name_under(asked, "周建国"), name_under(asked, "吴敏")
    submitting.take_back(wu, by=lead.user)
    ((words, path),) = farewells(wu.deputy)
    # It leads to no page that is closed to them, and goes out by mail all the same.
    assert path == reverse("desk:home")
    assert Message.objects.get(text=words).is_still_seen_by(wu.deputy.user)
    assert not farewells(zhou.deputy)
    event = asked.events.last()
    assert (event.kind, event.actor) == ("cosigning_ended", lead.user)
    assert not Event.objects.visible_to(zhou.deputy.user).filter(pk=event.pk).exists()
    assert Event.objects.visible_to(lead.user).filter(pk=event.pk).exists()


@pytest.mark.parametrize("end", ["withdrawn", "handed in"])
def test_who_has_not_answered_learns_that_nobody_waits_for_them(asked, lead, end):  # noqa: F811
    zhou, wu, sun = name_under(asked, "周建国"), name_under(asked, "吴敏"), with_account("孙梅")
    submitting.ask(asked, [sun], by=lead.user)
    submitting.confirm(zhou, by=zhou.deputy.user)
    submitting.decline(name_under(asked, "孙梅"), by=sun.user)
    if end == "withdrawn":
        registering.withdraw(asked, reason="情况已变", on=timezone.localdate(), by=lead.user)
    else:
        submitting.submit(asked, by=lead.user)
    assert [path for _words, path in farewells(wu.deputy)] == [reverse("desk:home")]
    # Who has answered is told nothing of the kind.
    assert not farewells(zhou.deputy)
    assert not farewells(sun)
    if end == "handed in":
        registering.withdraw(asked, reason="情况已变", on=timezone.localdate(), by=lead.user)
        assert len(farewells(wu.deputy)) == 1


def test_each_answers_for_themselves_alone(asked, lead):  # noqa: F811
    zhou, wu = name_under(asked, "周建国"), name_under(asked, "吴敏")
    for user, own in ((zhou.deputy.user, zhou), (wu.deputy.user, wu)):
        rows = Sponsorship.objects.editable_by(user, "confirm")
        assert list(rows) == [own]
        assert not Proposal.objects.editable_by(user, "change").exists()
        assert not Sponsorship.objects.editable_by(user, "ask").exists()
    assert Proposal.objects.editable_by(lead.user, "change").get() == asked


def test_the_office_reads_none_of_it_before_it_is_handed_in(asked):
    office = world.make_member(Role.DEPUTIES_OFFICE)
    assert not Proposal.objects.visible_to(office).exists()
    assert not Event.objects.visible_to(office).exists()
    assert not Sponsorship.objects.visible_to(office).exists()
    submitting.submit(asked)
    assert Proposal.objects.visible_to(office).exists()
    registering.register(asked, number="0301", on=timezone.localdate())
    assert standing(asked) == ["林秀兰"]
