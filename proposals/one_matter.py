"""Help to make it one matter (一事一议): what may be wrong with a text, said before it goes out.

Pure: it reads three texts and knows nobody. General rules of the language, each with a sentence;
a doubt is advice to look again, and never closes a move.
"""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What a proposal asks for begins with one of these.
_VERB = (
    "推进|推动|加强|加快|加大|完善|改善|优化|提升|提高|促进|规范|建立|健全|增设|设立|新建|建设|扩建|"
    "改造|支持|扶持|发展|开展|落实|解决|治理|整治|保护|保障|调整|修订|制定|出台|实施|强化|深化|延长|"
    "开通|增加|减少|取消|放宽|扩大|打造|培育|引进|修复|修缮|降低|统筹|普及|推广|鼓励"
)
FORM = re.compile(r"^关于.+的(?:建议|提案|议案|意见|批评)(?:[（(].*[)）])?$")
FRAME = re.compile(r"^关于|的?(?:若干)?(?:建议|提案|议案|意见|批评)(?:[（(].*[)）])?$")
# Two things with a verb each: 加强教师队伍建设和推进公路建设. Two verbs with one thing are one
# matter: 完善和规范校外培训.
_JOINT = "(?:、|，|,|；|和|与|及|并|暨|以及)"
JOINED = re.compile(rf"(?:{_VERB})(?!{_VERB}|{_JOINT}).{{2,}}?{_JOINT}(?={_VERB})")
PACKAGE = re.compile(
    r"一揽子|若干(?:问题|事项|意见|建议)|几[点项个](?:问题|意见|建议)|等[多几]个?[项个方]"
)
ASKING = re.compile(f"{_VERB}|建议|请求|希望|要求|尽快|应当?|需要?|将|把")
# 一、 （一） 1. (1) 第一， 一是 ①
ITEM = re.compile(
    r"(?:^|(?<=[\n。；;]))[^\S\n]*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|"
    r"\d{1,2}[.．、)）](?!\d)|第[一二三四五六七八九十][，,、]|[一二三四五六七八九十]是|[①-⑩])"
)

# What departments of each kind work on, by words that hardly stand in another's work.
FIELDS = {
    "schools": "学校 教育 教师 学生 幼儿园 中小学 高校 课程 招生",
    "health": "医院 医疗 卫生院 医保 医生 护士 疾控 药品 卫生室",
    "transport": "公交 公路 地铁 停车 道路 交通 铁路 客运 候车亭",
    "housing": "住房 物业 小区 棚户区 公积金 房地产 危房",
    "fields": "农业 农村 农民 耕地 粮食 种植 养殖 乡村",
    "water": "水库 河道 灌溉 防汛 供水 水利",
    "nature": "污染 环保 排污 垃圾 空气质量 生态环境",
    "culture": "文化馆 图书馆 旅游 文物 博物馆 体育 景区",
    "care": "养老 低保 殡葬 残疾人 社会救助 救助站",
    "work": "就业 社保 劳动者 工资 职业技能 养老保险",
    "safety": "治安 派出所 消防 交警 电信诈骗 禁毒",
    "trade": "企业 招商 营商环境 市场监管 电商 商贸 中小微",
    "taxes": "税收 财政补贴 预算 专项资金 转移支付",
}
_FIELDS = {name: re.compile(words.replace(" ", "|")) for name, words in FIELDS.items()}

COMPLAINT = re.compile(
    r"举报|控告|申诉|上访|信访件|投诉(?!渠道|平台|机制|热线|电话|处理)|检举|枉法|还我公道|追究.{1,8}(?:刑事|法律)责任"
)
CASE = re.compile(
    r"(?:正在|已经?)(?:起诉|诉讼|审理|仲裁|侦查)|(?:一审|二审|再审)(?:判决|裁定)|改判|案号|立案侦查|仲裁裁决"
)
OWN = re.compile(
    r"(?:我|本人)(?:家|的(?:儿子|女儿|丈夫|妻子|父亲|母亲|房子|公司|企业))|我(?:的)?(?:公司|厂|店|企业)|"
    r"(?:我|本)(?:公司|企业|厂)(?:的|被|申请|希望|要求)|本人(?:申请|要求|工资|待遇|职称)"
)
TENDER = re.compile(r"(?:中标|招标)(?:结果|单位)|任命|(?:提拔|调动|晋升)(?:为|到)")
LEAST_REASON, LEAST_REQUEST, LEAST_TITLE = 60, 20, 6
SHORT_ITEM = 10


def doubts(title: str, reason: str, request: str) -> list[str | Promise]:
    """What the deputy should look at again, in the order of the form."""
    title, reason, request = (text.strip() for text in (title, reason, request))
    return [*_of_title(title), *_of_reason(reason), *_of_request(request)] + _of_whole(
        title, f"{title}\n{reason}\n{request}"
    )


def _said(*found: tuple[bool, str | Promise]) -> list[str | Promise]:
    return [words for applies, words in found if applies]


def _of_title(title: str) -> list[str | Promise]:
    """One matter has one verb and one thing."""
    if not title:
        return [_("It has no title yet.")]
    core = FRAME.sub("", title)
    return _said(
        (
            not FORM.match(title),
            _("A title usually reads 关于…的建议 (of CPPCC members: 关于…的提案)."),
        ),
        (len(core) < LEAST_TITLE, _("The title is very short: does it say what is to be done?")),
        (
            bool(JOINED.search(core) or PACKAGE.search(core)),
            _("The title seems to join several matters. Put each in a proposal of its own."),
        ),
    )


def _of_reason(reason: str) -> list[str | Promise]:
    if not reason:
        return [_("It gives no reason yet.")]
    return _said(
        (
            len(reason) < LEAST_REASON,
            _("The reason is very short. Facts help: where, since when, how many, what was tried."),
        )
    )


def _of_request(request: str) -> list[str | Promise]:
    if not request:
        return [_("It makes no concrete request yet.")]
    is_concrete = len(request) >= LEAST_REQUEST and ASKING.search(request)
    return _said(
        (
            not is_concrete,
            _("The request is not concrete yet: who should do what, where, by when?"),
        ),
        (
            _is_of_several(request),
            _(
                "The numbered points of the request seem to go to quite different departments. "
                "If they are matters of their own, put each in its own proposal."
            ),
        ),
    )


def _is_of_several(request: str) -> bool:
    """Whether two points have no field of work in common, and each has one."""
    points = [point for point in ITEM.split(request)[1:] if len(point.strip()) >= SHORT_ITEM]
    fields = [found for point in points if (found := _fields_of(point))]
    return len(fields) > 1 and not set.intersection(*fields) and _are_apart(fields)


def _are_apart(fields: list[set[str]]) -> bool:
    """Points that hang together by a third one are one matter still."""
    joined, *rest = fields
    while touching := [each for each in rest if each & joined]:
        joined = joined.union(*touching)
        rest = [each for each in rest if not each & joined]
    return bool(rest)


def _fields_of(text: str) -> set[str]:
    return {name for name, words in _FIELDS.items() if words.search(text)}


def _of_whole(title: str, text: str) -> list[str | Promise]:
    """What is not taken on, whoever puts it."""
    return _said(
        (
            bool(COMPLAINT.search(text)),
            _("It reads like a complaint or an accusation. Those go another way: as a letter."),
        ),
        (
            bool(CASE.search(text)),
            _("It seems to be about a case of a court or of arbitration. Such are not taken on."),
        ),
        (
            bool(OWN.search(text)),
            _("It seems to be about an interest of your own. A proposal is about the public's."),
        ),
        (
            bool(TENDER.search(title)),
            _("It seems to be about a tender or an appointment. Such are not taken on."),
        ),
    )
