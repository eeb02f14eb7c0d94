"""What every page that we write has in common: its templates, its style, and how it reaches the disk."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from datetime import tzinfo
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from rpa.private_files import replace_whole

TEMPLATES = Path(__file__).parent / "templates"


def environment(zone: tzinfo) -> Environment:
    """Templates that escape everything; moments are shown in this zone."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Callable[..., str]] = {
        "when": lambda at: at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S %Z"),
        "clock": lambda at: at.astimezone(zone).strftime("%H:%M:%S"),
    }
    made.filters |= filters
    return made


def style(*names: str) -> tuple[Markup, str]:
    """These styles as one, and the hash by which the page allows it: nothing smuggled in can style or run."""
    css = "\n".join((TEMPLATES / name).read_text(encoding="utf-8") for name in names)
    mark = b64encode(sha256(css.encode()).digest()).decode("ascii")
    return Markup(css), mark  # noqa: S704 - our own files


def version_told() -> str:
    """The version of this software, for the foot of a page."""
    try:
        return version("esp-rpa")
    except PackageNotFoundError:
        return "unknown"


def replace_text(path: Path, text: str) -> None:
    """Write the text whole or not at all, with plain line ends."""
    # A half character out of a portal must not cost the page.
    replace_whole(path, text.encode("utf-8", errors="replace"))
