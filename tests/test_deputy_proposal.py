"""A proposal and its letters on the desk: whole for its deputies, and for nobody else there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access.rights import Role
from departments.models import Department
from measures.models import Commitment, CommitmentUpdate
from proposals import registering, supervising
from proposals.models import Assignment, Attachment, Event, Proposal
from tests.deputy_world import (
    TOKEN,
    ask_word,
    make_desk,
    make_handled,
    make_told,
    rate,
    signed_in,
)
from tests.world import (
    LETTER,
    PUBLISHED_ON,
    SENT_ON,
    make_commitment,
    make_department,
    make_deputy,
    make_feedback,
    make_member,
    make_proposal,
    make_reply,
    make_sponsorship,
)

pytestmark = pytest.mark.django_db
State = Proposal.State


@pytest.fixture
def world(settings, tmp_path) -> SimpleNamespace:
    settings.MEDIA_ROOT = tmp_path
    world = make_handled(make_desk())
    make_told(world)
    return world


def page(client: Client, path: str) -> str:
    response = client.get(path, headers={"accept-language": "en"})
    assert response.status_code == 200, f"{path}: {response.status_code}"
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def addresses(world: SimpleNamespace) -> list[str]:
    """Every page of the desk about this proposal that only shows, and its files."""
    own = f"/desk/proposals/{world.proposal.key}/"
    evidence = CommitmentUpdate.objects.exclude(evidence_file="").get().evidence_file.name
    paper = Attachment.objects.get().file.name
    return [own, f"{own}replies/1/", f"/desk/files/{evidence}", f"/desk/files/{paper}"]


# Who gets what --------------------------------------------------------------------------------

PEOPLE: dict[str, Callable[[SimpleNamespace], object]] = {
    "lead": lambda world: world.lead.user,
    "co-sponsor": lambda world: world.partner.user,
    "asked, and silent": lambda world: world.silent.user,
    "declined": lambda world: world.declined.user,
    "another deputy": lambda world: make_desk("何别处").user,
    "clerk of the lead": lambda world: make_member(Role.CLERK, "wang"),
    "clerk elsewhere": lambda world: make_member(
        Role.CLERK, "else", department=make_department("云平市教育局")
    ),
    "deputies' office": lambda world: make_member(Role.DEPUTIES_OFFICE),
    "assigning office": lambda world: make_member(Role.ASSIGNING_OFFICE),
    "administrator": lambda world: make_member(Role.ADMINISTRATOR),
}
DEPUTIES_OF_IT = ("lead", "co-sponsor")


@pytest.mark.parametrize("who", PEOPLE)
def test_its_deputies_read_every_page_and_others_find_nothing(world, client, who):
    client.force_login(PEOPLE[who](world))
    wanted = 200 if who in DEPUTIES_OF_IT else 404
    assert {path: client.get(path).status_code for path in addresses(world)} == dict.fromkeys(
        addresses(world), wanted
    )


def test_a_visitor_signs_in_first(world, client):
    for path in addresses(world):
        response = client.get(path)
        assert response.status_code == 302
        assert f"next={path}" in response["Location"]


def test_who_was_asked_reads_the_text_while_it_is_co_signed_and_no_longer(world, client):
    draft = make_proposal(
        "", sponsor=world.lead, state=State.COSIGNING, submitted_on=None, reason="草稿的理由。"
    )
    asked = make_sponsorship(draft, make_desk("何别处"), asked_on=timezone.localdate())
    path = f"/desk/proposals/{draft.key}/"
    client = signed_in(asked.deputy)
    assert "草稿的理由。" in page(client, path)
    Proposal.objects.filter(pk=draft.pk).update(state=State.SUBMITTED, submitted_on=SENT_ON)
    assert client.get(path).status_code == 404
    Proposal.objects.filter(pk=draft.pk).update(state=State.COSIGNING)
    asked.declined_on = SENT_ON
    asked.save()
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("key", ["0" * 16, "..", "1", "-"])
def test_what_does_not_exist_is_not_found(world, key):
    assert signed_in(world.lead).get(f"/desk/proposals/{key}/").status_code == 404


@pytest.mark.parametrize("reply", ["2", "9", "0", "1-9", "x", "99999999"])
def test_a_draft_of_a_letter_is_there_for_no_deputy(world, reply):
    path = f"/desk/proposals/{world.proposal.key}/replies/{reply}/"
    assert signed_in(world.lead).get(path).status_code == 404


# What is not there ----------------------------------------------------------------------------


@pytest.mark.parametrize("who", DEPUTIES_OF_IT)
def test_nothing_that_was_weighed_or_said_elsewhere_shows_on_any_page(world, client, who):
    rate(world.reply, world.lead, "不满意", "领衔的理由。")
    rate(world.reply, world.partner, "满意", "联名的理由。")
    for deputy, text in ((world.lead, "领衔说没做到。"), (world.partner, "联名说没做到。")):
        word = ask_word(world.promise, deputy)
        word.update = world.promise.updates.create(
            on=SENT_ON, author="deputy", state=Commitment.State.DISPUTED, text=text
        )
        word.state, word.answered_on = word.State.DISPUTED, SENT_ON
        word.save()
    client.force_login(PEOPLE[who](world))
    texts = [page(client, "/desk/"), page(client, "/desk/?as=co")]
    texts += [page(client, path) for path in addresses(world)[:2]]
    promise = f"{addresses(world)[1]}promises/{world.promise.number}/"
    texts += [page(client, promise)]
    for text in texts:
        assert TOKEN not in text
    mine, others = ("领衔", "联名") if who == "lead" else ("联名", "领衔")
    whole = "".join(texts)
    assert f"{mine}的理由。" in whole
    assert f"{mine}说没做到。" in whole
    assert f"{others}的理由。" not in whole
    assert f"{others}说没做到。" not in whole


def test_a_rating_that_has_led_to_something_is_offered_for_change_no_more(world):
    rate(world.reply, world.lead, "不满意", "没有回应增开班次。")
    client, (_own, letter) = signed_in(world.lead), addresses(world)[:2]
    assert "Change the rating" in page(client, letter)
    Proposal.objects.filter(pk=world.proposal.pk).update(state=State.REHANDLING)
    assert "Change the rating" not in page(client, letter)


def test_what_comes_of_a_rating_is_told_after_it(world):
    rated = rate(world.reply, world.lead, "不满意", "没有回应增开班次。")
    Event.objects.create(
        proposal=world.proposal, reply=world.reply, kind=Event.Kind.REHANDLING, on=rated.rated_on
    )
    life = page(signed_in(world.lead), addresses(world)[0]).split("What happened", 1)[-1]
    assert life.index("You rated") < life.rindex("To be handled again")


def test_another_deputys_rating_shows_only_where_the_public_reads_it(world):
    rate(world.reply, world.partner, "不满意", "联名的理由。")
    client = signed_in(world.lead)
    own, letter = addresses(world)[:2]
    assert "不满意" not in page(client, own) + page(client, letter)
    assembly = world.proposal.assembly
    assembly.publishes_ratings = True
    assembly.save()
    world.proposal.publish(on=PUBLISHED_ON)
    world.reply.redactions.all().delete()
    world.reply.publish(on=PUBLISHED_ON, reason="可公开")
    assert "不满意" in page(client, own)
    assert "联名的理由。" not in page(client, own)


def test_the_planted_words_are_there_to_be_found(world, client):
    """Otherwise the tests above would pass with nothing to leak."""
    client.force_login(make_member(Role.DEPUTIES_OFFICE))
    opinion = Assignment.objects.get(role="co_handling").opinions.get()
    assert TOKEN in opinion.text
    assert sum(TOKEN in str(event.details) for event in world.proposal.events.all()) > 30


# What is there --------------------------------------------------------------------------------


def test_the_page_says_all_that_its_deputies_may_know(world):
    text = page(signed_in(world.lead), addresses(world)[0])
    for words in (
        "早晚高峰学校门口拥堵。",
        "建议增设公交线路。",
        "市交通运输局",
        "市财政局",
        "Co-handling department",
        "林秀兰、王敏",
        "先行踏勘学校。",
        "需要实地调研。",
        "the reply is due by",
        "照片.pdf",
        "周建国",
        "Promises: 1",
        "Whether the public reads it is not decided yet.",
        "The public does not read it yet.",
    ):
        assert words in text, words
    assert "郑不签" not in text
    assert "吴未答" not in text


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("on_request", "It is given to those who ask for it, and not published."),
        ("withheld", "It is not published."),
    ],
)
def test_a_letter_that_the_public_does_not_read_is_whole_for_its_deputies(world, mode, words):
    world.reply.withhold(mode, on=SENT_ON, reason=f"不宜公开{TOKEN}")
    client = signed_in(world.lead)
    own, letter = (page(client, path) for path in addresses(world)[:2])
    assert words in own
    assert words in letter
    assert "2026年12月底前建成学校周边公交候车亭" in letter
    assert TOKEN not in own + letter


def test_the_letter_is_a_sheet_with_marks_notes_figures_and_whom_to_call(world):
    text = page(signed_in(world.lead), addresses(world)[1])
    for words in (
        '<article class="letter"',
        'class="promise-said" id="c1"',
        'class="measure-said" id="m1"',
        'id="c1-note"',
        "陈志远",
        "王敏",
        "0598-1234567",
        "已建成八座。",
        "/desk/files/evidence/",
        "The figures of this letter",
        "Version 1",
        "SHA-256",
    ):
        assert words in text, words


def test_a_corrected_letter_says_what_was_corrected(world):
    text = LETTER.replace("感谢您对我市交通工作的", "感谢您的")
    world.reply.correct(text, reason="措辞有误。", on=SENT_ON)
    text = page(signed_in(world.lead), addresses(world)[1])
    assert "Version 2" in text
    assert "措辞有误。" in text


def test_what_waits_here_has_its_button_on_both_pages(world):
    make_feedback(world.reply, deputy=world.lead, due_on=timezone.localdate() + timedelta(days=9))
    ask_word(world.promise, world.lead)
    client = signed_in(world.lead)
    own, letter = addresses(world)[:2]
    for text in (page(client, own), page(client, letter)):
        assert f'href="{letter}rate/"' in text
        assert f'href="{letter}promises/1/"' in text
    assert f'href="{letter}form/"' in page(client, letter)
    assert f'href="{letter}rate/"' not in page(signed_in(world.partner), letter)


def test_the_own_rating_can_be_changed_until_its_time_is_over(world):
    given = rate(world.reply, world.lead, "满意")
    letter = addresses(world)[1]
    given.due_on = timezone.localdate()
    given.save()
    assert "Change the rating" in page(signed_in(world.lead), letter)
    given.due_on = timezone.localdate() - timedelta(days=1)
    given.save()
    assert "Change the rating" not in page(signed_in(world.lead), letter)


def test_a_rating_that_never_came_is_said_to_be_not_returned(world):
    make_feedback(world.reply, deputy=world.lead, state="not_returned")
    text = page(signed_in(world.lead), addresses(world)[1])
    assert "Your rating was not returned in time." in text


def test_key_supervision_is_named(world):
    committee = make_department("云平市人大城建环资委员会", kind=Department.Kind.SUPERVISING)
    supervising.make_key(world.proposal, supervised_by=committee, supervisor="高副主任", on=SENT_ON)
    text = page(signed_in(world.lead), addresses(world)[0])
    assert "市人大城建环资委员会" in text
    assert "高副主任" in text


def test_the_public_page_is_linked_where_there_is_one(world):
    world.proposal.publish(on=PUBLISHED_ON)
    assert 'href="/proposals/yunping/14-3/0123/"' in page(
        signed_in(world.lead), addresses(world)[0]
    )


# A letter that answers several ---------------------------------------------------------------


@pytest.fixture
def along(world) -> SimpleNamespace:
    """周文's proposal 0456, which the letter to 0123 answers too."""
    world.other = make_proposal("0456", sponsor=make_desk("周文"), title="关于校车的建议")
    world.reply.also_answers.add(world.other)
    world.client = signed_in(make_deputy("周文"))
    return world


def test_a_letter_to_another_proposal_is_read_from_the_one_that_it_answers_too(along):
    letter = addresses(along)[1]
    own = page(along.client, f"/desk/proposals/{along.other.key}/")
    assert f'href="{letter}"' in own
    text = page(along.client, letter)
    assert "关于校车的" in text
    assert "answers yours too" in text
    assert f'href="/desk/proposals/{along.other.key}/"' in text
    assert f'href="/desk/proposals/{along.proposal.key}/"' not in text


def test_the_other_proposal_itself_stays_its_deputies_own(along):
    own, _letter, _evidence, paper = addresses(along)
    assert along.client.get(own).status_code == 404
    assert along.client.get(paper).status_code == 404
    texts = page(along.client, addresses(along)[1]) + page(along.client, "/desk/")
    assert "早晚高峰学校门口拥堵。" not in texts
    assert "先行踏勘学校。" not in texts
    assert TOKEN not in texts


def test_a_letter_that_is_to_be_rated_along_waits_on_both_pages(along):
    make_feedback(along.reply, deputy=make_deputy("周文"))
    letter = addresses(along)[1]
    assert f'href="{letter}rate/"' in page(along.client, f"/desk/proposals/{along.other.key}/")
    assert f'href="{letter}rate/"' in page(along.client, letter)


# Drafts, and what came back ------------------------------------------------------------------


def test_a_draft_has_the_buttons_of_a_draft_for_its_lead_alone(world):
    draft = make_proposal(
        "", sponsor=world.lead, state=State.DRAFT, submitted_on=None, reason="甲", request="乙"
    )
    path = f"/desk/proposals/{draft.key}/"
    text = page(signed_in(world.lead), path)
    for name in ("edit", "co-sponsors", "submit"):
        assert f'href="{path}{name}/"' in text
    assert "Nobody reads it there: it is not handed in." in text
    draft.state = State.COSIGNING
    draft.save()
    asked = make_sponsorship(draft, world.partner, asked_on=timezone.localdate())
    theirs = page(signed_in(asked.deputy), path)
    assert f'href="{path}co-sign/"' in theirs
    assert f'href="{path}edit/"' not in theirs


def test_who_declined_is_told_to_the_lead_alone(world):
    draft = make_proposal("", sponsor=world.lead, state=State.COSIGNING, submitted_on=None)
    make_sponsorship(draft, world.partner, asked_on=SENT_ON, confirmed_on=SENT_ON)
    make_sponsorship(draft, world.declined, asked_on=SENT_ON, declined_on=SENT_ON)
    path = f"/desk/proposals/{draft.key}/"
    assert "郑不签" in page(signed_in(world.lead), path)
    assert "郑不签" not in page(signed_in(world.partner), path)


def test_one_that_was_handed_in_can_be_withdrawn_until_it_is_assigned(world):
    row = make_proposal("0777", sponsor=world.lead, state=State.SUBMITTED)
    path = f"/desk/proposals/{row.key}/"
    assert f'href="{path}withdraw/"' in page(signed_in(world.lead), path)
    own = addresses(world)[0]
    assert f'href="{own}withdraw/"' not in page(signed_in(world.lead), own)


def test_one_that_was_sent_back_says_why_and_is_written_anew(world):
    row = make_proposal("", sponsor=world.lead, state=State.SUBMITTED)
    registering.send_back(row, ground="several_matters", reason="请一事一案。", on=SENT_ON)
    path = f"/desk/proposals/{row.key}/"
    text = page(signed_in(world.lead), path)
    assert "More than one matter in one proposal" in text
    assert "请一事一案。" in text
    assert f'href="{path}write-anew/"' in text


def test_one_that_was_merged_names_the_other_by_its_number(world):
    into = make_proposal("0500", sponsor=make_desk("何别处"), title="别人的题目")
    row = make_proposal("0501", sponsor=world.lead, state=State.REGISTERED)
    registering.merge(row, into=into, on=SENT_ON)
    text = page(signed_in(world.lead), f"/desk/proposals/{row.key}/")
    assert "It was merged into No. 0500" in text
    assert "别人的题目" not in text
    assert into.key not in text


# How much it costs ---------------------------------------------------------------------------


def count_queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_more_letters_promises_and_news_cost_no_more_queries(world):
    client = signed_in(world.lead)
    own, letter = addresses(world)[:2]
    before = [count_queries(client, path) for path in (own, letter)]
    for number in range(3, 9):
        reply = make_reply(
            world.proposal, round=number, document_number=f"云交函〔2026〕{number}号"
        )
        make_commitment(reply)
        reply.record_sent(on=SENT_ON)
        update = {"on": SENT_ON, "state": Commitment.State.IN_PROGRESS}
        make_commitment(world.reply).updates.create(text="进展。", **update)
    after = [count_queries(client, path) for path in (own, letter)]
    assert after == before
    assert after[0] <= 17
    assert after[1] <= 21
