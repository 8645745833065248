"""From the name that a letter prints to a department: 省财政厅、人社厅 are two of 福建省.

Lists share a prefix: in 省财政厅、人社厅、科技厅 the 省 belongs to all. Short forms are everywhere:
人社厅 is 人力资源和社会保障厅. Both are tried here, beside the names and aliases in the table.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from departments.models import Department, DepartmentQuerySet

# What a printed name begins with where it leaves the region's own name out.
LEVELS = ("自治区", "省", "市", "区", "县", "州", "旗", "镇", "乡")
POSSESSIVES = ("我", "本")

# Short forms in general use, from the State Council's 2018 and 2023 reforms and common practice.
# The ending (厅, 局, 委…) stays as it is printed.
LONG_FORMS = {
    "人社": "人力资源和社会保障",
    "人力资源社会保障": "人力资源和社会保障",
    "住建": "住房和城乡建设",
    "住房城乡建设": "住房和城乡建设",
    "工信": "工业和信息化",
    "卫健委": "卫生健康委员会",
    "卫生健康委": "卫生健康委员会",
    "发改委": "发展和改革委员会",
    "发展改革委": "发展和改革委员会",
    "发展和改革委": "发展和改革委员会",
    "国资委": "国有资产监督管理委员会",
    "农业农村委": "农业农村委员会",
    "商务委": "商务委员会",
    "科技": "科学技术",
    "文旅": "文化和旅游",
    "自规": "自然资源和规划",
    "资规": "自然资源和规划",
    "市监": "市场监督管理",
    "市场监管": "市场监督管理",
    "药监": "药品监督管理",
    "医保": "医疗保障",
    "应急": "应急管理",
    "林草": "林业和草原",
    "环保": "环境保护",
    "交运": "交通运输",
    "退役军人局": "退役军人事务局",
    "退役军人厅": "退役军人事务厅",
    "金融监管局": "地方金融监督管理局",
    "政数局": "政务服务和数据管理局",
}


def share_prefix(names: Sequence[str]) -> list[str]:
    """Give every name of a list the level that its first name begins with."""
    level = next((level for level in LEVELS if names and names[0].startswith(level)), "")
    return [name if name.startswith(LEVELS) else level + name for name in names]


def spellings(name: str, region: str) -> list[str]:
    """The names under which a printed name may stand in the table, the likeliest first."""
    name = name.strip()
    bare = name.removeprefix(region) if region else name
    bare = bare[1:] if bare.startswith(POSSESSIVES) else bare
    level = next((level for level in LEVELS if bare.startswith(level)), "")
    stem = bare.removeprefix(level) if level and not name.startswith(region or "\0") else bare
    tail = next((level for level in LEVELS if region.endswith(level)), "")
    found = [name, bare]
    for form in (stem, long_form(stem)):
        found += [f"{region}{form}", f"{level or tail}{form}", form]
    return list(dict.fromkeys(spelling for spelling in found if len(spelling) > 1))


def long_form(stem: str) -> str:
    """人社厅 -> 人力资源和社会保障厅; a name that has no known short form stays."""
    for short in sorted(LONG_FORMS, key=len, reverse=True):
        if stem.startswith(short) and not stem.startswith(LONG_FORMS[short]):
            return LONG_FORMS[short] + stem.removeprefix(short)
    return stem


def find(names: Iterable[str], *, region: str, on: date) -> dict[str, Department]:
    """The department that each printed name means on that day; a name nobody bears is left out.

    A list must have been through `share_prefix`. Two queries, however many names.
    """
    wanted = {name: spellings(name, region) for name in names}
    everything = {spelling for found in wanted.values() for spelling in found}
    if not everything:
        return {}
    called = _by_name(Department.objects.called(*everything), region=region, on=on)
    return {
        name: department
        for name, found in wanted.items()
        if (department := next((called[s] for s in found if s in called), None))
    }


def _by_name(departments: DepartmentQuerySet, *, region: str, on: date) -> dict[str, Department]:
    """Departments under all their names; one of the region and valid on the day goes first."""

    def fitness(department: Department) -> tuple[bool, bool]:
        begun = department.valid_from is None or department.valid_from <= on
        ended = department.valid_to is not None and department.valid_to < on
        return department.region == region, begun and not ended

    table: dict[str, Department] = {}
    for department in sorted(departments.prefetch_related("aliases"), key=fitness):
        if region and department.region and department.region != region:
            continue  # 省财政厅 of another province
        names = [department.name, department.short_name]
        names += [alias.name for alias in department.aliases.all()]
        table.update({name: department for name in names if name})
    return table
