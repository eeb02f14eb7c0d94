"""What each slide-in panel edits, and which values the portal refuses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from mock_portals.adp.labels import Variant

Kind = Literal["date", "text", "lookup"]
Values = dict[str, str | date | None]


class Rejected(Exception):
    """The portal refuses these values, with the sentence that its user sees."""


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a panel; `label` overrides the word of the same name."""

    name: str
    kind: Kind
    required: bool = False
    label: str = ""
    opens_blank: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """The inputs of one card, where they are posted, and whether the portal always asks twice."""

    path: str
    fields: tuple[Field, ...]
    asks_twice: bool = False


PANELS: Mapping[str, Panel] = {
    "custom-fields": Panel(
        "custom-fields",
        (
            Field("esp_start_date", "date"),
            Field("esp_end_date", "date"),
            Field("training_graduation_date", "date"),
            Field("uptraining_class", "text"),
        ),
    ),
    "personal-custom-fields": Panel(
        "personal-custom-fields", (Field("shirt_size", "text"), Field("parking_permit", "text"))
    ),
    "position": Panel(
        "home-department",
        (
            Field(
                "home_department_effective", "date", required=True, label="effective_date", opens_blank=True
            ),
            Field("home_department", "lookup", required=True),
        ),
        asks_twice=True,
    ),
}


def layout(panel: Panel, variant: Variant) -> dict[str, object]:
    """The panel as its page draws it."""
    return {
        "path": panel.path,
        "confirm": panel.asks_twice or variant.always_confirm,
        "fields": [
            {
                "name": field.name,
                "kind": field.kind,
                "label": variant.say(field.label or field.name),
                "required": field.required,
                "blank": field.opens_blank,
                "source": "/people/v1/departments",
            }
            for field in panel.fields
        ],
    }


def accepted(
    panel: Panel, posted: Mapping[str, object], departments: Iterable[str], variant: Variant
) -> Values:
    """The posted values as stored, or Rejected."""
    values = {field.name: _value(field, posted, variant) for field in panel.fields if field.name in posted}
    _check_order(values, variant)
    department = values.get("home_department")
    if isinstance(department, str) and department not in departments:
        raise Rejected(variant.say("not_a_department", label=variant.say("home_department")))
    return values


def _value(field: Field, posted: Mapping[str, object], variant: Variant) -> str | date | None:
    text = posted[field.name]
    label = variant.say(field.label or field.name)
    if not isinstance(text, str):
        raise Rejected(variant.say("not_valid", label=label))
    if field.required and not text:
        raise Rejected(variant.say("required", label=label))
    if field.kind != "date":
        return text
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Rejected(variant.say("not_valid", label=label)) from None


def _check_order(values: Values, variant: Variant) -> None:
    start, end = values.get("esp_start_date"), values.get("esp_end_date")
    if isinstance(start, date) and isinstance(end, date) and end < start:
        names = {"start": variant.say("esp_start_date"), "end": variant.say("esp_end_date")}
        raise Rejected(variant.say("end_before_start", **names))
