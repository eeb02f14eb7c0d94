"""What ADP answers to a save, beside what its page shows: a save that was refused is not one unheard of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Response


@contextmanager
def accepted_saves(page: Page) -> Iterator[list[Response]]:
    """The saves that the portal accepts while the block runs; the list fills as they are answered."""
    accepted: list[Response] = []

    def hear(response: Response) -> None:
        if response.ok and response.request.method != "GET":
            accepted.append(response)

    page.on("response", hear)
    try:
        yield accepted
    finally:
        page.remove_listener("response", hear)
