"""Delegations set up for somebody absent (uỷ quyền thay): by an administrator or a leader, within reach."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.accounts import delegations, repository
from api.accounts.delegations import NEVER, NewDelegation
from api.deps import Call, Delegator
from api.errors import status_of
from api.web.acting import errors_of
from api.web.forms import Form, Posted
from api.web.pages import go, show
from api.web.shown import VIETNAM
from dossiers.agencies.directory import Directory
from dossiers.agencies.models import Role
from dossiers.core.errors import BadInput, MotcuaError, NotAllowed, NotFound
from dossiers.core.said import Said
from workflows.views.sight import Sight

router = APIRouter(prefix="/admin/delegations")

_HEADING = frozenset({Role.HEAD, Role.LEADER, Role.UNIT_HEAD})


@router.get("", name="admin_delegations")
def get_delegations(request: Request, call: Delegator) -> Response:
    """Who acts in whose place within reach, and a form for somebody absent."""
    return _page(request, call)


@router.post("", name="admin_delegate")
def post_delegation(request: Request, call: Delegator, form: Posted) -> Response:
    """Let somebody act in the place of somebody absent."""
    try:
        _require_own_place(call)
        with call.writing() as connection:
            directory = call.office.reference(connection).directory
            wanted = _wanted(form, call)
            _require_reach(directory, call.sight(connection), wanted, call.actor.id)
            delegations.delegate(connection, directory, wanted, call.actor.id, call.at)
    except MotcuaError as error:
        return _page(request, call, error=error, form=form)
    return go("/admin/delegations", note="Đã uỷ quyền thay.")


@router.post("/{delegation_id}/revoke", name="admin_revoke_delegation")
def post_revoke(delegation_id: UUID, call: Delegator, _form: Posted) -> Response:
    """End a delegation that was given or is used within reach."""
    _require_own_place(call)
    with call.writing() as connection:
        directory = call.office.reference(connection).directory
        row = repository.delegation(connection, delegation_id)
        if row is None or not _concerns(row, directory, call.sight(connection)):
            raise NotFound(
                "Không có uỷ quyền này, hoặc không còn hiệu lực.",
                code="delegation_unknown",
                where=str(delegation_id),
            )
        delegations.revoke(connection, delegation_id, row.from_official, call.at)
    return go("/admin/delegations", note="Đã chấm dứt uỷ quyền.")


def _require_own_place(call: Call) -> None:
    """Who acts for somebody else neither sets up nor ends delegations."""
    if call.actor.behalf:
        raise NotAllowed("Việc được uỷ quyền không uỷ quyền tiếp.", code="delegation_onward")


def _concerns(row: Any, directory: Directory, sight: Sight) -> bool:
    """Whether a delegation is for an agency within reach, or is held by somebody who works there."""
    return sight.sees((row.agency, directory.official(row.to_official).agency))


def _require_reach(directory: Directory, sight: Sight, wanted: NewDelegation, by: str) -> None:
    """Both work within reach, and nobody gives themselves the place of another."""
    if wanted.to_official == by:
        raise BadInput(
            "Người lập uỷ quyền thay không tự nhận uỷ quyền.",
            code="delegation_to_giver",
            where="to_official",
            hint="Chọn người khác, hoặc đề nghị cấp trên lập.",
        )
    sight.agency(directory, wanted.agency)
    taker = directory.official(wanted.to_official)
    if not sight.sees((taker.agency,)):
        raise NotAllowed(
            Said("{official} nằm ngoài phạm vi của cơ quan bạn đang làm việc.", official=taker.name),
            code="official_out_of_reach",
            where="to_official",
            hint="Chọn người của cơ quan bạn hoặc đơn vị trực thuộc.",
        )


def _wanted(form: Form, call: Call) -> NewDelegation:
    since, last = _day(form, "since"), _day(form, "until")
    official, _, agency = form["from_official"].partition("@")
    if not form["reason"]:
        raise BadInput("Ghi lý do người vắng mặt.", code="delegation_reason_needed", where="reason")
    return NewDelegation(
        from_official=official,
        to_official=form["to_official"],
        agency=agency,
        since=max(datetime.combine(since, time.min, VIETNAM), call.at),
        until=datetime.combine(last + timedelta(days=1), time.min, VIETNAM),
        decision=form["decision"][:120],
        reason=form["reason"][:300],
    )


def _day(form: Form, name: str) -> date:
    try:
        return date.fromisoformat(form[name])
    except ValueError:
        raise BadInput("Chọn một ngày.", code="day_unreadable", where=name) from None


def _page(
    request: Request, call: Call, *, error: MotcuaError | None = None, form: Form | None = None
) -> Response:
    with call.reading() as connection:
        directory = call.office.reference(connection).directory
        sight = call.sight(connection)
        rows = repository.delegations_since(connection, call.at - timedelta(days=90))
    return show(
        request,
        "admin/delegations.html",
        call,
        status=status_of(error) if error else 200,
        rows=[_shown(row, directory, sight, call.at) for row in rows if _concerns(row, directory, sight)],
        heads=[
            (f"{each.id}@{agency}", f"{each.name}, {directory.name(agency)}")
            for each in directory.officials()
            if each.active
            for agency in sorted({where for where, role in each.roles if role in _HEADING - NEVER})
            if sight.sees((agency,))
        ],
        colleagues=[
            (each.id, f"{each.name}, {directory.name(each.agency)}")
            for each in directory.officials()
            if each.active and sight.sees((each.agency,)) and each.id != call.actor.id
        ],
        typed=form.get if form is not None else (lambda _name: ""),
        errors=errors_of(error) if error is not None else {},
        error=error,
    )


def _shown(row: Any, directory: Directory, sight: Sight, at: datetime) -> dict[str, Any]:
    return {
        "id": row.id,
        "giver": directory.official_name(row.from_official),
        "taker": directory.official_name(row.to_official),
        "agency": directory.name(row.agency),
        "outside": not sight.sees((row.agency,)),
        "since": row.since,
        "last": row.until - timedelta(microseconds=1),
        "decision": row.decision,
        "reason": row.reason,
        "by": directory.official_name(row.created_by) if row.created_by != row.from_official else "",
        "state": delegations.state_of(row, at),
    }
