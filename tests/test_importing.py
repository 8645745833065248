"""A letter's file becomes a reply with its promises and a public page, or one clear sentence."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from assemblies.models import Assembly, Session
from departments.models import Department
from intake.models import LetterFile
from measures.models import Commitment
from proposals.models import Assignment, Event, Proposal, Reply
from public.models import PublicReply
from tests.letters.samples import NO_LETTER, REPLY, TWO_PROPOSALS, WITHHELD
from tests.world import make_assignment, make_department, make_proposal, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(tmp_path: Path):
    def write(text: str | bytes = REPLY, name: str = "信.txt") -> str:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


def import_letters(*paths: str, **options: bool) -> tuple[str, int]:
    out, code = StringIO(), 0
    try:
        call_command("import_letters", *paths, stdout=out, **options)
    except SystemExit as stop:
        code = int(stop.code or 0)
    return out.getvalue(), code


def rows() -> int:
    models = (Assembly, Session, Department, Proposal, Reply, Commitment, LetterFile, Event)
    return sum(model.objects.count() for model in models)


def test_a_letter_becomes_a_public_page_with_its_promises(letter):
    said, code = import_letters(letter(), publish=True, create_missing=True)
    assert code == 0
    address = "/proposals/yunpingshi/14-3/0456/replies/1/"
    assert address in said
    page = Client().get(address).content.decode()
    assert "B类" in page
    for promise in Commitment.objects.all():
        assert f'id="c{promise.number}"' in page
    assert Commitment.objects.count() == 3


def test_everything_read_is_tied_to_its_sentence_in_the_letter(letter):
    import_letters(letter(), create_missing=True)
    reply = Reply.objects.get()
    for said in [*reply.measures.all(), *reply.commitments.all(), *reply.figures.all()]:
        assert reply.text[said.start : said.end].replace("\n", "") == said.text
    assert reply.text == REPLY
    assert reply.category.code == "B"
    assert [str(d) for d in reply.co_handlers.order_by("pk")] == ["市财政局", "市住建局"]
    assert reply.signatory == "谭远舟"


def test_who_keeps_a_promise_and_by_when_is_read(letter):
    import_letters(letter(), create_missing=True)
    line, shelters, subsidy = Commitment.objects.order_by("number")
    assert str(line.lead_department) == "市交通运输局"
    assert (line.due_text, str(line.due_on)) == ("2026年9月底前", "2026-09-30")
    assert [str(d) for d in shelters.supporting_departments.all()] == ["市住建局"]
    assert str(shelters.due_on) == "2026-12-31"
    assert str(subsidy.lead_department) == "市财政局"
    assert subsidy.due_on is None


def test_without_create_missing_nothing_is_made_and_the_clerk_is_told_what_to_do(letter):
    said, code = import_letters(letter())
    assert code == 1
    assert "--create-missing" in said
    assert rows() == 0


def test_a_registered_proposal_is_found_by_assembly_session_and_number(letter):
    proposal = make_proposal("456", title="关于完善城南片区公交接驳的建议")
    make_department()
    make_department("云平市财政局")
    make_department("云平市住房和城乡建设局")
    before = Department.objects.count()
    said, code = import_letters(letter())
    assert code == 0, said
    reply = Reply.objects.get()
    assert reply.proposal == proposal
    assert Department.objects.count() == before
    assert {d.name for d in reply.co_handlers.all()} == {"云平市财政局", "云平市住房和城乡建设局"}
    roles = dict(Assignment.objects.values_list("department__name", "role"))
    assert roles["云平市交通运输局"] == "lead"
    assert roles["云平市财政局"] == "co_handling"


def test_the_same_file_twice_is_said_and_skipped(letter):
    import_letters(letter(), create_missing=True, publish=True)
    before = rows()
    said, code = import_letters(letter(), create_missing=True, publish=True)
    assert code == 0
    assert "/proposals/yunpingshi/14-3/0456/replies/1/" in said
    assert rows() == before


def test_the_same_document_number_in_another_file_is_said_and_skipped(letter):
    import_letters(letter(), create_missing=True)
    said, code = import_letters(
        letter(REPLY.replace("感谢您对", "再次感谢您对"), "另存.txt"), create_missing=True
    )
    assert code == 0
    assert "云交建议〔2026〕18号" in said
    assert Reply.objects.count() == 1


def test_a_letter_without_a_number_of_its_own_can_be_a_second_round(letter):
    import_letters(letter(), create_missing=True)
    second = REPLY.replace("〔2026〕18号", "〔2026〕77号").replace("4月18日", "8月2日")
    import_letters(letter(second, "第二轮.txt"), create_missing=True)
    assert [reply.key for reply in Reply.objects.order_by("round")] == ["1", "2"]


def test_departments_that_answer_apart_have_an_address_each(letter):
    import_letters(letter(), create_missing=True, publish=True)
    other = REPLY.replace("云平市交通运输局", "云平市公安局").replace("云交建议", "云公建议")
    said, _code = import_letters(letter(other, "分办.txt"), create_missing=True, publish=True)
    assert "/replies/1-2/" in said
    assert PublicReply.objects.count() == 2


def test_a_letter_that_answers_two_proposals_answers_both(letter):
    said, code = import_letters(letter(TWO_PROPOSALS), create_missing=True, publish=True)
    assert code == 0, said
    reply = Reply.objects.get()
    assert reply.proposal.number == "0456"
    assert [p.number for p in reply.also_answers.all()] == ["0461"]
    page = Client().get("/proposals/yunpingshi/14-3/0461/").content.decode()
    assert "/proposals/yunpingshi/14-3/0456/replies/1/" in page


def test_a_letter_that_says_it_is_not_public_is_not_published_whatever_was_asked(letter):
    said, code = import_letters(letter(WITHHELD), create_missing=True, publish=True)
    assert code == 0
    reply = Reply.objects.get()
    assert not reply.is_published
    assert reply.disclosure == "withheld"
    assert reply.disclosure_decisions.get().reason
    assert "/replies/" not in said
    assert PublicReply.objects.count() == 0


def test_a_proposal_withheld_by_decision_is_not_published_by_an_import(letter):
    import_letters(letter(), create_missing=True)
    proposal = Proposal.objects.get()
    proposal.withhold(on=date(2026, 5, 1), reason="涉密")
    second = REPLY.replace("〔2026〕18号", "〔2026〕77号")
    said, code = import_letters(letter(second, "第二轮.txt"), create_missing=True, publish=True)
    assert code == 0
    assert len(said.splitlines()) > 2
    assert not Reply.objects.published().exists()
    assert PublicReply.objects.count() == 0


def test_one_number_printed_twice_is_one_proposal(letter):
    text = REPLY.replace("第0456号建议的答复", "第0456号、第456号建议的答复")
    said, code = import_letters(letter(text), create_missing=True)
    assert code == 0, said
    assert Proposal.objects.count() == 1


def test_who_was_to_help_and_answers_becomes_the_one_that_answers(letter):
    proposal = make_proposal("456")
    make_assignment(proposal, department=make_department(), role="co_handling")
    import_letters(letter(), create_missing=True)
    role = Assignment.objects.get(department=make_department()).role
    assert role == Assignment.Role.LEAD


def test_one_bad_file_does_not_stop_or_harm_the_others(letter):
    paths = [
        letter(b"", "空.txt"),
        letter(NO_LETTER, "天气.txt"),
        letter(b"\x00\x01\x02PK\xff" * 50, "乱码.txt"),
        letter(REPLY.replace("第0456号", "").replace("十四届人大三次会议", ""), "无编号.txt"),
        letter(),
    ]
    said, code = import_letters(*paths, create_missing=True)
    assert code == 1
    for name in ("空.txt", "天气.txt", "乱码.txt", "无编号.txt"):
        assert sum(name in line for line in said.splitlines()) == 1
    assert Reply.objects.count() == 1
    assert LetterFile.objects.count() == 1


def test_a_failure_half_way_leaves_nothing(letter, settings, tmp_path):
    # The original cannot be stored: the last step fails when everything else has been written.
    settings.MEDIA_ROOT = tmp_path / "a-file-not-a-folder"
    settings.MEDIA_ROOT.write_text("")
    path = letter(REPLY.encode("gb18030"))
    said, code = import_letters(path, create_missing=True, publish=True)
    assert code == 1
    assert "信.txt" in said
    assert rows() == 0
    assert PublicReply.objects.count() == 0


def test_a_dry_run_says_what_would_happen_and_changes_nothing(letter):
    said, code = import_letters(letter(), create_missing=True, publish=True, dry_run=True)
    assert code == 0
    assert "/proposals/yunpingshi/14-3/0456/replies/1/" in said
    assert rows() == 0


def test_a_folder_is_searched_for_letters(letter, tmp_path):
    (tmp_path / "2026").mkdir()
    letter(REPLY, "2026/一.txt")
    letter(b"%PDF-", "2026/notes.log")
    said, code = import_letters(str(tmp_path), create_missing=True)
    assert code == 0, said
    assert Reply.objects.count() == 1


def test_a_letter_saved_as_gb18030_is_read_and_its_original_is_kept(letter):
    import_letters(letter(REPLY.encode("gb18030"), "国标.txt"), create_missing=True)
    kept = LetterFile.objects.get()
    assert kept.text == REPLY
    assert kept.file.read() == REPLY.encode("gb18030")


def test_an_imported_letter_is_locked_and_hashed_and_in_the_trail(letter):
    import_letters(letter(), create_missing=True, publish=True)
    reply = Reply.objects.get()
    assert reply.is_locked
    assert len(reply.versions.get().sha256) == 64
    kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds[0] == "registered"
    assert set(kinds[1:4]) == {"assigned"}
    assert kinds[4:] == ["reply_entered", "reply_sent", "proposal_published", "reply_published"]


def test_an_assembly_between_two_of_the_same_name_is_not_guessed(letter):
    text = REPLY.replace("云平市", "").replace("市十四届", "十四届")
    make_session()
    make_session(assembly=Assembly.objects.create(name="别处人大", slug="x", kind="congress"))
    said, code = import_letters(letter(text), create_missing=True)
    assert code == 1
    assert Reply.objects.count() == 0, said
