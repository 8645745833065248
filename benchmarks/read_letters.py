"""How fast one core reads letters of 3,000 characters, and how much memory that takes.

Run by hand: `python benchmarks/read_letters.py [COUNT]`. It exits 1 when fewer than 100 letters
are read in a second or the process needs 150 MB or more.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from letters import read  # noqa: E402

LEAST_PER_SECOND = 100
MOST_MEGABYTES = 150
LENGTH = 3000
HEAD = (
    "青山省教育厅\n青教建〔2024〕31号\n答复类别：B类\n青山省教育厅关于省十四届人大二次会议\n"
    "第0417号建议的答复\n张小山代表：\n《关于改善办学条件的建议》（第0417号）收悉。"
    "该建议由我厅会同省财政厅、省人力资源社会保障厅办理，现答复如下：\n"
)
FOOT = (
    "再次感谢您的关心和支持。\n领导署名：林远\n联系人：王小五\n联系电话：0000-1234567\n"
    "青山省教育厅\n2024年6月18日\n（此件主动公开）\n抄送：省人大常委会办公厅、省政府办公厅。\n"
)
DONE = (
    "一是加大投入力度。{year}年安排补助资金{n}.6亿元，支持新建学校{n}所，新增校舍{n}万平方米。",
    "二是完善保障制度。将公用经费标准由每生每年{n}00元提高到{m}00元，并按时足额下达。",
    "三是强化培训。累计培训校长{n}人次、骨干教师{m}.1万人次，覆盖率达到{n}%，居全国第{n}位。",
)
AHEAD = (
    "一是{year}年底前，由省教育科学研究院编制完成{n}个学科的指南，建设{m}个教研基地。",
    "二是会同省发展改革委、省财政厅研究建立长效机制，力争将标准提高到每生每年{n}00元。",
    "三是进一步扩大帮扶范围，每年组织送教{n}场以上，带动县域学校整体提升教学水平。",
)


def made_letter(seed: int) -> str:
    """An invented letter of about 3,000 characters; no two are the same."""
    chance = random.Random(seed)
    parts = [HEAD, "一、工作情况\n"]
    half = (LENGTH - len(HEAD) - len(FOOT)) // 2
    for sentences, heading in ((DONE, "二、下一步打算\n"), (AHEAD, "")):
        written = 0
        while written < half:
            n, m = chance.randint(2, 99), chance.randint(2, 99)
            paragraph = "（一）持续改善办学条件。" + "".join(
                sentence.format(n=n, m=m, year=chance.randint(2019, 2026)) for sentence in sentences
            )
            parts.append(paragraph + "\n")
            written += len(paragraph)
        parts.append(heading)
    return "".join([*parts, FOOT])


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    texts = [made_letter(seed) for seed in range(count)]
    read(texts[0])
    start = time.process_time()
    items = 0
    for text in texts:
        letter = read(text)
        items += len(letter.measures) + len(letter.commitments)
    seconds = time.process_time() - start
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    length = sum(map(len, texts)) / count
    print(f"letters            {count} of {length:.0f} characters, {items} items")
    print(f"letters per second {count / seconds:.0f} (one core, CPU time)")
    print(f"peak memory        {megabytes:.0f} MB")
    return 1 if count / seconds < LEAST_PER_SECOND or megabytes >= MOST_MEGABYTES else 0


if __name__ == "__main__":
    sys.exit(main())
