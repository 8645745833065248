"""Every component and state once (构件), to build pages from: in debug mode alone, without rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..models import PublicProposal
from ..paging import SIZE, Page
from ..promises import LOOKS, STATE_WORDS, Segment, Standing, segments, standing, tally
from ..sheet import Note, Part, Sheet, figures_of
from ..timeline import Line, Moment

# The day on which the sample is read: its promise of 30 September is overdue by 170 days.
TODAY = date(2024, 3, 18)
DUE = date(2023, 9, 30)
COLOURS = [
    "ground",
    "sheet",
    "sunk",
    "rule",
    "rule-firm",
    "ink",
    "ink-soft",
    "link",
    "focus",
    "zhu",
    "zhu-faint",
    "on-zhu",
    "idle",
    "moving",
    "kept",
    "disputed",
    "changed",
    "wash",
]
ICONS = [
    "search",
    "idle",
    "moving",
    "kept",
    "confirmed",
    "disputed",
    "overdue",
    "changed",
    "given",
    "letter",
    "feed",
    "down",
    "chevron",
    "back",
    "flag",
    "person",
    "house",
    "date",
    "quote",
]
COUNTS = {
    "confirmed": 412,
    "kept": 187,
    "moving": 431,
    "idle": 63,
    "changed": 13,
    "disputed": 18,
    "given": 9,
    "overdue": 80,
}
PROMISES = {2: "推广长期处方。", 5: "牵头采购药品不少于40种。"}
LATE = "9月底前实现村卫生室医保直接结算全覆盖。"
TAKEN = "已接通87%的村卫生室。"


@require_safe
def design(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "public/design.html",
        {
            "is_demo": True,
            "today": TODAY,
            "colours": COLOURS,
            "icons": [f"i-{name}" for name in ICONS],
            "standings": _standings(),
            "stages": [
                {"status": value, "get_status_display": word}
                for value, word in PublicProposal.Status.choices
            ],
            "select": {"value": "overdue", "choices": list(LOOKS.items())},
            "not_understood": {"form": {"errors": True}},
            "proposals": _proposals(),
            "promises": _promises(),
            "sheet": _sheet(),
            "figures": _figures(),
            "tally": tally(look for look in COUNTS for _each in range(2)),
            "pieces": _pieces(),
            "moments": _moments(),
            "page": Page([None] * SIZE, 2, SIZE, count=1000, capped=True, has_next=True),
        },
    )


def _standings() -> list[Standing]:
    """Each state, then what the day adds: overdue, and how long there is."""
    return [
        *(standing(state, None, today=TODAY) for state in STATE_WORDS),
        standing("in_progress", DUE, today=TODAY),
        standing("disputed", DUE, today=TODAY),
        standing("in_progress", TODAY, today=TODAY, countdown=True),
        standing("recorded", TODAY + timedelta(days=11), today=TODAY, countdown=True),
    ]


def _pieces() -> list[Segment]:
    return segments((look, str(word), COUNTS[look]) for look, word in LOOKS.items())


def _proposals() -> list[dict[str, Any]]:
    """A row with promises, one whose reply makes none, one that waits for its reply."""
    states = ["confirmed", "fulfilled", "in_progress", "recorded", "rescheduled", "disputed"]
    facts = {"get_absolute_url": "#rows", "sponsor": "乔望舒", "lead": "省医疗保障局"}
    return [
        {
            **facts,
            "title": "关于进一步减轻慢性病患者用药负担的建议",
            "number": "0759",
            "replied_on": date(2023, 5, 22),
            "category": "B类",
            "commitment_count": 12,
            "promises": [*([state, None] for state in states * 2), ["recorded", DUE.isoformat()]],
        },
        {**facts, "title": "关于完善农村客运班线的建议", "number": "0760", "reply_count": 1},
        {**facts, "title": "关于加强古树名木保护的建议", "number": "0761", "due_on": TODAY},
    ]


def _promises() -> list[tuple[dict[str, Any], Standing]]:
    facts = {
        "get_absolute_url": "#rows",
        "department": {"short_name": "省医疗保障局"},
        "reply": {"proposal": {"number": "0759"}},
    }
    return [
        (
            {**facts, "text": f"（三）{LATE}", "due_on": DUE},
            standing("in_progress", DUE, today=TODAY),
        ),
        ({**facts, "text": PROMISES[2]}, standing("recorded", None, today=TODAY)),
    ]


def _run(
    text: str, mark: str | None = None, number: int = 0, *, sub: bool = False
) -> dict[str, Any]:
    return {"text": text, "mark": mark, "number": number, "first": mark is not None, "sub": sub}


def _sheet() -> Sheet:
    """A letter with each kind of block, its promises and measures marked and noted."""
    said = [
        _run("（三）提升便民服务水平。", sub=True),
        _run(PROMISES[2], "commitment", 2),
        _run(PROMISES[5], "commitment", 5),
        _run(TAKEN, "measure", 2),
        _run(LATE, "commitment", 10),
    ]
    return Sheet(
        parts=[
            Part("issuer", [[_run("北岭省医疗保障局")]]),
            Part("line", [[_run("北医保建议〔2023〕42号")], [_run("B类")]]),
            Part("title", [[_run("关于省十三届人大六次会议第0759号建议的答复")]]),
            Part("salutation", [[_run("乔望舒代表：")]]),
            Part("heading", [[_run("二、下一步工作")]]),
            Part("body", [said], _notes()),
            Part("body", [[_run("感谢您对医疗保障工作的关心。")]]),
            Part("closing", [[_run("此复。")]]),
            Part("sign", [[_run("北岭省医疗保障局")]]),
            Part("sign", [[_run("2023年5月22日")]]),
            Part("copies", [[_run("抄送：省人大常委会代表工作委员会。")]]),
        ],
        unplaced=[],
    )


def _notes() -> list[Note]:
    """Nothing reported; a report that the deputy disputes; a report on what is overdue."""
    keeper = "省医疗保障局"
    bought = _update(
        date(2024, 1, 5), "fulfilled", text="牵头采购43种。", evidence_title="采购公告"
    )
    doubted = _update(
        date(2024, 1, 22), "disputed", author="deputy", text="其中12种尚未执行中选价。"
    )
    connected = _update(date(2023, 12, 8), "in_progress", text="余下村卫生室缺专线。")
    return [
        Note(2, "#letter", standing("recorded", None, today=TODAY), "未写期限", keeper, []),
        Note(
            5,
            "#letter",
            standing("disputed", None, today=TODAY),
            "2023年底前",
            keeper,
            [bought, doubted],
        ),
        Note(
            10,
            "#letter",
            standing("in_progress", DUE, today=TODAY),
            "9月底前",
            keeper,
            [connected],
        ),
    ]


def _update(on: date, state: str, *, author: str = "department", **facts: str) -> dict[str, Any]:
    return {"on": on, "author": author, "state_word": STATE_WORDS[state], **facts}


def _figures() -> list[dict[str, Any]]:
    return figures_of(
        {
            "figures": [
                {"text": "87%", "value": "87", "unit": "%", "where": "m2", "sentence": TAKEN},
                {
                    "text": "40种",
                    "value": "40",
                    "unit": "种",
                    "where": "c5",
                    "sentence": PROMISES[5],
                },
                {
                    "text": "1864万元",
                    "value": "18640000",
                    "unit": "元",
                    "where": "",
                    "sentence": "减轻负担1864万元。",
                },
            ]
        }
    )


def _moments() -> list[Moment]:
    """What has happened, what is late, what is ahead."""
    return [
        Moment(
            date(2023, 5, 22),
            "第二轮答复，B类",
            [Line("省医疗保障局"), Line("比期限早14天")],
            "#letter",
        ),
        Moment(DUE, "承诺到期，没有落实", [Line(f"承诺10：{LATE}", "#c10")], tone="late"),
        Moment(date(2024, 6, 30), "承诺到期", tone="ahead"),
    ]
