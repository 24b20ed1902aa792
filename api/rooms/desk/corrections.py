"""Correcting what was registered by mistake: a further entry, and what was there stays on record."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from api.deps import Call, Code, DeskOfficial
from api.errors import status_of
from api.rooms.desk.counter import AtDesk, at_desk
from api.rooms.desk.registration import CHANNELS
from api.rooms.desk.sheet import Sheet, asked_facts
from api.web.acting import act, seen_seq
from api.web.forms import Posted, new_key
from api.web.pages import go, show
from dossiers.core.errors import BadInput, MotcuaError
from dossiers.core.said import Said

router = APIRouter(include_in_schema=False)


@router.get("/desk/dossiers/{code}/correct", name="correct_page")
def get_correct(request: Request, code: Code, call: DeskOfficial) -> Response:
    """What is recorded, ready to be changed."""
    at = at_desk(call, code)
    return _page(request, call, at, _as_recorded(at))


@router.post("/desk/dossiers/{code}/correct", name="correct_dossier")
def post_correct(request: Request, code: Code, call: DeskOfficial, form: Posted) -> Response:
    """Record what differs, with the reason."""
    at = at_desk(call, code)
    sheet = Sheet(dict(form.typed()))
    try:
        with call.reading() as connection:
            fields = changes(connection, at, sheet)
        if not sheet.get("a.name"):
            sheet.errors["a.name"] = Said("Ghi họ tên hoặc tên tổ chức.")
        if not form["reason"]:
            sheet.errors["reason"] = Said("Ghi lý do đính chính.")
        if sheet.errors:
            raise BadInput("Một số ô nhập chưa đúng; sửa các ô được đánh dấu rồi gửi lại.")
        act(
            call,
            code,
            "correct",
            fields | {"reason": form["reason"]},
            key=form["key"],
            expected_seq=seen_seq(form),
        )
    except BadInput as error:
        sheet.refused(error)
        return _page(request, call, at, sheet, error)
    except MotcuaError as error:
        if error.code == "idempotency_key_reused":
            sheet.typed["key"] = new_key()
        return _page(request, call, at, sheet, error)
    return go(f"/desk/dossiers/{code}", Said("Đã đính chính; nội dung cũ vẫn được lưu trong lịch sử."))


def _as_recorded(at: AtDesk) -> Sheet:
    dossier = at.dossier
    sheet = Sheet({"channel": dossier.channel})
    for prefix, row in (("a", dossier.applicant), ("r", dossier.representative)):
        if row is not None:
            sheet.fill_person(prefix, row)
    for paper in dossier.papers:
        for what in ("originals", "copies"):
            sheet.typed[f"paper.{paper['id']}.{what}"] = str(paper.get(what, 0))
    for name in asked_facts(at.plan.definition):
        value = dossier.facts.get(name)
        sheet.typed[f"fact.{name}"] = "" if value is None or value is False else str(value)
    return sheet


def changes(connection: Connection, at: AtDesk, sheet: Sheet) -> dict[str, Any]:
    """The fields of a correction: only what is not as recorded."""
    dossier, definition = at.dossier, at.plan.definition
    sheet.typed["shown"] = definition.code
    found: dict[str, Any] = {}
    for field, prefix, row in (
        ("applicant", "a", dossier.applicant),
        ("representative", "r", dossier.representative),
    ):
        if sheet.has_person(prefix):
            person = sheet.person(connection, prefix)
            if row is None or person != row.id:
                found[field] = person
    if sheet.channel != dossier.channel:
        found["channel"] = sheet.channel
    facts = sheet.facts(definition)
    found["facts"] = {name: value for name, value in facts.items() if dossier.facts.get(name) != value}
    papers = _papers(at, sheet)
    if papers != _comparable(dossier.papers):
        found["papers"] = papers
    return found


def _papers(at: AtDesk, sheet: Sheet) -> list[dict[str, Any]]:
    counts = sheet.counts(at.plan.definition)
    before = {paper["id"]: paper for paper in at.dossier.papers}
    given = [
        before.get(paper, {"id": paper}) | {"originals": originals, "copies": copies}
        for paper, (originals, copies) in counts.items()
        if (originals, copies) != (0, 0) or _is_only_a_file(before.get(paper))
    ]
    return _comparable(given)


def _is_only_a_file(paper: dict[str, Any] | None) -> bool:
    return paper is not None and (paper.get("originals"), paper.get("copies")) == (0, 0)


def _comparable(papers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(papers, key=lambda paper: str(paper["id"]))


def _page(
    request: Request, call: Call, at: AtDesk, sheet: Sheet, error: MotcuaError | None = None
) -> Response:
    definition = at.plan.definition
    sheet.typed["shown"] = definition.code
    return show(
        request,
        "desk/correct.html",
        call,
        status=status_of(error) if error else 200,
        at=at,
        sheet=sheet,
        channels={
            channel.value: label
            for channel, label in CHANNELS.items()
            if channel in definition.channels or channel.value in ("kiosk", at.dossier.channel)
        },
        facts=asked_facts(definition),
        said=sheet.facts(definition),
        papers=at.papers(),
        counts=sheet.counts(definition),
        error=error,
        key=sheet.get("key") or new_key(),
    )
