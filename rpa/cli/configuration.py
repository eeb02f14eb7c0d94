"""`rpa config show` and `rpa browser install`."""

from __future__ import annotations

import typer

from rpa.cli.options import AsJson


def register(app: typer.Typer) -> None:
    """Add the commands."""
    config = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The settings in force.")
    config.command("show")(show_settings)
    app.add_typer(config, name="config")
    browser = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The browser that is driven.")
    browser.command("install")(install)
    app.add_typer(browser, name="browser")


def show_settings(as_json: AsJson = False) -> None:
    """Print every setting with its value and the place it comes from; secrets are only said to be set.

    Shows the tracker's columns.

    Example: rpa config show
    """
    from rpa.cli import output, tracking
    from rpa.settings import load_settings, setting_sources, setting_values

    settings = load_settings()
    values, sources = setting_values(settings), setting_sources(settings)
    tracker = tracking.matched(settings)
    if as_json:
        output.emit({"settings": values, "sources": sources, **({"tracker": tracker} if tracker else {})})
        return
    for name, value in values.items():
        output.show(f"{name}={value}" + ("" if sources[name] == "default" else f"  # {sources[name]}"))
    tracking.show_match(tracker)


def install(as_json: AsJson = False) -> None:
    """Find a browser that can be driven, or install one.

    Example: rpa browser install
    """
    from rpa.cli import output
    from rpa.engine.browser import install_browser

    found = install_browser(output.talk)
    if as_json:
        output.emit({"browser": found.name, "path": str(found.path or "")})
    else:
        output.show(f"Browser: {found}")
