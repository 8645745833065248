"""Names of departments in running text: 省财政厅、人社厅和市发展改革委."""

from __future__ import annotations

import re
from collections.abc import Iterator

from letters.vocabulary import BODY_SUFFIXES, HAN

# What may follow a body's name; without it a suffix character is only part of a word.
_AFTER = (
    r"(?=$|[、，。；：！？（）〔《“”\s]|[和与及等将已也要就对的在于按依由为拟负牵]|"
    "共同|联合|有关|相关|主要|进行|研究|办理|协商|会商|协调|沟通|对接|商|商议|会同|配合|支持|开展|"
    "建立|健全|完善|制定|修订|编制|核算|打通|调整|扩大|缩小|加强|加大|加快|加密|推进|推动|落实|"
    "提出|"
    "安排|组织|统筹|做好|完成|印发|出台|审核|审批|审查|论证|踏勘|勘查|勘察|测算|争取|申请|申报|"
    "共建|"
    "共享|实施|采取|认真|积极|尽快|尽早|抓紧|同意|确认|反馈|汇总|意见|后|具体|予以|给予|提供|通过|"
    "探索|创新|深化|优化|开通|新建|改造|整治|整改|治理|查处|排查|清理|出具|签订|签署|举办|召开|"
    "选址|"
    "选点|规划|设计|施工|设立|设置|增设|增加|谈定|约定|商定|洽谈|承担|承办|解决|指导|督促|监督|"
    "检查|联动|"
    "协办|会办|主办|参与|参加|联系|座谈|会审|投资|出资|筹集|筹措|拨付|下达|划拨|一并|一同|一道|"
    "一起|多次|先后|充分|深入|"
    "拟定|起草|开设|立项|批准|核准|备案|梳理|摸排|宣传|划定|现场|定期|每年|每月|每季度|牵头)"
)
_NOT_A_NAME = re.compile(
    r"^(?:各|有关|相关|其他|所有|上级|下级|当地|地方|你|我|贵|本|该|此|全|多个|多|这些|两|几|"
    r"职能|主管|部分|全|内|外|干|行业|责任|专业|属地|市县|县区|县乡)|"
    r"(?:相关|有关|各)(?:职能)?(?:部门|单位)$|我[局厅委部办]"
)
_LEADING = re.compile(
    r"^(?:(?:并|也|又|拟|将|需|要|可|先|由|与|和|同|请|及|或|经|以及|积极|主动|再次|多次|已|"
    r"下一步|下步|"
    r"我[局厅委部办市县区省院镇]|我们|本局|共同|联合|会同|商请|提请|报请|协调|配合|协同|协助|督促|"
    r"争取|依托|通过|其中|今年|目前|近日|今后|同时|此外|因此)+)"
)
_SUFFIX = "|".join(sorted(BODY_SUFFIXES, key=len, reverse=True))
# 局 and 厅 end a name whatever verb follows, unless the name goes on (公安局交警大队).
_SUFFIX_AT = re.compile(
    rf"(?:{_SUFFIX}){_AFTER}|(?:大队|支队|总队|分局|委员会|管委会)(?!主任|长)|[局厅](?![长级党机属直办面限部域势系网务委])"
    rf"(?![{HAN}]{{0,6}}(?:大队|支队|总队|分局|中心|办公室|委员会|研究院|研究所|管理所))"
)
# Words that end like a body and name none: 格局, 干部, 举办, 城镇, 客厅.
_NO_BODY = re.compile(
    r"(?:[格布大结时书棋僵]局|(?<!安)全局|[内全外干局东西南北中两各]部|[举主承协督经兴创交会联筹申代包]办|"
    r"[签部]署|[城集小村古强重]镇|[城下返家故回]乡|[大客餐展歌舞门]厅|[评常]委)$"
)
_NO_START = re.compile(r"^[的和与及等了在是以为把从对各]")
_HAN_RUN = re.compile(rf"[{HAN}]+")
_LONGEST_NAME = 30
_SEPARATOR = re.compile(r"[、，,和与及]|以及")


def name_at(text: str, start: int) -> int | None:
    """The end of the body's name that begins at start, or None."""
    run = _HAN_RUN.match(text, start, start + _LONGEST_NAME)
    if run is None:
        return None
    for found in _SUFFIX_AT.finditer(text, start + 1, run.end() + 1):
        end = found.end()
        if _NO_BODY.search(text, start, end):
            continue
        if end - start >= 3 or found[0] in ("部门",):
            name = text[start:end]
            return None if _NOT_A_NAME.search(name) or _NO_START.match(name) else end
    return None


def names_from(text: str, start: int) -> Iterator[tuple[int, int]]:
    """The places of the names in the list of bodies that begins at start."""
    while True:
        end = name_at(text, start)
        if end is None:
            return
        yield start, end
        separator = _SEPARATOR.match(text, end)
        if separator is None:
            return
        start = separator.end()


def ends_like_body(text: str) -> bool:
    """Whether the text is one body's name by its last word."""
    return bool(re.fullmatch(rf"[{HAN}（）()·]{{2,40}}", text)) and text.endswith(
        tuple(BODY_SUFFIXES)
    )


def strip_leading_words(text: str) -> int:
    """How many characters at the start are not part of a body's name."""
    found = _LEADING.match(text)
    return found.end() if found else 0
