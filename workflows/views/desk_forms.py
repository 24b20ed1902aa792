"""What the desk hands out: receipt (01), supplement request (02), refusal (03), stop notice (05)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from dossiers.agencies.directory import Agency, Directory
from dossiers.core.errors import Conflict, NotFound
from dossiers.core.said import Said
from dossiers.history.events import Link
from dossiers.people.models import ApplicantKind
from sla.letters.forms import FormKind
from sla.letters.receipt import Receipt
from sla.letters.refusal import Refusal
from sla.letters.stop_notice import StopNotice
from sla.letters.supplement import SupplementRequest
from sla.limits import parse_limit
from workflows.engine.fees import fees_of
from workflows.engine.kinds import Kind
from workflows.engine.state import Phase, Promise, Supplement
from workflows.views.case import Case, party
from workflows.views.genuine import token_of
from workflows.views.issuing import letterhead_of, official_behind, signing_as
from workflows.views.money import money

_ON_THE_SLIP = ("first", "correction")
"""The appointments a receipt states: later ones come with documents of their own."""
_NUMBERED = re.compile(r"^(?:\d{1,2}[.)]|[-–+*•])\s*")
_REASON = re.compile(r"^lý do\s*:\s*", re.IGNORECASE)


def receipt(case: Case, link_to: str) -> Receipt:
    """Form 01 of an accepted dossier; ``Conflict`` (``form_not_due``) before that."""
    accepted = case.last(Kind.ACCEPTED)
    if accepted is None:
        raise not_due("Hồ sơ chưa được tiếp nhận nên chưa có giấy tiếp nhận và hẹn trả kết quả.")
    submitter = case.representative or case.applicant
    promise = _promise_on_the_slip(case)
    limit = promise.limit if promise else None
    return Receipt(
        **_common(case, accepted, FormKind.RECEIPT, link_to),
        submitter=party(submitter),
        authoriser=party(case.applicant) if case.representative is not None else None,
        received_at=case.received_at,
        promised_at=promise.due_at if promise else None,
        provisional=promise.provisional if promise else False,
        limit=parse_limit(limit).label if limit else None,
        papers=tuple(_papers(case)),
        fees=tuple(_fees(case)),
        signed_by=_person(submitter),
        receptionist=official_behind(case.directory, accepted.event.actor),
    )


def supplement_request(case: Case, number: int | None, link_to: str) -> SupplementRequest:
    """Form 02 of a request, by default the last one.

    Raises ``Conflict`` (``form_not_due``) when nothing was asked, ``NotFound`` (``form_unknown``) for a
    number there is not.
    """
    if not case.state.supplements:
        raise not_due("Hồ sơ không có yêu cầu bổ sung nào.")
    asked = case.state.supplements.get(number or len(case.state.supplements))
    if asked is None:
        raise NotFound(
            Said("Hồ sơ không có yêu cầu bổ sung số {number}.", number=number),
            code="form_unknown",
            where=f"no {number}",
        )
    link = next(
        link
        for link in case.links
        if link.event.kind == Kind.SUPPLEMENT_ASKED and link.event.payload["no"] == asked.no
    )
    items, reason = what_and_why(case.text(asked.content))
    contact = _contact(case.directory, asked, case.state.desk)
    return SupplementRequest(
        **_common(case, link, FormKind.SUPPLEMENT, link_to),
        applicant=party(case.applicant),
        items=items,
        reason=reason,
        until=asked.cap_at,
        contact=contact.name,
        contact_phone=contact.phone,
        guide=official_behind(case.directory, link.event.actor),
    )


def refusal(case: Case, link_to: str) -> Refusal:
    """Form 03 of a dossier not accepted, or refused after appraisal; ``Conflict`` (``form_not_due``) else."""
    ended = case.last(Kind.REFUSED, Kind.FINISHED)
    if ended is None or case.state.positive is not False or case.state.phase is Phase.STOPPED:
        raise not_due("Hồ sơ không bị từ chối.")
    received = case.last(Kind.ACCEPTED)
    return Refusal(
        **_common(case, ended, FormKind.REFUSAL, link_to),
        applicant=party(case.applicant),
        reason=_why(case, ended) or _decided(case),
        signed_by=_person(case.representative or case.applicant),
        receptionist=official_behind(
            case.directory, received.event.actor if received is not None else ended.event.actor
        ),
    )


def stop_notice(case: Case, link_to: str) -> StopNotice:
    """Form 05 of a dossier stopped or withdrawn; ``Conflict`` (``form_not_due``) for any other."""
    ended = case.last(Kind.STOPPED, Kind.WITHDRAWN)
    if ended is None or case.state.phase not in (Phase.STOPPED, Phase.WITHDRAWN):
        raise not_due("Hồ sơ không dừng giải quyết.")
    issuer = ended.event.agency or case.state.desk
    head = case.directory.head_at(issuer, ended.event.at)
    common = _common(case, ended, FormKind.STOP_NOTICE, link_to)
    return StopNotice(
        **common | {"letterhead": letterhead_of(case.directory, issuer)},
        addressee=case.addressee,
        whom=case.whom,
        applicant_id=case.applicant.identity_no,
        received_at=case.received_at,
        stopped_at=ended.event.at,
        asked_on=case.day(ended.event.at) if ended.event.kind == Kind.WITHDRAWN else None,
        reason=_why(case, ended),
        signatory=signing_as(case.directory, head.official, head.capacity.value) if head.official else None,
    )


def what_and_why(content: str) -> tuple[tuple[str, ...], str]:
    """A request as it was typed, as items and reason.

    A line is an item, without its own number or dash; from a line that begins “Lý do:” on it is the reason.
    """
    lines = [line.strip() for line in content.splitlines() if line.strip()]
    begins = next((index for index, line in enumerate(lines) if _REASON.match(line)), len(lines))
    reason = "\n".join(lines[begins:])
    return tuple(_NUMBERED.sub("", line) for line in lines[:begins]), _REASON.sub("", reason)


def not_due(message: str) -> Conflict:
    """The form does not belong to where the dossier stands."""
    return Conflict(message, code="form_not_due", hint="Xem tình trạng hồ sơ rồi in biểu mẫu phù hợp.")


def _common(case: Case, link: Link, kind: FormKind, link_to: str) -> dict[str, Any]:
    return {
        "letterhead": letterhead_of(case.directory, case.state.desk),
        "issued_on": case.day(link.event.at),
        "own_form": case.definition.forms.get(kind),
        "verification_link": f"{link_to}/{token_of(case.state.code, kind, link)}",
        "offset_minutes": case.calendar.version.utc_offset,
        "dossier_code": case.state.code,
        "procedure": case.definition.name,
    }


def _promise_on_the_slip(case: Case) -> Promise | None:
    said = [promise for promise in case.state.promises.values() if promise.kind in _ON_THE_SLIP]
    return next((promise for promise in reversed(said) if promise.stage == said[0].stage), None)


def _papers(case: Case) -> Iterator[str]:
    """The papers handed in up to the acceptance, each as the slip lists it."""
    names = {paper.id: paper.name for paper in case.definition.papers}
    for paper in _received_by_acceptance(case):
        counts = [
            f"{paper.get(part, default):02d} {word}"
            for part, default, word in (("originals", 1, "bản chính"), ("copies", 0, "bản sao"))
            if paper.get(part, default)
        ]
        if paper.get("reused_from"):
            counts.append(f"dùng lại từ hồ sơ {paper['reused_from']}")
        name = names.get(paper["id"], paper["id"])
        yield f"{name} ({', '.join(counts)})" if counts else name


def _fees(case: Case) -> Iterator[str]:
    """The fees of this case as they stand now: to be paid, paid by which receipt, or waived."""
    for fee in fees_of(case.state, case.definition):
        found = [item for item in case.state.payments.values() if item.fee == fee.id]
        paid = [item for item in found if item.confirmed_at is not None and not item.waived]
        name = f"{fee.name}: {money(fee.amount)}" + (f"/{fee.unit}" if fee.unit else "")
        if any(item.waived for item in found):
            yield f"{name} (được miễn)"
        elif paid:
            receipts = ", ".join(item.receipt for item in paid)
            yield f"{name} (đã nộp {money(sum(item.amount or 0 for item in paid))}, biên lai số {receipts})"
        else:
            yield f"{name} (chưa nộp)"


def _received_by_acceptance(case: Case) -> list[dict[str, Any]]:
    papers: list[dict[str, Any]] = []
    accepted = False
    for link in case.links:
        payload = link.event.payload
        match link.event.kind:
            case Kind.REGISTERED:
                papers = payload["papers"]
            case Kind.SUPPLEMENT_RECEIVED if not accepted:
                papers = papers + payload["papers"]
            case Kind.CORRECTED:
                papers = payload["set"].get("papers", papers)
            case Kind.ACCEPTED:
                accepted = True
    return papers


def _contact(directory: Directory, asked: Supplement, desk: str) -> Agency:
    """Who is asked: the agency that made the request, or the desk when only that has a telephone."""
    asker, receiving = directory.agency(asked.agency), directory.agency(desk)
    return asker if asker.phone or not receiving.phone else receiving


def _why(case: Case, ended: Link) -> str:
    """Why a dossier ended: as written, or because the applicant did not complete it in time."""
    because = ended.event.payload.get("because")
    if because is None:
        return case.text(ended.event.payload.get("reason"))
    asked = case.state.supplements[because["supplement"]]
    cap = f" (ngày {case.day(asked.cap_at):%d/%m/%Y})" if asked.cap_at else ""
    return (
        f"Quá thời hạn bổ sung, hoàn thiện hồ sơ{cap} theo Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ ngày "
        f"{case.day(asked.asked_at):%d/%m/%Y} mà chưa nhận được giấy tờ bổ sung."
    )


def _decided(case: Case) -> str:
    """The reason of the step that decided against the applicant."""
    reasons = (
        link.event.payload.get("reason")
        for link in reversed(case.links)
        if link.event.kind == Kind.STEP_FINISHED
    )
    return case.text(next((reason for reason in reasons if reason), None))


def _person(row: Any) -> str | None:
    """Who signs for the submitter: a person; for an organisation somebody not on record."""
    return str(row.name) if row.kind == ApplicantKind.PERSON else None
