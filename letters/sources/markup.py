"""XML of office files, by local names.

Word writes two families of name spaces (transitional, strict) and OFD writers spell theirs in
several ways, so elements are told apart by the local name alone. A DOCTYPE has no place in these
formats and is what entity attacks need: it is refused, not skipped.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as DefusedTree

from letters.sources.limits import Refused


def parse(data: bytes) -> Element:
    """The root element; refuses a DOCTYPE, entities and broken XML."""
    try:
        root: Element = DefusedTree.fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise Refused("doctype") from error
    except (ParseError, LookupError, ValueError) as error:  # broken, or an encoding nobody knows
        raise Refused("damaged") from error
    return root


def local(element: Element) -> str:
    """The element's name without its name space."""
    return element.tag.rpartition("}")[2]


def attribute(element: Element | None, name: str) -> str | None:
    """An attribute by its local name."""
    if element is None:
        return None
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return value
    return None


def value(element: Element | None) -> str | None:
    """WordprocessingML keeps most settings in an attribute `val`."""
    return attribute(element, "val")


def number(text: str | None, default: int = 0) -> int:
    """An integer attribute; rubbish counts as the default."""
    try:
        return int(text) if text else default
    except ValueError:
        return default


def is_on(element: Element | None) -> bool:
    """A Word switch: there means on, unless its value says off."""
    return element is not None and value(element) not in ("0", "false", "off", "none")


def child(element: Element | None, *names: str) -> Element | None:
    """The first element at a path of local names."""
    for name in names:
        if element is None:
            return None
        element = next(children(element, name), None)
    return element


def children(element: Element | None, name: str) -> Iterator[Element]:
    """The direct children of a local name."""
    if element is not None:
        yield from (found for found in element if local(found) == name)


def descendants(element: Element | None, name: str) -> Iterator[Element]:
    """All elements of a local name below, in document order."""
    if element is not None:
        yield from (found for found in element.iter() if local(found) == name)
