"""Letters for the tests: every place, person and number in them is invented."""

from __future__ import annotations

TITLE = "青山县教育局关于县十届人大二次会议第12号建议的答复"
OPENING = "您提出的《关于加强校园管理的建议》（第12号）收悉。现答复如下："
FOOT = "感谢您的支持。\n青山县教育局\n2023年6月15日"


def make_letter(
    body: str = "我局已完成校舍改造12处。",
    *,
    title: str = TITLE,
    salutation: str = "张小山代表：",
    opening: str = OPENING,
    foot: str = FOOT,
) -> str:
    """A short reply of June 2023 with one part changed."""
    return "\n".join((title, salutation, opening, body, foot))
