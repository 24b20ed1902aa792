"""What the desk does to one dossier: send it on, ask for what is missing, give back the result, end it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from api.deps import Call, Code, DeskOfficial
from api.dossiers.carrying import Manner, carry_out
from api.errors import status_of
from api.rooms.desk.registration import attach_tray, papers_in
from api.rooms.desk.sheet import Sheet
from api.rooms.desk.trays import take_files
from api.web.acting import act, command_of, errors_of, seen_seq
from api.web.forms import Form, Posted, new_key
from api.web.pages import go, show
from dossiers.core.errors import BadInput, MotcuaError, NotAllowed
from dossiers.core.said import Said
from workflows.engine.plan import Plan
from workflows.views.allowed import AllowedRead, OptionRead, allowed_now
from workflows.views.dossier import read_dossier
from workflows.views.files import FileRead, files_of, waiting_files
from workflows.views.models import DossierRead
from workflows.views.preview import PaperAsked, facts_before, papers_of

router = APIRouter(include_in_schema=False)


class Slip(StrEnum):
    """What is written on the spot, each on a page of its own."""

    SUPPLEMENT = "supplement"
    REFUSE = "refuse"
    STOP = "stop"
    WITHDRAW = "withdraw"
    PAYMENT = "payment"


KINDS = {
    Slip.SUPPLEMENT: "ask_supplement",
    Slip.REFUSE: "refuse",
    Slip.STOP: "stop",
    Slip.WITHDRAW: "withdraw",
    Slip.PAYMENT: "confirm_payment",
}

DONE = {
    Slip.SUPPLEMENT: Said("Đã ghi yêu cầu bổ sung. In phiếu (mẫu 02) để giao cho người nộp."),
    Slip.REFUSE: Said("Đã từ chối tiếp nhận. In phiếu (mẫu 03) để giao cho người nộp."),
    Slip.STOP: Said("Đã dừng giải quyết. In thông báo (mẫu 05) để giao cho người nộp."),
    Slip.WITHDRAW: Said("Đã ghi nhận người nộp rút hồ sơ. In thông báo (mẫu 05) để giao cho người nộp."),
    Slip.PAYMENT: Said("Đã xác nhận người nộp đã nộp tiền."),
}


@dataclass(frozen=True, slots=True)
class AtDesk:
    """A dossier of this desk, as one transaction read it."""

    dossier: DossierRead
    plan: Plan
    files: list[FileRead]
    allowed: dict[str, AllowedRead]

    def options(self, command: str) -> list[OptionRead]:
        """What a command may be done to now."""
        found = self.allowed.get(command)
        return [option for option in found.options if option.allowed] if found else []

    def may(self, command: str) -> bool:
        """Whether a command may be carried out now."""
        return command in self.allowed and self.allowed[command].allowed

    def papers(self) -> list[PaperAsked]:
        """The papers this case needs or may have."""
        kind = self.dossier.applicant.kind if self.dossier.applicant else "person"
        return papers_of(self.plan, facts_before(self.plan, self.dossier.facts, self.dossier.channel, kind))

    def missing(self) -> list[str]:
        """Names of the required papers nobody handed in."""
        given = {paper["id"] for paper in self.dossier.papers}
        given |= {file.paper for file in self.files if file.removed_at is None}
        return [paper.name for paper in self.papers() if paper.required and paper.id not in given]

    def finishing(self) -> list[tuple[int, str, str, str]]:
        """The desk's own steps that end with one press: task, outcome and their names."""
        steps = {task.no: task.step for task in self.dossier.tasks}
        plain = {
            (step.id, way.id)
            for step in self.plan.steps.values()
            for way in step.ways
            if not way.needs_reason
        }
        return [
            (option.no, outcome.code, option.name, outcome.name)
            for option in self.options("finish_step")
            if option.no is not None
            for outcome in option.outcomes
            if (steps[option.no], outcome.code) in plain
        ]


def at_desk(call: Call, code: str) -> AtDesk:
    """A dossier this desk received; ``NotAllowed`` at another desk."""
    with call.reading() as connection:
        dossier_id = call.find(connection, code)
        dossier = read_dossier(call.office, connection, dossier_id, call.at)
        if dossier.desk.code != call.actor.agency:
            raise NotAllowed(
                Said("Hồ sơ này do {desk} tiếp nhận.", desk=dossier.desk.name),
                hint="Đề nghị nơi tiếp nhận thực hiện.",
                details={"could": [{"agency": dossier.desk.code, "agency_name": dossier.desk.name}]},
            )
        return AtDesk(
            dossier,
            call.office.plan(connection, dossier.procedure.code, dossier.version),
            files_of(call.office, connection, dossier_id, call.actor),
            {
                item.command: item
                for item in allowed_now(call.office, connection, dossier_id, call.actor, call.at)
            },
        )


@router.get("/desk/dossiers/{code}", name="desk_dossier_page")
def get_dossier(
    request: Request, code: Code, call: DeskOfficial, new: Annotated[bool, Query()] = False
) -> Response:
    """A dossier at the desk: what was promised, what may be done now, what may be printed."""
    return show(request, "desk/dossier.html", call, at=at_desk(call, code), new=new, key=new_key())


@router.post("/desk/dossiers/{code}/accept", name="desk_accept")
def post_accept(code: Code, call: DeskOfficial, form: Posted) -> Response:
    """Accept a dossier that was registered before."""
    act(call, code, "accept", {}, key=form["key"], expected_seq=seen_seq(form))
    return go(f"/desk/dossiers/{code}?new=1")


@router.post("/desk/dossiers/{code}/send", name="desk_send")
def post_send(code: Code, call: DeskOfficial, form: Posted) -> Response:
    """Send the file on to the agency that is next."""
    receipt = act(call, code, "send", {"task": form["task"]}, key=form["key"], expected_seq=seen_seq(form))
    return go(f"/desk/dossiers/{code}", _said(receipt.events[-1].text if receipt.events else ""))


@router.post("/desk/dossiers/{code}/finish", name="desk_finish")
def post_finish(code: Code, call: DeskOfficial, form: Posted) -> Response:
    """Finish the desk's own step; the file goes where the outcome leads."""
    fields = {"task": form["task"], "outcome": form["outcome"]}
    receipt = act(call, code, "finish_step", fields, key=form["key"], expected_seq=seen_seq(form))
    return go(f"/desk/dossiers/{code}", _said(receipt.events[0].text if receipt.events else ""))


def _said(text: str) -> str:
    return text or Said("Đã thực hiện.")


@router.get("/desk/dossiers/{code}/give-back", name="give_back_page")
def get_give_back(request: Request, code: Code, call: DeskOfficial) -> Response:
    """The result and the lines to sign on."""
    return _give_back_page(request, call, code)


@router.post("/desk/dossiers/{code}/give-back", name="give_back_result")
def post_give_back(request: Request, code: Code, call: DeskOfficial, form: Posted) -> Response:
    """Give the result back."""
    try:
        if form["method"] == "direct" and not form.checked("signed"):
            raise BadInput(
                "Người nhận tại quầy phải ký nhận.",
                code="signature_needed",
                where="signed",
                hint="In phiếu để người nhận ký, rồi đánh dấu đã ký nhận.",
            )
        act(call, code, "give_back", _return_of(form), key=form["key"], expected_seq=seen_seq(form))
    except MotcuaError as error:
        return _give_back_page(request, call, code, error, form)
    return go(f"/desk/rate/{code}?occasion=result", Said("Đã trả kết quả. Mời người nhận đánh giá tại chỗ."))


_PROXY = ("proxy_name", "proxy_paper", "proxy_relation")


def _return_of(form: Form) -> dict[str, Any]:
    """The return as the form gives it; what stands in the fields of a proxy counts only for a proxy."""
    proxy = {name: form[name] for name in _PROXY} if form["receiver"] == "proxy" else {}
    said = {"method": form["method"], "receiver": form["receiver"], "signed": form.checked("signed")}
    return said | proxy


def _give_back_page(
    request: Request, call: Call, code: str, error: MotcuaError | None = None, form: Form | None = None
) -> Response:
    at = at_desk(call, code)
    names = ("method", "receiver", "signed", *_PROXY)
    usual = {"method": "direct", "receiver": "representative" if at.dossier.representative else "applicant"}
    found = errors_of(error) if error is not None else {}
    return show(
        request,
        "desk/give_back.html",
        call,
        status=status_of(error) if error else 200,
        at=at,
        typed={name: form[name] if form is not None else usual.get(name, "") for name in names},
        errors={name: found.get(name, "") for name in names},
        error=error,
        key=new_key(),
    )


@router.get("/desk/dossiers/{code}/fees", name="fees_page")
def get_fees(request: Request, code: Code, call: DeskOfficial) -> Response:
    """The fees of a dossier: what is owed, received, waived."""
    return _fees_page(request, call, code)


@router.post("/desk/dossiers/{code}/fees", name="record_fee")
def post_fees(request: Request, code: Code, call: DeskOfficial, form: Posted) -> Response:
    """Record that a fee was received, or is waived."""
    waives = form["do"] == "waive"
    try:
        fields: dict[str, Any] = {"fee": form["fee"]}
        if waives:
            fields["reason"] = form["reason"]
        else:
            fields |= {name: form.number(name) for name in ("quantity", "amount")}
            fields["receipt"] = form["receipt"]
        kind = "waive_fee" if waives else "collect_fee"
        act(call, code, kind, fields, key=form["key"], expected_seq=seen_seq(form))
    except MotcuaError as error:
        return _fees_page(request, call, code, error, form)
    return go(f"/desk/dossiers/{code}", "Đã ghi miễn." if waives else "Đã ghi thu phí, lệ phí.")


def _fees_page(
    request: Request, call: Call, code: str, error: MotcuaError | None = None, form: Form | None = None
) -> Response:
    return show(
        request,
        "desk/fees.html",
        call,
        status=status_of(error) if error else 200,
        at=at_desk(call, code),
        typed=dict(form.typed()) if form is not None else {},
        errors=errors_of(error) if error is not None else {},
        error=error,
        key=new_key(),
    )


@router.get("/desk/dossiers/{code}/papers", name="papers_page")
def get_papers(request: Request, code: Code, call: DeskOfficial) -> Response:
    """The papers of a dossier with their files, and what was asked of the applicant."""
    return _papers_page(request, call, code, Sheet({}))


@router.post("/desk/dossiers/{code}/papers", name="take_papers")
def post_papers(request: Request, code: Code, call: DeskOfficial, form: Posted) -> Response:
    """Take further files in; with ``do=receive`` record the supplement as well."""
    sheet = Sheet(dict(form.typed()))
    take_files(call, form, sheet)
    if form["do"] not in ("receive", "attach") or sheet.errors:
        return _papers_page(request, call, code, sheet)
    try:
        at = at_desk(call, code)
        note = _take_papers(call, at, form, sheet)
    except MotcuaError as error:
        return _papers_page(request, call, code, sheet, error)
    return go(f"/desk/dossiers/{code}", note)


def _take_papers(call: Call, at: AtDesk, form: Form, sheet: Sheet) -> str:
    """Record a supplement with its files, or attach files; what was done, in words."""
    code, tray = at.dossier.code, form["tray"]

    def attach(connection: Connection, dossier_id: UUID) -> None:
        attach_tray(call, connection, dossier_id, tray, at.plan.definition)

    if form["do"] == "receive":
        with call.reading() as connection:
            waiting = waiting_files(call.office, connection, call.actor, tray)
            papers = papers_in(connection, sheet, at.plan.definition, waiting)
        command = command_of("receive_supplement", {"papers": papers})
        manner = Manner(key=form["key"] or None, expected_seq=seen_seq(form), then=attach)
        carry_out(call, command, manner, code)
        return Said("Đã nhận bổ sung.")
    with call.writing() as connection:
        if not waiting_files(call.office, connection, call.actor, tray):
            raise BadInput("Chưa chọn tệp nào.", code="files_needed", where="files")
        attach(connection, at.dossier.id)
    return Said("Đã đính kèm tệp.")


@router.post("/desk/dossiers/{code}/remove-file", name="desk_remove_file")
def post_remove_file(request: Request, code: Code, call: DeskOfficial, form: Posted) -> Response:
    """Take away a file that was attached by mistake."""
    try:
        act(call, code, "remove_file", {"file": form["file"], "reason": form["reason"]}, key=form["key"])
    except MotcuaError as error:
        return _papers_page(request, call, code, Sheet({}), error)
    return go(f"/desk/dossiers/{code}/papers", Said("Đã gỡ tệp; việc gỡ được ghi trong lịch sử."))


def _papers_page(
    request: Request, call: Call, code: str, sheet: Sheet, error: MotcuaError | None = None
) -> Response:
    at = at_desk(call, code)
    tray = sheet.typed.setdefault("tray", new_key())
    sheet.typed["shown"] = at.plan.definition.code  # nothing counts as handed in unless somebody says so
    asked = (each for each in at.dossier.supplements if not each.received_at and not each.lapsed_at)
    with call.reading() as connection:
        waiting = waiting_files(call.office, connection, call.actor, tray)
    return show(
        request,
        "desk/papers.html",
        call,
        status=status_of(error) if error else 422 if sheet.errors else 200,
        at=at,
        sheet=sheet,
        papers=at.papers(),
        counts=sheet.counts(at.plan.definition),
        waiting=waiting,
        asked=next(asked, None),
        error=error,
        key=new_key(),
    )


@router.get("/desk/dossiers/{code}/{slip}", name="slip_page")
def get_slip(request: Request, code: Code, slip: Slip, call: DeskOfficial) -> Response:
    """A slip to be written."""
    return _slip_page(request, call, code, slip, None)


@router.post("/desk/dossiers/{code}/{slip}", name="write_slip")
def post_slip(request: Request, code: Code, slip: Slip, call: DeskOfficial, form: Posted) -> Response:
    """Write it; what was typed stays when it is refused."""
    try:
        act(call, code, KINDS[slip], _fields(slip, form), key=form["key"], expected_seq=seen_seq(form))
    except MotcuaError as error:
        return _slip_page(request, call, code, slip, form, error)
    return go(f"/desk/dossiers/{code}", DONE[slip])


def _fields(slip: Slip, form: Form) -> dict[str, Any]:
    if slip is Slip.SUPPLEMENT:
        return {"content": supplement_text(form.all("missing"), form["content"], form["reason"])}
    if slip is Slip.PAYMENT:
        return {
            "receipt": form["receipt"],
            "amount": form.number("amount"),
            "payment": form.number("payment"),
        }
    return {"reason": form["reason"]}


def supplement_text(missing: list[str], content: str, reason: str) -> str:
    """Form 02 in words: what to complete, item by item, then why."""
    items = [*missing, *(line.strip() for line in content.splitlines() if line.strip())]
    if not items:
        return ""
    lines = [f"{number}. {item}" for number, item in enumerate(items, start=1)]
    return "\n".join([*lines, *([f"Lý do: {reason}"] if reason else [])])


def _slip_page(
    request: Request, call: Call, code: str, slip: Slip, form: Form | None, error: MotcuaError | None = None
) -> Response:
    at = at_desk(call, code)
    typed = dict(form.typed()) if form is not None else {}
    if error is not None and error.code == "idempotency_key_reused":
        typed["key"] = new_key()
    missing = at.missing()
    return show(
        request,
        f"desk/{'supplement' if slip is Slip.SUPPLEMENT else 'slip'}.html",
        call,
        status=status_of(error) if error else 200,
        at=at,
        slip=slip,
        typed=typed,
        errors=error.details.get("fields", {}) if error is not None else {},
        missing=missing,
        ticked=form.all("missing") if form is not None else missing,
        payments=[each for each in at.dossier.payments if each.confirmed_at is None],
        allowed=at.allowed.get(KINDS[slip]),
        error=error,
        key=typed.get("key") or new_key(),
    )
