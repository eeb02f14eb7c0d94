"""`rpa outbox`: the mails, what became of them, and what a person decides about them."""

from __future__ import annotations

from typing import Annotated

import typer

from rpa.cli.options import AsJson

Number = Annotated[int, typer.Argument(metavar="ID", help="A mail's number.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    outbox = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The mails of all runs.")
    outbox.command("list")(list_)
    outbox.command("show")(show)
    outbox.command("send")(send)
    outbox.command("discard")(discard)
    outbox.command("settle")(settle)
    app.add_typer(outbox, name="outbox")


def list_(
    state: Annotated[
        str | None,
        typer.Option("--state", metavar="STATE", help="Only those that are queued, sent, unknown, …"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the mails, oldest first, with what became of each.

    Example: rpa outbox list --state unknown
    """
    from rpa.cli import mailing

    mailing.list_letters(state, as_json=as_json)


def show(number: Number, as_json: AsJson = False) -> None:
    """Show one mail with its text. That of an invite stays sealed.

    Example: rpa outbox show 3
    """
    from rpa.cli import mailing

    mailing.show_letter(number, as_json=as_json)


def send(
    numbers: Annotated[
        list[int] | None,
        typer.Argument(metavar="[ID]...", help="Only these; also ones that were refused before."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Send what waits. Exit code 1: some were not sent; 6: of some nobody knows.

    Without RPA_MAIL__SMTP_URL each becomes a file for you to send. A mail that may have been sent is never
    sent again by itself: look in the mailbox, and settle it.

    Example: rpa outbox send
    """
    from rpa.cli import mailing

    raise typer.Exit(mailing.send(numbers or None, as_json=as_json))


def discard(number: Number, as_json: AsJson = False) -> None:
    """Decide that a mail is not to be sent; the same one is not queued again.

    Example: rpa outbox discard 3
    """
    from rpa.cli import mailing

    mailing.discard(number, as_json=as_json)


def settle(
    number: Number,
    sent: Annotated[
        bool | None, typer.Option("--sent/--not-sent", help="What you have seen.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell what you have seen in the mailbox of a mail that may have been sent. Not sent: it waits again.

    Example: rpa outbox settle 3 --not-sent
    """
    from rpa.cli import mailing

    mailing.settle(number, sent=sent, as_json=as_json)
