"""Which Home Department is meant (guide: "select the one that says Contact Center for that campaign")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rpa.domain.errors import RuleRefused

INACTIVE = "inactive"
MOST_CANDIDATES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """One entry of ADP's look-up, by its full text."""

    label: str
    is_active: bool = True

    def __str__(self) -> str:
        marked = self.is_active or INACTIVE in _words(self.label)
        return self.label if marked else f"{self.label} ({INACTIVE})"


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentRules:
    """The site's data: its sites, the department code of each campaign, and what production is called.

    `pattern` is for a site that writes its departments otherwise: a regular expression for the whole entry,
    in which {site}, {code} and {campaign} stand for the agent's own.
    """

    sites: frozenset[str]
    codes: Mapping[str, str]
    words: str = "Contact Center"
    pattern: str = ""

    def site(self, given: str) -> str:
        """The site that is meant, whatever the case of its letters; RuleRefused where there is none."""
        return _known(given, self.sites, "site", "column `site`")

    def campaign(self, given: str) -> str:
        """The campaign that is meant, likewise."""
        return _known(given, self.codes, "campaign", "column `campaign`")

    def is_production(self, entry: str) -> bool:
        """Whether a department is one of production: by the site's pattern, or by the words in its name."""
        if self.pattern:
            return any(
                pattern_for(self.pattern, site=site, code=code, campaign=campaign).fullmatch(entry)
                for site in self.sites
                for campaign, code in self.codes.items()
            )
        return _holds(_words(entry), _words(self.words))


def find_department(
    offered: Sequence[Department], site: str, campaign: str, rules: DepartmentRules
) -> Department:
    """The one active entry with the site, the campaign's code and the words, each as whole words.

    Nothing else may be in its name, and no other entry may have been the right one before it became inactive.
    Where the site has a pattern, it is the one active entry of that pattern.
    RuleRefused, naming the candidates, where there is none or there are several: never a guess.
    """
    code = rules.codes[campaign]
    meant = [one for one in offered if _is_meant(one.label, site, campaign, rules)]
    found = [one for one in meant if _is_active(one)]
    doubt = _doubt(found[0], meant, site, campaign, rules) if len(found) == 1 else ""
    if len(found) == 1 and not doubt:
        return found[0]
    said = f"of the pattern {rules.pattern!r}" if rules.pattern else f"and the words {rules.words!r}"
    wanted = f"with {site}, the code {code} ({campaign}) {said}"
    if doubt:
        raise RuleRefused(f"of ADP's Home Departments {wanted} {doubt}; it offers {_told(meant)}")
    if found:
        raise RuleRefused(f"ADP offers {len(found)} Home Departments {wanted}: {_told(found)}")
    near = meant or [one for one in offered if _is_near(one.label, site, code, rules)] or offered
    raise RuleRefused(f"ADP offers no active Home Department {wanted}; it offers {_told(near)}")


def pattern_for(pattern: str, **meant: str) -> re.Pattern[str]:
    """The site's pattern with these in place of their names in braces; re.error where it is none."""
    for name, value in meant.items():
        pattern = pattern.replace(f"{{{name}}}", re.escape(value))
    return re.compile(pattern, re.IGNORECASE)


def _is_meant(label: str, site: str, campaign: str, rules: DepartmentRules) -> bool:
    code = rules.codes[campaign]
    if rules.pattern:
        meant = pattern_for(rules.pattern, site=site, code=code, campaign=campaign)
        return meant.fullmatch(label) is not None
    words = _words(label)
    others = [name for name in rules.codes if name != campaign]
    begins_with_another_code = words[:1] != [code.casefold()] and words[:1] != [] and words[0][0].isdigit()
    names_another_campaign = any(_holds(words, _words(other)) for other in others)
    return (
        site.casefold() in words
        and code.casefold() in words
        and _holds(words, _words(rules.words))
        and not begins_with_another_code
        and not names_another_campaign
    )


def _doubt(
    found: Department, meant: Sequence[Department], site: str, campaign: str, rules: DepartmentRules
) -> str:
    """Why the only active candidate may not be the one: a twin in all but a word is easily taken for it."""
    if rules.pattern:
        return ""
    named = " ".join((site, rules.codes[campaign], campaign, rules.words))
    if extra := [word for word in _words(found.label) if word not in _words(named)]:
        return f"the only active one says {' '.join(extra)!r} besides"
    gone = [one for one in meant if not _is_active(one)]
    if any(_bare(one.label) != _bare(found.label) for one in gone):
        return "one that is written otherwise is inactive"
    return ""


def _bare(label: str) -> list[str]:
    return [word for word in _words(label) if word != INACTIVE]


def _is_near(label: str, site: str, code: str, rules: DepartmentRules) -> bool:
    words = _words(label)
    return site.casefold() in words and (code.casefold() in words or rules.is_production(label))


def _is_active(one: Department) -> bool:
    return one.is_active and INACTIVE not in _words(one.label)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _holds(words: Sequence[str], phrase: Sequence[str]) -> bool:
    """Whether the words of the phrase stand there side by side."""
    size = len(phrase)
    return any(words[at : at + size] == phrase for at in range(len(words) - size + 1))


def _told(entries: Sequence[Department]) -> str:
    told = "; ".join(str(one) for one in entries[:MOST_CANDIDATES])
    more = len(entries) - MOST_CANDIDATES
    return f"{told}; and {more} more" if more > 0 else told or "nothing at all"


def _known(given: str, known: Iterable[str], what: str, where: str) -> str:
    if not given:
        raise RuleRefused(f"neither the file nor the tracker names the {what}; fill {where}")
    names = {name.casefold(): name for name in known}
    if given.casefold() not in names:
        raise RuleRefused(f"{given!r} is no known {what}: {', '.join(sorted(names.values()))}")
    return names[given.casefold()]
