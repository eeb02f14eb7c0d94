"""`python -m rpa` is `rpa`."""

from rpa.cli import main

main()
