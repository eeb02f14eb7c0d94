"""The strings and patterns that may stand in a locator of portals.toml."""

from __future__ import annotations

import re
import unicodedata
import warnings

from rpa.pages.locator_chain import PLACEHOLDER, ROLES, Css, Pattern, Text

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_QUANTIFIER = re.compile(r"\{[0-9]+(?:,[0-9]*)?\}")
_FOREIGN_GROUP = re.compile(r"\(\?(?![:=!])|\\[AZ]")
# A quantifier with + after it gives nothing back in Python; JavaScript knows no such thing.
_POSSESSIVE = re.compile(r"[*+?}]\+")
_SET = re.compile(r"\[\^?\]?[^\]]*\]")
_ESCAPED = re.compile(r"\\.")
_CSS_ESCAPE = re.compile(r"\\(?:[0-9a-fA-F]{1,6} ?|.)")
_CSS_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_CSS = re.compile(r"[A-Za-z0-9_\-\s#.*:()\[\]=~^$|>+,{}\"]*")
_CSS_PSEUDO = re.compile(r":+([A-Za-z-]*)")
_OTHER_ENGINE = re.compile(r"\s*[\w*:+-]+\s*=|\s*\"|.*>>|.*\.\.")
_PSEUDO_CLASSES = frozenset(
    {
        *("not", "is", "where", "has", "has-text", "text", "text-is", "visible", "root", "scope"),
        *("checked", "enabled", "disabled", "empty", "first-child", "last-child", "only-child"),
        *("nth-child", "nth-last-child", "first-of-type", "last-of-type", "nth-of-type"),
    }
)


class Unfit(Exception):
    """Why a value cannot stand in a locator, and what could."""

    def __init__(self, why: str, allowed: str) -> None:
        super().__init__(why)
        self.why = why
        self.allowed = allowed


def first_invisible(text: str) -> int:
    """The column (from 1) of the first character that nobody can see, or 0."""
    for at, letter in enumerate(text, start=1):
        if unicodedata.category(letter) in _INVISIBLE:
            return at
    return 0


def read_string(text: str, takes: frozenset[str], known: tuple[str, ...], used: set[str]) -> str | Text | Css:
    """A role, a CSS selector or a plain text, its placeholders noted in `used`; Unfit otherwise."""
    if first_invisible(text):
        raise Unfit("the string has an invisible character", "Type it anew.")
    if "role" in takes:
        if text not in ROLES:
            raise Unfit(
                f"{text!r} is not a role", 'Roles are "button", "link", "dialog", "textbox" and so on.'
            )
        return text
    if "css" in takes:
        _check_css(text)
    _check_braces(text, PLACEHOLDER.sub("", text), known, used)
    return Css(text) if "css" in takes else Text(text)


def read_pattern(source: str, ignore_case: bool, known: tuple[str, ...], used: set[str]) -> Pattern:  # noqa: FBT001 - a flag by nature
    """A regular expression that Python and the browser read alike; Unfit otherwise."""
    if first_invisible(source):
        raise Unfit("the pattern has an invisible character", "Type it anew.")
    _check_braces(source, _QUANTIFIER.sub("", PLACEHOLDER.sub("", source)), known, used)
    if _FOREIGN_GROUP.search(source):
        raise Unfit("the browser does not know this kind of group", "Use (…), (?:…), (?=…), ^ and $.")
    if _POSSESSIVE.search(_SET.sub("x", _ESCAPED.sub("x", source))):
        raise Unfit("the browser does not know a + after *, +, ? or }", "Leave the second one out.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # of what Python will read otherwise one day
            re.compile(PLACEHOLDER.sub("x", source))
    except (re.error, OverflowError, RecursionError, Warning) as reason:
        raise Unfit(f"the pattern does not compile: {reason}", "Mend the pattern.") from None
    return Pattern(source=source, ignore_case=ignore_case)


def _check_braces(text: str, rest: str, known: tuple[str, ...], used: set[str]) -> None:
    names = PLACEHOLDER.findall(text)
    if "{" in rest or "}" in rest or not set(names) <= set(known):
        allowed = ", ".join(f"{{{name}}}" for name in known) or "none for this element"
        raise Unfit("these braces are no placeholder that this element has", f"Placeholders: {allowed}.")
    used.update(names)


def _check_css(text: str) -> None:
    bare = _CSS_QUOTED.sub('""', _CSS_ESCAPE.sub("x", text))
    known = all(name in _PSEUDO_CLASSES for name in _CSS_PSEUDO.findall(bare))
    if _OTHER_ENGINE.match(bare) or not known or not bare.strip() or not _CSS.fullmatch(bare):
        raise Unfit(f"{text!r} is not a plain CSS selector", 'Use CSS such as locator("#done").')
