"""How strong a commitment is (承诺力度), by its words."""

from __future__ import annotations

import re

_CONDITION = re.compile(
    r"(?:^|，)(?:如(?!期)|若|倘|视)|待[^，。]{2,24}[后，]|(?:资金|条件|政策|"
    r"时机)[^，。]{0,6}(?:到位|成熟|允许|具备)|争取(?!在|于|\d)|"
    r"(?:批复|批准|通过|验收|论证|审批|出台)[^，。]{0,12}后|条件(?:具备|成熟|允许)"
)
_STUDY = re.compile(
    r"(?<!基础|科学|学术|技术|教育|理论|应用)研究(?!院|所|中心|生|员|机构|平台|成果|基地|会|室|型)|探索|论证|调研|可行性|酝酿|统筹考虑"
)
# 研究推广…: what is promised is the study, whatever numbers follow.
_STUDIES = re.compile(
    r"(?:^|[，：]|将|拟)(?:积极|抓紧|深入)?(?:研究|探索)(?=推广|建立|制定|出台|设立|推行|实施|论证)"
)
_SOFT = re.compile(
    r"进一步|加大|加强|加快|继续|积极|持续|不断|逐步|推动|努力|强化|深化|提升|优化|引导|鼓励|支持"
)
_HARD = re.compile(
    r"新建|新增|增设|增加|建成|完成|开通|安装|更换|修复|拨付|发放|印发|出台|制定|列入|纳入|设立|"
    r"改造|实现|施工|交付|启用|共享|报"
)


def strength_of(folded: str, *, due: str | None, has_number: bool) -> str:
    """firm (a date or a number), conditional, study, soft (only 进一步 and 加大), or stated."""
    if due and not re.search("近期|近日|适时", due):
        return "firm"
    if _CONDITION.search(folded):
        return "conditional"
    if _STUDIES.search(folded):
        return "study"
    if has_number:
        return "firm"
    if _STUDY.search(folded):
        return "study"
    return "soft" if _SOFT.search(folded) and not _HARD.search(folded) else "stated"
