"""A department is found under every name that letters print."""

from datetime import date

import pytest

from departments.models import Department, DepartmentAlias
from departments.naming import find, long_form, share_prefix

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 1)


def make_provincial(name: str, short_name: str = "", **fields) -> Department:
    return Department.objects.create(
        name=name, short_name=short_name, slug=name, region="云泽省", **fields
    )


def test_a_prefix_is_shared_across_a_list():
    assert share_prefix(["省财政厅", "人社厅", "科技厅"]) == ["省财政厅", "省人社厅", "省科技厅"]
    assert share_prefix(["云泽省财政厅", "卫健委"]) == ["云泽省财政厅", "卫健委"]
    assert share_prefix([]) == []


@pytest.mark.parametrize(
    "printed", ["云泽省财政厅", "省财政厅", "财政厅", "我省财政厅", " 省财政厅 "]
)
def test_the_name_with_or_without_its_province_is_one_department(printed):
    finance = make_provincial("云泽省财政厅", "省财政厅")
    assert find([printed], region="云泽省", on=TODAY) == {printed: finance}


@pytest.mark.parametrize(
    ("printed", "full"),
    [
        ("省人社厅", "云泽省人力资源和社会保障厅"),
        ("省卫健委", "云泽省卫生健康委员会"),
        ("省发改委", "云泽省发展和改革委员会"),
        ("省发展改革委", "云泽省发展和改革委员会"),
        ("住建厅", "云泽省住房和城乡建设厅"),
        ("省科技厅", "云泽省科学技术厅"),
    ],
)
def test_short_forms_in_general_use_need_no_alias(printed, full):
    department = make_provincial(full)
    assert find([printed], region="云泽省", on=TODAY) == {printed: department}


def test_a_long_form_is_not_made_longer():
    assert long_form("卫生健康委员会") == "卫生健康委员会"
    assert long_form("人力资源和社会保障局") == "人力资源和社会保障局"


def test_an_alias_that_the_office_entered_is_found():
    office = make_provincial("云泽省政务服务和数据管理局")
    DepartmentAlias.objects.create(department=office, name="省大数据局")
    assert find(["省大数据局"], region="云泽省", on=TODAY) == {"省大数据局": office}


def test_the_department_of_another_province_is_not_taken():
    Department.objects.create(name="省财政厅", slug="elsewhere", region="别省")
    assert find(["省财政厅"], region="云泽省", on=TODAY) == {}


def test_of_two_with_one_name_the_one_valid_on_the_day_is_taken():
    old = make_provincial("云泽省银保监局", valid_to=date(2023, 7, 20))
    new = make_provincial("云泽省金融监管局", valid_from=date(2023, 7, 20))
    for department in (old, new):
        DepartmentAlias.objects.create(department=department, name="省银行监管局")
    assert find(["省银行监管局"], region="云泽省", on=TODAY)["省银行监管局"] == new
    then = date(2020, 1, 1)
    assert find(["省银行监管局"], region="云泽省", on=then)["省银行监管局"] == old


def test_many_names_cost_two_queries(django_assert_num_queries):
    names = [f"省第{i}厅" for i in range(30)]
    for name in names:
        make_provincial(f"云泽{name}", name)
    with django_assert_num_queries(2):
        assert len(find(names, region="云泽省", on=TODAY)) == 30
