"""Titles like a title: exactly these, in this order, on every database; and never a secret one."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from proposals.models import Proposal
from public import publish
from public.folding import folded
from search import index
from search import similar as similar_titles
from search.grams import grams
from search.models import Gram
from search.similar import among, similar
from tests.world import PUBLISHED_ON, make_proposal

pytestmark = pytest.mark.django_db

TITLES = {
    1: "关于改善学校周边公交出行的建议",
    2: "关于规范校外培训机构的建议",
    3: "关于优化公交线网、改善学校周边交通的建议",
    4: "关于推进老旧小区加装电梯的提案",
    5: "关于在农村推广 AI 辅助诊疗的建议",
    6: "关于改善学校周边公交出行、增设候车亭并延长末班车时间的建议",
    7: "关于改善学校周边公交出行的提案",
}


@pytest.fixture
def _titles():
    index.add("proposal", ((key, folded(title)) for key, title in TITLES.items()))


def found(title: str, limit: int = 5) -> list[int]:
    return [key for key, _score in similar("proposal", folded(title), limit)]


def rows() -> set[tuple[str, int, str]]:
    return set(Gram.objects.values_list("kind", "key", "gram"))


def test_a_title_is_taken_apart_without_its_frame():
    assert grams("关于加装电梯的建议") == grams("加装电梯") == ["加装", "装电", "电梯"]
    assert grams("《关于加装电梯的若干建议》") == grams("加装电梯的提案（二）")[:3]


def test_marks_divide_and_blanks_do_not():
    assert "梯停" not in grams("加装电梯、停车")
    assert grams("加装 电梯") == grams("加装“电梯”") == ["加装", "装电", "电梯"]


def test_a_latin_word_is_one_sign():
    assert grams("用ai看病") == ["用ai", "ai", "ai看", "看病"]
    assert grams("smart city") == ["smart", "smart city", "city"]
    assert max(map(len, grams("a" * 90 + " " + "b" * 90))) <= 50


@pytest.mark.parametrize("title", ["", "  ", "关于的建议", "路", "？！", "关于"])
def test_what_says_nothing_finds_nothing(_titles, title):
    assert found(title) == []


def test_the_likest_come_first_then_the_shorter_then_the_newer(_titles):
    # 1 and 7 are the same matter, 6 says more besides, 3 has half of it.
    assert found("关于改善学校周边公交出行的建议") == [7, 1, 6, 3]


def test_what_is_typed_so_far_is_enough(_titles):
    assert found("加装电梯") == [4]
    assert found("AI辅助") == [5]


def test_the_rarer_pair_counts_more():
    # 学校 stands in every title, 食堂 in one: the title with 食堂 is the likest.
    index.add("proposal", ((key, f"学校第{key}件") for key in range(1, 40)))
    index.add("proposal", [(40, "机关食堂")])
    assert found("学校食堂")[0] == 40


def test_no_more_are_told_than_asked_for(_titles):
    assert found("改善学校周边公交出行", limit=2) == [7, 1]


def test_a_turn_of_phrase_alone_is_not_alike(_titles):
    assert found("关于改善农村供水、提高集镇污水处理能力、保护水源地的建议") == []


def test_kinds_do_not_mix(_titles):
    index.add("letter", [(9, "加装电梯")])
    assert found("加装电梯") == [4]


def test_the_work_is_bounded_for_every_title(monkeypatch):
    monkeypatch.setattr(similar_titles, "MOST", 10)
    index.add("proposal", ((key, "改善农村公路") for key in range(1, 31)))
    with CaptureQueriesContext(connection) as asked:
        keys = found("改善农村公路" * 30, limit=50)
    assert len(asked) == 3
    # All of its pairs are common: the newest ten of them were looked at, and no more.
    assert keys == list(range(30, 20, -1))


def test_a_common_pair_is_left_out_where_a_rare_one_finds(monkeypatch):
    monkeypatch.setattr(similar_titles, "MOST", 10)
    index.add("proposal", ((key, "农村公路") for key in range(1, 31)))
    index.add("proposal", [(31, "农村渡口")])
    assert similar_titles.frequencies("proposal", ["农村", "渡口"]) == {"农村": 11, "渡口": 1}
    assert found("农村渡口") == [31]


def test_a_title_that_changes_is_found_by_the_new_one_only(_titles):
    index.index("proposal", 4, "学生视力")
    assert found("加装电梯") == []
    assert found("学生视力") == [4]


def test_a_title_that_did_not_change_is_not_written_again(_titles):
    with CaptureQueriesContext(connection) as asked:
        index.index("proposal", 4, folded(TITLES[4]))
    assert len(asked) == 1


def test_a_few_titles_are_compared_without_an_index():
    own = [("a", "老旧小区加装电梯"), ("b", "农村公路"), ("c", "加装电梯")]
    assert [row for row, _score in among("加装电梯", own, 5)] == ["a", "c"]
    assert among("", own, 5) == []


def test_what_is_published_is_found_and_what_is_withdrawn_is_gone_at_once():
    proposal = make_proposal()
    assert rows() == set()
    proposal.publish(on=PUBLISHED_ON)
    assert found(proposal.title) == [proposal.pk]
    proposal.withhold(on=PUBLISHED_ON, reason="含个人信息")
    assert rows() == set()


def test_drafts_and_what_is_not_public_are_not_in_the_index():
    make_proposal("0900", state=Proposal.State.DRAFT)
    make_proposal("0901")
    publish.rebuild()
    assert rows() == set()


def test_a_new_title_is_found_after_publishing_anew():
    proposal = make_proposal()
    proposal.publish(on=PUBLISHED_ON)
    Proposal.objects.filter(pk=proposal.pk).update(title="关于加装电梯的建议")
    publish.refresh(Proposal.objects.get(pk=proposal.pk))
    assert found("加装电梯") == [proposal.pk]
    assert found("改善学校周边公交出行") == []


def test_rebuilding_changes_nothing():
    for number, title in ((f"{key:04}", title) for key, title in TITLES.items()):
        make_proposal(number, title=title).publish(on=PUBLISHED_ON)
    before = rows()
    call_command("rebuild_public", verbosity=0)
    assert rows() == before
    assert before


def test_rebuilding_mends_an_index_that_was_spoilt():
    make_proposal().publish(on=PUBLISHED_ON)
    before = rows()
    index.add("proposal", [(99, "秘密标题")])
    publish.rebuild()
    assert rows() == before
