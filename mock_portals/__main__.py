"""`python -m mock_portals`: serve the mock portals."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

from mock_portals.adp.labels import VARIANTS
from mock_portals.faults import Faults
from mock_portals.server import serve
from mock_portals.world import Options, World

MOST_AGENTS = 5000


def main() -> None:
    """Read the options and serve."""
    given = _parser().parse_args()
    options = Options(
        agents=given.agents,
        seed=given.seed,
        lag=given.lag,
        pace=given.pace,
        today=given.today,
        accounts=given.accounts,
        variant=given.variant,
        faults=given.faults,
    )
    serve(World(options), {"adp": given.adp_port, "blackdash": given.blackdash_port})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mock_portals",
        description="Serves a mock of ADP Workforce Now and one of BlackDash on this machine.",
    )
    parser.add_argument("--adp-port", type=_port, default=8601, help="0 takes a free one (default 8601)")
    parser.add_argument(
        "--blackdash-port", type=_port, default=8602, help="0 takes a free one (default 8602)"
    )
    parser.add_argument("--agents", type=_agents, default=240, help="how many people (default 240)")
    parser.add_argument("--seed", type=int, default=1, help="which people (default 1)")
    parser.add_argument(
        "--lag", type=_seconds, default=600.0, help="seconds that BlackDash lags (default 600)"
    )
    parser.add_argument(
        "--pace", type=_seconds, default=1.0, help="what the portals' own waits are multiplied by (default 1)"
    )
    parser.add_argument(
        "--today", type=date.fromisoformat, help="the portals' day, from nine o'clock on (default: now)"
    )
    parser.add_argument("--accounts", type=_accounts, default=1, help="manager accounts a portal (default 1)")
    parser.add_argument("--variant", choices=sorted(VARIANTS), default="modern", help="how ADP looks")
    parser.add_argument("--faults", type=_faults, default=(), help="a JSON file of faults to begin with")
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port < 2**16:
        raise argparse.ArgumentTypeError(f"{text} is not a port")
    return port


def _agents(text: str) -> int:
    count = int(text)
    if not 1 <= count <= MOST_AGENTS:
        raise argparse.ArgumentTypeError(f"{text} is not between 1 and {MOST_AGENTS}")
    return count


def _accounts(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError("a portal has at least one manager account")
    return count


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds")
    return seconds


def _faults(path: str) -> tuple[dict[str, Any], ...]:
    try:
        told = json.loads(Path(path).read_text(encoding="utf-8"))
        Faults(told)
    except (OSError, TypeError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"{path} cannot be used: {error}") from error
    return tuple(told)


if __name__ == "__main__":
    main()
