"""Planted faults: which requests they hit, how often, and what is refused as a fault."""

from __future__ import annotations

from typing import Any

import pytest

from mock_portals.faults import BadFault, Faults

SAVE = {"portal": "adp", "method": "POST", "path": "/people/v1/G1/custom-fields", "employee_id": "10012"}


def hits(faults: Faults, effect: str, requests: int, **asked: Any) -> list[bool]:
    """Which of so many equal requests are hit."""
    return [faults.take(effect, **{**SAVE, **asked}) is not None for _ in range(requests)]


def fault(
    effect: str = "silent_loss", *, match: dict[str, Any] | None = None, **details: Any
) -> dict[str, Any]:
    return {"match": match or {}, "effect": effect, **details}


def test_a_fault_without_a_count_always_hits() -> None:
    """Neither nth nor times: each request."""
    assert hits(Faults([fault()]), "silent_loss", 3) == [True, True, True]


def test_times_is_how_often_it_hits() -> None:
    """With times the first so many are hit."""
    assert hits(Faults([fault(times=2)]), "silent_loss", 4) == [True, True, False, False]


def test_nth_hits_once() -> None:
    """With nth alone exactly that request is hit."""
    assert hits(Faults([fault(match={"nth": 3})]), "silent_loss", 5) == [False, False, True, False, False]


def test_nth_and_times_begin_there() -> None:
    """With both, the nth and those after it until times are used up."""
    told = fault(match={"nth": 2}, times=2)
    assert hits(Faults([told]), "silent_loss", 5) == [False, True, True, False, False]


def test_two_faults_of_one_effect_count_alike() -> None:
    """The nth of a later fault is not shifted by an earlier one that hits."""
    both = [fault(match={"nth": 1}), fault(match={"nth": 2})]
    assert hits(Faults(both), "silent_loss", 3) == [True, True, False]


def test_only_requests_that_match_are_counted() -> None:
    """Others pass without using anything up."""
    faults = Faults([fault(match={"employee_id": "10012", "nth": 2})])
    assert hits(faults, "silent_loss", 3, employee_id="1001") == [False] * 3
    assert hits(faults, "silent_loss", 2) == [False, True]


@pytest.mark.parametrize(
    ("match", "is_hit"),
    [
        ({"portal": "blackdash"}, False),
        ({"method": "post"}, True),
        ({"method": "GET"}, False),
        ({"employee_id": 10012}, True),
        ({"employee_id": "1001"}, False),
        ({"path": "/people/v1"}, True),
        ({"path": "/v1"}, False),
        ({"path": "/people/*/custom-fields"}, True),
        ({"path": "/people/*/home-department"}, False),
    ],
)
def test_what_a_match_means(match: dict[str, Any], is_hit: bool) -> None:
    """A plain path is a beginning, one with wildcards a pattern; the rest must be equal."""
    assert hits(Faults([fault(match=match)]), "silent_loss", 1) == [is_hit]


def test_an_effect_is_only_taken_by_its_own() -> None:
    """A fault of one effect is no fault of another."""
    assert hits(Faults([fault("no_toast")]), "silent_loss", 1) == [False]


def test_all_faults_of_an_effect_can_be_taken() -> None:
    """Where several may act at once, each that matches does, and counts its hit."""
    faults = Faults([{"effect": "relabel", "from": word, "to": "x"} for word in "ab"])
    assert len(faults.take_all("relabel", **SAVE)) == 2
    assert [one.hits for one in faults.planted] == [1, 1]


@pytest.mark.parametrize(
    "told",
    [
        {"effect": "nonsense"},
        {"match": {}},
        {"effect": "sorry", "match": {"urls": "/"}},
        {"effect": "sorry", "match": {"portal": "adq"}},
        {"effect": "sorry", "match": "/"},
        {"effect": "sorry", "match": {"nth": "first"}},
        {"effect": "popup", "kind": "banner"},
        {"effect": "relabel", "from": "ESP End Date"},
        "sorry",
    ],
)
def test_a_fault_that_nobody_could_mean_is_refused(told: Any) -> None:
    """A misspelt fault is told at once instead of never hitting."""
    with pytest.raises(ValueError, match=r"\w"):
        Faults([told])
    assert issubclass(BadFault, ValueError)
