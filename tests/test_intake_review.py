"""A letter is reviewed beside its text: what was read, what is doubted, what becomes of it."""

from datetime import timedelta

import lxml.html
import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from access.rights import Role
from assemblies.models import Session
from clerkadmin.models import FormDraft
from intake.models import FieldCorrection, LetterDraft, LetterFile
from intake.placing import NO_PART
from measures.models import Commitment, Figure, Measure
from proposals.models import Assignment, CoHandlingOpinion, Event, Proposal, Reply
from tests import world
from tests.letters.samples import REPLY

pytestmark = pytest.mark.django_db

# Lazily: the addresses are read once the tests have set DEBUG off.
READ = reverse_lazy("admin:intake_letterdraft_read")
OPINION = """云平市财政局
云财函〔2026〕7号
关于市十四届人大三次会议第0456号建议的会办意见
市交通运输局：
《关于优化公交线网的建议》（第0456号）收悉。经研究，现提出会办意见如下：
一、2025年已安排公交运营补贴1200万元。
二、2026年底前再安排补贴800万元。
云平市财政局
2026年4月2日
"""


@pytest.fixture
def clerk():
    """王敏 of the transport bureau, signed in; the finance bureau is there to co-handle."""
    world.make_category()
    world.make_department("云平市财政局")
    world.make_department("云平市住房和城乡建设局", short_name="市住建局")
    return world.make_member(Role.CLERK)


@pytest.fixture
def desk(clerk) -> Client:
    return signed_in(clerk)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def paste(desk: Client, text: str = REPLY) -> LetterDraft:
    answer = desk.post(READ, {"text": text})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return LetterDraft.objects.get(key=answer["Location"].rstrip("/").rsplit("/", 1)[1])


def address(draft: LetterDraft) -> str:
    return reverse("admin:intake_letterdraft_review", args=[draft.key])


def form_of(answer) -> dict[str, list[str]]:
    """The form of the page as a browser would send it."""
    form = lxml.html.fromstring(answer.content.decode()).get_element_by_id("review")
    data: dict[str, list[str]] = {}
    for field in form.inputs:
        if field.tag == "select":
            value = field.value if field.value is not None else next(iter(field.value_options), "")
            data.setdefault(field.name, []).append(value)
        elif field.get("type") in ("radio", "checkbox"):
            if field.checked:
                data.setdefault(field.name, []).append(field.get("value", "on"))
        elif field.name and field.tag in ("input", "textarea"):
            data.setdefault(field.name, []).append(field.value or "")
    return data


def send(desk: Client, draft: LetterDraft, do: str, **changed: str):
    """The page is fetched, some fields are changed, a button is pressed."""
    data = form_of(desk.get(address(draft)))
    data.update({name.replace("__", "-"): [value] for name, value in changed.items()})
    return desk.post(address(draft), {**data, "do": [do]})


def promises(desk: Client, draft: LetterDraft) -> list[str]:
    page = lxml.html.fromstring(desk.get(address(draft)).content.decode())
    section = page.get_element_by_id("promises").getparent()
    return [said.text_content() for said in section.find_class("said")]


def number_of(desk: Client, draft: LetterDraft, kind: str, at: int = 0) -> int:
    """Where on the form the item of that kind stands: `item-3`."""
    data = form_of(desk.get(address(draft)))
    found = [n for n in range(int(data["items"][0])) if data[f"item-{n}-kind"] == [kind]]
    return found[at]


def test_a_pasted_letter_is_accepted_with_all_that_it_says(desk):
    world.make_assignment(world.make_proposal("0456", title="关于优化公交线网的建议"))
    draft = paste(desk)
    answer = send(desk, draft, "accept")
    assert answer.status_code == 302
    reply = Reply.objects.get()
    assert answer["Location"] == reverse("admin:proposals_reply_change", args=[reply.pk])
    assert reply.state == Reply.State.IN_REVIEW
    assert reply.is_issued
    assert reply.text == REPLY
    assert reply.signatory == "谭远舟"
    assert [c.text for c in reply.commitments.all()]
    for said in [*reply.measures.all(), *reply.commitments.all(), *reply.figures.all()]:
        assert reply.text[said.start : said.end].replace("\n", "") == said.text
    assert reply.commitments.first().history.count() == 1
    draft.refresh_from_db()
    assert (draft.state, draft.reply) == (LetterDraft.State.ACCEPTED, reply)
    kinds = list(Event.objects.values_list("kind", flat=True))
    assert "reply_entered" in kinds and "reply_submitted" in kinds


def test_the_draft_survives_a_closed_browser(desk, clerk):
    draft = paste(desk)
    send(desk, draft, "later", signatory="谭远洲")
    page = signed_in(clerk).get(address(draft)).content.decode()
    assert 'value="谭远洲"' in page


def test_what_is_typed_is_kept_by_itself(desk):
    draft = paste(desk)
    answer = send(desk, draft, "autosave", signatory="谭远洲")
    assert answer.json()["version"] == 2
    assert "谭远洲" in desk.get(address(draft)).content.decode()


def test_a_second_clerk_is_told_what_changed_and_keeps_what_was_typed(desk):
    draft = paste(desk)
    other = signed_in(world.make_member(Role.CLERK, "zhaolei", last_name="赵磊"))
    mine = form_of(desk.get(address(draft)))
    send(other, draft, "keep", signatory="赵的")
    answer = desk.post(address(draft), {**mine, "signatory": ["王的"], "do": ["keep"]})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "赵磊" in page and "赵的" in page and 'value="王的"' in page
    draft.refresh_from_db()
    assert draft.entry["values"]["signatory"] == "赵的"
    again = form_of(answer)
    desk.post(address(draft), {**again, "do": ["overwrite"]})
    draft.refresh_from_db()
    assert draft.entry["values"]["signatory"] == "王的"


def test_a_second_clerk_is_told_which_promise_was_changed_and_how(desk):
    draft = paste(desk)
    other = signed_in(world.make_member(Role.CLERK, "zhaolei", last_name="赵磊"))
    mine = form_of(desk.get(address(draft)))
    at = number_of(desk, draft, "commitment")
    send(other, draft, "keep", **{f"item-{at}-keeper": "云平市财政局"})
    answer = desk.post(address(draft), {**mine, f"item-{at}-strength": ["study"], "do": ["keep"]})
    table = lxml.html.fromstring(answer.content.decode()).find(".//table").text_content()
    assert table.count(promises(desk, draft)[0][1:]) == 2
    assert "云平市财政局" in table and "云平市交通运输局" in table
    assert str(Commitment.Strength.STUDY.label) in table


def test_half_a_form_changes_nothing(desk):
    draft = paste(desk)
    answer = desk.post(address(draft), {"do": "keep", "version": "1"})
    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.entry == {}


def test_accepting_twice_enters_it_once(desk):
    draft = paste(desk)
    data = {**form_of(desk.get(address(draft))), "do": ["accept"]}
    first, second = desk.post(address(draft), data), desk.post(address(draft), data)
    assert Reply.objects.count() == 1
    assert second["Location"] == first["Location"]


def test_what_was_typed_while_another_accepted_the_letter_is_kept(desk, clerk):
    draft = paste(desk)
    other = signed_in(world.make_member(Role.CLERK, "zhaolei", last_name="赵磊"))
    mine = form_of(desk.get(address(draft)))
    send(other, draft, "accept")
    answer = desk.post(address(draft), {**mine, "signatory": ["王的"], "do": ["keep"]})
    assert answer["Location"] == reverse("admin:drafts")
    assert FormDraft.objects.get(user=clerk).data["fields"]["signatory"] == ["王的"]
    assert "王的" in desk.get(answer["Location"]).content.decode()
    assert Reply.objects.get().signatory == "谭远舟"


def test_a_promise_is_split_and_both_halves_are_entered(desk):
    draft = paste(desk)
    before = promises(desk, draft)
    at = number_of(desk, draft, "commitment")
    answer = send(desk, draft, f"split:{at}")
    assert answer["Location"].endswith(f"#e-{at + 1}")
    after = promises(desk, draft)
    assert len(after) == len(before) + 1
    send(desk, draft, "accept")
    first, second = Commitment.objects.order_by("number")[:2]
    assert first.end == second.start
    assert first.text + second.text in before[0]


def test_two_promises_become_one(desk):
    draft = paste(desk)
    count = len(promises(desk, draft))
    send(desk, draft, f"merge:{number_of(desk, draft, 'commitment')}")
    assert len(promises(desk, draft)) == count - 1


def test_a_promise_is_not_merged_over_what_stands_between(desk):
    draft = paste(desk)
    at = number_of(desk, draft, "measure")
    send(desk, draft, f"keep:{at}", **{f"item-{at}-verdict": "retype"})
    at, count = number_of(desk, draft, "commitment"), len(promises(desk, draft))
    answer = send(desk, draft, f"merge:{at}")
    assert answer.status_code == 422
    assert f'value="merge:{at}"' not in answer.content.decode()
    assert len(promises(desk, draft)) == count


def test_a_measure_that_is_a_promise_becomes_one_with_its_figures(desk):
    draft = paste(desk)
    at = number_of(desk, draft, "measure")
    send(desk, draft, "accept", **{f"item-{at}-verdict": "retype"})
    moved = Commitment.objects.order_by("number").first()
    assert moved.start < Measure.objects.order_by("number").first().start
    figures = Figure.objects.filter(start__gte=moved.start, end__lte=moved.end)
    assert figures and all(figure.commitment == moved for figure in figures)
    assert FieldCorrection.objects.filter(field="item_retyped").count() == 1


def test_a_sentence_is_left_out_and_that_is_counted(desk):
    draft = paste(desk)
    count = len(promises(desk, draft))
    at = number_of(desk, draft, "commitment")
    send(desk, draft, "accept", **{f"item-{at}-verdict": "leave"})
    assert Commitment.objects.count() == count - 1
    assert FieldCorrection.objects.filter(field="item_left_out").count() == 1


def test_a_sentence_is_added_by_its_words(desk):
    draft = paste(desk)
    words = "感谢您对"
    answer = send(desk, draft, "add:commitment", added=words)
    assert answer.status_code == 302
    assert any(words in said for said in promises(desk, draft))


def test_words_that_the_letter_does_not_say_are_refused_and_stay(desk):
    draft = paste(desk)
    answer = send(desk, draft, "add:commitment", added="信里没有这句话")
    assert answer.status_code == 422
    assert "信里没有这句话" in answer.content.decode()


def test_the_extent_of_a_sentence_is_changed_by_its_words(desk):
    draft = paste(desk)
    at = number_of(desk, draft, "commitment")
    data = form_of(desk.get(address(draft)))
    whole = data[f"item-{at}-sentence"][0]
    send(desk, draft, "keep", **{f"item-{at}-sentence": whole[:-4]})
    assert whole[:-4] == form_of(desk.get(address(draft)))[f"item-{at}-sentence"][0]
    answer = send(desk, draft, "accept", **{f"item-{at}-sentence": "没有这句"})
    assert answer.status_code == 422
    assert Reply.objects.count() == 0


def test_each_corrected_field_is_recorded(desk):
    draft = paste(desk)
    send(desk, draft, "accept", signatory="谭远洲")
    found = FieldCorrection.objects.get(field="signatory")
    assert (found.read, found.corrected) == ("谭远舟", "谭远洲")
    assert not FieldCorrection.objects.filter(field="document_number").exists()


def test_a_missing_proposal_and_session_are_registered_from_the_letter(desk):
    draft = paste(desk)
    page = desk.get(address(draft)).content.decode()
    assert not Session.objects.exists()
    send(desk, draft, "accept")
    proposal = Proposal.objects.get()
    assert proposal.number == "0456"
    assert [str(s.deputy) for s in proposal.sponsorships.all()]
    event = proposal.events.get(kind="registered")
    assert event.details["letter"] == "云交建议〔2026〕18号"
    assert "item-0-verdict" in page


def test_a_proposal_without_part_tells_only_that_it_is_there_and_is_not_opened_by_a_letter(desk):
    world.make_proposal("0456", title="秘密标题不可见", reason="秘密理由")
    draft = paste(desk)
    answer = send(desk, draft, "accept")
    assert answer.status_code == 422
    for page in (desk.get(address(draft)), answer):
        assert "秘密" not in page.content.decode()
        assert str(NO_PART) in page.content.decode()
    assert not Assignment.objects.exists() and not Reply.objects.exists()


def test_who_only_helps_does_not_make_itself_the_one_that_answers(desk):
    part = world.make_assignment(world.make_proposal("0456"), role=Assignment.Role.CO_HANDLING)
    draft = paste(desk)
    assert send(desk, draft, "accept").status_code == 422
    part.refresh_from_db()
    assert part.role == Assignment.Role.CO_HANDLING


def test_an_office_that_assigns_enters_a_letter_and_gives_the_part_that_it_shows(clerk):
    proposal = world.make_proposal("0456")
    desk = signed_in(world.make_member(Role.ASSIGNING_OFFICE))
    draft = paste(desk)
    assert send(desk, draft, "accept").status_code == 302
    part = Assignment.objects.get(department__name="云平市交通运输局")
    assert part.proposal == proposal
    assert proposal.events.filter(kind="assigned", department=part.department).exists()


@pytest.mark.parametrize("state", [Proposal.State.WITHDRAWN, Proposal.State.SENT_BACK])
def test_a_proposal_that_was_taken_back_meanwhile_is_not_answered(desk, state):
    proposal = world.make_proposal("0456")
    world.make_assignment(proposal)
    draft = paste(desk)
    data = form_of(desk.get(address(draft)))
    Proposal.objects.filter(pk=proposal.pk).update(state=state)
    for choice in ("numbered", str(proposal.pk)):
        answer = desk.post(
            address(draft), {**data, "proposal-0-choice": [choice], "do": ["accept"]}
        )
        data = form_of(answer)
        assert answer.status_code == 422
    assert Reply.objects.count() == 0


def test_a_category_that_the_assembly_does_not_have_is_not_dropped_in_silence(desk):
    draft = paste(desk)
    answer = send(desk, draft, "accept", category="丁")
    assert answer.status_code == 422 and "丁" in answer.content.decode()


def test_what_no_browser_sends_does_no_harm(desk):
    """Forged origins, strengths and signs: neither an error nor a row that nobody can show."""
    draft = paste(desk)
    at = number_of(desk, draft, "commitment")
    forged = {f"item-{at}-origin": "c99 x1", f"item-{at}-strength": "x" * 99}
    assert send(desk, draft, "accept", signatory="谭\0远舟", **forged).status_code == 302
    assert set(Commitment.objects.values_list("strength", flat=True)) <= {*Commitment.Strength}
    assert Reply.objects.get().signatory == "谭远舟"
    again = paste(desk, OPINION)
    send(desk, again, "reject", reject_reason="重复\0来文")
    again.refresh_from_db()
    assert again.reject_reason == "重复来文"


def test_other_proposals_that_the_clerk_sees_are_proposed(desk):
    other = world.make_proposal("0455", title="关于加快城市公交站台建设的建议")
    world.make_assignment(other)
    draft = paste(desk)
    title = draft.reading["proposals"][0]["title"]
    Proposal.objects.filter(pk=other.pk).update(title=title)
    page = desk.get(address(draft)).content.decode()
    assert f'name="proposal-0-choice" value="{other.pk}"' in page
    send(desk, draft, "accept", **{"proposal-0-choice": str(other.pk)})
    assert Reply.objects.get().proposal == other


def test_a_proposal_of_others_cannot_be_chosen_by_its_key(desk):
    other = world.make_proposal("0999", title="别人的建议")
    draft = paste(desk)
    answer = send(desk, draft, "accept", **{"proposal-0-choice": str(other.pk)})
    assert answer.status_code == 422
    assert "别人的建议" not in answer.content.decode()
    assert Reply.objects.count() == 0


def test_a_letter_of_another_place_is_proposed_for_the_own_department_with_a_doubt(desk):
    world.make_assembly()
    draft = paste(desk, REPLY.replace("云平市", "远山市"))
    page = desk.get(address(draft)).content.decode()
    assert "远山市交通运输局" in page
    assert send(desk, draft, "accept").status_code == 302
    assert Reply.objects.get().department.name == "云平市交通运输局"


def test_the_same_document_number_is_told_and_not_doubled(desk):
    first = paste(desk)
    send(desk, first, "accept")
    second = paste(desk, REPLY + "\n（扫描件）")
    answer = send(desk, second, "accept")
    assert answer.status_code == 422
    assert Reply.objects.count() == 1


def test_rejecting_keeps_the_file_and_the_reason(desk):
    draft = paste(desk)
    assert send(desk, draft, "reject").status_code == 422
    send(desk, draft, "reject", reject_reason="重复来文")
    draft.refresh_from_db()
    assert (draft.state, draft.reject_reason) == (LetterDraft.State.REJECTED, "重复来文")
    assert LetterFile.objects.get().text == REPLY
    assert "重复来文" in desk.get(address(draft)).content.decode()


def test_what_keeps_it_from_review_is_said_and_it_stays_in_drafting(desk):
    draft = paste(desk)
    answer = send(desk, draft, "accept", signatory="", is_issued="on")
    assert Reply.objects.get().state == Reply.State.DRAFTING
    assert len([str(m) for m in get_messages(answer.wsgi_request)]) == 2


def test_an_opinion_that_was_asked_for_is_handed_in(clerk):
    proposal = world.make_proposal("0456")
    finance = world.make_department("云平市财政局")
    part = world.make_assignment(proposal, department=finance, role=Assignment.Role.CO_HANDLING)
    asked = CoHandlingOpinion.request(part, on=timezone.localdate() - timedelta(days=3))
    desk = signed_in(world.make_member(Role.CLERK, "caiwu", department=finance))
    draft = paste(desk, OPINION)
    answer = send(desk, draft, "accept")
    assert answer.status_code == 302
    asked.refresh_from_db()
    assert asked.state == CoHandlingOpinion.State.SUBMITTED
    assert Reply.objects.count() == 0


def test_nobody_of_another_department_sees_the_draft(desk):
    draft = paste(desk)
    finance = world.make_department("云平市财政局")
    other = signed_in(world.make_member(Role.REVIEWER, "qiuping", department=finance))
    assert other.get(address(draft)).status_code == 404
    assert other.post(address(draft), {"do": "accept"}).status_code == 404
    assert signed_in(world.make_member(Role.SUPERVISOR)).get(READ).status_code == 403


def test_typing_is_back_after_the_session_has_ended(desk, clerk):
    draft = paste(desk)
    data = form_of(desk.get(address(draft)))
    FormDraft.objects.create(
        user=clerk, path=address(draft), data={"fields": {**data, "signatory": ["谭远洲"]}}
    )
    page = desk.get(f"{address(draft)}?draft=1").content.decode()
    assert 'value="谭远洲"' in page


def test_the_page_asks_a_bounded_number_of_questions(desk, django_assert_max_num_queries):
    draft = paste(desk)
    send(desk, draft, "later")
    with django_assert_max_num_queries(18):
        desk.get(address(draft))
