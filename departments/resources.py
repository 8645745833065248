"""Departments from a sheet: their names, their other names, who succeeded whom."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clerkadmin.columns import Choice, Column, Day, Listed, Named
from clerkadmin.resources import SheetResource
from departments.addresses import slug_of
from departments.models import Department, DepartmentAlias

KINDS = {
    "承办单位": Department.Kind.HANDLING,
    "交办机关": Department.Kind.ASSIGNING,
    "代表工作机构": Department.Kind.DEPUTIES,
    "督办委员会": Department.Kind.SUPERVISING,
    "系统管理": Department.Kind.ADMINISTERING,
}


class DepartmentResource(SheetResource):
    """A department is found by its full name and its region."""

    name = Column(
        "name",
        "单位全称",
        also=("全称", "单位名称", "承办单位", "名称"),
        explanation=gettext_lazy("In full, as on its letterhead."),
        example="福建省财政厅",
        is_required=True,
    )
    short_name = Column(
        "short_name",
        "简称",
        also=("单位简称",),
        explanation=gettext_lazy("As lists print it."),
        example="省财政厅",
    )
    region = Column(
        "region",
        "地区",
        also=("行政区划", "区划"),
        explanation=gettext_lazy("The place it works for. Tells departments of one name apart."),
        example="福建省",
    )
    kind = Column(
        "kind",
        "单位类别",
        also=("类别",),
        widget=Choice(KINDS),
        explanation=gettext_lazy("承办单位 unless it says otherwise."),
        example="承办单位",
    )
    aliases = Column(
        "sheet_aliases",
        "其他名称",
        also=("别名", "曾用名"),
        widget=Listed(str),
        explanation=gettext_lazy("Other names that letters use, with 、 between. They are added."),
        example="财政厅、闽财政厅",
    )
    valid_from = Column(
        "valid_from",
        "启用日期",
        widget=Day(),
        explanation=gettext_lazy("Its first day; empty: without a limit."),
        example="2018-10-25",
    )
    valid_to = Column(
        "valid_to",
        "停用日期",
        widget=Day(),
        explanation=gettext_lazy("Its last day, if it was renamed, merged or dissolved."),
    )
    successor = Column(
        "successor",
        "承继单位",
        also=("更名或并入",),
        widget=Named(),
        explanation=gettext_lazy("Who keeps its promises since. One that is new stands above it."),
    )

    class Meta(SheetResource.Meta):
        model = Department

    def load(self) -> None:
        rows = Department.objects.prefetch_related("aliases").select_related("successor")
        self.known: dict[str, list[Department]] = {}
        for row in rows:
            self.ready(row)
            self._learn(row)
        may_import = Department.objects.editable_by(self.user, "import").order_by()
        self.own = set(may_import.values_list("pk", flat=True))
        self.columns["successor"].widget.read = self._called

    def find(self, row: dict[str, str]) -> Department | None:
        name, region = row.get("单位全称", ""), row.get("地区", "")
        found = [one for one in self.known.get(name, ()) if one.name == name and one.pk]
        if region:
            found = [one for one in found if one.region == region]
        elif len(found) > 1:
            raise ValidationError(
                {"region": _("Several departments are called so: say of which region.")}
            )
        if not found:
            return None
        if found[0].pk not in self.own:
            raise ValidationError(_("You may not change this department."))
        return found[0]

    def key(self, instance: Any) -> Any:
        return instance.name, instance.region

    def settle(self, instance: Any, *, is_new: bool) -> None:
        begins, ends = instance.valid_from, instance.valid_to
        if begins and ends and ends < begins:
            raise ValidationError({"valid_to": _("A department cannot end before it begins.")})
        if instance.successor is not None and self.key(instance.successor) == self.key(instance):
            raise ValidationError({"successor": _("A department cannot succeed itself.")})
        new = [*getattr(instance, "sheet_aliases", ())]
        old = self.before.get("aliases") or []
        # What is there stays: a name that letters have used goes on being read.
        instance.sheet_aliases = [*old, *(name for name in new if name not in old)]
        if is_new:
            self._note_namesakes(instance)
            self._learn(instance)

    def write(self, instance: Any, *, is_new: bool) -> None:
        if is_new:
            instance.slug = slug_of(instance.name, Department)
        if instance.successor is not None:
            # It may have been saved just now, from a row above.
            instance.successor_id = instance.successor.pk
        instance.save()
        for name in instance.sheet_aliases[len(self.before.get("aliases") or []) :]:
            alias = DepartmentAlias(department=instance, name=name)
            alias._change_reason = self.name  # type: ignore[attr-defined]
            alias.save()

    def validate_instance(self, instance: Any, *args: Any, **kwargs: Any) -> None:
        if not instance.slug:
            # The name in addresses is given when the row is written.
            instance.slug = "-"
        super().validate_instance(instance, *args, **kwargs)
        for name in instance.sheet_aliases:
            if len(name) > 100:
                raise ValidationError({"sheet_aliases": _("A name has at most 100 characters.")})

    def export_rows(self, rows: QuerySet) -> QuerySet:
        return rows.prefetch_related("aliases").select_related("successor")

    @staticmethod
    def ready(row: Any) -> None:
        row.sheet_aliases = [alias.name for alias in row.aliases.all()]

    def _called(self, name: str) -> Department:
        found = {id(one): one for one in self.known.get(name, ())}
        if not found:
            raise ValueError(
                _("No department is called “%(name)s”. One that is new stands further up.")
                % {"name": name}
            )
        if len(found) > 1:
            raise ValueError(_("Several departments are called “%(name)s”.") % {"name": name})
        return next(iter(found.values()))

    def _learn(self, row: Department) -> None:
        for name in {row.name, row.short_name, *row.sheet_aliases} - {""}:  # type: ignore[attr-defined]
            self.known.setdefault(name, []).append(row)

    def _note_namesakes(self, instance: Any) -> None:
        others = {one.name for one in self.known.get(instance.name, ()) if one is not instance}
        for other in sorted(others):
            self.note(_("The name is one of %(other)s's names too.") % {"other": other})
