"""Files on a sheet: taken in with it, thrown away again, or taken over from an earlier dossier."""

from __future__ import annotations

from uuid import UUID

from api.deps import Call
from api.documents.endpoints import take_upload
from api.rooms.desk.registration import Desk, asked_papers, offers
from api.rooms.desk.sheet import Sheet
from api.web.forms import Form
from dossiers.core.errors import BadInput, MotcuaError
from dossiers.documents import repository
from dossiers.documents.service import Upload, reuse, waiting

_FILE, _REUSE = "file.", "reuse."


def take_files(call: Call, form: Form, sheet: Sheet) -> None:
    """Put the files sent with a form into the sheet's tray, whatever else is wrong with the form.

    What cannot be taken in is noted beside its paper. Both ``drop`` and ``reuse`` are heeded as well.
    """
    tray = sheet.get("tray")
    for field in dict.fromkeys(name for name, _value in form.data.multi_items() if name.startswith(_FILE)):
        for file in form.files(field):
            upload = Upload(file.filename or "", file.file.read(), tray, field.removeprefix(_FILE) or None)
            try:
                take_upload(call, upload)
            except BadInput as error:
                sheet.errors[field] = f"{error.message} {error.hint}".strip()
    if form["drop"]:
        _drop(call, form["drop"])
    for name, value in form.typed():
        if name.startswith(_REUSE) and value:
            _reuse(call, sheet, name.removeprefix(_REUSE), value)
            sheet.typed.pop(name, None)


def _drop(call: Call, file: str) -> None:
    try:
        with call.writing() as connection:
            repository.discard(connection, waiting(connection, UUID(file), call.actor.label).id)
    except (ValueError, MotcuaError):
        return  # it is gone already, which is what was wanted


def _reuse(call: Call, sheet: Sheet, paper: str, source: str) -> None:
    """Take a file over from an earlier dossier, if the page offers it for this paper."""
    with call.writing() as connection:
        desk = Desk(call, connection)
        try:
            asked = asked_papers(desk.plan(sheet.get("procedure")), sheet)
        except MotcuaError:
            return  # the page says what is wrong with the procedure
        if any(str(file.id) == source for file in offers(desk, sheet, asked).get(paper, ())):
            reuse(
                connection,
                UUID(source),
                tray=sheet.get("tray"),
                paper=paper,
                by=call.actor.label,
                at=call.at,
                bits=call.office.bits,
            )
