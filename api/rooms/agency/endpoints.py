"""The inbox, the dossier page, and the commands done from them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from api.deps import Call, Code, Official
from api.documents.endpoints import take_upload
from api.dossiers.schemas import ReceiptRead
from api.errors import status_of
from api.rooms.agency.asking import choices
from api.rooms.agency.doing import AT_DESK, DOABLE, title_of
from api.rooms.agency.filling import fields_of, read_instant
from api.rooms.agency.reading import whole
from api.rooms.agency.work import Filters, in_bulk
from api.web.acting import act, errors_of, seen_seq
from api.web.forms import Form, Posted, new_key
from api.web.pages import go, safe_path, show
from dossiers.core.errors import BadInput, MotcuaError, NotFound
from dossiers.core.said import Said
from dossiers.documents.service import Upload
from workflows.commands import COMMANDS
from workflows.definitions.diagram import to_svg
from workflows.views.allowed import AllowedRead, OptionRead, allowed_folded
from workflows.views.dossier import read_folded
from workflows.views.folded import Folded, fold_dossier
from workflows.views.models import EventRead
from workflows.views.slips import control_slip
from workflows.views.words import tell_folded
from workflows.views.worklists import NOBODY, Which, counts, procedures_at_work, worklist

router = APIRouter(include_in_schema=False)

_ONLY_AT_DESK = frozenset({"correct", "collect_fee", "waive_fee"})
_TARGETS = ("task", "payment", "apology", "fault", "to_version")


@router.get("/work", name="work")
def get_work(request: Request, call: Official, asked: Filters) -> Response:
    """The inbox: one of its lists, and on wide screens the dossier chosen beside it."""
    with call.reading() as connection:
        office, actor = call.office, call.actor
        page = worklist(
            office, connection, call.at, actor, asked.tab, asked.narrow(call.at), cursor=asked.cursor or None
        )
        directory = office.reference(connection).directory
        colleagues = [
            (official.id, official.name)
            for official in directory.officials()
            if official.active and official.agency == actor.agency
        ]
        chosen = whole(call, connection, asked.open) if asked.open else None
        return show(
            request,
            "agency/work.html",
            call,
            asked=asked,
            page=page,
            counts=counts(office, connection, actor),
            tabs=list(Which),
            procedures=procedures_at_work(office, connection, actor),
            colleagues=sorted(colleagues, key=lambda each: each[1]),
            nobody=NOBODY,
            chosen=chosen,
            back=asked.address(open=""),
            key=new_key(),
        )


@router.post("/work/receive", name="receive_in_bulk")
def post_receive(request: Request, call: Official, form: Posted) -> Response:
    """Acknowledge every file ticked."""
    return _bulk(request, call, form, "receive")


@router.post("/work/send", name="send_in_bulk")
def post_send(request: Request, call: Official, form: Posted) -> Response:
    """Send every file ticked."""
    return _bulk(request, call, form, "send")


@router.get("/dossiers/{code}", name="dossier")
def get_dossier(
    request: Request, code: Code, call: Official, as_of: Annotated[str, Query(max_length=40)] = ""
) -> Response:
    """Everything about a dossier, now or as it stood."""
    then = read_instant(as_of.replace(" ", "+"), "as_of")
    with call.reading() as connection:
        shown = whole(call, connection, code, then)
    return show(request, "agency/dossier.html", call, shown=shown, back="")


@router.get("/dossiers/{code}/pane", name="dossier_pane")
def get_pane(
    request: Request, code: Code, call: Official, back: Annotated[str, Query(max_length=2000)] = "/work"
) -> Response:
    """The dossier in short, for the place beside the list."""
    with call.reading() as connection:
        shown = whole(call, connection, code)
    return show(request, "agency/pane.html", call, shown=shown, back=safe_path(back))


@router.get("/dossiers/{code}/slip", name="dossier_slip")
def get_slip(request: Request, code: Code, call: Official) -> Response:
    """The control slip (form 06) as it is filled in so far."""
    with call.reading() as connection:
        slip = control_slip(call.office, connection, call.find(connection, code))
    return show(request, "agency/slip.html", call, slip=slip)


@router.get("/dossiers/{code}/diagram.svg", name="dossier_diagram")
def get_diagram(code: Code, call: Official) -> Response:
    """The whole procedure as a picture, with the steps done and at hand marked."""
    with call.reading() as connection:
        folded = fold_dossier(call.office, connection, call.find(connection, code))
    tasks = [task for task in folded.state.tasks.values() if task.asked_by is None]
    current = {task.step for task in tasks if task.is_live}
    done = {task.step for task in tasks if task.finished_at is not None} - current
    svg = to_svg(folded.plan.definition, current=current, done=done)
    return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": "private, no-cache"})


@router.get("/dossiers/{code}/do/{kind}", name="dossier_form")
def get_form(
    request: Request,
    code: Code,
    kind: str,
    call: Official,
    back: Annotated[str, Query(max_length=2000)] = "",
) -> Response:
    """The form of a command."""
    _require_doable(kind)
    numbers = {name: value for name in _TARGETS if (value := _number(request.query_params.get(name)))}
    if kind in _ONLY_AT_DESK and "payment" not in numbers:
        return go(f"/desk/dossiers/{code}/{AT_DESK[kind]}")
    with call.reading() as connection:
        context = _form_context(call, connection, code, kind, numbers)
    return show(
        request,
        "agency/do.html",
        call,
        **context,
        error=None,
        errors={},
        form=None,
        since=[],
        key=new_key(),
        back=safe_path(back) if back else "",
    )


@router.post("/dossiers/{code}/do/{kind}", name="dossier_command")
def post_form(request: Request, code: Code, kind: str, call: Official, form: Posted) -> Response:
    """Carry a command out; refused, its form is shown again with what was typed."""
    _require_doable(kind)
    try:
        with call.reading() as connection:
            definition = fold_dossier(call.office, connection, call.find(connection, code)).plan.definition
        fields = fields_of(kind, form, definition)
        if kind == "attach":
            fields["files"] = _files(call, form)
        receipt = act(call, code, kind, fields, key=form["key"], expected_seq=seen_seq(form))
    except MotcuaError as error:
        return _again(request, call, code, kind, form, error)
    to = safe_path(form["back"]) if form["back"] else f"/dossiers/{receipt.code}"
    return go(to, note=_note(receipt, kind, to))


def _files(call: Call, form: Form) -> list[dict[str, Any]]:
    """The files sent with the form, taken in, for the paper they show."""
    paper = form["paper"] or None
    uploads = [
        Upload(file.filename or "", file.file.read(), form["key"], paper) for file in form.files("files")
    ]
    if not uploads:
        raise BadInput("Chưa chọn tệp nào.", code="files_needed", where="files")
    return [{"id": take_upload(call, upload), "paper": paper} for upload in uploads]


def _note(receipt: ReceiptRead, kind: str, to: str) -> str:
    if receipt.repeated:
        return Said("Thao tác này đã được ghi từ trước, không ghi lại lần nữa.")
    about = "" if to.startswith("/dossiers/") else Said(" (hồ sơ {receipt})", receipt=receipt.code)
    return Said("Đã ghi: {title}{about}.", title=COMMANDS[kind].title, about=about)


def _again(request: Request, call: Call, code: str, kind: str, form: Form, error: MotcuaError) -> Response:
    numbers = {name: value for name in _TARGETS if (value := _number(form.get(name)))}
    with call.reading() as connection:
        context = _form_context(call, connection, code, kind, numbers)
        since = _since(call, connection, context["folded"], error)
    return show(
        request,
        "agency/do.html",
        call,
        status=status_of(error),
        **context,
        error=error,
        errors=errors_of(error),
        form=form,
        since=since,
        key=new_key() if error.code == "idempotency_key_reused" else form["key"] or new_key(),
        back=safe_path(form["back"]) if form["back"] else "",
    )


def _form_context(
    call: Call, connection: Connection, code: str, kind: str, numbers: dict[str, int]
) -> dict[str, Any]:
    folded = fold_dossier(call.office, connection, call.find(connection, code))
    allowed = allowed_folded(call.office, connection, folded, call.actor, call.at)
    each = next((item for item in allowed if item.command == kind), None)
    targets = [option for option in each.options if option.allowed] if each else []
    option = _option(targets, numbers)
    if option is not None and option.target and option.no:
        numbers = {**numbers, option.target: option.no}
    return {
        "folded": folded,
        "dossier": read_folded(connection, folded, call.at),
        "kind": kind,
        "me": call.actor.id,
        "title": title_of(kind, call.actor),
        "refusal": _refusal(each, option, numbers),
        "option": option,
        "targets": targets,
        "numbers": numbers,
        "choices": choices(call, connection, folded, kind, numbers),
    }


def _option(targets: list[OptionRead], numbers: dict[str, int]) -> OptionRead | None:
    """What the command is done to: as asked, else the only thing it can be done to."""
    asked = next((each for each in targets if numbers.get(each.target or "") == each.no), None)
    wanted = any(each.target in numbers for each in targets)
    return asked or (targets[0] if len(targets) == 1 and not wanted else None)


def _refusal(each: AllowedRead | None, option: OptionRead | None, numbers: dict[str, int]) -> Any:
    """Why the command cannot be done as asked; None when it can, or when nobody tried."""
    if each is None or option is not None:
        return None
    asked = next((item for item in each.options if numbers.get(item.target or "") == item.no), None)
    if asked is not None and not asked.allowed:
        return asked.refusal
    return None if each.allowed else each.refusal


def _since(call: Call, connection: Connection, folded: Folded, error: MotcuaError) -> list[EventRead]:
    """What happened meanwhile, when somebody else was first."""
    if error.code != "changed_since":
        return []
    first = int(error.details["expected_seq"]) + 1
    return tell_folded(call.office, connection, folded, first_seq=first).events


def _bulk(request: Request, call: Call, form: Form, kind: str) -> Response:
    back = safe_path(form["back"]) if form["back"] else "/work"
    outcome = in_bulk(call, kind, form)
    if not outcome.failed:
        done = len(outcome.done)
        said = (
            Said("{title}: đã xong {done} hồ sơ.", title=COMMANDS[kind].title, done=done)
            if done
            else Said("Chưa chọn hồ sơ nào.")
        )
        return go(back, note=said)
    return show(request, "agency/bulk.html", call, outcome=outcome, title=COMMANDS[kind].title, back=back)


def _require_doable(kind: str) -> None:
    if kind not in DOABLE:
        raise NotFound("Không có thao tác này.", code="command_unknown", where=kind)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
