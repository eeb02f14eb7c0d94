"""What may leave the browser, as pure rules; the wall that keeps them is in `guard`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, unquote_plus, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_INSIDE: Final = frozenset({"data", "blob", "about"})  # addresses that lead nowhere outside

CLOSED: Final = "writing is closed"
FOREIGN: Final = "not one of the portals"
LOOKS_LIKE_WRITE: Final = "a GET that looks like a write"
OVERRIDE: Final = "another method is hidden in it"
UNREADABLE: Final = "it cannot be read"
SOCKET: Final = "sockets stay shut"

_VERBS = (
    "save|update|delete|remove|destroy|create|insert|add|set(?=[A-Z_-])|write|submit|commit|approve|reject|deny|"
    "cancel|confirm|assign|unassign|transfer|terminate|rehire|enable|disable|activate|deactivate|restore|reset|"
    "merge|import|upload|persist"
)
_CAMEL = "Save|Update|Delete|Remove|Create|Insert|Add|Submit|Approve|Reject|Cancel|Assign|Transfer|Terminate"
WRITING_GET: Final = re.compile(
    rf"""
    # /save.do /saveRow /rowSave /row-save; not /settings, not /address, and pictures and code by any name
    ^(?![^?]*\.(?:m?js|css|map|png|jpe?g|gif|svg|ico|webp|woff2?|ttf)(?:\?|$))
    [^?]*(?: [/._!-](?:do)?(?i:{_VERBS})(?i:all)?(?![a-z]) | [a-z](?:{_CAMEL})(?![a-z]) )
    # ?action=delete and ?delete=5; not ?name=delete
    | [?&](?i:action|act|op|operation|cmd|command|do|event|task|method)=[\w.-]*?(?i:{_VERBS})(?![a-z])
    | [?&](?i:{_VERBS})(?:=|&|$)
    """,
    re.VERBOSE,
)
"""The default for `Policy.writing_get`: a verb of change in the path or as the action; logout is none."""
_OVERRIDE_HEADER = re.compile(r"method-override|^x-(?:http-)?method$", re.IGNORECASE)
_OVERRIDE_FIELD = re.compile(
    r"(?<![\w-])(?:_method|_?http_?method|_?method_?override|x-http-method|x-(?:http-)?method-override)(?![\w-])",
    re.IGNORECASE,
)
_TRICKY_PATH = re.compile(r"%(?:2e|2f|5c|25)|/\.\.?(?:/|$)|\\", re.IGNORECASE)
_JSON_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPost:
    """A request that is not a GET and still only reads: sign-in, a search; `path` is exact or a glob."""

    method: str
    origin: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What may leave the browser while nothing may be written; other origins are refused always."""

    origins: frozenset[str]
    read_posts: tuple[ReadPost, ...] = ()
    writing_get: re.Pattern[str] = WRITING_GET
    harmless: tuple[str, ...] = ()
    """Globs of refused addresses that nobody needs to hear of: telemetry, live updates."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request about to leave; `body` is None when there is one that cannot be read."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = ""


@dataclass(frozen=True, slots=True)
class Blocked:
    """A request that was refused; the address is without its query, which may carry secrets."""

    method: str
    url: str
    why: str

    @property
    def is_write(self) -> bool:
        """Whether it would have changed something; a socket that was to be opened is not counted."""
        return self.why != SOCKET and (self.method not in READS or self.why != FOREIGN)

    @property
    def is_stranger(self) -> bool:
        """Whether something was to be read from a host that is none of the portals."""
        return self.why == FOREIGN and self.method in READS


def refusal(policy: Policy, request: Outgoing, *, writing: bool) -> str | None:
    """Why the request may not leave the browser, or None when it may."""
    try:
        origin = origin_of(request.url)
    except ValueError:
        return UNREADABLE
    if request.method in READS and origin.partition(":")[0] in _INSIDE:
        return None
    if origin not in {origin_of(portal) for portal in policy.origins}:
        return FOREIGN
    return None if writing else _write_in(policy, request, origin)


def without_secrets(url: str) -> str:
    """The address without its query, which may carry a token."""
    try:
        return origin_of(url) + urlsplit(url).path
    except ValueError:
        return "an address that cannot be read"


def _write_in(policy: Policy, request: Outgoing, origin: str) -> str | None:
    parts = urlsplit(request.url)
    if _hides_method(request, parts.query):
        return OVERRIDE
    if request.method in READS:
        target = unquote(f"{parts.path}?{parts.query}".rstrip("?"))
        return LOOKS_LIKE_WRITE if policy.writing_get.search(target) else None
    if any(_allows(post, request.method, origin, parts.path) for post in policy.read_posts):
        return UNREADABLE if request.body is None else None
    return CLOSED


def origin_of(url: str) -> str:
    """Scheme, host and port of an address, the port only where it is not the usual one."""
    parts = urlsplit(url)
    port = "" if parts.port in {None, {"http": 80, "https": 443}.get(parts.scheme)} else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname or ''}{port}"


def _hides_method(request: Outgoing, query: str) -> bool:
    if any(_OVERRIDE_HEADER.search(name) for name in request.headers):
        return True
    body = _JSON_ESCAPE.sub(lambda found: chr(int(found[1], 16)), unquote_plus(request.body or ""))
    return any(_OVERRIDE_FIELD.search(text) for text in (unquote_plus(query), body))


def _allows(post: ReadPost, method: str, origin: str, path: str) -> bool:
    if _TRICKY_PATH.search(path):  # the server may read another path than the one compared here
        return False
    return method == post.method and origin == origin_of(post.origin) and fnmatchcase(path, post.path)
