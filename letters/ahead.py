"""Sentences on the future that carry no 将: tied to an event, to a later date, or tentative."""

from __future__ import annotations

import re
from itertools import pairwise

# 建成前，… 试运三个月后，… 停电施工前三天，… 等施工单位进场后，…
_COUNT = r"(?:\d{1,3}|[一二三四五六七八九十两半]{1,3})个?(?:天|日|周|月|季度|学期|小时|年)"
_COMING = (
    r"(?:竣工|建成|建好|完工|修好|装好|验收|合格|进场|到位|到货|批复|批准|审批|通过|结束|期满|出台|"
    r"出来|落实|成熟|具备|允许|完成|投用|通车|启用|运行|试运|试行|施工|开工|动工|安装|拆除|招标|采购|"
    r"下达|腾退|搬迁|入驻|投产)"
)
_EVENT_CLAUSE = re.compile(
    rf"^(?:等|待|俟).{{2,24}}(?:后|时|再|通过|批复|到位|完成|成熟|落实|结束|完工|竣工)$|"
    rf"^[^已]{{0,16}}{_COMING}[^已，]{{0,6}}(?:[之以]?[前后]|时|之日起|前{_COUNT}|{_COUNT}后)$"
)
_CONDITION = re.compile(r"^(?:如|若|倘|一旦)(?![期下此何]|有(?:不妥|疑|意见|其他))")
_RESPONSE = re.compile(r"^(?:我[局厅委部们]|及时|立即|适时|将|再|优先|可)")
_EVENT_INSIDE = re.compile(
    rf"(?<!月){_COMING}(?:下来|合格)?后(?:，)?(?:即|立即|即可|再|由|开始|将|便|交由|移交|交付)(?!.{{0,30}}[\d]{{2,}})"
)
_PAST_WORD = re.compile(
    r"已|了(?!解)|曾|目前|累计|先后|达到?\d|较|同比|均|全部|由\d.{0,8}[降升增减提]|现|每[年月季]"
)
_OUTCOME = re.compile("明显|显著|大幅|大大|有效|达到|达标|改善|缩短|减少")
_PAST_EVENT = re.compile(
    r"^(?:此|目|日|当|之|以|年|月|会|事|灾|疫|雨)[前后]$|收到|接到|发生|研究后|会议"
)
_NUMBERED = re.compile(r"\d")
# 医生不够，先从县医院请2名大夫: a first step that is not yet taken.
_FIRST_STEP = re.compile(r"^先(?:从|由|在|把|对|请|安排|选|按)(?!.*(?:已|了|过))")
_TENTATIVE = re.compile(r"^(?:积极|尝试)?探索(?=由|在|将|把|通过|向|以|建立|设立|推行|实行)")
_AGAIN = re.compile(r"^(?:再|还要|还将|并将)(?!次|三|加)")


def follows_event(clauses: list[str]) -> bool:
    """Whether a clause waits for an event to come and the next one tells what is done then."""
    answered = any(_answers_event(*pair) for pair in pairwise(clauses))
    if answered and not any(map(_is_past, clauses)):
        return True
    return any(
        _CONDITION.match(clause) and _RESPONSE.match(following) and not _is_past(following)
        for clause, following in pairwise(clauses)
    ) or any(_EVENT_INSIDE.search(clause) and not _is_past(clause) for clause in clauses)


def _answers_event(clause: str, following: str) -> bool:
    """Whether one clause names an event and the next no outcome of it."""
    if not _EVENT_CLAUSE.search(clause) or _OUTCOME.search(following):
        return False
    # A result with a number (建成后，日处理能力480吨) is of the present or an estimate.
    return not _NUMBERED.search(following) or bool(_AGAIN.match(following))


def is_next_step(clause: str) -> bool:
    """Whether the clause is a first step to take (先从…请) or a tentative one (探索由…)."""
    return bool(_FIRST_STEP.match(clause))


def is_tentative(clauses: list[str]) -> bool:
    """Whether the sentence says what is to be tried, and nothing of what was done."""
    return any(map(_TENTATIVE.match, clauses)) and not any(
        _is_past(clause) or _NUMBERED.search(clause) for clause in clauses
    )


def _is_past(clause: str) -> bool:
    return bool(_PAST_WORD.search(clause) or _PAST_EVENT.search(clause))
