"""The texts that the cells of a workbook share: how long each is."""

from __future__ import annotations

import re

from rpa.adapters.sound_xml import MORE, OPEN, PREFIX, SoundXml, characters, without_tags
from rpa.adapters.workbook_xml import Malformed

# A plain text is the first group; one with formats inside, the second.
_TEXT = re.compile(
    rb"""<%ssi%s\s*(?:/>|%s(?:<t(?: xml:space="preserve")?>([^<]*)</t></si>|(.*?)</%ssi\s*>))"""
    % (PREFIX, MORE, OPEN, PREFIX),
    re.DOTALL,
)
_WITHIN = re.compile(rb"<%ssi[\s/>]" % PREFIX)


def shared_lengths(xml: bytes) -> list[int]:
    """How many characters each shared text has; Malformed where they cannot be understood."""
    length = len if xml.isascii() and b"&" not in xml else characters
    return [
        length(_text(formatted) if formatted else plain)
        for plain, formatted in _TEXT.findall(SoundXml(xml).plain)
    ]


def _text(formatted: bytes) -> bytes:
    if _WITHIN.search(formatted):
        raise Malformed("a shared text stands within another")
    return without_tags(formatted)
