"""The ADP mock as its own tests ask of it."""

from __future__ import annotations

import pytest

from tests.conftest import MockPortals
from tests.mock_portals.adp_steps import Adp


@pytest.fixture(scope="session")
def pace() -> float:
    """The portals' own: how they take their time is part of what they imitate."""
    return 1.0


@pytest.fixture
def adp(mock: MockPortals) -> Adp:
    """The ADP mock, as new."""
    return Adp(mock)
