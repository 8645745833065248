"""Deputies from a sheet; their contact data for the office that may have it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.rights import Where, where
from access.sight import person_of
from assemblies.models import Assembly, Deputy, DeputyContact
from clerkadmin.columns import Choice, Column, Named, YesNo
from clerkadmin.resources import SheetResource

KINDS = {
    "个人": Deputy.Kind.PERSON,
    "代表": Deputy.Kind.PERSON,
    "委员": Deputy.Kind.PERSON,
    "团体": Deputy.Kind.ORGANISATION,
    "集体": Deputy.Kind.ORGANISATION,
    "党派团体": Deputy.Kind.ORGANISATION,
}
CONTACT = ("certificate_number", "phone", "email", "address", "postcode")


def assemblies_of(user: Any, kind: str, *, right: str) -> QuerySet[Assembly]:
    """The assemblies for whose rows of that kind the person has that right."""
    person = person_of(user)
    every = person.is_superuser
    keys: set[int] = set()
    for seat in person.seats:
        places = where(seat.role, kind, right)
        every = every or Where.ALL in places
        if Where.ASSEMBLY in places:
            keys |= seat.assemblies
    return Assembly.objects.all() if every else Assembly.objects.filter(pk__in=keys)


def called(assemblies: list[Assembly], name: str) -> Assembly:
    """The one of these assemblies that is called so; raises ValueError."""
    found = [one for one in assemblies if name in (one.name, one.short_name, one.slug)]
    if len(found) != 1:
        names = "、".join(one.short_name or one.name for one in assemblies)
        raise ValueError(
            _("“%(name)s” is none of your assemblies: %(names)s.") % {"name": name, "names": names}
        )
    return found[0]


class DeputyResource(SheetResource):
    """A deputy is found by assembly, name, and delegation or sector."""

    assembly = Column(
        "assembly",
        "所属机构",
        also=("机构",),
        widget=Named(),
        explanation=gettext_lazy("May be empty where you work for one assembly alone."),
        example="省人大",
    )
    name = Column(
        "name",
        "姓名",
        also=("代表姓名", "委员姓名", "名称"),
        explanation=gettext_lazy("Of the deputy, or the organisation's name."),
        example="林秀兰",
        is_required=True,
    )
    kind = Column(
        "kind",
        "种类",
        also=("类别",),
        widget=Choice(KINDS),
        explanation=gettext_lazy("个人 unless it says otherwise; 团体 for an organisation."),
        example="个人",
    )
    delegation = Column(
        "delegation",
        "代表团",
        explanation=gettext_lazy("Of a congress deputy."),
        example="福州代表团",
    )
    sector = Column("sector", "界别", explanation=gettext_lazy("Of a CPPCC member."))
    is_serving = Column(
        "is_serving",
        "在任",
        widget=YesNo(),
        explanation=gettext_lazy("是 or 否; 是 unless it says otherwise."),
        example="是",
    )
    certificate_number = Column(
        "contact__certificate_number",
        "代表证号",
        also=("委员证号", "证号"),
        explanation=gettext_lazy("Contact data: for your office alone."),
    )
    phone = Column(
        "contact__phone",
        "联系电话",
        also=("电话", "手机"),
        explanation=gettext_lazy("Contact data: for your office alone."),
        example="13800000000",
    )
    email = Column(
        "contact__email",
        "电子邮箱",
        also=("邮箱",),
        explanation=gettext_lazy("Contact data: for your office alone."),
    )
    address = Column(
        "contact__address",
        "通信地址",
        also=("通讯地址", "地址"),
        explanation=gettext_lazy("Contact data: for your office alone."),
    )
    postcode = Column(
        "contact__postcode",
        "邮编",
        also=("邮政编码",),
        explanation=gettext_lazy("Contact data: for your office alone."),
    )

    class Meta(SheetResource.Meta):
        model = Deputy

    def __init__(self, *, user: Any, name: str = "") -> None:
        super().__init__(user=user, name=name)
        if not person_of(user).may("assemblies.deputycontact", "import"):
            for column in CONTACT:
                del self.fields[column]

    @property
    def takes_contacts(self) -> bool:
        return "phone" in self.fields

    def load(self) -> None:
        own = assemblies_of(self.user, "assemblies.deputy", right="import")
        self.assemblies = list(own.order_by("name"))
        self.columns["assembly"].widget.read = lambda name: called(self.assemblies, name)
        self.known: dict[tuple[Any, str], list[Deputy]] = {}
        rows = Deputy.objects.editable_by(self.user, "import").filter(assembly__in=self.assemblies)
        for row in self.export_rows(rows):
            self.ready(row)
            self._learn(row)

    def find(self, row: dict[str, str]) -> Deputy | None:
        assembly = self.value(row, "assembly") if row.get("所属机构") else self._only_assembly()
        group = (row.get("代表团", ""), row.get("界别", ""))
        found = self._namesakes(assembly, row.get("姓名", ""))
        if any(group):
            # One whose delegation nobody knew yet is completed.
            found = [d for d in found if (d.delegation, d.sector) in (group, ("", ""))]
            return max(found, key=lambda d: bool(d.group), default=None)
        if len(found) > 1:
            said = _("Several deputies of that name are there: give the delegation or the sector.")
            raise ValidationError({"name": said})
        return found[0] if found else None

    def init_instance(self, row: Any = None) -> Deputy:
        """Of the one assembly that the office works for, until the row says otherwise."""
        return Deputy(assembly=self._only_assembly())

    def key(self, instance: Any) -> Any:
        return instance.assembly_id, instance.name, instance.delegation, instance.sector

    def settle(self, instance: Any, *, is_new: bool) -> None:
        if instance.assembly_id is None:
            raise ValidationError({"assembly": _("Say of which assembly.")})
        if is_new:
            others = [d for d in self._namesakes(instance.assembly, instance.name) if d.pk]
            if others:
                said = _("Another person of that name is there already: %(others)s.")
                self.note(said % {"others": "、".join(f"{d}（{d.group or '—'}）" for d in others)})
            self._learn(instance)

    def import_field(
        self, field: Any, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any
    ) -> None:
        cache = instance._state.fields_cache
        is_contact = field.attribute.startswith("contact__") and row.get(field.column_name)
        if is_contact and cache.get("contact") is None:
            # Shown and checked with the deputy, and saved with it.
            cache["contact"] = DeputyContact()
        super().import_field(field, instance, row, is_m2m, **kwargs)

    def validate_instance(self, instance: Any, *args: Any, **kwargs: Any) -> None:
        super().validate_instance(instance, *args, **kwargs)
        contact = self._contact(instance)
        if contact is not None:
            try:
                contact.clean_fields(exclude=["deputy"])
            except ValidationError as error:
                raise ValidationError(
                    {f"contact__{name}": reasons for name, reasons in error.message_dict.items()}
                ) from error

    def write(self, instance: Any, *, is_new: bool) -> None:
        if is_new or any(name not in CONTACT for name in self.changed):
            instance.save()
        contact = self._contact(instance)
        if contact is not None and (is_new or any(name in CONTACT for name in self.changed)):
            contact.deputy = instance
            contact._change_reason = self.name
            contact.save()

    def export_rows(self, rows: QuerySet) -> QuerySet:
        rows = rows.select_related("assembly")
        if not self.takes_contacts:
            return rows
        contacts = DeputyContact.objects.editable_by(self.user, "export")
        return rows.prefetch_related(Prefetch("contact", contacts))

    def _contact(self, instance: Any) -> Any:
        """Its contact data, where the sheet or the database has any."""
        contact = instance._state.fields_cache.get("contact")
        return contact if contact and any(getattr(contact, name) for name in CONTACT) else None

    def _only_assembly(self) -> Assembly | None:
        return self.assemblies[0] if len(self.assemblies) == 1 else None

    def _namesakes(self, assembly: Assembly | None, name: str) -> list[Deputy]:
        return self.known.get((assembly.pk if assembly else None, name), [])

    def _learn(self, row: Deputy) -> None:
        self.known.setdefault((row.assembly_id, row.name), []).append(row)
