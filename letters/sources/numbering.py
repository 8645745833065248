"""Word's automatic numbers, resolved: 一、 （一） 1. (1) 第一条.

A paragraph holds a reference (`w:numPr`, or its style does); the shape of the number stands in
numbering.xml and the count follows from the order of the paragraphs. Bullets are not numbers and
are left out. Source: ECMA-376 part 1, 17.9, and what Word does where that is silent (lists of one
abstract definition go on counting unless a start is overridden).
"""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from letters.sources.markup import attribute, child, children, is_on, number, value
from letters.sources.numerals import numeral

LEVELS = 9
# After these a number needs no blank before the text: 一、加快, （一）加快, 1.加快
CLOSED = re.compile(r"[、，．.。)）\]】:：条章节款项\s]$")


@dataclass(frozen=True)
class Level:
    """How one level of a list counts and prints."""

    start: int = 1
    number_format: str = "decimal"
    text: str = ""
    has_suffix: bool = True
    restart: int | None = None
    is_legal: bool = False
    style: str | None = None


@dataclass
class Instance:
    """One `w:num`: the abstract list it counts in, its levels, its overridden starts."""

    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Style:
    """What a paragraph style says about numbers."""

    parent: str | None
    list_id: str | None
    level: int


class Numbering:
    """The lists of one document and how far each has counted; `label` must be asked in order."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._styles = {
            key_of(style, "styleId"): style_of(style) for style in children(styles, "style")
        }
        self._default_style = next(
            (key_of(s, "styleId") for s in children(styles, "style") if is_default(s)), None
        )
        abstracts = {
            key_of(found, "abstractNumId"): found for found in children(numbering, "abstractNum")
        }
        links = {
            value(child(found, "numStyleLink")): key
            for key, found in abstracts.items()
            if child(found, "numStyleLink") is not None
        }
        self._instances = {
            key_of(found, "numId"): self._instance(found, abstracts)
            for found in children(numbering, "num")
        }
        self._resolve_links(links)
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def _instance(self, found: Element, abstracts: dict[str, Element]) -> Instance:
        abstract = value(child(found, "abstractNumId")) or ""
        instance = Instance(abstract, levels_of(abstracts.get(abstract)))
        for override in children(found, "lvlOverride"):
            index = number(key_of(override, "ilvl"))
            for level in children(override, "lvl"):
                instance.levels[index] = level_of(level)
            start = child(override, "startOverride")
            if start is not None:
                instance.starts[index] = number(value(start), 1)
        return instance

    def _resolve_links(self, links: dict[str | None, str]) -> None:
        """A list may borrow the levels of a list style; both then count as one list."""
        for style_name, abstract in links.items():
            style = self._styles.get(style_name or "")
            lender = self._instances.get(style.list_id or "") if style else None
            if lender is None:
                continue
            for instance in self._instances.values():
                if instance.abstract == abstract and not instance.levels:
                    instance.abstract, instance.levels = lender.abstract, lender.levels

    def label(self, paragraph: Element) -> str:
        """The number that Word prints before the paragraph, with its blank; "" for none."""
        list_id, index = self._place(child(paragraph, "pPr"))
        instance = self._instances.get(list_id or "")
        level = instance.levels.get(index) if instance else None
        if instance is None or level is None or list_id is None:
            return ""
        self._count(instance, list_id, index, level)
        if level.number_format == "bullet":
            return ""
        return self._printed(instance, level)

    def _place(self, properties: Element | None) -> tuple[str | None, int]:
        """The list and the level of a paragraph: its own word first, then its style's."""
        own = child(properties, "numPr")
        own_list = value(child(own, "numId"))
        own_level = value(child(own, "ilvl"))
        if own_list is not None:
            return own_list, number(own_level)
        style_name = value(child(properties, "pStyle")) or self._default_style
        list_id, level = self._place_of_style(style_name)
        return list_id, number(own_level, level)

    def _place_of_style(self, style_name: str | None) -> tuple[str | None, int]:
        seen: set[str] = set()
        while style_name and style_name in self._styles and style_name not in seen:
            seen.add(style_name)
            style = self._styles[style_name]
            if style.list_id is not None:
                return style.list_id, self._level_of_style(style, style_name)
            style_name = style.parent
        return None, 0

    def _level_of_style(self, style: Style, style_name: str) -> int:
        """A list names the style of each level; that binds more than the style's own level."""
        instance = self._instances.get(style.list_id or "")
        for index, level in (instance.levels if instance else {}).items():
            if level.style == style_name:
                return index
        return style.level

    def _count(self, instance: Instance, list_id: str, index: int, level: Level) -> None:
        counts = self._counts.setdefault(instance.abstract, {})
        is_first = (list_id, index) not in self._begun
        self._begun.add((list_id, index))
        if is_first and index in instance.starts:
            counts[index] = instance.starts[index]
        elif index in counts:
            counts[index] += 1
        else:
            counts[index] = level.start
        for deeper in range(index + 1, LEVELS):
            if restarts(instance.levels.get(deeper), index):
                counts.pop(deeper, None)

    def _printed(self, instance: Instance, level: Level) -> str:
        counts = self._counts[instance.abstract]

        def number_at(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            found = instance.levels.get(index, Level())
            number_format = "decimal" if level.is_legal else found.number_format
            return numeral(counts.get(index, found.start), number_format)

        text = re.sub(r"%([1-9])", number_at, level.text)
        needs_blank = text and level.has_suffix and not CLOSED.search(text)
        return text + " " if needs_blank else text


def restarts(level: Level | None, used: int) -> bool:
    """Whether a level begins anew after a number of the level `used` (counted from 0)."""
    if level is None or level.restart is None:
        return True
    return level.restart > used


def key_of(element: Element, name: str) -> str:
    """An identifying attribute, "" where it lacks."""
    return attribute(element, name) or ""


def levels_of(abstract: Element | None) -> dict[int, Level]:
    """The levels of an abstract list by their index."""
    return {number(key_of(lvl, "ilvl")): level_of(lvl) for lvl in children(abstract, "lvl")}


def level_of(element: Element) -> Level:
    """One `w:lvl`. A format of Word's own making stands in an attribute and prints as decimal."""
    restart = value(child(element, "lvlRestart"))
    return Level(
        start=number(value(child(element, "start")), 1),
        number_format=value(child(element, "numFmt")) or "decimal",
        text=value(child(element, "lvlText")) or "",
        has_suffix=value(child(element, "suff")) != "nothing",
        restart=None if restart is None else number(restart),
        is_legal=is_on(child(element, "isLgl")),
        style=value(child(element, "pStyle")),
    )


def style_of(element: Element) -> Style:
    """What a `w:style` says about numbers and whom it follows."""
    numbers = child(element, "pPr", "numPr")
    return Style(
        parent=value(child(element, "basedOn")),
        list_id=value(child(numbers, "numId")),
        level=number(value(child(numbers, "ilvl"))),
    )


def is_default(style: Element) -> bool:
    """Whether paragraphs that name no style have this one."""
    return attribute(style, "type") == "paragraph" and attribute(style, "default") in ("1", "true")
