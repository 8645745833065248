"""A small world for the tests: 云平市, its deputies, its departments and one letter.

Each function makes one row. What is not given is the row of the small world: it is made where it
is not there yet, so `make_reply()` alone is enough. `**fields` go to the model as they are.
"""

from datetime import date, timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractUser

from access.rights import Role
from assemblies.models import (
    Assembly,
    Category,
    CategoryScheme,
    Deputy,
    HandlingRules,
    Rating,
    RatingScale,
    Session,
    Topic,
)
from departments.models import Clerk, Department
from measures.models import Commitment, Figure, Measure
from proposals.models import Assignment, Feedback, Proposal, Reply, Sponsorship

DEPARTMENT_ROLES = (Role.CLERK, Role.REVIEWER)
OFFICES = {
    Role.DEPUTIES_OFFICE: ("云平市人大常委会代表工作委员会", Department.Kind.DEPUTIES),
    Role.ASSIGNING_OFFICE: ("云平市政府办公室", Department.Kind.ASSIGNING),
    Role.SUPERVISOR: ("云平市人大城建环资委员会", Department.Kind.SUPERVISING),
    Role.ADMINISTRATOR: ("云平市政务信息中心", Department.Kind.ADMINISTERING),
}

OPENED_ON = date(2026, 1, 12)
ASSIGNED_ON = date(2026, 2, 26)
WRITTEN_ON = date(2026, 5, 20)
SENT_ON = date(2026, 5, 22)
PUBLISHED_ON = date(2026, 6, 10)

MEASURE = "2025年新增公交线路3条，投放新能源公交车46辆。"
COMMITMENT = "2026年12月底前建成学校周边公交候车亭20座。"
LETTER = f"""云平市交通运输局
云交函〔2026〕15号
关于市十四届人大三次会议第0123号建议的答复
林秀兰代表：
您提出的《关于改善学校周边公交出行的建议》收悉。经会同市财政局研究，现答复如下：
一、已开展的工作
{MEASURE}
二、下一步工作
{COMMITMENT}
感谢您对我市交通工作的关心和支持！
领导署名：陈志远
联系人：王敏
联系电话：0598-1234567
云平市交通运输局
2026年5月20日
"""


def make_user(username: str = "wangmin", **fields) -> AbstractUser:
    """An account, with the password `wangmin-2026`; staff, so that the admin lets it in."""
    fields.setdefault("is_staff", True)
    fields.setdefault("password", make_password(f"{username}-2026"))
    return get_user_model().objects.get_or_create(username=username, defaults=fields)[0]


def make_assembly(slug: str = "yunping", **fields) -> Assembly:
    """云平市人民代表大会, or another by its slug."""
    fields.setdefault("name", "云平市人民代表大会" if slug == "yunping" else f"{slug}人大")
    fields.setdefault("short_name", "市人大" if slug == "yunping" else slug)
    fields.setdefault("kind", Assembly.Kind.CONGRESS)
    fields.setdefault("level", Assembly.Level.CITY)
    fields.setdefault("region", "云平市")
    return Assembly.objects.get_or_create(slug=slug, defaults=fields)[0]


def make_session(
    term: int = 14, number: int = 3, *, assembly: Assembly | None = None, **fields
) -> Session:
    """The third session of the fourteenth congress, or another."""
    fields.setdefault("opens_on", OPENED_ON)
    fields.setdefault("closes_on", OPENED_ON + timedelta(days=4))
    return Session.objects.get_or_create(
        assembly=assembly or make_assembly(), term=term, number=number, defaults=fields
    )[0]


def make_topic(name: str = "城乡建设", *, assembly: Assembly | None = None) -> Topic:
    return Topic.objects.get_or_create(assembly=assembly or make_assembly(), name=name)[0]


def make_deputy(name: str = "林秀兰", *, assembly: Assembly | None = None, **fields) -> Deputy:
    """林秀兰 of the 城关 delegation, or another by name."""
    fields.setdefault("delegation", "城关代表团")
    return Deputy.objects.get_or_create(
        assembly=assembly or make_assembly(), name=name, defaults=fields
    )[0]


def make_department(name: str = "云平市交通运输局", **fields) -> Department:
    """The transport bureau, or another by name: 云平市财政局 is 市财政局 in lists."""
    fields.setdefault("short_name", name.replace("云平市", "市"))
    fields.setdefault("slug", fields["short_name"])
    fields.setdefault("region", "云平市")
    return Department.objects.get_or_create(name=name, defaults=fields)[0]


def make_clerk(
    user: AbstractUser | None = None, *, department: Department | None = None, **fields
) -> Clerk:
    """王敏 in the transport bureau, or another in another."""
    return Clerk.objects.get_or_create(
        user=user or make_user(), department=department or make_department(), defaults=fields
    )[0]


def make_member(
    role: str, username: str = "", *, department: Department | None = None, **fields
) -> AbstractUser:
    """Somebody in that role: at the transport bureau, or in the office of 云平市's congress.

    The account is called after its role unless a name is given; its office is made with it.
    """
    reviews = role == Role.REVIEWER
    if department is None:
        department = make_department() if role in DEPARTMENT_ROLES else make_office(role)
    user = make_user(username or role, **fields)
    make_clerk(user, department=department, reviews=reviews)
    return user


def make_office(role: str, *, assembly: Assembly | None = None) -> Department:
    """The assembly's office for that role; 云平市政务信息中心 for the administrator."""
    name, kind = OFFICES[role]
    office = make_department(name, kind=kind)
    (assembly or make_assembly()).offices.add(office)
    return office


def make_rules(*, assembly: Assembly | None = None, **fields) -> HandlingRules:
    fields.setdefault("name", "云平市人大代表建议办理规定")
    return HandlingRules.objects.get_or_create(
        assembly=assembly or make_assembly(), name=fields.pop("name"), defaults=fields
    )[0]


def make_category(code: str = "B", *, assembly: Assembly | None = None, **fields) -> Category:
    """B类 of the assembly's scheme: planned, so a promise is expected."""
    scheme, _created = CategoryScheme.objects.get_or_create(
        assembly=assembly or make_assembly(), name="答复类别"
    )
    fields.setdefault("label", {"A": "已经解决", "B": "正在解决"}.get(code, code))
    fields.setdefault("meaning", {"A": Category.Meaning.SOLVED}.get(code, Category.Meaning.PLANNED))
    return Category.objects.get_or_create(scheme=scheme, code=code, defaults=fields)[0]


def make_rating(label: str = "满意", *, assembly: Assembly | None = None) -> Rating:
    """A step of the assembly's scale: 满意, 基本满意 or 不满意."""
    scale, _created = RatingScale.objects.get_or_create(
        assembly=assembly or make_assembly(), name="满意度"
    )
    meaning = {
        "满意": Rating.Meaning.SATISFIED,
        "基本满意": Rating.Meaning.BASICALLY,
        "不满意": Rating.Meaning.UNSATISFIED,
    }[label]
    return Rating.objects.get_or_create(scale=scale, label=label, defaults={"meaning": meaning})[0]


def make_proposal(
    number: str = "0123", *, session: Session | None = None, sponsor: Deputy | None = None, **fields
) -> Proposal:
    """Number 0123 of 林秀兰, or another by its number; in the state of being handled."""
    session = session or make_session()
    found = Proposal.objects.numbered(number).filter(session=session).first()
    if found:
        return found
    fields.setdefault("kind", Proposal.Kind.SUGGESTION)
    fields.setdefault("title", "关于改善学校周边公交出行的建议")
    fields.setdefault("state", Proposal.State.IN_HANDLING)
    fields.setdefault("submitted_on", OPENED_ON)
    fields.setdefault("registered_on", OPENED_ON + timedelta(days=2))
    proposal = Proposal.objects.create(session=session, number=number, **fields)
    deputy = sponsor or make_deputy(assembly=session.assembly)
    make_sponsorship(proposal, deputy, role=Sponsorship.Role.LEAD)
    return proposal


def make_sponsorship(
    proposal: Proposal | None = None, deputy: Deputy | None = None, **fields
) -> Sponsorship:
    return Sponsorship.objects.create(
        proposal=proposal or make_proposal(), deputy=deputy or make_deputy("周建国"), **fields
    )


def make_assignment(
    proposal: Proposal | None = None, *, department: Department | None = None, **fields
) -> Assignment:
    """The transport bureau leads, or another department has another role."""
    fields.setdefault("role", Assignment.Role.LEAD)
    fields.setdefault("assigned_on", ASSIGNED_ON)
    fields.setdefault("due_on", ASSIGNED_ON + timedelta(days=90))
    return Assignment.objects.get_or_create(
        proposal=proposal or make_proposal(),
        department=department or make_department(),
        ended_on=None,
        defaults=fields,
    )[0]


def make_reply(
    proposal: Proposal | None = None, *, department: Department | None = None, **fields
) -> Reply:
    """The bureau's letter, to be disclosed, not sent yet. Its own methods send and publish it."""
    proposal = proposal or make_proposal()
    department = department or make_department()
    fields.setdefault("title", f"关于市十四届人大三次会议第{proposal.number}号建议的答复")
    fields.setdefault("document_number", f"云交函〔2026〕{proposal.pk}号")
    fields.setdefault("text", LETTER)
    fields.setdefault("date", WRITTEN_ON)
    fields.setdefault("signatory", "陈志远")
    fields.setdefault("contact_person", "王敏")
    fields.setdefault("contact_phone", "0598-1234567")
    same = {"proposal": proposal, "department": department, "round": fields.pop("round", 1)}
    reply, is_new = Reply.objects.get_or_create(**same, defaults=fields)
    if is_new and reply.state == Reply.State.DRAFTING:
        reply.disclosure_decisions.create(mode="proactive", form="full", proposed_on=WRITTEN_ON)
    return reply


def make_published_reply(
    proposal: Proposal | None = None, *, by: AbstractUser | None = None, **fields
) -> Reply:
    """The bureau's letter as anyone may read it: sent, decided proactive, published."""
    reply = make_reply(proposal, **fields)
    reply.record_sent(on=SENT_ON, by=by)
    if not reply.proposal.is_published:
        reply.proposal.publish(on=PUBLISHED_ON, by=by)
    reply.publish(on=PUBLISHED_ON, reason="可公开", by=by)
    return reply


def make_measure(reply: Reply | None = None, *, text: str = MEASURE, **fields) -> Measure:
    """What was done, tied to its sentence in the letter."""
    reply = reply or make_reply()
    fields.setdefault("number", reply.measures.count() + 1)
    fields.setdefault("heading", "一、已开展的工作")
    return Measure.objects.create(reply=reply, text=text, **_place(text, reply), **fields)


def make_commitment(reply: Reply | None = None, *, text: str = COMMITMENT, **fields) -> Commitment:
    """What was promised, tied to its sentence in the letter, by the department that wrote it."""
    reply = reply or make_reply()
    fields.setdefault("number", reply.commitments.count() + 1)
    fields.setdefault("heading", "二、下一步工作")
    fields.setdefault("lead_department", reply.department)
    fields.setdefault("due_text", "2026年12月底前")
    fields.setdefault("due_on", date(2026, 12, 31))
    return Commitment.objects.create(reply=reply, text=text, **_place(text, reply), **fields)


def make_sent_promise(**fields) -> Commitment:
    """A promise of a letter that is out: it is reported on."""
    promise = make_commitment(**fields)
    promise.reply.record_sent(on=SENT_ON)
    return promise


def make_figure(commitment: Commitment | None = None, *, text: str = "20座", **fields) -> Figure:
    """A number in a promise: 20 座."""
    commitment = commitment or make_commitment()
    fields.setdefault("value", 20)
    fields.setdefault("unit", "座")
    reply = commitment.reply
    return Figure.objects.create(
        reply=reply, commitment=commitment, text=text, **_place(text, reply), **fields
    )


def make_feedback(
    reply: Reply | None = None, *, deputy: Deputy | None = None, **fields
) -> Feedback:
    """The deputy's rating, awaited until a state is given."""
    return Feedback.objects.create(
        reply=reply or make_reply(), deputy=deputy or make_deputy(), **fields
    )


def _place(text: str, reply: Reply) -> dict[str, int]:
    start = reply.text.index(text)
    return {"start": start, "end": start + len(text)}
