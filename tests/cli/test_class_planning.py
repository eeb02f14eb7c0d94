"""A class planned and sent again and again: nothing is lost, hidden or sent by mistake. In one process."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from rpa.cli import main
from rpa.cli.office import Office
from rpa.cli.training_desk import TrainingDesk
from rpa.domain.agents import Agent, EmployeeId
from rpa.engine.outbox import MailState
from rpa.engine.tables import outbox
from rpa.settings import load_settings
from tests.command import Told
from tests.conftest import TODAY

JOIN = "https://g2t.example.com/join"
HEAD = "employee id,name,site,campaign,cxp email,personal email"
ANN = '1001,"Ash, Ann",MEM,Aetna,ann@example.invalid,ann.home@example.com'
BOB = '1002,"Bo, Bob",MEM,Aetna,bob@example.invalid,'
CAT = '1003,"Cho, Cat",SLC,Aetna,cat@example.invalid,'
SWAPPED = '1001,"Ash, Ann",MEM,Aetna,ann.home@example.com,ann@example.invalid'
START = ("--start", "2026-12-07")


class Here:
    """`rpa` in this process, with a state folder of its own and no portals."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._patch = patch
        self._capsys = capsys
        patch.chdir(folder)
        self.set(RPA_STATE_DIR=str(folder / "state"), RPA_TODAY=TODAY)

    def set(self, **variables: str) -> None:
        """Settings, from the next command on."""
        for name, value in variables.items():
            self._patch.setenv(name, value)

    def __call__(self, *words: str | Path, may_crash: bool = False) -> Told:
        """Run one command to its end."""
        self._patch.setattr("sys.argv", ["rpa", *map(str, words)])
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = self._capsys.readouterr()
        assert may_crash or "The software failed" not in said.err, said.err
        return Told(int(ended.value.code or 0), said.out, said.err)

    def plan(self, *rows: str, options: Iterable[str] = START, name: str = "c") -> Told:
        """Plan a class of these rows."""
        path = self.folder / f"{name}.csv"
        path.write_text("\n".join((HEAD, *rows)), encoding="utf-8")
        return self("trainings", "plan", path, *options, "--json")

    def link(self, session: str, url: str = "") -> Told:
        """Enter the link of a session of the class."""
        return self("trainings", "link", f"c/{session}", url or f"{JOIN}/{session}", "--json")

    def send(self, *options: str) -> Told:
        """Send what has changed in the class."""
        return self("trainings", "send", "c", *options, "--json")

    def todo(self) -> dict[str, Any]:
        """What is to be done."""
        return self("trainings", "todo", "--json").json

    def letters_become(self, state: MailState) -> None:
        """What a mail server would have made of every letter."""
        journal = Office(load_settings()).journal
        with journal.transaction() as connection:
            connection.execute(update(outbox).values(state=state.value, sentence="it said so"))
        journal.engine.dispose()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(tmp_path, monkeypatch, capsys)


def kinds(told: Told) -> list[str]:
    """The kinds of conflicts, holidays left out."""
    return [one["kind"] for one in told.json["conflicts"] if one["kind"] != "holiday"]


def test_link_of_other_days_is_not_sent(here: Here) -> None:
    """After the class was moved its link is told as stale, the calendars stay, and a new link mends it."""
    here.plan(ANN)
    here.link("onboarding")
    assert len(here.send().json["invites"]) == 4
    moved = here.plan(ANN, options=("--start", "2026-12-09"))
    assert kinds(moved) == ["old link"]
    room = here.todo()["rooms"][0]
    assert (room["session"], room["link_made_for"]) == ("c/onboarding", ["2026-12-07", "2026-12-08"])
    sent = here.send("--yes")
    assert (sent.code, sent.json["invites"]) == (1, [])
    assert "c/onboarding" in sent.json["without_link"]
    assert "the link was made for other days: c/onboarding" in sent.err
    here.link("onboarding", f"{JOIN}/new")
    assert {one["invite"] for one in here.send("--yes").json["invites"]} == {"update"}


def test_who_leaves_while_a_link_is_stale_is_told_so(here: Here) -> None:
    """A session that waits for its link keeps the event of those who are still in the class alone."""
    here.plan(ANN, BOB)
    here.link("onboarding")
    here.send()
    here.plan(ANN, options=("--start", "2026-12-09"))
    told = here.send("--yes").json["invites"]
    assert [(one["to"], one["invite"]) for one in told] == [("1002 cxp", "cancelled")]


def test_what_was_not_sent_is_in_todo_and_show(here: Here) -> None:
    """From the link on until the invites are sent, and again after a change; overdue it stands in the way."""
    here.plan(ANN)
    assert here.todo()["unsent"] == []
    here.link("onboarding")
    (unsent,) = here.todo()["unsent"]
    assert unsent["what"] == "4 invites not sent, due Wed 2 Dec 2026: rpa trainings send c"
    (shown,) = here("trainings", "show", "--json").json["classes"]
    assert "not sent" in [one["kind"] for one in shown["conflicts"]]
    here.set(RPA_TODAY="2026-12-03")
    assert "4 invites not sent" in here("trainings", "todo").out
    late = here.plan(ANN)
    assert (late.code, kinds(late)[0]) == (1, "deadline past")
    here.send()
    assert here.todo()["unsent"] == []


@pytest.mark.parametrize(
    ("state", "code", "mend"),
    [
        (MailState.REFUSED, 1, "rpa outbox send "),
        (MailState.UNKNOWN, 6, "rpa outbox settle "),
        (MailState.QUEUED, 1, "written"),  # the next round sends it
        (MailState.DISCARDED, 1, ""),
        (MailState.SENT, 1, ""),
    ],
)
def test_invites_that_did_not_leave_are_told_by_every_sending(
    here: Here, state: MailState, code: int, mend: str
) -> None:
    """The second sending has nothing new, and says what became of the first one's mails all the same."""
    here.plan(ANN)
    here.link("onboarding")
    first = here.send()
    assert {one["state"] for one in first.json["invites"]} == {"written"}
    here.letters_become(state)
    second = here.send()
    assert (second.code, second.json["invites"]) == (code, [])
    open_ones = 4 if state in {MailState.REFUSED, MailState.UNKNOWN} else 0
    assert len(second.json["earlier"]) == open_ones
    assert second.json["sent"] is (open_ones == 0)
    assert mend in second.err or state is MailState.QUEUED


def test_row_that_cannot_be_read_takes_nobody_out(here: Here) -> None:
    """A site that was mistyped keeps the agent as planned before; sending has nothing to cancel."""
    here.plan(ANN, BOB)
    here.link("onboarding")
    here.send()
    typo = here.plan(ANN, BOB.replace("MEM", "MMM"))
    assert (typo.code, typo.json["kept"], typo.json["agents"]) == (1, ["1002"], 2)
    assert "these stay in the class: 1002" in typo.err
    assert here.send().json["invites"] == []
    left = here.plan(ANN)
    assert (left.json["kept"], left.json["changed"]) == ([], ["No longer in the class: 1002."])


def test_calendars_are_changed_only_when_that_is_confirmed(here: Here) -> None:
    """First invites go out; updates and cancellations are counted and named, and need a yes."""
    here.plan(ANN, BOB)
    here.link("onboarding")
    assert len(here.send().json["invites"]) == 5
    here.plan(BOB, CAT)
    refused = here.send()
    assert refused.code == 2
    assert "To send: 1 invite, 2 cancellations. Cancelled for 1001 cxp, 1001 personal." in refused.err
    assert len(here.todo()["unsent"]) == 1
    assert len(here.send("--out", "looked-at").json["invites"]) == 3
    done = here.send("--yes")
    assert {(one["to"], one["invite"]) for one in done.json["invites"]} == {
        ("1003 cxp", "invite"),
        ("1001 cxp", "cancelled"),
        ("1001 personal", "cancelled"),
    }


def test_fixed_days_are_kept_until_they_are_given_up(here: Here) -> None:
    """Planning again without --fix moves no session; an empty day lets it follow on again."""
    first = here.plan(ANN, options=(*START, "--fix", "call-cert=2027-01-11"))
    again = here.plan(ANN)
    assert again.json["sessions"] == first.json["sessions"]
    assert (again.json["fixed"], again.json["changed"]) == ({"call-cert": "2027-01-11"}, [])
    assert "Kept from the plan before: --fix call-cert=2027-01-11." in again.err
    free = here.plan(ANN, options=(*START, "--fix", "call-cert="))
    assert free.json["fixed"] == {}
    assert re.search(r"c/call-cert moves to .*; it was Mon 11 Jan 2027", " ".join(free.json["changed"]))


def test_one_more_agent_shifts_nobody_s_clocks(here: Here) -> None:
    """The first plan goes by most agents, the next ones by the plan before, unless told otherwise."""
    assert here.plan(ANN, BOB, CAT).json["time_zone"] == "America/Chicago"
    again = here.plan(ANN, CAT, CAT.replace("1003", "1004"))
    assert again.json["time_zone"] == "America/Chicago"
    assert "Hours stay those of America/Chicago, though most agents go by America/Denver" in again.err
    told = here.plan(ANN, options=(*START, "--time-zone", "America/Denver"))
    assert told.json["time_zone"] == "America/Denver"
    assert here.plan(ANN, options=(*START, "--time-zone", "Denver")).code == 2


@pytest.mark.parametrize(
    ("change", "sent"),
    [
        ((ANN.replace("MEM", "SLC"), BOB), []),  # another site
        ((ANN.replace("1001", "7001"), BOB), []),  # a corrected id
        ((ANN, BOB + "ann.home@example.com"), []),  # a shared address
        ((SWAPPED, BOB), []),
        ((ANN, BOB.replace("MEM", "nowhere")), []),  # an invalid row
        ((ANN.replace("Ash, Ann", "Ash, Anna"), BOB), ["1001 cxp", "1001 personal"]),
    ],
)
def test_changed_roster_changes_only_what_it_must(
    here: Here, change: tuple[str, ...], sent: list[str]
) -> None:
    """Only whom the change concerns hears of it, and by an update of the same event."""
    here.plan(ANN, BOB)
    here.link("onboarding")
    here.send()
    here.plan(*change)
    told = here.send("--yes").json["invites"]
    assert [(one["to"], one["invite"], one["sequence"]) for one in told] == [
        (who, "update", 1) for who in sent
    ]


def test_swapped_arguments_tell_no_link(here: Here) -> None:
    """Whichever of the two is the link, it is said by nobody."""
    here.plan(ANN)
    secret = f"{JOIN}/c4n4ry-swapped?key=1"
    told = here("trainings", "link", secret, "c/onboarding")
    assert told.code == 2
    assert "c4n4ry" not in told.out + told.err
    assert "Sessions are: c/ahip-aetna" in told.err


def test_crash_while_a_link_is_known_tells_no_link(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """The details go to the log, and the link is in none of them."""
    here.plan(ANN)
    secret = f"{JOIN}/c4n4ry-crash"
    here.link("onboarding", secret)

    def crash(_desk: TrainingDesk, _versions: object) -> None:
        raise RuntimeError(f"with {secret} and {secret!r} in it")

    monkeypatch.setattr(TrainingDesk, "send", crash)
    told = here("trainings", "send", "c", "--json", may_crash=True)
    log = (here.folder / "state" / "logs" / "rpa.jsonl").read_text(encoding="utf-8")
    assert (told.code, "RuntimeError" in log) == (1, True)
    assert "c4n4ry" not in told.out + told.err + log


def test_start_link_and_a_link_twice(here: Here) -> None:
    """The organizer's own link is refused; one link for two rooms is asked about."""
    here.plan(ANN)
    for url in (f"{JOIN}ings/1234/start", f"{JOIN}/start?x=1", f"{JOIN}/START/"):
        told = here.link("onboarding", url)
        assert (told.code, "start link" in told.err) == (2, True)
    assert here.link("onboarding", f"{JOIN}/restart-1").code == 0
    twice = here.link("training", f"{JOIN}/restart-1")
    assert (twice.code, twice.json["same_as"]) == (0, ["c/onboarding"])


@pytest.mark.parametrize("start", ["2025-12-07", "2030-12-07"])
def test_year_that_was_mistyped_is_refused(here: Here, start: str) -> None:
    """Nothing is planned that is over, nor what lies beyond the known holidays."""
    assert here.plan(ANN, options=("--start", start)).code == 2
    assert here("trainings", "show", "--json").json["classes"] == []


def test_class_that_has_begun_is_planned_with_a_word(here: Here) -> None:
    """It may be meant; the way back is named."""
    told = here.plan(ANN, options=("--start", "2026-11-16"))
    assert "The class has begun on Mon 16 Nov 2026" in told.err
    assert "rpa trainings cancel c" in told.err


def test_class_that_was_cancelled_can_come_again(here: Here) -> None:
    """Every invite is taken back once, and sent anew as a newer version of the same event."""
    numbers = []
    for _ in range(2):
        here.plan(ANN)
        here.link("onboarding")
        numbers += [one["sequence"] for one in here.send("--yes").json["invites"]]
        assert here("trainings", "cancel", "c").code == 2
        told = here("trainings", "cancel", "c", "--yes", "--json")
        assert (told.code, {one["invite"] for one in told.json["invites"]}) == (0, {"cancelled"})
        assert here("trainings", "show", "--json").json["classes"] == []
    assert numbers == [0] * 4 + [2] * 4


def test_renamed_file_is_told_as_maybe_the_same_class(here: Here) -> None:
    """The same agents in another class: which one, and both ways out."""
    here.plan(ANN, BOB)
    told = here.plan(ANN, BOB, CAT, name="c-final")
    assert told.json["also_in"] == {"c": ["1001", "1002"]}
    assert "2 of these agents are also in class c" in told.err


def test_class_that_is_over_is_shown_by_name_alone(here: Here) -> None:
    """It leaves the list and the picture, and can still be looked at."""
    here.plan(ANN)
    here.set(RPA_TODAY="2027-03-01")
    listed = here("trainings", "show", "--json")
    assert (listed.json["classes"], "by name alone: c" in listed.err) == ([], True)
    assert len(here("trainings", "show", "c", "--json").json["classes"]) == 1


def test_out_writes_private_files_and_says_no_address(here: Here) -> None:
    """One address that is none keeps no other invite back, and is told as whose it is."""
    here.plan(ANN, BOB)
    here.link("onboarding")
    desk = TrainingDesk(Office(load_settings()))
    broken = Agent(
        employee_id=EmployeeId("1000"), row=2, cxp_email="evil@example.invalid, c4n4ry@example.com"
    )
    desk.store.keep(desk.store.plan("c"), (broken, *desk.store.roster("c")))
    desk.office.journal.engine.dispose()
    told = here.send("--out", "looked-at")
    assert (told.code, "c4n4ry" in told.out + told.err) == (1, False)
    assert "Not written, as the address is none: 1000 cxp" in told.err
    files = list((here.folder / "looked-at").iterdir())
    assert sorted(path.suffix for path in files) == [".eml"] * 5 + [".ics"] * 5
    assert {path.stat().st_mode & 0o077 for path in files} == {0}


def test_address_that_the_class_file_takes_can_be_written_to(here: Here) -> None:
    """One rule for both: what is no address is told when the file is read."""
    odd = here.plan(ANN.replace("ann.home@", "o#brien{1}@"), BOB.replace("bob@", "b\u00f6b@"))
    assert odd.json["agents"] == 1
    assert "is no e-mail address" in odd.err
    here.link("onboarding")
    assert {one["state"] for one in here.send().json["invites"]} == {"written"}


def test_files_of_the_outbox_have_names_to_find_them_by(here: Here) -> None:
    """Kind, session and number, and nobody's name or address."""
    here.plan(ANN)
    here.link("onboarding")
    here.send()
    names = sorted(path.name for path in (here.folder / "state" / "outbox").iterdir())
    assert [re.sub(r"-[0-9a-f]{16}\.eml$", "", name) for name in names] == [
        f"{number}-invite-Onboarding-c" for number in (1, 2, 3, 4)
    ]


def test_leaders_of_two_teams_and_of_two_seasons(here: Here) -> None:
    """Who leads two teams gets one mail; another season leaves the first one's meeting alone."""
    leaders = {"A": "lead@example.invalid", "B": "Lead@example.invalid", "C": "other@example.invalid"}
    here.set(RPA_TEAMS__LEADERS=json.dumps(leaders), RPA_TEAMS__SEASON="2027-02-08")
    assert here.todo()["meeting"].endswith("on Mon 1 Feb 2027: rpa trainings meeting --season 2027-02-08")

    def meeting(season: str, *options: str) -> Told:
        return here("trainings", "meeting", "--season", season, *options, "--json")

    first = meeting("2027-02-08")
    assert [one["to"] for one in first.json["invites"]] == ["leader of A and B", "leader of C"]
    assert here.todo()["meeting"] == ""
    second = meeting("2027-08-09")
    assert {one["invite"] for one in second.json["invites"]} == {"invite"}
    over = meeting("2026-11-24")
    assert (over.code, "would meet on" in over.err) == (2, True)
    assert meeting("2077-02-08").code == 2
    assert meeting("2027-02-08", "--cancel").code == 2
    # Whatever is set by now, whoever has it in the calendar is told.
    here.set(RPA_TEAMS__LEADERS="{}", RPA_TEAMS__MEETING_DAYS_AHEAD="60")
    off = meeting("2027-02-08", "--cancel", "--yes")
    assert [one["invite"] for one in off.json["invites"]] == ["cancelled", "cancelled"]
    assert meeting("2027-02-08", "--cancel", "--yes").code == 2
    here.set(RPA_TEAMS__LEADERS=json.dumps(leaders), RPA_TEAMS__MEETING_DAYS_AHEAD="5")
    assert here.todo()["meeting"] != ""


def test_a_class_whose_key_is_lost_is_forgotten_and_planned_anew(here: Here) -> None:
    """Without the key nothing sealed can be read; the way out works, and says what it leaves."""
    here.plan(ANN)
    here.link("onboarding")
    here.send()
    (here.folder / "state" / "links.key").unlink()
    again = here.plan(ANN)
    assert (again.code, "rpa trainings cancel" in again.err) == (2, True)
    assert here("trainings", "cancel", "c").code == 2
    gone = here("trainings", "cancel", "c", "--yes")
    assert (gone.code, "Tell its people yourself" in gone.err) == (1, True)
    assert here.plan(ANN).code == 0
    assert here.link("onboarding").code == 0
    outbox = here.folder / "state" / "outbox"
    before = len(list(outbox.iterdir()))
    sent = here.send("--yes")
    assert {one["invite"] for one in sent.json["invites"]} == {"update"}, sent.err
    assert len(list(outbox.iterdir())) == before + 4


def mentors_of(here: Here, rows: str, **settings: str) -> Told:
    """The mentors of the class, by a list of these rows."""
    (here.folder / "mentors.csv").write_text(f"employee id,site,campaign,trusted,agents\n{rows}\n", "utf-8")
    here.set(RPA_MENTORS__FILE="mentors.csv", **settings)
    return here("mentors", here.folder / "c.csv", "--json")


def test_candidates_are_listed_with_their_agents(here: Here) -> None:
    """Who can mentor, how many each has with this class, and how many more; in the site's own spelling."""
    here.plan(ANN, BOB)
    told = mentors_of(here, "9001,mem,AETNA,yes,1\n9002,MEM,Aetna,yes,0\n9003,MEM,Atena,yes,0")
    assert [(one["employee_id"], one["agents"], one["places"]) for one in told.json["candidates"]] == [
        ("9001", 2, 0),
        ("9002", 1, 1),
    ]
    assert "did you mean Aetna" in told.err
    assert "has 2 agents" in here("mentors", here.folder / "c.csv").out


def test_agents_of_the_list_are_added_to_those_assigned(here: Here) -> None:
    """`agents` counts whom the software did not assign; who counts them twice is told why nobody is free."""
    here.plan(ANN, BOB)
    assert mentors_of(here, "9001,MEM,Aetna,yes,0").code == 0
    twice = mentors_of(here, "9001,MEM,Aetna,yes,2")
    assert (twice.code, "counts only those whom the software did not assign" in twice.err) == (1, True)


def test_mentors_get_their_places_back(here: Here) -> None:
    """Who has finished by the tracker, or is transferred, needs nobody any more."""
    here.plan(ANN, BOB)
    assert mentors_of(here, "9001,MEM,Aetna,yes,0").code == 0
    here.plan(ANN.replace("1001", "1005"), name="next")
    assert here("mentors", here.folder / "next.csv").code == 1
    (here.folder / "tracker.csv").write_text(
        "Employee ID,Call Shadowing,Transfer to Production\n1001,2026-11-20,\n1002,,2026-11-20\n", "utf-8"
    )
    here.set(RPA_TRACKER__FILE="tracker.csv")
    told = here("mentors", here.folder / "next.csv", "--json")
    assert (told.code, told.json["candidates"][0]["agents"]) == (0, 1)
