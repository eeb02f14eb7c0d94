"""Whether what a site gives for its portals can be used: each misfit by the place where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from rpa.domain.errors import UsageError
from rpa.pages.dates import DateFormat
from rpa.pages.declared import check_locators
from rpa.pages.site import ADP_LABELS, ADP_PATHS, BLACKDASH_LABELS, BLACKDASH_PATHS, merged

Misfit = tuple[tuple[str, ...], UsageError]
PATHS: Mapping[str, Mapping[str, str]] = {"adp": ADP_PATHS, "blackdash": BLACKDASH_PATHS}
LABELS: Mapping[str, Mapping[str, str]] = {"adp": ADP_LABELS, "blackdash": BLACKDASH_LABELS}


def misfits(
    portal: str,
    *,
    date_format: str,
    paths: Mapping[str, str],
    labels: Mapping[str, str],
    locators: Mapping[str, str],
) -> Iterator[Misfit]:
    """Every name that nothing knows, and every value that cannot be read, of one portal."""
    checks: dict[tuple[str, ...], Callable[[], object]] = {
        (portal, "date_format"): partial(DateFormat, date_format),
        **{
            (portal, "paths", name): partial(merged, "paths", PATHS[portal], {name: paths[name]})
            for name in paths
        },
        **{
            (portal, "labels", name): partial(merged, "labels", LABELS[portal], {name: labels[name]})
            for name in labels
        },
        **{(portal, "locators", name): partial(_check, portal, name, locators[name]) for name in locators},
    }
    for key, check in checks.items():
        try:
            check()
        except UsageError as misfit:
            yield key, misfit


def _check(portal: str, name: str, text: str) -> None:
    """Refuse a locator that cannot stand for its element, and one that stands where nobody reads it."""
    check_locators({name: text})
    if name.partition(".")[0] != portal:
        raise UsageError(
            f"portals.toml: locators.{name} stands under the other portal.",
            next_step=f"Move it to [{name.partition('.')[0]}.locators].",
        )
