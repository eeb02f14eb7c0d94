"""What is kept of a command that failed."""

from __future__ import annotations

import sys

from rpa.engine.machine import ThisMachine


def test_the_core_of_a_failed_command_is_kept() -> None:
    """Of what a failed command says, the error's own line is kept; of one that says nothing, its status."""
    said = "print('Fetching'); import sys; sys.exit('Trying again\\nError: no such host\\n    at line 5')"
    assert ThisMachine().run(sys.executable, "-c", said) == "Error: no such host"
    assert "exit status 3" in ThisMachine().run(sys.executable, "-c", "raise SystemExit(3)")
    assert "No such file" in ThisMachine().run("/no/such/command")
    assert ThisMachine().run(sys.executable, "-c", "") == ""
