"""Values of portal fields as the plan, the journal and the reports hold them.

A field is the portal's label in snake case; a value is an ISO date, a text, or None for an empty date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Values = Mapping[str, str | None]

FIELD_LABELS = {
    "esp_start_date": "ESP Start Date",
    "esp_end_date": "ESP End Date",
    "training_graduation_date": "Training Graduation Date",
    "uptraining_class": "Uptraining Class",
    "home_department": "Home Department",
    "home_department_effective": "Home Department Effective",
}


def only(values: Values, fields: Values) -> dict[str, str | None]:
    """The part of `values` that `fields` names."""
    return {field: values.get(field) for field in fields}


def differences(left: Values, right: Values) -> list[str]:
    """The fields in which the two differ, in the order of `left`."""
    return [field for field in {**left, **right} if left.get(field) != right.get(field)]


def still_missing(wanted: Values, seen: Values) -> dict[str, str | None]:
    """The part of `wanted` that `seen` does not show yet."""
    return {field: value for field, value in wanted.items() if field not in seen or seen[field] != value}


def shown(value: str | None) -> str:
    """The value for a person: empty is said, not left blank."""
    return value or "(empty)"


def label(field: str) -> str:
    """The portal's own words for a field."""
    return FIELD_LABELS.get(field, field.replace("_", " ").title())


def labels(fields: Iterable[str]) -> str:
    """Several fields in the portal's own words, as a list in a sentence."""
    *others, last = [label(field) for field in fields]
    return f"{', '.join(others)} and {last}" if others else last
