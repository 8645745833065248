"""What it costs to find earlier proposals like a title: milliseconds, among many titles.

    .venv/bin/python benchmarks/similar.py [COUNT…]

Indexes COUNT titles (default 10,000, then 100,000) in a new database: in a temporary folder, or an
empty one named by DATABASE_URL. Asks for titles of several kinds, each many times, and tells the
median and the slowest of each. It exits 1 when a median is more than 100 ms.
"""

import random
import sys
import time
from collections.abc import Iterator

from django.db import connection, transaction
from new_site import analyse, make

from search import index
from search.similar import similar

COUNTS = [int(count) for count in sys.argv[1:]] or [10_000, 100_000]
REPEATS = 30
# Milliseconds.
GOAL = 100
KIND = "proposal"
VERBS = "加强 推进 完善 改善 规范 优化 提升 支持 加快 促进 深化 健全"
PLACES = "农村 城区 社区 校园 医院 山区 老旧小区 产业园区 沿海 县域 乡镇 景区"
MATTERS = (
    "公共交通 养老服务 职业教育 饮用水源 垃圾分类 电梯加装 消防通道 医疗保险 种业振兴 文物保护 "
    "停车管理 校外培训 托育服务 污水处理 河道治理 网络安全 无障碍环境 食品安全 科技创新 人才引进"
)
ENDS = "体系建设 工作 管理 水平 发展 机制 保障 试点 监管 投入"
# Signs of names of places and things: the rare pairs of real titles.
SIGNS = "云屏澄州桃溪白鹭青岩龙泉石门双江东湖西岭南浦北固金沙银滩玉河翠峰梅林竹海松涛"
TITLES_ASKED = {
    "like the others": "加强农村公共交通体系建设",
    "only common pairs": "加强农村公共交通工作管理水平发展",
    "a rare name": "改善白鹭龙泉一带的饮用水源",
    "what is nowhere": "量子计算机进课堂",
    "as long as it may be": "推进老旧小区电梯加装和消防通道停车管理、完善养老服务体系建设" * 6,
}


def titles(count: int, first: int) -> Iterator[tuple[int, str]]:
    chance = random.Random(count)
    verbs, places, matters, ends = (words.split() for words in (VERBS, PLACES, MATTERS, ENDS))
    for key in range(first, first + count):
        name = "".join(chance.choices(SIGNS, k=4))
        verb, place, matter, end = map(chance.choice, (verbs, places, matters, ends))
        yield key, f"{verb}{name}{place}{matter}{end}"


def ask(title: str) -> list[float]:
    spent = []
    for _each in range(REPEATS):
        start = time.perf_counter()
        similar(KIND, title, 5)
        spent.append((time.perf_counter() - start) * 1000)
    return sorted(spent)


def main() -> None:
    make()
    print(f"{connection.vendor}: {'titles':>8} {'asked for':22} {'median ms':>9} {'slowest':>7}")
    there, medians = 0, []
    for count in COUNTS:
        with transaction.atomic():
            index.add(KIND, titles(count - there, there + 1))
        there = count
        analyse()
        for name, title in TITLES_ASKED.items():
            spent = ask(title)
            medians.append(spent[REPEATS // 2])
            print(f"{'':10}{count:>8} {name:22} {medians[-1]:9.1f} {spent[-1]:7.1f}")
    print(f"Slowest median: {max(medians):.1f} ms; goal {GOAL} ms")
    sys.exit(1 if max(medians) > GOAL else 0)


if __name__ == "__main__":
    main()
