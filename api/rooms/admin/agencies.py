"""Agencies: the tree, one of them with its heads over time, adding, changing, appointing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.agencies.endpoints import agency_read
from api.deps import Administrator, AgencyCode, Call
from api.web.forms import Form, Posted
from api.web.pages import go, show
from api.web.shown import VIETNAM, input_instant
from dossiers.agencies import repository
from dossiers.agencies.directory import Agency, Directory, HeadInOffice, Official
from dossiers.agencies.models import Capacity
from dossiers.agencies.service import NewAgency, add_agencies, appoint_head, change_agency
from dossiers.core.errors import BadInput, Conflict, MotcuaError
from dossiers.core.said import Said
from dossiers.core.searching import searchable
from sla.calendars.book import Purpose

router = APIRouter(prefix="/admin/agencies")

AgencyPath = Annotated[AgencyCode, Path()]

OPEN_TREE = 120
"""A tree no larger than this is shown unfolded."""


@dataclass(frozen=True, slots=True)
class Node:
    """An agency in the tree, with those below it."""

    agency: Agency
    head: str
    capacity: str
    children: list[Node]


@router.get("", name="admin_agencies")
def get_agencies(
    request: Request, call: Administrator, q: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """The tree; those that hold every word, when asked."""
    with call.reading() as connection:
        directory = call.office.reference(connection).directory
    agencies = list(directory.agencies())
    found = [each for each in agencies if _matches(each, q)] if q else []
    return show(
        request,
        "admin/agencies.html",
        call,
        q=q,
        many=len(agencies),
        found=[_node(directory, each, {}, call.at) for each in found],
        tree=[] if q else _tree(directory, call.at),
        unfolded=len(agencies) <= OPEN_TREE,
    )


@router.get("/new", name="admin_agency_new")
def get_new_agency(
    request: Request, call: Administrator, parent: Annotated[str, Query(max_length=35)] = ""
) -> Response:
    """The form of a new agency."""
    return _agency_form(request, call, None, {"parent": parent})


@router.post("/new", name="admin_agency_add")
def post_new_agency(request: Request, call: Administrator, form: Posted) -> Response:
    """Keep a new agency."""
    code = form["code"].upper()
    try:
        _require(form, "name", Said("Ghi tên cơ quan."))
        with call.writing() as connection:
            directory = call.office.reference(connection).directory
            if any(each.code == code for each in directory.agencies()):
                raise Conflict(
                    Said("Cơ quan mã “{code}” đã có.", code=code), code="already_exists", where="code"
                )
            parent = directory.agency(form["parent"]).code if form["parent"] else None
            call.administers(connection, parent)
            add_agencies(
                connection,
                [NewAgency(code, form["name"], form["kind"], parent, form["address"], form["phone"])],
            )
    except MotcuaError as error:
        return _agency_form(request, call, None, dict(form.typed()), error=error)
    return go(f"/admin/agencies/{code}", note=Said("Đã thêm cơ quan."))


@router.get("/{agency}", name="admin_agency")
def get_agency_page(request: Request, agency: AgencyPath, call: Administrator) -> Response:
    """An agency: who heads it, who headed it, who works there, what it works by."""
    known = agency_read(call, agency)
    with call.reading() as connection:
        reference = call.office.reference(connection)
        tenures = repository.tenures_of(connection, agency)
    directory, book = reference.directory, reference.calendars
    parent = known.parent
    return show(
        request,
        "admin/agency.html",
        call,
        agency=known,
        parent=directory.agency(parent) if parent else None,
        tenures=[
            (row, Capacity(row.capacity), directory.official_name(row.official)) for row in reversed(tenures)
        ],
        now=call.at,
        own_calendars={each.value: (agency, each) in book.assigned() for each in Purpose},
    )


@router.get("/{agency}/edit", name="admin_agency_edit")
def get_edit_agency(request: Request, agency: AgencyPath, call: Administrator) -> Response:
    """The form to change how an agency is called and reached."""
    known = agency_read(call, agency)
    values = {"name": known.name, "address": known.address, "phone": known.phone}
    return _agency_form(request, call, agency, values)


@router.post("/{agency}/edit", name="admin_agency_change")
def post_edit_agency(request: Request, agency: AgencyPath, call: Administrator, form: Posted) -> Response:
    """Change how an agency is called and reached."""
    try:
        _require(form, "name", Said("Ghi tên cơ quan."))
        with call.writing() as connection:
            directory = call.office.reference(connection).directory
            change_agency(
                connection,
                directory,
                agency,
                name=form["name"][:300],
                address=form["address"][:300],
                phone=form["phone"][:40],
            )
    except MotcuaError as error:
        return _agency_form(request, call, agency, dict(form.typed()), error=error)
    return go(f"/admin/agencies/{agency}", note=Said("Đã lưu."))


@router.get("/{agency}/appoint", name="admin_appoint_page")
def get_appoint(request: Request, agency: AgencyPath, call: Administrator) -> Response:
    """The form to appoint a head, or to say that the post is vacant."""
    return _appoint_page(request, call, agency)


@router.post("/{agency}/appoint", name="admin_appoint")
def post_appoint(request: Request, agency: AgencyPath, call: Administrator, form: Posted) -> Response:
    """From an instant on, somebody else heads the agency, or nobody does."""
    try:
        capacity = Capacity(form["capacity"]) if form["capacity"] in list(Capacity) else Capacity.HEAD
        official = (form["other"] or form["official"]) or None
        if capacity is Capacity.VACANT:
            official = None
        elif official is None:
            raise BadInput("Chọn người đứng đầu.", code="tenure_person_wrong", where="official")
        with call.writing() as connection:
            directory = call.office.reference(connection).directory
            if official is not None:
                call.administers(connection, directory.official(official).agency)
            appoint_head(
                connection,
                directory,
                agency,
                official,
                capacity,
                local_instant(form["since"], "since"),
                bits=call.office.bits,
                decision=form["decision"][:120],
            )
    except MotcuaError as error:
        return _appoint_page(request, call, agency, form=form, error=error)
    return go(f"/admin/agencies/{agency}#tenures", note=Said("Đã ghi nhiệm kỳ mới."))


def local_instant(text: str, where: str) -> datetime:
    """What ``<input type=datetime-local>`` sends. Raises ``BadInput`` (``instant_unreadable``)."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)
    except ValueError as error:
        raise BadInput(
            "Không đọc được thời điểm.",
            code="instant_unreadable",
            where=where,
            hint="Ghi dạng 2026-11-20T07:30.",
        ) from error


def _require(form: Form, name: str, message: str) -> None:
    if not form[name]:
        raise BadInput(message, code="field_missing", where=name)


def _matches(agency: Agency, words: str) -> bool:
    text = searchable(f"{agency.code} {agency.name} {agency.kind}")
    return all(word in text for word in searchable(words).split())


def _tree(directory: Directory, at: datetime) -> list[Node]:
    children: dict[str | None, list[Agency]] = {}
    for each in directory.agencies():
        children.setdefault(each.parent, []).append(each)
    return [_node(directory, each, children, at) for each in children.get(None, [])]


def _node(
    directory: Directory, agency: Agency, children: dict[str | None, list[Agency]], at: datetime
) -> Node:
    head: HeadInOffice = directory.head_at(agency.code, at)
    return Node(
        agency,
        directory.official_name(head.official),
        head.capacity.label,
        [_node(directory, each, children, at) for each in children.get(agency.code, [])],
    )


def _agency_form(
    request: Request,
    call: Call,
    agency: str | None,
    values: dict[str, Any],
    *,
    error: MotcuaError | None = None,
) -> Response:
    with call.reading() as connection:
        directory = call.office.reference(connection).directory
    fields = ("code", "name", "kind", "parent", "address", "phone")
    wheres = {"agency_code_wrong": "code", "agency_kind_wrong": "kind", "agency_unknown": "parent"}
    return show(
        request,
        "admin/agency_form.html",
        call,
        status=error.status if error else 200,
        agency=agency,
        values={name: values.get(name, "") for name in fields},
        kinds=sorted(directory.kinds()),
        parents=[each for each in directory.agencies() if not each.closed],
        error=error,
        errors={wheres.get(error.code, error.where): error.message} if error else {},
    )


def _appoint_page(
    request: Request,
    call: Call,
    agency: str,
    *,
    form: Form | None = None,
    error: MotcuaError | None = None,
) -> Response:
    with call.reading() as connection:
        directory = call.office.reference(connection).directory
        sight = call.sight(connection)
    known = directory.agency(agency)
    values = {
        "official": "",
        "other": "",
        "capacity": "head",
        "since": input_instant(call.at),
        "decision": "",
    }
    if form is not None:
        values = {name: form[name] for name in values}
    wheres = {"official_unknown": "other" if values["other"] else "official", "tenure_overlaps": "since"}
    return show(
        request,
        "admin/appoint.html",
        call,
        status=error.status if error else 200,
        agency=known,
        head=directory.head_at(agency, call.at),
        head_name=directory.official_name(directory.head_at(agency, call.at).official),
        people=[
            (each.id, f"{each.name}, {directory.name(each.agency)}")
            for each in _near(directory, known)
            if sight.sees((each.agency,))
        ],
        capacities=list(Capacity),
        values=values,
        error=error,
        errors={wheres.get(error.code, error.where): error.message} if error else {},
    )


def _near(directory: Directory, agency: Agency) -> list[Official]:
    """Those who may well be appointed: of the agency, of the one above, of those directly below."""
    children = {each.code for each in directory.agencies() if each.parent == agency.code}
    order = {agency.code: 0, agency.parent: 1} | dict.fromkeys(children, 2)
    found = [each for each in directory.officials() if each.active and each.agency in order]
    return sorted(found, key=lambda each: (order[each.agency], each.name))
