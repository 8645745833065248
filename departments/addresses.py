"""Names for permanent addresses, from Chinese names."""

from __future__ import annotations

from typing import Any

from pypinyin import lazy_pinyin

from departments.naming import LEVELS


def slug_of(name: str, taken: type[Any]) -> str:
    """A name for addresses: 福建省财政厅 -> fujiansheng-caizhengting, with a number where taken."""
    place, rest = name, ""
    for level in LEVELS:
        if level in name[1:-1]:
            place, rest = name.split(level, 1)[0] + level, name.split(level, 1)[1]
            break
    parts = ["".join(lazy_pinyin(part, errors="ignore")) for part in (place, rest) if part]
    base = "-".join(part for part in parts if part)[:40].strip("-") or "x"
    slug, count = base, 1
    while taken.objects.filter(slug=slug).exists():
        count += 1
        slug = f"{base}-{count}"
    return slug
