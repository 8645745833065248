"""What is published is what was approved: its versions, its promises, its state at the moment."""

import hashlib
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from measures.models import Commitment
from proposals import events
from proposals.models import Event, Proposal, Reply
from public import publish
from public.models import (
    PublicCommitment,
    PublicDepartment,
    PublicProposal,
    PublicReply,
    PublicSession,
    PublicSupport,
)
from tests.crawl import crawl
from tests.world import (
    COMMITMENT,
    LETTER,
    PUBLISHED_ON,
    SENT_ON,
    make_assembly,
    make_assignment,
    make_commitment,
    make_department,
    make_feedback,
    make_measure,
    make_proposal,
    make_published_reply,
    make_rating,
    make_reply,
    make_session,
)

pytestmark = pytest.mark.django_db
PAGE = "/proposals/yunping/14-3/0123/"


def page(path: str = "") -> str:
    response = Client().get(PAGE + path)
    assert response.status_code == 200
    return response.content.decode()


def make_public_letter() -> Reply:
    reply = make_reply()
    make_assignment(reply.proposal)
    make_measure(reply)
    make_commitment(reply)
    return make_published_reply()


def test_a_reply_is_not_public_until_it_is_published():
    reply = make_reply()
    reply.proposal.publish(on=PUBLISHED_ON)
    assert PublicReply.objects.count() == 0
    reply.record_sent(on=SENT_ON)
    assert PublicReply.objects.count() == 0
    reply.publish(on=PUBLISHED_ON, reason="可公开")
    assert PublicReply.objects.count() == 1


def test_a_letter_that_was_not_sent_cannot_be_published():
    reply = make_reply()
    reply.proposal.publish(on=PUBLISHED_ON)
    with pytest.raises(ValidationError):
        reply.publish(on=PUBLISHED_ON, reason="可公开")
    assert PublicReply.objects.count() == 0


def test_every_promise_of_the_page_is_a_sentence_of_the_letter():
    make_public_letter()
    html = page("replies/1/")
    assert 'id="c1"' in html
    assert COMMITMENT in "".join(
        run["text"]
        for block in PublicReply.objects.get().document["blocks"]
        for run in block["runs"]
        if run["mark"] == "commitment"
    )


def test_the_letter_on_the_page_is_the_whole_letter():
    make_public_letter()
    shown = "".join(
        run["text"]
        for block in PublicReply.objects.get().document["blocks"]
        for run in block["runs"]
    )
    for line in LETTER.split():
        assert line in shown


def test_a_report_on_a_promise_is_public_at_the_next_request():
    reply = make_public_letter()
    promise = reply.commitments.get()
    promise.report(
        Commitment.State.FULFILLED,
        on=date(2026, 11, 2),
        text="20座候车亭已投入使用。",
        evidence_title="竣工验收表",
    )
    assert "20座候车亭已投入使用。" in page("replies/1/")
    assert PublicCommitment.objects.get().state == "fulfilled"
    assert PublicProposal.objects.get().status == PublicProposal.Status.CLOSED


def test_a_corrected_letter_keeps_the_address_and_the_hash_of_each_version():
    reply = make_public_letter()
    corrected = LETTER.replace("46辆", "48辆")
    reply.measures.all().delete()
    reply.correct(corrected, reason="数字有误", on=date(2026, 6, 20))
    first, second = PublicReply.objects.order_by("version")
    assert first.sha256 == hashlib.sha256(LETTER.encode()).hexdigest()
    assert second.sha256 == hashlib.sha256(corrected.encode()).hexdigest()
    assert "46辆" in page("replies/1/v1/")
    assert "48辆" in page("replies/1/v2/")
    assert "48辆" in page("replies/1/")
    assert "数字有误" not in page("replies/1/v2/")


def test_anybody_can_check_the_hash_of_a_published_version():
    make_public_letter()
    answer = Client().get(f"{PAGE}replies/1/v1.txt")
    assert f"{PAGE}replies/1/v1.txt" in page("replies/1/")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert hashlib.sha256(answer.content).hexdigest() == PublicReply.objects.get().sha256
    assert answer.content.decode() == LETTER


def test_a_sent_letter_is_changed_only_as_a_new_version():
    reply = make_public_letter()
    reply.text = "改过的文字"
    with pytest.raises(ValidationError) as refused:
        reply.full_clean()
    assert list(refused.value.error_dict) == ["text"]


def test_a_correction_takes_every_promise_along_to_its_new_place():
    reply = make_public_letter()
    reply.correct(f"（更正）\n{LETTER}", reason="补标注", on=date(2026, 6, 20))
    promise = reply.commitments.get()
    assert reply.text[promise.start : promise.end] == COMMITMENT
    assert 'id="c1"' in page("replies/1/")


def test_a_correction_that_loses_a_promise_is_refused():
    reply = make_public_letter()
    with pytest.raises(ValidationError), transaction.atomic():
        reply.correct(LETTER.replace(COMMITMENT, ""), reason="删节", on=date(2026, 6, 20))
    assert reply.versions.count() == 1
    assert 'id="c1"' in page("replies/1/")


def test_an_abstract_shows_nothing_of_the_letter():
    reply = make_reply(form=Reply.Form.ABSTRACT, abstract=f"答复摘要：{COMMITMENT}")
    make_measure(reply)
    make_commitment(reply)
    make_published_reply()
    html = page("replies/1/")
    assert "46辆" not in html
    assert "0598-1234567" not in html
    assert COMMITMENT in html
    assert PublicCommitment.objects.count() == 1
    assert PublicReply.objects.get().sha256 == hashlib.sha256(reply.abstract.encode()).hexdigest()


def test_a_first_letter_is_measured_by_its_own_date_whatever_rounds_follow():
    reply = make_public_letter()
    part = reply.proposal.assignments.get()
    first = part.due_on
    before = page()
    part.handle_again(2, on=PUBLISHED_ON)
    publish.rebuild()
    row = PublicProposal.objects.get()
    assert part.reply_due_on != first
    assert row.due_on == first
    assert row.document["departments"][0]["due_on"] == first.isoformat()
    assert page() == before


def test_an_abstract_does_not_tell_how_many_promises_it_leaves_out():
    reply = make_reply(form=Reply.Form.ABSTRACT, abstract="答复摘要：已作研究。")
    promise = make_commitment(reply)
    make_measure(reply)
    make_published_reply()
    promise.report("in_progress", on=PUBLISHED_ON, text="已选址8处")
    row = PublicProposal.objects.get()
    assert (row.commitment_count, row.measure_count, row.promises) == (0, 0, [])
    assert row.status == PublicProposal.Status.REPLIED
    assert "promise_updated" not in str(row.document["life"])


def test_an_abstract_without_the_promise_does_not_show_the_promise():
    reply = make_reply(form=Reply.Form.ABSTRACT, abstract="答复摘要：已作研究。")
    make_commitment(reply)
    make_published_reply()
    assert PublicCommitment.objects.count() == 0
    assert COMMITMENT not in page("replies/1/")


def test_ratings_show_only_where_the_assembly_publishes_them():
    reply = make_public_letter()
    make_feedback(
        reply, state="returned", rated_on=PUBLISHED_ON, result_rating=make_rating("不满意")
    )
    publish.rebuild()
    assert "不满意" not in page()
    assembly = make_assembly()
    assembly.publishes_ratings = True
    assembly.save()
    publish.rebuild()
    assert "不满意" in page()


def test_withholding_a_proposal_takes_its_replies_with_it():
    reply = make_public_letter()
    reply.proposal.withhold(on=date(2026, 7, 1), reason="含个人信息")
    assert Client().get(PAGE).status_code == 404
    assert Client().get(PAGE + "replies/1/").status_code == 404
    assert PublicDepartment.objects.count() == 0


def test_a_department_stays_while_one_of_its_proposals_is_public():
    first = make_public_letter()
    second = make_published_reply(make_proposal("0200"), document_number="云交函〔2026〕99号")
    first.proposal.withhold(on=date(2026, 7, 1), reason="含个人信息")
    assert PublicDepartment.objects.get().slug == second.department.slug


def test_a_proposal_with_a_new_number_leaves_no_page_under_the_old_one():
    make_public_letter()
    proposal = Proposal.objects.get()
    proposal.number = "0124"
    proposal.save()
    publish.refresh(proposal)
    assert Client().get(PAGE).status_code == 404
    assert Client().get("/proposals/yunping/14-3/0124/").status_code == 200


def test_writing_all_pages_anew_changes_nothing():
    reply = make_public_letter()
    reply.commitments.get().report("in_progress", on=date(2026, 7, 1), text="已选址8处")
    before = crawl(Client()).settled
    assert publish.rebuild() == 1
    after = crawl(Client()).settled
    assert after.keys() == before.keys()
    # The marks may stand in another order where nothing else has changed; their number may not.
    counted = [{url: text.count("c1") for url, text in each.items()} for each in (before, after)]
    assert counted[0] == counted[1]


def test_if_the_page_cannot_be_written_nothing_has_happened():
    reply = make_reply()
    reply.record_sent(on=SENT_ON)
    reply.proposal.publish(on=PUBLISHED_ON)
    events = Event.objects.count()
    # Another row holds the page's address, as a faulty restore might leave it.
    row = PublicProposal.objects.get()
    PublicProposal.objects.all().delete()
    row.id += 1
    row.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        reply.publish(on=PUBLISHED_ON, reason="可公开")
    assert Event.objects.count() == events
    assert not Reply.objects.published().exists()


def test_what_is_told_together_writes_the_page_once_and_tells_every_event():
    reply = make_reply()
    reply.record_sent(on=SENT_ON)
    told = Event.objects.count()
    with CaptureQueriesContext(connection) as asked, events.together():
        reply.proposal.publish(on=PUBLISHED_ON)
        assert not PublicProposal.objects.exists()
        reply.publish(on=PUBLISHED_ON, reason="可公开")
    written = [q for q in asked if q["sql"].startswith('INSERT INTO "public_publicproposal"')]
    assert len(written) == 1
    assert PublicReply.objects.get().proposal_id == reply.proposal_id
    assert Event.objects.count() >= told + 2


def test_of_what_failed_together_nobody_is_told():
    proposal = make_proposal()
    with pytest.raises(RuntimeError), events.together():
        proposal.publish(on=PUBLISHED_ON)
        raise RuntimeError
    make_proposal("0200").publish(on=PUBLISHED_ON)
    assert [row.number for row in PublicProposal.objects.all()] == ["0200"]


def test_a_page_follows_its_neighbour_that_answers_along():
    along = make_proposal("0124", title="关于延长夜班公交的建议")
    along.publish(on=PUBLISHED_ON)
    reply = make_reply()
    reply.also_answers.add(along)
    make_published_reply()
    answer = f"{PAGE}replies/1/"
    assert answer in Client().get("/proposals/yunping/14-3/0124/").content.decode()
    reply.refresh_from_db()
    reply.withdraw(on=date(2026, 7, 1), reason="含个人信息")
    assert answer not in Client().get("/proposals/yunping/14-3/0124/").content.decode()


def test_the_keeper_of_a_promise_has_a_page_even_if_it_handles_nothing():
    reply = make_reply()
    keeper = make_department("云平市财政局")
    make_commitment(reply, lead_department=keeper)
    make_published_reply()
    answer = Client().get(f"/departments/{keeper.slug}/")
    assert answer.status_code == 200
    assert COMMITMENT in answer.content.decode()


def test_a_department_that_only_supports_a_promise_is_public_as_long_as_the_promise_is():
    reply = make_public_letter()
    promise = reply.commitments.get()
    promise.printed_departments = ["市财政局", "市老龄委", "我局"]
    promise.save()
    promise.supporting_departments.add(make_department("云平市财政局"))
    publish.refresh(reply.proposal)
    assert PublicSupport.objects.get().department.name == "云平市财政局"
    assert PublicCommitment.objects.get().document["unknown_departments"] == ["市老龄委"]
    assert "云平市财政局" in Client().get("/departments/").content.decode()
    reply.withdraw(on=date(2026, 7, 1), reason="误公开")
    assert not PublicDepartment.objects.filter(name="云平市财政局").exists()


def test_a_talk_with_the_deputy_changes_no_public_page():
    make_public_letter()
    before = crawl(Client()).settled
    proposal = Proposal.objects.get()
    events.record(Event.Kind.CONTACTED, proposal, on=date(2026, 3, 2))
    assert crawl(Client()).settled == before


def test_the_json_of_a_reply_holds_the_text_that_its_hash_is_of():
    make_public_letter()
    data = Client().get(f"{PAGE}replies/1.json").json()
    assert hashlib.sha256(data["text"].encode()).hexdigest() == data["sha256"]


def test_writing_a_page_anew_asks_as_often_for_many_promises_as_for_few():
    reply = make_public_letter()
    asked = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            publish.refresh(Proposal.objects.get())
        asked.append(len(queries))
        for _ in range(20):
            make_commitment(reply)
    assert asked[0] == asked[1] <= 70


def test_the_newest_session_stands_first_though_its_day_is_unknown():
    for term, number in ((9, 5), (14, 10), (14, 9)):
        session = make_session(term, number, opens_on=None, closes_on=None)
        make_proposal(f"{term}{number}", session=session).publish(on=PUBLISHED_ON)
    assert [s.key for s in PublicSession.objects.all()] == ["14-10", "14-9", "9-5"]
