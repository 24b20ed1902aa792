"""What lateness sets off: warnings, the letter, the ledger of heads, and whose minutes they are."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from dossiers.agencies.models import Capacity
from dossiers.core.db import Database
from dossiers.core.errors import BadInput, Conflict, NotAllowed
from dossiers.history import repository
from tests.support.office import COMMUNE, DESK, DIVISION, PROVINCE, TestOffice, after, definition
from workflows.commands import (
    AcknowledgeFault,
    CloseFault,
    CorrectFault,
    Decide,
    DraftApology,
    ExplainFault,
    FinishStep,
    Reappoint,
    Receive,
    ReturnApology,
    SignApology,
)

DUE = after(days=7, hours=10)
"""17:30 on Monday 9 March 2026: five working days after the start."""


@pytest.fixture
def office(database: Database) -> TestOffice:
    office = TestOffice(database)
    office.publish(definition(warnings=["2 working_day", "4 working_hour"]))
    return office


def at_division(office: TestOffice) -> UUID:
    dossier = office.register()
    office.do(dossier, FinishStep(task=1), "le", after(hours=1))
    office.do(dossier, Receive(task=2), "an", after(hours=2))
    return dossier


def finish(office: TestOffice, dossier: UUID, at: datetime) -> None:
    office.do(dossier, FinishStep(task=2), "an", at)
    office.do(dossier, Receive(task=3), "chu", at)
    office.do(dossier, Decide(task=3, outcome="dong_y"), "chu", at)


def test_the_promise_is_the_fifth_working_day_at_closing(office: TestOffice) -> None:
    assert office.state(office.register()).promises[1].due_at == DUE


def test_warnings_come_in_working_time_once_each(office: TestOffice) -> None:
    dossier = at_division(office)
    for at in (after(days=3), after(days=4), after(days=7, hours=6), after(days=7, hours=6, minutes=1)):
        office.sweep(at)
    state = office.state(dossier)
    assert {key: alert["due_at"] for key, alert in state.alerts.items() if "nearly" in key} == {
        "nearly_due:1:1": "2026-03-06T00:30:00.000000Z",
        "nearly_due:1:2": "2026-03-09T06:30:00.000000Z",
    }
    before = state.seq
    office.sweep(after(days=7, hours=6, minutes=2))
    assert office.state(dossier).seq == before


def test_a_file_not_acknowledged_in_time_is_noticed(office: TestOffice) -> None:
    dossier = office.register()
    office.do(dossier, FinishStep(task=1), "le", after(hours=1))
    office.sweep(after(hours=7))
    assert not office.state(dossier).alerts
    office.sweep(after(hours=7, minutes=1))
    assert office.state(dossier).alerts["not_acknowledged:1"]["agency"] == DIVISION


def test_the_last_minute_is_in_time_and_the_next_is_late(office: TestOffice) -> None:
    in_time, too_late = at_division(office), at_division(office)
    finish(office, in_time, DUE + timedelta(seconds=59))
    finish(office, too_late, DUE + timedelta(seconds=60))
    assert office.state(in_time).promises[1].status == "kept"
    assert office.state(too_late).promises[1].status == "broken"


def test_the_letter_is_asked_for_one_working_day_before_when_what_is_left_does_not_fit(
    office: TestOffice,
) -> None:
    dossier = at_division(office)
    office.sweep(after(days=4, hours=9, minutes=59))
    assert not office.state(dossier).apologies
    office.sweep(after(days=7, hours=0))
    state = office.state(dossier)
    letter = state.apologies[1]
    assert (letter.promise, letter.agency, letter.because, letter.sign_by) == (1, DIVISION, "unfit", DUE)
    assert not state.faults


def test_what_still_fits_asks_for_no_letter(office: TestOffice) -> None:
    dossier = at_division(office)
    office.do(dossier, FinishStep(task=2), "an", after(days=3))
    office.do(dossier, Receive(task=3), "chu", after(days=3))
    office.sweep(after(days=7, hours=9))
    assert not office.state(dossier).apologies


def test_the_head_sends_a_proposal_back_with_the_reason(office: TestOffice) -> None:
    dossier = at_division(office)
    office.sweep(after(days=7))
    back = ReturnApology(apology=1, reason="Nêu rõ vì sao chậm")
    with pytest.raises(Conflict, match="chưa có bản soạn"):
        office.do(dossier, back, "binh", after(days=7, hours=1))
    office.do(dossier, DraftApology(apology=1, reason="Bận"), "an", after(days=7, hours=1))
    with pytest.raises(NotAllowed):
        office.do(dossier, back, "an", after(days=7, hours=2))
    office.do(dossier, back, "binh", after(days=7, hours=2))
    letter = office.state(dossier).apologies[1]
    assert (letter.reason, letter.new_due_at, letter.is_open) == (None, None, True)
    with pytest.raises(BadInput):
        office.do(dossier, SignApology(apology=1), "binh", after(days=7, hours=3))
    office.assert_proven()


def test_the_head_signs_and_gives_the_one_new_date(office: TestOffice) -> None:
    dossier = at_division(office)
    office.sweep(after(days=7))
    new_date = after(days=9, hours=10)
    office.do(
        dossier,
        DraftApology(apology=1, reason="Chờ đo đạc", new_due_at=new_date),
        "an",
        after(days=7, hours=1),
    )
    with pytest.raises(NotAllowed):
        office.do(dossier, SignApology(apology=1), "an", after(days=7, hours=1))
    office.do(dossier, SignApology(apology=1), "binh", after(days=7, hours=2))
    state = office.state(dossier)
    again = state.promises[2]
    assert (again.kind, again.due_at, again.supersedes, again.judged) == (
        "reappointment",
        new_date,
        1,
        False,
    )
    assert state.current_promise() is again
    assert state.judged_promise() is state.promises[1]
    office.sweep(DUE + timedelta(minutes=1))
    finish(office, dossier, after(days=8))
    state = office.state(dossier)
    # Reports judge by the first appointment: late, though the second was kept.
    assert (state.promises[1].status, state.promises[2].status) == ("broken", "kept")
    assert len(state.apologies) == 1
    office.assert_proven()


@pytest.mark.parametrize(
    ("new_date", "code"),
    [
        (after(days=6), "new_date_too_early"),
        (after(days=8, hours=5), "new_date_outside_hours"),
        (after(days=12, hours=1), "new_date_outside_hours"),
    ],
)
def test_the_calendar_guards_the_new_date(office: TestOffice, new_date: datetime, code: str) -> None:
    dossier = at_division(office)
    office.sweep(after(days=7))
    with pytest.raises(BadInput) as refusal:
        office.do(dossier, SignApology(apology=1, reason="Chậm", new_due_at=new_date), "binh", after(days=7))
    assert refusal.value.code == code


def test_the_law_allows_one_re_appointment_and_its_break_is_a_fault_of_its_own(office: TestOffice) -> None:
    dossier = at_division(office)
    office.do(
        dossier, Reappoint(reason="Đông hồ sơ", new_due_at=after(days=8, hours=10)), "binh", after(days=5)
    )
    office.sweep(after(days=9))
    state = office.state(dossier)
    assert [(fault.kind, fault.promise) for fault in state.faults.values()] == [
        ("late", 1),
        ("broken_reappointment", 2),
    ]
    assert state.apologies[2].can_reappoint is False
    with pytest.raises(Conflict) as refusal:
        office.do(
            dossier, SignApology(apology=2, reason="Chậm", new_due_at=after(days=15)), "binh", after(days=9)
        )
    assert refusal.value.code == "reappointed_already"
    office.do(dossier, SignApology(apology=2, reason="Vẫn chậm"), "binh", after(days=9))
    finish(office, dossier, after(days=10))
    office.assert_proven()


def test_an_unsigned_letter_past_the_appointment_is_a_second_fault_and_goes_up_the_line(
    office: TestOffice,
) -> None:
    dossier = at_division(office)
    office.sweep(after(days=7))
    office.sweep(after(days=8))
    faults = office.state(dossier).faults
    assert [(f.kind, f.agency, f.head, f.up_agency, f.up_head) for f in faults.values()] == [
        ("late", DIVISION, "binh", COMMUNE, "chu"),
        ("unsigned_apology", DIVISION, "binh", COMMUNE, "chu"),
    ]


def test_the_head_in_office_at_that_instant_answers_and_a_change_does_not_rewrite_it(
    office: TestOffice,
) -> None:
    dossier = at_division(office)
    office.appoint(DIVISION, "hoa", after(days=7, hours=9), Capacity.ACTING)
    office.sweep(after(days=8))
    office.appoint(DIVISION, None, after(days=9))
    later = at_division(office)
    late = office.state(dossier).faults[1]
    assert (late.head, late.capacity) == ("hoa", "acting")
    office.sweep(after(days=12))
    assert office.state(dossier).faults[1].head == "hoa"
    vacant = office.state(later).faults[1]
    assert (vacant.head, vacant.capacity, vacant.up_head) == ("hoa", "acting", "chu")


def test_a_vacant_post_is_recorded_as_vacant_and_the_superior_named(office: TestOffice) -> None:
    office.appoint(DIVISION, None, after(days=1))
    dossier = at_division_late(office)
    office.sweep(after(days=11))
    fault = office.state(dossier).faults[1]
    assert (fault.head, fault.capacity, fault.up_agency, fault.up_head) == (None, "vacant", COMMUNE, "chu")


def at_division_late(office: TestOffice) -> UUID:
    start = after(days=2)
    dossier = office.register(at=start)
    office.do(dossier, FinishStep(task=1), "le", start + timedelta(hours=1))
    office.do(dossier, Receive(task=2), "an", start + timedelta(hours=2))
    return dossier


def test_the_minutes_are_split_among_those_who_overran_and_add_up(office: TestOffice) -> None:
    dossier = at_division(office)
    office.sweep(after(days=7, hours=10, minutes=1))
    office.do(dossier, FinishStep(task=2), "an", after(days=8, hours=2))
    office.do(dossier, Receive(task=3), "chu", after(days=8, hours=2))
    office.do(dossier, Decide(task=3, outcome="dong_y"), "chu", after(days=9, hours=4))
    state = office.state(dossier)
    promise = state.promises[1]
    assert promise.late_minutes == 480 + 240
    # The promise held 720 minutes more than the steps, and the desk saved 180 of its 240: 900 to draw on.
    # The division took 2940 minutes over an allotment of 1440: 1500 less 900. The committee 600 over 480.
    shares = {share["agency"]: share["minutes"] for share in promise.shares}
    assert shares == {DIVISION: 600, COMMUNE: 120}
    assert {(f.agency, f.minutes) for f in state.faults.values() if f.kind == "late"} == set(shares.items())
    office.assert_proven()


def test_the_one_who_held_the_file_too_long_answers_not_the_one_who_got_it_last(office: TestOffice) -> None:
    dossier = at_division(office)
    office.do(dossier, FinishStep(task=2), "an", DUE - timedelta(hours=1))
    office.do(dossier, Receive(task=3), "chu", DUE - timedelta(minutes=30))
    office.sweep(after(days=8))
    state = office.state(dossier)
    assert state.apologies[1].agency == DIVISION
    assert state.apologies[1].holder in (DIVISION, COMMUNE)
    office.do(dossier, Decide(task=3, outcome="dong_y"), "chu", after(days=8, hours=2))
    shares = office.state(dossier).promises[1].shares
    assert [share["agency"] for share in shares] == [DIVISION]


def test_the_ledger_is_explained_acknowledged_corrected_and_closed_by_new_entries(office: TestOffice) -> None:
    dossier = at_division(office)
    office.sweep(after(days=8))
    with pytest.raises(Conflict) as refusal:
        office.do(dossier, CloseFault(fault=1, text="Xong"), "chu", after(days=8))
    assert refusal.value.code == "not_settled"
    finish(office, dossier, after(days=8, hours=1))
    office.do(dossier, ExplainFault(fault=1, text="Nghỉ ốm"), "binh", after(days=9))
    office.do(dossier, AcknowledgeFault(fault=1), "binh", after(days=9))
    with pytest.raises(NotAllowed):
        office.do(dossier, CloseFault(fault=1, text="Xong"), "binh", after(days=9))
    office.do(dossier, CorrectFault(fault=1, minutes=30, text="Mất điện"), "chu", after(days=9))
    office.do(dossier, CloseFault(fault=1, text="Đã rút kinh nghiệm"), "chu", after(days=10))
    fault = office.state(dossier).faults[1]
    assert [entry.kind for entry in fault.entries] == [
        "opened",
        "settled",
        "explained",
        "acknowledged",
        "corrected",
        "closed",
    ]
    assert fault.minutes == 30
    office.assert_proven()


def test_a_dossier_late_while_nobody_looked_is_dealt_with_by_the_next_command(office: TestOffice) -> None:
    dossier = at_division(office)
    events = office.do(dossier, FinishStep(task=2), "an", after(days=10))
    assert events.index("promise:broken") < events.index("step:finished")
    with office.database.reading() as connection:
        links = repository.links_of(connection, dossier)
    broken = next(link.event for link in links if link.event.kind == "promise:broken")
    assert broken.actor == "system"


def test_a_vacancy_above_is_passed_over(office: TestOffice) -> None:
    office.appoint(COMMUNE, None, after(days=1))
    dossier = at_division(office)
    office.sweep(after(days=8))
    fault = office.state(dossier).faults[1]
    assert (fault.up_agency, fault.up_head) == (PROVINCE, "tinh")


def test_the_desk_that_causes_it_answers_too(office: TestOffice) -> None:
    dossier = office.register()
    office.sweep(after(days=8))
    fault = office.state(dossier).faults[1]
    assert (fault.agency, fault.head, fault.capacity) == (DESK, None, "vacant")
