"""What was typed in a form that met an ended session, on its way through signing in."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from api.accounts import repository
from api.deps import cookie_name
from api.web.forms import Form
from dossiers.core.canonical import sha256_hex

_MARK = "carried."


@dataclass(frozen=True, slots=True)
class Carried:
    """A form kept in hidden fields: where it goes, and the digest of the session it was typed in."""

    to: str = ""
    session: str = ""
    fields: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of_ended(cls, request: Request, form: Form) -> Carried:
        """A form of a session that ended; nothing when nobody knows whose it was."""
        token = request.cookies.get(cookie_name(request.app.state.door.settings), "")
        return cls(request.url.path, sha256_hex(token), tuple(form.typed())) if token else cls()

    @classmethod
    def read(cls, form: Form) -> Carried:
        """From the hidden fields of a form of signing in."""
        fields = ((name.removeprefix(_MARK), text) for name, text in form.typed() if name.startswith(_MARK))
        return cls(form["carried_to"], form["carried_session"], tuple(fields))

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The hidden fields."""
        if not self.to:
            return []
        known = [("carried_to", self.to), ("carried_session", self.session)]
        return known + [(_MARK + name, text) for name, text in self.fields]

    def for_whom(self, request: Request, token: str) -> Carried:
        """The same for the session that was opened; nothing when that is somebody else's."""
        if not self.to:
            return self
        with request.app.state.door.office.database.reading() as connection:
            before = repository.session_by_digest(connection, self.session)
            now = repository.session_by_digest(connection, sha256_hex(token))
        same = before is not None and now is not None and before.official == now.official
        return self if same else Carried()
