"""The head's board: four lists, each row with why, its working, its split and its letters; signing."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.deps import Call, Overseer
from api.paging import Cursor
from api.rooms.oversight.place import Chosen, Place, may_sign, place_of
from api.web.acting import act
from api.web.forms import Form, Posted, new_key
from api.web.pages import go, show
from dossiers.core.errors import BadInput, MotcuaError
from dossiers.core.said import Said
from workflows.views import late, reckoning
from workflows.views.lists import Filter
from workflows.views.opened import opened

router = APIRouter(include_in_schema=False)

ROWS = 20
"""Of a page: each opens its working, its split and its letters without asking again."""


class Board(StrEnum):
    """The lists of the board."""

    LATE = "late"
    NEARLY = "nearly"
    WAITING = "waiting"
    LETTERS = "letters"


SHEETS = {
    Board.LATE: "late",
    Board.NEARLY: "nearly-late",
    Board.WAITING: "not-received",
    Board.LETTERS: "apologies",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """A letter that was not signed, and why."""

    letter: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of signing: how many were, which were not, and what was typed."""

    done: int = 0
    failures: list[Failure] = field(default_factory=list)
    form: Form | None = None
    error: MotcuaError | None = None


@router.get("/oversight", name="oversight")
def get_board(
    request: Request,
    call: Overseer,
    board: Annotated[Board, Query(alias="list")] = Board.LATE,
    agency: Chosen = None,
    cursor: Cursor = None,
) -> Response:
    """One of the lists."""
    return _board_page(request, call, board, agency, cursor)


@router.post("/oversight/sign", name="sign_letters")
def post_sign(request: Request, call: Overseer, form: Posted) -> Response:
    """Sign the ticked letters, each in a transaction of its own; say how many were, and why others not."""
    letters = list(dict.fromkeys(form.all("letter")))
    key = form["key"] or new_key()
    failures, done = [], 0
    for letter in letters:
        try:
            _sign(call, letter, form, f"{key}:{letter}")
            done += 1
        except MotcuaError as refusal:
            failures.append(Failure(letter, refusal.message, refusal.hint))
    if letters and not failures:
        return go(_back(form, Board.LETTERS), _signed(done))
    tried = Tried(done, failures, form, None if letters else _nothing_chosen())
    return _board_page(request, call, Board.LETTERS, form["agency"] or None, None, tried)


@router.post("/oversight/draft", name="draft_letter")
def post_draft(request: Request, call: Overseer, form: Posted) -> Response:
    """Keep the reason and the new date as a proposal, without signing."""
    return _one(request, call, form, Board.LETTERS, "draft_apology", Said("Đã lưu bản soạn."))


@router.post("/oversight/return", name="return_letter")
def post_return(request: Request, call: Overseer, form: Posted) -> Response:
    """Send a proposal back to who made it, with the reason."""
    return _one(request, call, form, Board.LETTERS, "return_apology", Said("Đã trả lại bản soạn."))


@router.post("/oversight/reappoint", name="reappoint_dossier")
def post_reappoint(request: Request, call: Overseer, form: Posted) -> Response:
    """Apologise and give a new date before the old one passes."""
    board = Board.NEARLY if form["list"] == Board.NEARLY else Board.LATE
    return _one(request, call, form, board, "reappoint", Said("Đã ký thư xin lỗi và hẹn lại."))


def _one(request: Request, call: Call, form: Form, board: Board, kind: str, note: str) -> Response:
    code, _, number = form["letter"].partition("/")
    fields: dict[str, Any] = {"reason": form["reason"]}
    if kind != "return_apology":
        fields["new_due_at"] = due_of(form)
    if number:
        fields["apology"] = number
    try:
        act(call, code, kind, fields, key=form["key"])
    except MotcuaError as error:
        tried = Tried(failures=[Failure(form["letter"], error.message, error.hint)], form=form)
        return _board_page(request, call, board, form["agency"] or None, None, tried)
    return go(_back(form, board), note)


def _sign(call: Call, letter: str, form: Form, key: str) -> None:
    """Sign one letter. Where the law allows no further date, none is given."""
    code, _, number = letter.partition("/")
    fields: dict[str, Any] = {"apology": number, "reason": form["reason"], "new_due_at": due_of(form)}
    if fields["new_due_at"] and letter in form.all("no_date"):
        fields["new_due_at"] = ""
    act(call, code, "sign_apology", fields, key=key)


def due_of(form: Form) -> str:
    """The new date as typed, in the office's own time."""
    typed = form["new_due_at"]
    return f"{typed}+07:00" if typed else ""


def _nothing_chosen() -> MotcuaError:
    return BadInput(
        "Chưa chọn thư nào.", code="nothing_chosen", where="letter", hint="Đánh dấu thư cần ký rồi ký lại."
    )


def _signed(done: int) -> str:
    return Said("Đã ký {done} thư xin lỗi.", done=done)


def _back(form: Form, board: Board) -> str:
    agency = f"&agency={form['agency']}" if form["agency"].replace(".", "").isalnum() else ""
    return f"/oversight?list={board.value}{agency}"


def _board_page(
    request: Request,
    call: Call,
    board: Board,
    agency: str | None,
    cursor: str | None,
    tried: Tried | None = None,
) -> Response:
    with call.reading() as connection:
        place = place_of(call, connection, agency)
        sight = call.sight(connection)
        narrow = Filter(sight, place.agency)
        counts = late.counts(call.office, connection, call.at, place.agency, sight=sight)
        ask = {Board.LATE: late.late, Board.NEARLY: late.nearly_late, Board.WAITING: late.not_received}
        page: Any
        if board is Board.LETTERS:
            page = reckoning.apologies(
                call.office, connection, sight=sight, agency=place.agency, cursor=cursor, size=ROWS
            )
        else:
            page = ask[board](call.office, connection, call.at, narrow, cursor=cursor, size=ROWS)
        codes = [getattr(line, "code", None) or line.dossier for line in page.items]
        rows = opened(call.office, connection, codes, call.at)
    tried = tried or Tried()
    return show(
        request,
        "oversight/board.html",
        call,
        status=422 if tried.failures or tried.error else 200,
        board=board.value,
        place=place,
        counts=counts,
        lines=list(zip(codes, page.items, strict=True)),
        rows=rows,
        tried=tried,
        wrong={failure.letter: failure for failure in tried.failures},
        typed=_typed(tried.form),
        at=call.at,
        may_sign=lambda code: may_sign(call, code),
        next=_address(place, board, page.next_cursor),
        first=_address(place, board, "") if cursor else None,
        sheet=f"/api/v1/sheets/{SHEETS[board]}.xlsx?{place.query()}",
        key=new_key(),
    )


def _typed(form: Form | None) -> dict[str, Any]:
    if form is None:
        return {"reason": "", "new_due_at": "", "letters": []}
    return {"reason": form["reason"], "new_due_at": form["new_due_at"], "letters": form.all("letter")}


def _address(place: Place, board: Board, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    return f"/oversight?{place.query(list=board.value, cursor=cursor)}"
