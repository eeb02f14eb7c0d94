"""Has a person show in a visible browser what could not be found, and writes it into portals.toml."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

import typer

from rpa.adapters.portals_file import keep_locator
from rpa.cli import output
from rpa.cli.desk import Desk, opened
from rpa.cli.fitness import remember
from rpa.cli.office import Office
from rpa.domain.counted import counted
from rpa.domain.errors import UsageError
from rpa.domain.examination import Finding, Found, Level
from rpa.flows.calibration import Calibration, Picked
from rpa.flows.examination import Examination
from rpa.flows.portal_door import Access
from rpa.pages.declared import declared_elements
from rpa.setting_model import DEFAULT_PORTALS_FILE
from rpa.settings import load_settings

NO_TERMINAL = "Somebody must look at what was clicked, and there is no terminal to ask on."


def calibrate(target: str, agent: str, *, yes: bool, as_json: bool) -> int:
    """Calibrate what is missing, or what is asked for; 0 where everything is found in the end, else 2."""
    office = Office(load_settings())
    wanted = _wanted(target)
    if not yes and not sys.stdin.isatty():
        raise UsageError(NO_TERMINAL, next_step="Nothing was started. Run it on a terminal, or with --yes.")
    path = office.settings.portals_file or DEFAULT_PORTALS_FILE
    started = datetime.now().astimezone()
    calibration = Calibration(
        tell=output.talk,
        accept=lambda picked: yes or _accepted(picked),
        keep=lambda picked: _keep(path, picked, started),
        fitted={**office.settings.adp.locators, **office.settings.blackdash.locators},
        wanted=wanted,
    )
    with opened(office, "a calibration", visible=True) as desk:
        findings = _examination(desk, calibration, agent).examine()
    remember(Office(load_settings()), findings)
    missing = [one for one in findings if one.level is Level.BLOCKING]
    missing += [one for one in findings if _was_to_be_shown(one, calibration)]
    if as_json:
        locators = {name: calibration.fitted[name] for name in calibration.mended}
        output.emit({"calibrated": locators, "missing": [one.subject for one in missing]})
    else:
        output.talk(f"{counted(len(calibration.mended), 'locator was', 'locators were')} written to {path}.")
        for one in missing:
            output.talk(f"{one.subject}: {one.what}")
    return 2 if missing else 0


def _was_to_be_shown(finding: Finding, calibration: Calibration) -> bool:
    """Whether this one was asked for and the way did not come to it.

    Of a whole screen or portal, what shows only now and then is not meant.
    """
    unreached = {Found.NOT_REACHED} | ({Found.NOT_NOW} if finding.subject in calibration.wanted else set())
    return finding.found in unreached and calibration.asks_for(finding.subject)


def _wanted(target: str) -> tuple[str, ...]:
    """The locators that are asked for, by name, screen or portal; none asks for whatever is missing."""
    names = declared_elements()
    if not target or target in {"adp", "blackdash"} | {name.rpartition(".")[0] for name in names} | set(
        names
    ):
        return (target,) if target else ()
    near = get_close_matches(target, names, n=3)
    raise UsageError(
        f"There is no portal, screen or locator {target!r}.",
        next_step=f"Did you mean {' or '.join(near)}?" if near else "docs/portals-toml.md lists them.",
    )


def _examination(desk: Desk, calibration: Calibration, agent: str) -> Examination:
    def over(access: Access) -> Access:
        return replace(access, site=replace(access.site, locators=calibration.fitted))

    return Examination(
        sessions=desk.sessions,
        on_adp=over(desk.portals.adp.access),
        on_blackdash=over(desk.portals.blackdash.access),
        now=lambda: datetime.now(UTC),
        agent=agent,
        calibration=calibration,
    )


def _accepted(picked: Picked) -> bool:
    output.talk(f"{picked.text}\n  finds {picked.finds}")
    return typer.confirm("Keep it?", default=True, err=True)


def _keep(path: Path, picked: Picked, started: datetime) -> None:
    """Write the locator; the file as it was before this command stays beside it."""
    now = datetime.now().astimezone()
    backup = path.with_name(f"{path.name}.{started:%Y%m%d-%H%M%S}.before")
    keep_locator(path, picked.name, picked.text, f"{now:%Y-%m-%d %H:%M} on {picked.page}", backup)
