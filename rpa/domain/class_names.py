"""What a class is called, and by whose clocks it is taught."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rpa.domain.agents import Agent
from rpa.domain.errors import UsageError

_NAME = re.compile(r"[^\W_][\w. -]{0,58}\w|\w")


def class_name(text: str) -> str:
    """The text as the name of a class; UsageError where it cannot be one."""
    name = " ".join(text.split())
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{text!r} cannot be the name of a class.",
            next_step="Nothing was planned. Give one with --name: up to 60 letters, digits, spaces, hyphens.",
        )
    return name


def class_zone(agents: Iterable[Agent], zones: Mapping[str, str], default: str) -> tuple[str, str]:
    """The time zone of the agents' site, and what is to be told about it.

    Assumed: a class whose agents sit in several zones, or nowhere known, goes by the default's clocks.
    """
    sites = sorted({agent.site for agent in agents if agent.site})
    found = {zones.get(site, default) for site in sites}
    if len(found) == 1:
        return found.pop(), ""
    why = f"the agents sit at {', '.join(sites)}" if sites else "the class file gives no site"
    return default, f"Hours are those of {default}, as {why}."
