"""XML that a parser has found sound, read by patterns: where its tags stand, in bytes.

A sheet can have a million tags, and a parser that calls back for each of them takes seconds. So the parser
only proves that the XML is sound. In sound XML every `<` begins a tag, once comments, instructions and marked
sections are blanked out, and patterns find the tags.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterator
from html import unescape
from typing import NamedTuple

from rpa.adapters.workbook_xml import ANNOUNCING, Malformed, check_announced, sound

Attributes = dict[str, str]

PREFIX = rb"""(?:[^\s<>/"'=:]+:)?"""
MORE = rb"""(?:\s+[^\s<>/"'][^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*)?"""
"""What follows a tag's name, up to its end."""
OPEN = rb"(?<!/)>"
"""The end of a tag that has content."""

_TAG = re.compile(rb"""<[^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>""")
_NAME = re.compile(rb"</?(%s)([^\s<>/]+)" % PREFIX)
_ATTRIBUTE = re.compile(rb"""\s([^\s<>/"'=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_NO_TAG = re.compile(rb"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_LESS, _OF_NAMES = ord("<"), b"/:"
_MARKUP = bytes.maketrans(b"<>&", b"___")


class Element(NamedTuple):
    """An element: where its tag begins, its name without a prefix, and what the tag says."""

    begin: int
    name: str
    attributes: Attributes


class Tag(NamedTuple):
    """Where a tag begins, and whether it opens an element."""

    begin: int
    opens: bool


class SoundXml:
    """A part of a workbook; Malformed where its XML is not sound, or announces more than there can be.

    `plain` is the XML byte for byte, but for blanks in the place of what is neither a tag nor a text.
    """

    def __init__(self, xml: bytes) -> None:
        self.encoding, has_tags_alone = sound(xml)
        self.plain = xml if has_tags_alone else _NO_TAG.sub(_blank, xml)
        # A name that begins with its colon is no name, but some readers take what follows for one.
        if b"<:" in self.plain or b"</:" in self.plain:
            raise Malformed("its XML has an element with an empty prefix")
        for attribute in ANNOUNCING:
            for element in self.having(attribute):
                check_announced(element.name, element.attributes[attribute])

    def tag(self, begin: int) -> bytes:
        """The tag that begins here, whole."""
        found = _TAG.match(self.plain, begin)
        if found is None:
            raise Malformed("a tag of its XML does not end")
        return found[0]

    def having(self, attribute: str) -> Iterator[Element]:
        """All elements that have this attribute."""
        mark = re.compile(rb"%s\s*=" % attribute.encode())
        begin = 0
        while begin >= 0 and (found := mark.search(self.plain, begin)):
            begin = self.plain.rfind(b"<", begin, found.start())
            if begin >= 0 and attribute in (has := attributes(tag := self.tag(begin))):
                yield Element(begin, _name(tag)[2].decode(errors="replace"), has)
            begin = self.plain.find(b"<", found.end())


def tags_named(name: bytes, xml: bytes, begin: int = 0, end: int = sys.maxsize) -> Iterator[Tag]:
    """The tags of this name, which finds them: to look at each of a million tags takes longer."""
    tag = re.compile(rb"<(/?)%s%s(?=[\s/>])" % (PREFIX, name))
    looked_at = begin
    for found in re.compile(rb"%s(?=[\s/>])" % name).finditer(xml, begin, end):
        before = xml[found.start() - 1]
        if before == _LESS:
            yield Tag(found.start() - 1, opens=True)
        elif before in _OF_NAMES:
            # The tag begins behind the last place of the name, so nothing is looked at twice.
            at = xml.rfind(b"<", looked_at, found.start())
            if at >= 0 and (match := tag.match(xml, at)):
                yield Tag(at, opens=not match[1])
        looked_at = found.end()


def attributes(tag: bytes) -> Attributes:
    """The attributes of a tag by their names."""
    return {
        name.decode(errors="replace"): text_of(one or other) for name, one, other in _ATTRIBUTE.findall(tag)
    }


def without_attributes(tag: bytes, names: Collection[bytes]) -> bytes:
    """The tag but for these attributes, every other byte as it is."""
    return _ATTRIBUTE.sub(lambda found: b"" if found[1] in names else found[0], tag)


def prefix_of(tag: bytes) -> bytes:
    """What stands before the name of the tag, its colon included; empty where nothing does."""
    return bytes(_name(tag)[1])


def text_of(value: bytes) -> str:
    """What is written between two tags, or in an attribute, as it is meant."""
    return unescape(value.decode(errors="replace"))


def without_tags(xml: bytes) -> bytes:
    """The text alone."""
    return _TAG.sub(b"", xml)


def characters(text: bytes) -> int:
    """How many characters are meant."""
    return len(text) if text.isascii() and b"&" not in text else len(text_of(text))


def _name(tag: bytes) -> re.Match[bytes]:
    name = _NAME.match(tag)
    if name is None:
        raise Malformed("a tag of its XML has no name")
    return name


def _blank(found: re.Match[bytes]) -> bytes:
    """As many bytes without a tag: of a marked section its text stays."""
    text = found[1]
    if text is None:
        return b" " * len(found[0])
    return b" " * len(b"<![CDATA[") + text.translate(_MARKUP) + b" " * len(b"]]>")
