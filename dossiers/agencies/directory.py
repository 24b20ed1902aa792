"""The tree of agencies with its officials and heads, as an immutable copy that decisions can ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from dossiers.agencies.models import Capacity, Role
from dossiers.core.errors import BadInput, NotFound
from dossiers.core.said import Said, joined


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency of the directory."""

    code: str
    name: str
    kind: str
    parent: str | None
    phone: str = ""
    address: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Official:
    """An official and the roles held, per agency."""

    id: str
    name: str
    agency: str
    roles: tuple[tuple[str, Role], ...]
    title: str = ""
    active: bool = True

    def roles_in(self, agency: str) -> frozenset[Role]:
        """The roles held in one agency."""
        return frozenset(role for where, role in self.roles if where == agency)


@dataclass(frozen=True, slots=True)
class Tenure:
    """Who headed an agency, in what capacity, from ``since`` until ``until`` (not included)."""

    agency: str
    official: str | None
    capacity: Capacity
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class HeadInOffice:
    """Who answers for an agency at an instant; nobody when the post was vacant or never filled."""

    agency: str
    official: str | None
    capacity: Capacity


@dataclass(frozen=True, slots=True)
class Binding:
    """Agencies bound by hand to a participant of a procedure within a scope; ``*`` is any procedure."""

    procedure: str
    scope: str
    participant: str
    agencies: tuple[str, ...]


class Directory:
    """An immutable copy of the reference data about agencies."""

    def __init__(
        self,
        agencies: Iterable[Agency] = (),
        officials: Iterable[Official] = (),
        tenures: Iterable[Tenure] = (),
        bindings: Iterable[Binding] = (),
        revision: str = "",
    ) -> None:
        self.revision = revision
        self._agencies = {agency.code: agency for agency in agencies}
        self._officials = {official.id: official for official in officials}
        self._children: dict[str | None, list[str]] = {}
        for agency in self._agencies.values():
            self._children.setdefault(agency.parent, []).append(agency.code)
        self._tenures: dict[str, list[Tenure]] = {}
        for tenure in sorted(tenures, key=lambda item: item.since):
            self._tenures.setdefault(tenure.agency, []).append(tenure)
        self._bindings = {(b.procedure, b.scope, b.participant): b.agencies for b in bindings}

    def agency(self, code: str) -> Agency:
        """The agency with this code; ``NotFound`` (``agency_unknown``) otherwise."""
        try:
            return self._agencies[code]
        except KeyError:
            raise NotFound(
                Said("Không có cơ quan, đơn vị mã “{code}”.", code=code),
                code="agency_unknown",
                where=code,
                hint="Xem lại mã, hoặc chọn trong danh sách cơ quan.",
            ) from None

    def name(self, code: str | None) -> str:
        """The agency's name, or its code when it is not known here."""
        agency = self._agencies.get(code or "")
        return agency.name if agency else (code or "")

    def agencies(self) -> Iterator[Agency]:
        """Every agency."""
        return iter(self._agencies.values())

    @property
    def size(self) -> int:
        """How many agencies there are."""
        return len(self._agencies)

    def official(self, official_id: str) -> Official:
        """The official with this id; ``NotFound`` (``official_unknown``) otherwise."""
        try:
            return self._officials[official_id]
        except KeyError:
            raise NotFound(
                Said("Không có công chức “{official_id}”.", official_id=official_id),
                code="official_unknown",
                where=official_id,
            ) from None

    def official_name(self, official_id: str | None) -> str:
        """The official's name, or the id when it is not known here."""
        official = self._officials.get(official_id or "")
        return official.name if official else (official_id or "")

    def officials(self) -> Iterator[Official]:
        """Every official."""
        return iter(self._officials.values())

    def ancestors(self, code: str) -> Iterator[str]:
        """The agency itself, then its parents up to the root."""
        current: str | None = code
        while current is not None and current in self._agencies:
            yield current
            current = self._agencies[current].parent

    def is_within(self, code: str, ancestor: str) -> bool:
        """Whether an agency is another one or lies below it."""
        return ancestor in self.ancestors(code)

    def below(self, code: str) -> Iterator[str]:
        """The agency itself and everything below it, nearest first."""
        queue = [code]
        while queue:
            current = queue.pop(0)
            yield current
            queue.extend(self._children.get(current, ()))

    def head_at(self, code: str, at: datetime) -> HeadInOffice:
        """Who headed the agency at ``at``; a gap between tenures reads as a vacancy."""
        for tenure in reversed(self._tenures.get(code, ())):
            if tenure.since <= at:
                if tenure.until is not None and tenure.until <= at:
                    break
                return HeadInOffice(code, tenure.official, tenure.capacity)
        return HeadInOffice(code, None, Capacity.VACANT)

    def superior_head_at(self, code: str, at: datetime) -> HeadInOffice | None:
        """The head in office of the nearest agency above that has one at ``at``."""
        line = self.ancestors(code)
        next(line, None)
        for above in line:
            head = self.head_at(above, at)
            if head.official is not None:
                return head
        return None

    def find(self, kind: str, near: str) -> list[str]:
        """Open agencies of a kind that serve ``near``: in the subtree of the nearest parent that has any."""
        for anchor in self.ancestors(near):
            found = [
                code
                for code in self.below(anchor)
                if self._agencies[code].kind == kind and not self._agencies[code].closed
            ]
            if found:
                return found
        return []

    def bound(self, procedure: str, participant: str, near: str) -> tuple[str, ...] | None:
        """Agencies bound by hand: the nearest scope wins, a named procedure before any."""
        for scope in self.ancestors(near):
            for code in (procedure, "*"):
                agencies = self._bindings.get((code, scope, participant))
                if agencies is not None:
                    return agencies
        return None

    def resolve(
        self, procedure: str, participant: str, kind: str, near: str, *, many: bool = False
    ) -> list[str]:
        """The agencies that play a participant for a dossier received at ``near``.

        Bound by hand first, else found by kind. Raises ``BadInput``: ``participant_unresolved`` when there is
        none, ``participant_ambiguous`` when there are several and only one may act.
        """
        bound = self.bound(procedure, participant, near)
        found = list(bound) if bound is not None else self.find(kind, near)
        if many:
            return found
        if len(found) == 1:
            return found
        problem = (
            Said("không tìm thấy")
            if not found
            else Said("có {n} cơ quan phù hợp ({found})", n=len(found), found=joined(", ", found[:5]))
        )
        raise BadInput(
            Said(
                "Chưa xác định được cơ quan đóng vai “{participant}” của thủ tục {procedure}: {problem}.",
                participant=participant,
                procedure=procedure,
                problem=problem,
            ),
            code="participant_unresolved" if not found else "participant_ambiguous",
            where=participant,
            hint="Chọn cơ quan đóng vai này cho hồ sơ, hoặc đề nghị quản trị gán sẵn cho thủ tục.",
            command=f"motcua agency bind {procedure} {participant} MÃ_CƠ_QUAN --scope {near}",
        )

    def kinds(self) -> frozenset[str]:
        """Every kind of agency there is."""
        return frozenset(agency.kind for agency in self._agencies.values())

    def has_kind(self, kind: str) -> bool:
        """Whether some agency is of this kind."""
        return kind in self.kinds()
