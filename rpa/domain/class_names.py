"""What a class is called, and by whose clocks it is taught."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from rpa.domain.agents import Agent
from rpa.domain.errors import UsageError

_NAME = re.compile(r"[^\W_][\w. -]{0,58}\w|\w")
# The leaders' meeting is a group of invites as a class is.
TAKEN = frozenset({"leaders"})


def class_name(text: str) -> str:
    """The text as the name of a class; UsageError where it cannot be one."""
    name = " ".join(text.split())
    if not _NAME.fullmatch(name) or name in TAKEN:
        raise UsageError(
            f"{text!r} cannot be the name of a class.",
            next_step="Nothing was planned. Give one with --name: up to 60 letters, digits, spaces, hyphens.",
        )
    return name


def class_zone(agents: Iterable[Agent], zones: Mapping[str, str], default: str) -> tuple[str, str]:
    """The time zone of most of the agents, and what is to be told about it.

    Assumed: a class without a site, or with as many agents in one zone as in another, goes by the default's
    clocks.
    """
    sites = Counter(agent.site for agent in agents if agent.site)
    found: Counter[str] = Counter()
    for site, number in sites.items():
        found[zones.get(site, default)] += number
    most = [zone for zone, number in found.items() if number == max(found.values())]
    zone = most[0] if len(most) == 1 else default
    if len(found) == 1:
        return zone, ""
    where = ", ".join(f"{number} at {site}" for site, number in sorted(sites.items()))
    why = f"of the agents there are {where}" if sites else "the class file gives no site"
    return zone, f"Hours are those of {zone}, as {why}. --time-zone changes that."
