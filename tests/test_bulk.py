"""Departments, deputies and proposals come in from sheets; lists go out as they are filtered."""

import csv
import io
import zipfile
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from access.rights import STAFF, Role
from assemblies.models import Deputy, DeputyContact
from clerkadmin import drafts, sheets, uploads
from clerkadmin.models import UploadedSheet
from departments.models import Department, DepartmentAlias
from proposals.models import Event, Proposal, Reply, Sponsorship
from tests import world

pytestmark = pytest.mark.django_db

HEADINGS = ["届次", "编号", "标题", "领衔人", "联名人", "领域", "提出日期", "登记日期"]
ROW = [
    "十四届三次会议",
    "0007",
    "关于增设公交站点的建议",
    "林秀兰",
    "",
    "",
    "2026-01-12",
    "2026-01-14",
]
DEPARTMENT_HEADINGS = ["单位全称", "简称", "地区", "其他名称", "停用日期", "承继单位"]


@pytest.fixture(autouse=True)
def small_world() -> None:
    world.make_session()
    world.make_topic()
    world.make_deputy("林秀兰")
    world.make_deputy("周建国")


@pytest.fixture
def office(client: Client) -> Client:
    """Somebody of the deputies' office of 云平市's congress."""
    return as_role(client, Role.DEPUTIES_OFFICE)


@pytest.fixture
def administrator(client: Client) -> Client:
    return as_role(client, Role.ADMINISTRATOR)


def as_role(client: Client, role: Role) -> Client:
    client.force_login(world.make_member(role))
    return client


def page(model: str, name: str, *args: str) -> str:
    return reverse(f"admin:{model}_{name}", args=args)


def csv_of(*rows: list[str], encoding: str = "utf-8-sig") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_of(*rows: list[object]) -> bytes:
    book, data = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(data)
    return data.getvalue()


def upload(client: Client, model: str, data: bytes, name: str = "表.csv") -> HttpResponse:
    """Choose the file, and look at its preview."""
    file = SimpleUploadedFile(name, data)
    return client.post(page(model, "import"), {"file": file}, follow=True)


def confirm(client: Client, model: str) -> HttpResponse:
    token = UploadedSheet.objects.get().token
    return client.post(page(model, "import_preview", token), {"confirm": "1"}, follow=True)


def bring_in(client: Client, model: str, *rows: list[str]) -> HttpResponse:
    preview = upload(client, model, csv_of(*rows))
    assert not faults(preview), faults(preview)
    return confirm(client, model)


def faults(response: HttpResponse) -> list[str]:
    return [str(fault) for fault in response.context["report"].faults]


def exported(response: HttpResponse) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


# Coming in --------------------------------------------------------------------------------


def test_a_registered_proposal_comes_in_with_its_sponsors_its_events_and_its_history(office):
    topic = world.make_topic("教科文卫")
    row = [*ROW[:4], "周建国", topic.name, *ROW[6:]]
    said = bring_in(office, "proposals_proposal", HEADINGS, row)
    proposal = Proposal.objects.get()
    assert (proposal.number, proposal.state, proposal.topic) == ("0007", "registered", topic)
    assert (proposal.submitted_on, proposal.registered_on) == (date(2026, 1, 12), date(2026, 1, 14))
    sponsors = proposal.sponsorships.values_list("deputy__name", "role")
    assert list(sponsors) == [("林秀兰", "lead"), ("周建国", "co_sponsor")]
    events = proposal.events.order_by("pk")
    assert [(e.kind, e.on, e.actor.username) for e in events] == [
        ("submitted", date(2026, 1, 12), Role.DEPUTIES_OFFICE),
        ("registered", date(2026, 1, 14), Role.DEPUTIES_OFFICE),
    ]
    assert {h.history_change_reason for h in proposal.history.all()} == {"表.csv"}
    assert {h.history_user.username for h in proposal.history.all()} == {Role.DEPUTIES_OFFICE}
    assert "1" in said.content.decode()


def test_a_proposal_without_a_number_is_submitted_and_registered_by_a_later_sheet(office):
    bring_in(office, "proposals_proposal", HEADINGS, [ROW[0], "", *ROW[2:7], ""])
    assert Proposal.objects.get().state == "submitted"
    bring_in(office, "proposals_proposal", HEADINGS, ROW)
    proposal = Proposal.objects.get()
    assert (proposal.number, proposal.state) == ("0007", "registered")
    kinds = list(proposal.events.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["submitted", "registered"]


def test_the_same_file_a_second_time_changes_nothing_and_says_so(office):
    bring_in(office, "proposals_proposal", HEADINGS, ROW)
    before = (Event.objects.count(), Proposal.history.count(), Proposal.objects.get().version)
    preview = upload(office, "proposals_proposal", csv_of(HEADINGS, ROW))
    report = preview.context["report"]
    assert (report.unchanged, report.is_open) == (1, False)
    assert 'name="confirm"' not in preview.content.decode()
    confirm(office, "proposals_proposal")
    now = (Event.objects.count(), Proposal.history.count(), Proposal.objects.get().version)
    assert now == before


def test_a_number_is_one_however_its_zeros_were_eaten(office):
    bring_in(office, "proposals_proposal", HEADINGS, ROW)
    eaten = [ROW[0], "7", *ROW[2:]]
    report = upload(office, "proposals_proposal", csv_of(HEADINGS, eaten)).context["report"]
    assert report.unchanged == 1


def test_a_changed_title_is_shown_before_and_after_and_leaves_an_event(office):
    bring_in(office, "proposals_proposal", HEADINGS, ROW)
    row = [*ROW[:2], "关于增设公交站台的建议", *ROW[3:]]
    preview = upload(office, "proposals_proposal", csv_of(HEADINGS, row))
    assert preview.context["rows"][0].changes == [("标题", ROW[2], row[2])]
    confirm(office, "proposals_proposal")
    proposal = Proposal.objects.get()
    assert proposal.title == row[2]
    last = proposal.events.latest("pk")
    assert (last.kind, last.details) == ("changed", {"changed": ["proposal.title"]})


def test_every_fault_is_told_by_row_and_column_and_nothing_is_written(office):
    world.make_deputy("王敏", delegation="城关代表团")
    Deputy.objects.create(assembly=world.make_assembly(), name="王敏", delegation="河西代表团")
    rows = [
        ROW,
        ["十五届一次会议", "0008", *ROW[2:]],
        [ROW[0], "0009", "", "林秀", "", "", "2026-13-01", "2026-01-14"],
        [ROW[0], "0010", "一", "王敏", "", "体育", "2026-01-12", "2026-01-10"],
        [ROW[0], "7", *ROW[2:]],
    ]
    preview = upload(office, "proposals_proposal", csv_of(HEADINGS, *rows))
    report = preview.context["report"]
    places = {(fault.row, fault.heading, fault.cell) for fault in report.faults}
    assert places >= {
        (3, "届次", "A3"),
        (4, "标题", "C4"),
        (4, "领衔人", "D4"),
        (4, "提出日期", "G4"),
        (5, "领衔人", "D5"),
        (5, "领域", "F5"),
        (6, "", ""),
    }
    told = " ".join(faults(preview))
    assert "王敏（城关代表团）、王敏（河西代表团）" in told
    assert 'name="confirm"' not in preview.content.decode()
    confirm(office, "proposals_proposal")
    assert not Proposal.objects.exists()


def test_a_namesake_is_told_apart_by_delegation(office):
    Deputy.objects.create(assembly=world.make_assembly(), name="林秀兰", delegation="河西代表团")
    row = [*ROW[:3], "林秀兰（河西代表团）", *ROW[4:]]
    bring_in(office, "proposals_proposal", HEADINGS, row)
    assert Sponsorship.objects.get().deputy.delegation == "河西代表团"


@pytest.mark.parametrize(
    "printed",
    ["14-3", "第十四届第三次会议", "市人大十四届三次会议", "云平市第十四届人民代表大会第三次会议"],
)
def test_a_session_is_read_as_it_is_printed(office, printed):
    bring_in(office, "proposals_proposal", HEADINGS, [printed, *ROW[1:]])
    assert Proposal.objects.get().session == world.make_session()


@pytest.mark.parametrize("day", ["2026年1月12日", "2026/1/12", "2026.01.12", "20260112", "46034"])
def test_a_day_is_read_as_people_and_as_excel_write_it(office, day):
    bring_in(office, "proposals_proposal", HEADINGS, [*ROW[:6], day, ROW[7]])
    assert Proposal.objects.get().submitted_on == date(2026, 1, 12)


def test_an_unknown_a_double_and_a_missing_heading_are_told(office):
    preview = upload(
        office,
        "proposals_proposal",
        csv_of(["届次", "编号", "建议号", "备注"], ["a", "1", "1", "x"]),
    )
    told = faults(preview)
    assert len(told) == 3
    assert "备注" in told[1] and "建议号" in told[0] and "标题" in told[2]


def test_what_was_registered_is_not_changed_by_a_sheet(office):
    bring_in(office, "proposals_proposal", HEADINGS, ROW)
    row = [*ROW[:3], "周建国", "", "", "2026-01-11", "2026-01-15"]
    preview = upload(office, "proposals_proposal", csv_of(HEADINGS, row))
    assert {fault.heading for fault in preview.context["report"].faults} >= {"登记日期"}
    preview = upload(office, "proposals_proposal", csv_of(HEADINGS, [*row[:6], ROW[6], ROW[7]]))
    assert [fault.heading for fault in preview.context["report"].faults] == ["领衔人"]


def test_departments_come_in_with_their_other_names_and_their_successors(administrator):
    rows = [
        ["云平市文化和旅游局", "市文旅局", "云平市", "文旅局、市文广旅局", "", ""],
        ["云平市旅游局", "市旅游局", "云平市", "", "2019年3月1日", "云平市文化和旅游局"],
    ]
    bring_in(administrator, "departments_department", DEPARTMENT_HEADINGS, *rows)
    new, old = (Department.objects.get(name=row[0]) for row in rows)
    assert (old.successor, old.valid_to) == (new, date(2019, 3, 1))
    assert new.slug == "yunpingshi-wenhuahelvyouju"
    assert set(new.aliases.values_list("name", flat=True)) == {"文旅局", "市文广旅局"}
    before = DepartmentAlias.history.count(), Department.history.count()
    again = upload(administrator, "departments_department", csv_of(DEPARTMENT_HEADINGS, *rows))
    assert again.context["report"].unchanged == 2
    assert (DepartmentAlias.history.count(), Department.history.count()) == before


def test_an_empty_cell_takes_nothing_away(administrator):
    bureau = world.make_department("云平市财政局")
    rows = [DEPARTMENT_HEADINGS, ["云平市财政局", "", "", "", "2026-12-31", ""]]
    bring_in(administrator, "departments_department", *rows)
    bureau.refresh_from_db()
    assert (bureau.short_name, bureau.region) == ("市财政局", "云平市")
    assert bureau.valid_to == date(2026, 12, 31)


def test_deputies_come_in_with_their_contact_data(office):
    headings = ["姓名", "代表团", "联系电话", "在任"]
    rows = [["陈志远", "河西代表团", "+86 13800000001", "是"], ["周建国", "城关代表团", "", "否"]]
    bring_in(office, "assemblies_deputy", headings, *rows)
    assert DeputyContact.objects.get().phone == "+86 13800000001"
    assert not Deputy.objects.get(name="周建国").is_serving
    again = upload(office, "assemblies_deputy", csv_of(headings, *rows))
    assert again.context["report"].unchanged == 2
    moved = [["陈志远", "河西代表团", "13900000002", "是"]]
    bring_in(office, "assemblies_deputy", headings, *moved)
    assert DeputyContact.objects.get().phone == "13900000002"
    wrong = upload(office, "assemblies_deputy", csv_of(["姓名", "邮箱"], ["陈志远", "无"]))
    assert [fault.cell for fault in wrong.context["report"].faults] == ["B2"]


def test_a_second_person_of_a_name_is_pointed_out(office):
    rows = csv_of(["姓名", "代表团"], ["林秀兰", "河西代表团"])
    preview = upload(office, "assemblies_deputy", rows)
    assert "林秀兰（城关代表团）" in preview.context["rows"][0].notes[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_every_encoding_that_chinese_excel_writes(office, encoding):
    preview = upload(office, "proposals_proposal", csv_of(HEADINGS, ROW, encoding=encoding))
    assert preview.context["report"].new == 1


def test_xlsx_is_read_with_its_days_its_zeros_and_its_true_row_numbers(office):
    book, data = Workbook(), io.BytesIO()
    sheet = book.active
    sheet.append(HEADINGS)
    sheet.append([])
    sheet.append([ROW[0], 7, *ROW[2:6], date(2026, 1, 12), date(2026, 1, 14)])
    sheet["B3"].number_format = "0000"
    sheet.append([ROW[0], 8, "", *ROW[3:]])
    book.save(data)
    preview = upload(office, "proposals_proposal", data.getvalue(), "表.xlsx")
    assert [fault.cell for fault in preview.context["report"].faults] == ["C4"]
    kept = UploadedSheet.objects.get()
    assert kept.rows[0] == [3, [ROW[0], "0007", ROW[2], ROW[3], "", "", *ROW[6:]]]


def packed(**parts: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return data.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    """An honest xlsx with one part replaced."""
    data = io.BytesIO()
    honest = zipfile.ZipFile(io.BytesIO(xlsx_of(HEADINGS, ROW)))
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in honest.namelist():
            archive.writestr(entry, content if entry == name else honest.read(entry))
    return data.getvalue()


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x01\x02",
        b"\xd0\xcf\x11\xe0" + b"\0" * 600,
        packed(readme__txt=b"x"),
        packed(xl__workbook__xml=b"<x"),
        packed(**{"xl__worksheets__sheet1.xml": b" " * 30_000_000}),
        with_part("xl/worksheets/sheet1.xml", ENTITY),
        with_part("xl/workbook.xml", ENTITY),
        with_part("xl/styles.xml", b"<x"),
        xlsx_of(HEADINGS, ROW)[:-400],
        csv_of(HEADINGS),
        csv_of(*[["a"]] * (uploads.MAX_ROWS + 2)),
        b"x" * (uploads.MAX_BYTES + 1),
    ],
    ids=range(13),
)
def test_a_file_that_is_no_sheet_is_refused_with_a_sentence(office, data):
    response = upload(office, "proposals_proposal", data)
    assert response.status_code == 200
    assert response.context["form"].errors["file"]
    assert not UploadedSheet.objects.exists()


def test_a_row_that_the_database_refuses_takes_every_row_back(office, monkeypatch):
    monkeypatch.setattr("proposals.resources.number_key", lambda number: number)
    rows = [[ROW[0], "0006", *ROW[2:]], ROW, [ROW[0], "7", "关于另一件事的建议", *ROW[3:]]]
    upload(office, "proposals_proposal", csv_of(HEADINGS, *rows))
    preview = confirm(office, "proposals_proposal")
    assert faults(preview)
    assert not Proposal.objects.exists()
    assert UploadedSheet.objects.exists()


# Who may ----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in STAFF if role != Role.DEPUTIES_OFFICE])
def test_no_other_role_finds_the_import_of_proposals(client, role):
    as_role(client, role)
    for name, args in (("import", ()), ("import_template", ("xlsx",)), ("import_preview", ("x",))):
        for model in ("proposals_proposal", "assemblies_deputy"):
            address = page(model, name, *args)
            assert client.get(address).status_code == 404
            assert client.post(address).status_code == 404


def test_nobody_confirms_the_file_of_another(client, office):
    upload(office, "proposals_proposal", csv_of(HEADINGS, ROW))
    other = world.make_member(Role.DEPUTIES_OFFICE, "another")
    client.force_login(other)
    response = confirm(client, "proposals_proposal")
    assert "report" not in response.context
    assert not Proposal.objects.exists()


def test_a_role_that_was_taken_away_after_the_preview_imports_nothing(office):
    upload(office, "proposals_proposal", csv_of(HEADINGS, ROW))
    user = UploadedSheet.objects.get().user
    clerkship = user.clerkships.get()
    clerkship.is_active = False
    clerkship.save()
    address = page("proposals_proposal", "import_preview", UploadedSheet.objects.get().token)
    assert office.post(address, {"confirm": "1"}).status_code in (302, 404)
    assert not Proposal.objects.exists()


def test_a_second_click_and_a_forged_token_import_nothing(office):
    upload(office, "proposals_proposal", csv_of(HEADINGS, ROW))
    token = UploadedSheet.objects.get().token
    for _time in range(2):
        office.post(page("proposals_proposal", "import_preview", token), {"confirm": "1"})
    assert Proposal.objects.count() == 1
    assert not UploadedSheet.objects.exists()
    office.post(page("proposals_proposal", "import_preview", "a" * 43), {"confirm": "1"})
    assert Proposal.objects.count() == 1


def test_a_file_is_gone_when_it_is_thrown_away_replaced_or_an_hour_old(office):
    upload(office, "proposals_proposal", csv_of(HEADINGS, ROW))
    upload(office, "proposals_proposal", csv_of(HEADINGS, ROW))
    kept = UploadedSheet.objects.get()
    office.post(page("proposals_proposal", "import_preview", kept.token), {"discard": "1"})
    assert not UploadedSheet.objects.exists()
    upload(office, "proposals_proposal", csv_of(HEADINGS, ROW))
    UploadedSheet.objects.update(uploaded_at=kept.uploaded_at - timedelta(hours=2))
    # Whoever works on anything sweeps it away.
    drafts.keep(world.make_user("another"), reverse("admin:proposals_reply_add"), {"title": ["草"]})
    assert not UploadedSheet.objects.exists()


def test_another_assemblys_sessions_and_deputies_are_not_there(office):
    other = world.make_assembly("beixi")
    world.make_session(9, 9, assembly=other)
    preview = upload(office, "proposals_proposal", csv_of(HEADINGS, ["九届九次会议", *ROW[1:]]))
    assert [fault.cell for fault in preview.context["report"].faults] == ["A2"]
    wrong = csv_of(["所属机构", "姓名"], ["beixi", "新人"])
    assert faults(upload(office, "assemblies_deputy", wrong))


# Going out --------------------------------------------------------------------------------


def test_a_list_goes_out_as_it_is_filtered_and_searched(office):
    world.make_proposal("0001", title="关于公交的建议")
    world.make_proposal("0002", title="关于公交的提案", is_key=True)
    world.make_proposal("0003", title="关于学校的建议", is_key=True)
    address = page("proposals_proposal", "export", "csv")
    response = office.get(f"{address}?is_key__exact=1&q=公交")
    rows = exported(response)
    place = rows[0].index("编号")
    assert [row[place] for row in rows[1:]] == ["0002"]
    assert "attachment" in response["Content-Disposition"]
    listed = office.get(page("proposals_proposal", "changelist") + "?is_key__exact=1&q=公交")
    for tool in listed.context["list_tools"][1:]:
        assert office.get(tool["url"]).status_code == 200


@pytest.mark.parametrize("model", ["proposals_proposal", "assemblies_deputy"])
def test_a_list_goes_out_in_the_columns_in_which_it_comes_in(office, model):
    kinds = (("export", "csv"), ("import_template", "csv"))
    out, template = (exported(office.get(page(model, *kind)))[0] for kind in kinds)
    assert out[: len(template)] == template


def test_what_the_list_does_not_filter_by_the_export_does_not_either(office):
    address = page("proposals_proposal", "export", "csv")
    for query in ("reason__startswith=a", "sponsorships__deputy__contact__phone=1", "nothing=1"):
        assert office.get(f"{address}?{query}").status_code == 404
    assert office.get(page("proposals_proposal", "export", "pdf")).status_code == 404


def test_a_department_takes_out_its_own_rows_alone(client):
    own = world.make_reply()
    world.make_assignment(own.proposal)
    other = world.make_department("云平市财政局")
    world.make_assignment(own.proposal, department=other, role="co_handling")
    Reply.objects.create(
        proposal=own.proposal, department=other, round=1, sequence=2, title="草稿", text="密"
    )
    as_role(client, Role.CLERK)
    for model in ("proposals_reply", "proposals_assignment"):
        text = str(exported(client.get(page(model, "export", "csv"))))
        assert "市交通运输局" in text
        assert "市财政局" not in text and "密" not in text


@pytest.mark.parametrize("role", STAFF)
def test_every_list_that_a_role_may_export_comes_as_csv_and_as_xlsx(
    client, role, django_assert_max_num_queries
):
    promise = world.make_commitment(world.make_published_reply())
    world.make_assignment(promise.reply.proposal)
    as_role(client, role)
    for model in ("proposals_proposal", "proposals_assignment", "proposals_reply",
                  "measures_commitment", "assemblies_deputy", "departments_department",
                  "proposals_event", "assemblies_session", "proposals_returnrequest"):  # fmt: skip
        listed = client.get(page(model, "changelist"))
        tools = listed.context["list_tools"] if listed.status_code == 200 else []
        offered = [tool["url"] for tool in tools if "/export/" in tool["url"]]
        for kind in ("csv", "xlsx"):
            with django_assert_max_num_queries(20):
                response = client.get(page(model, "export", kind))
            assert response.status_code == (200 if offered else 404)


def test_a_list_of_promises_says_of_which_proposal_each_is(client):
    world.make_commitment(world.make_published_reply())
    as_role(client, Role.SUPERVISOR)
    headings, row = exported(client.get(page("measures_commitment", "export", "csv")))
    told = dict(zip(headings, row, strict=True))
    assert {"市人大十四届三次会议", "0123", "2026-12-31", world.COMMITMENT} <= set(told.values())
    assert not [heading for heading in headings if "__" in heading]


def test_contact_data_goes_out_to_the_office_alone(client):
    DeputyContact.objects.create(deputy=world.make_deputy(), phone="13812345678")
    address = page("assemblies_deputy", "export", "csv")
    for role in STAFF:
        as_role(client, role)
        response = client.get(address)
        shows = response.status_code == 200 and "13812345678" in str(exported(response))
        assert shows == (role == Role.DEPUTIES_OFFICE)


FORMULAS = ["=1+1", "+1", "-1", "@a", "＝1+1", "＋1", "－1", "＠a", "=cmd|' /C calc'!A0"]


@pytest.mark.parametrize("title", FORMULAS)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_cell_goes_out_as_a_formula_and_comes_back_as_it_was(office, title, kind):
    bring_in(office, "proposals_proposal", HEADINGS, [*ROW[:2], title, *ROW[3:]])
    assert Proposal.objects.get().title == title
    data = b"".join(office.get(page("proposals_proposal", "export", kind)).streaming_content)
    if kind == "csv":
        cells = [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row]
    else:
        found = [cell for row in load_workbook(io.BytesIO(data)).worksheets[0] for cell in row]
        assert "f" not in {cell.data_type for cell in found}
        cells = [cell.value for cell in found if isinstance(cell.value, str)]
    assert f"'{title}" in cells
    assert not [cell for cell in cells if cell.startswith(sheets.FORMULA_SIGNS)]
    report = upload(office, "proposals_proposal", data, f"表.{kind}").context["report"]
    assert (report.faults, report.unchanged) == ([], 1)


def test_a_tab_or_a_line_end_opens_no_formula(office):
    assert [sheets.safe(text) for text in ("\t=1", "\r=1", "\n=1")] == ["'\t=1", "'\r=1", "'\n=1"]
    assert sheets.safe("a\x00b\x0bc") == "abc"
    assert sheets.safe(-5) == -5


def test_the_file_is_opened_by_excel_as_utf8_and_named_after_the_list(office):
    response = office.get(page("proposals_proposal", "export", "csv"))
    assert b"".join(response.streaming_content).startswith(b"\xef\xbb\xbf")
    assert "filename*=utf-8''" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("model", ["proposals_proposal", "assemblies_deputy"])
def test_the_template_comes_back_as_a_sheet_without_rows(office, model, kind):
    data = b"".join(office.get(page(model, "import_template", kind)).streaming_content)
    response = upload(office, model, data, f"模板.{kind}")
    assert "form" in response.context and response.context["form"].errors["file"]
    assert office.get(page(model, "import")).status_code == 200


# Many rows --------------------------------------------------------------------------------


def many(count: int) -> bytes:
    rows = [[ROW[0], f"{n:04}", f"关于第{n}件事的建议", *ROW[3:]] for n in range(1, count + 1)]
    return csv_of(HEADINGS, *rows)


def test_a_preview_asks_the_database_no_more_often_for_a_thousand_rows(office):
    asked = []
    for count in (10, 1_000):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            preview = upload(office, "proposals_proposal", many(count))
        assert preview.context["report"].new == count
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 40


def test_an_import_asks_a_few_questions_a_row(office):
    asked = []
    for count in (10, 30):
        upload(office, "proposals_proposal", many(count))
        with CaptureQueriesContext(connection) as queries:
            confirm(office, "proposals_proposal")
        asked.append(len(queries))
    assert Proposal.objects.count() == 30
    assert (asked[1] - asked[0]) / 20 < 25


def test_an_export_asks_the_database_no_more_often_for_more_rows(office):
    upload(office, "proposals_proposal", many(20))
    confirm(office, "proposals_proposal")
    asked = []
    for query in ("?q=第1件事", ""):
        with CaptureQueriesContext(connection) as queries:
            rows = exported(office.get(page("proposals_proposal", "export", "csv") + query))
        asked.append(len(queries))
    assert len(rows) == 21
    assert asked[0] == asked[1]
