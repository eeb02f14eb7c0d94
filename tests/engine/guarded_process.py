"""A process that is about to be killed while its page writes all the time."""

from __future__ import annotations

import signal
import sys
import threading

from playwright.sync_api import sync_playwright

from rpa.engine.guard import Guard, Policy


def main(origin: str, executable: str, mode: str) -> None:
    if hasattr(signal, "SIGHUP"):  # started under nohup, a process would ignore it
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable or None)
        context = browser.new_context()
        if mode != "unguarded":
            guard = Guard.install(browser, Policy(origins=frozenset({origin})))
            guard.secure(context)
        page = context.new_page()
        page.goto(f"{origin}/home.html?tag={mode}")
        page.evaluate("loop()")
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        if mode == "stalled":
            threading.Event().wait(60)  # nobody answers: every request stays paused
        page.wait_for_timeout(60_000)


if __name__ == "__main__":
    main(*sys.argv[1:])
