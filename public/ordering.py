"""The order of names: by pinyin, as dictionaries and lists of names have them."""

from pypinyin import lazy_pinyin


def sort_key(*names: str) -> str:
    """The names in pinyin, each followed by itself, so that no two different names are mixed."""
    return "/".join(f"{' '.join(lazy_pinyin(name.lower()))}/{name}" for name in names)
