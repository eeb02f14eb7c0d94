"""One cell as a value of the work, or Unusable with the mend: texts, employee ids, days, e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from unicodedata import category as _kind

from rpa.adapters.cells import BadCell, Cell, PaddedNumber, Value
from rpa.domain.addresses import is_full_address
from rpa.domain.agents import EmployeeId, Unusable, employee_id

LONGEST_TEXT = 100
LONGEST_EMAIL = 254
EXACT_DIGITS = 15
YEARS = range(2000, 2100)

_NO_TEXT = (bool, date, time, timedelta)
_LINE_ENDS = frozenset("\n\r\v\f\x85\u2028\u2029")
_DASHES = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2015")
_FORMULA_STARTS = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
_EXCEL_ERROR = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA|#+)")
_SCIENTIFIC = re.compile(r"[0-9]+(\.[0-9]+)?E\+[0-9]+|[0-9]+\.[0-9]+E[0-9]+", re.IGNORECASE)
_WHOLE = re.compile(r"([0-9]+)\.0+")
_AMOUNT = re.compile("[0-9]{1,3}([,. ][0-9]{3})+")
_AS_TEXT = "format the column as Text and type the id again as ADP shows it"
_WRITE_DAY = "write it as YYYY-MM-DD"


def shown(cell: Cell) -> str:
    """The cell for a person and on one line, never refused."""
    if isinstance(cell, BadCell):
        return cell.shown
    raw = _raw(cell)
    if not raw.isprintable():
        raw = "".join(
            " " if sign.isspace() or _kind(sign) == "Cc" else sign for sign in raw if _kind(sign) != "Cf"
        )
    return " ".join(raw.split())


def is_blank(cell: Cell) -> bool:
    """True where nothing stands in the cell, or nothing that can be seen."""
    return cell.covered if isinstance(cell, BadCell) else not shown(cell)


def text(cell: Cell) -> str:
    """A text on one line; odd spaces and invisible signs do not count, a lone dash is empty."""
    if isinstance(cell, BadCell):
        raise Unusable(cell.what, cell.mend)
    if isinstance(cell, _NO_TEXT):
        raise Unusable("is a date, a time or a yes/no where a text belongs", "type the text")
    found = _clean(_raw(cell))
    if found[:1] in _DASHES and set(found) <= _DASHES:
        return ""
    if found.startswith("#") and _EXCEL_ERROR.match(found):
        raise Unusable("is an Excel error", "type the value itself")
    if found.startswith(_FORMULA_STARTS):
        raise Unusable("looks like a formula", f"remove the {found[0]} at its beginning")
    return found


def plain_text(cell: Cell) -> str:
    """A text of a length that a name or a place can have."""
    found = text(cell)
    if len(found) > LONGEST_TEXT:
        raise Unusable(
            f"is longer than {LONGEST_TEXT} characters", "shorten it, or look whether the columns moved"
        )
    return found


def person_name(cell: Cell) -> str:
    """A name: it has letters, and they have not been garbled on the way."""
    found = plain_text(cell)
    if found and not any(sign.isalpha() for sign in found):
        raise Unusable("is no name", "write the name, or leave the cell empty")
    if (mended := _ungarbled(found)) != found:
        raise Unusable("has garbled letters", f"write {mended}, and save as CSV UTF-8")
    return found


def agent_id(cell: Cell) -> EmployeeId:
    """An employee id; a number counts where Excel can have kept every digit of it."""
    if isinstance(cell, _NO_TEXT):
        raise Unusable("was turned into a date, a time or a yes/no by Excel", _AS_TEXT)
    if isinstance(cell, float):
        return _id_of_number(cell)
    found = text(cell)
    if not found:
        raise Unusable("is empty", "fill in the employee id, or delete the row")
    if _SCIENTIFIC.fullmatch(found):
        raise Unusable("was shortened by Excel, and digits are lost", _AS_TEXT)
    if decimal := _WHOLE.fullmatch(found):
        found = decimal[1]
    if _AMOUNT.fullmatch(found):
        raise Unusable("is written as an amount", f"write {re.sub('[,. ]', '', found)}")
    return employee_id(found)


def day(cell: Cell, epoch: date) -> date | None:
    """A day: a date of Excel, its number, YYYY-MM-DD or MM/DD/YYYY; what reads in two ways is refused."""
    if cell is None:
        return None
    if isinstance(cell, float):
        return _day_of_number(cell, epoch)
    if isinstance(cell, date):
        return _in_years(cell)
    if isinstance(cell, (bool, time, timedelta)):
        raise Unusable("is no date", _WRITE_DAY)
    found = text(cell)
    if not found:
        return None
    if re.fullmatch("[0-9]{5}", found):
        return _day_of_number(float(found), epoch)
    return _in_years(_day_of_text(found))


def email(cell: Cell) -> str:
    """An e-mail address and nothing beside it."""
    found = text(cell)
    if not found or (len(found) <= LONGEST_EMAIL and is_full_address(found)):
        return found
    inside = [part for part in re.split(r"[\s<>();,:]+", found[:LONGEST_EMAIL]) if is_full_address(part)]
    mend = f"write {inside[0]} alone" if len(inside) == 1 else "correct it, or leave the cell empty"
    raise Unusable("is no e-mail address", mend)


def one_of(cell: Cell, known: Iterable[str] | None, what: str) -> str:
    """One of the site's own words, in the site's own spelling; any text where they are not given."""
    found = plain_text(cell)
    if not found or known is None:
        return found
    spelling = {word.casefold(): word for word in known}
    if found.casefold() in spelling:
        return spelling[found.casefold()]
    near = get_close_matches(found.casefold(), spelling, n=1)
    mend = (
        f"did you mean {spelling[near[0]]}"
        if near
        else f"write one of {', '.join(sorted(spelling.values()))}"
    )
    raise Unusable(f"is no known {what}", f"{mend}; a new {what} is added in the settings")


def _raw(cell: Value) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return _digits(cell)
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)


def _clean(raw: str) -> str:
    if raw.isascii() and raw.isprintable():
        return " ".join(raw.split())
    visible = "".join(sign for sign in raw if _kind(sign) != "Cf").strip()
    if _LINE_ENDS & set(visible):
        raise Unusable("has a line break", "put it on one line, one agent a row")
    if any(_kind(sign) in {"Cc", "Cs", "Cn"} and sign != "\t" for sign in visible):
        raise Unusable("has a control character", "type the value again")
    if "\ufffd" in visible:
        raise Unusable("has a letter that was lost on the way", "type it again, and save as CSV UTF-8")
    return " ".join(visible.split())


def _ungarbled(found: str) -> str:
    """The text as it was before UTF-8 was read as Windows-1252 (JosÃ© for José)."""
    if found.isascii():
        return found
    try:
        return found.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return found


def _digits(number: float) -> str:
    """A whole number as the spreadsheet shows it."""
    return str(int(number)).zfill(number.digits if isinstance(number, PaddedNumber) else 0)


def _id_of_number(number: float) -> EmployeeId:
    if number < 0 or not number.is_integer():
        raise Unusable("is no whole number", _AS_TEXT)
    digits = _digits(number)
    if len(digits) > EXACT_DIGITS:
        raise Unusable(f"has more than the {EXACT_DIGITS} digits that Excel can keep", _AS_TEXT)
    return employee_id(digits)


def _day_of_number(number: float, epoch: date) -> date:
    try:
        found = epoch + timedelta(days=int(number))
    except (OverflowError, ValueError):
        raise Unusable("is no date", _WRITE_DAY) from None
    if found.year not in YEARS:
        raise Unusable("is a number, and no date of this century", _WRITE_DAY)
    return found


def _day_of_text(found: str) -> date:
    if iso := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})([T ]00:00(:00(\.0+)?)?)?", found):
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    if american := re.fullmatch(
        r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})( 0?0:00(:00)?| 12:00(:00)? AM)?", found
    ):
        return _date(int(american[3]), int(american[1]), int(american[2]))
    if re.fullmatch(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}", found):
        raise Unusable("has a year of two digits", f"{_WRITE_DAY}, with the whole year")
    if re.fullmatch(r"[0-9]{1,2}[.-][0-9]{1,2}[.-][0-9]{4}", found):
        raise Unusable("can be read in two ways, the day first or the month first", _WRITE_DAY)
    for written in ("%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%Y/%m/%d", "%Y%m%d"):
        try:
            meant = datetime.strptime(found, written)  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
        raise Unusable("is not written as a date that is read here", f"write {meant:%Y-%m-%d}")
    raise Unusable("is no date", f"{_WRITE_DAY} or MM/DD/YYYY, or leave the cell empty")


def _date(year: int, month: int, day_of_month: int) -> date:
    try:
        return date(year, month, day_of_month)
    except ValueError:
        turned = f": the month comes first in MM/DD/YYYY, so {month} is no month" if month > 12 else ""  # noqa: PLR2004 - the months of a year
        raise Unusable(f"is a day that does not exist{turned}", _WRITE_DAY) from None


def _in_years(found: date) -> date:
    if found.year not in YEARS:
        raise Unusable(f"is in the year {found.year}", "correct the year")
    return date(found.year, found.month, found.day)
