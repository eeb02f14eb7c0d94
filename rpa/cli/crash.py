"""What is said when the software itself has failed."""

from __future__ import annotations

from rpa.cli.output import report_error
from rpa.domain.errors import RpaError


def report_crash(error: Exception) -> int:
    """Tell that the software itself failed, and keep the details in the log; the exit code."""
    import structlog

    from rpa.cli.office import Office
    from rpa.settings import load_settings

    where = "the log"
    try:
        with Office(load_settings()).logging() as path:
            structlog.get_logger().error("crashed", exc_info=error)
            where = str(path)
    except (RpaError, OSError, ValueError) as reason:
        where = f"no log, for it cannot be kept ({reason})"
    return report_error(
        RpaError(
            f"The software failed: {type(error).__name__}. The details are in {where}.",
            next_step="What was done before is in the journal: `rpa runs` lists it.",
        )
    )
