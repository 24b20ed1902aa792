"""What an official may see: the dossiers in which the agency they act for, or one below it, takes part.

One rule for pages and for the interface. Every question names the sight it is asked with; there is no other
way to ask. What lies outside is answered exactly as what does not exist, so that codes cannot be probed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, exists, select, true
from sqlalchemy.sql.elements import ColumnElement

from dossiers.agencies.directory import Directory
from dossiers.core.errors import NotAllowed
from dossiers.core.said import Said
from dossiers.records import repository as records
from dossiers.records.models import DossierAgencyRow, DossierRow
from workflows import service


@dataclass(frozen=True, slots=True)
class Sight:
    """The agencies whose dossiers may be seen; None where they are all there are."""

    agencies: frozenset[str] | None = frozenset()

    @classmethod
    def of(cls, directory: Directory, agency: str | None) -> Sight:
        """What is seen from an agency: itself and everything below it; from nowhere, nothing."""
        if agency is None:
            return cls()
        below = frozenset(directory.below(agency))
        return cls(None if len(below) == directory.size else below)

    def sees(self, taking_part: Collection[str]) -> bool:
        """Whether a dossier in which these agencies take part is seen."""
        return self.agencies is None or not self.agencies.isdisjoint(taking_part)

    def condition(self) -> ColumnElement[bool]:
        """The same rule for a statement over ``DossierRow``."""
        if self.agencies is None:
            return true()
        return exists(
            select(1).where(
                DossierAgencyRow.dossier_id == DossierRow.id,
                DossierAgencyRow.agency.in_(sorted(self.agencies)),
            )
        )

    def agency(self, directory: Directory, code: str) -> str:
        """The agency a list is narrowed to, when it lies within.

        Raises ``NotFound`` (``agency_unknown``) and ``NotAllowed`` (``agency_out_of_sight``).
        """
        known = directory.agency(code)
        if self.agencies is not None and known.code not in self.agencies:
            raise NotAllowed(
                Said("{known} nằm ngoài phạm vi của cơ quan bạn đang làm việc.", known=known.name),
                code="agency_out_of_sight",
                where=code,
                hint="Chọn cơ quan của bạn hoặc đơn vị trực thuộc.",
            )
        return known.code

    def below(self, directory: Directory, code: str) -> list[str]:
        """The agency a list is narrowed to with everything under it; refused as by ``agency``."""
        return list(directory.below(self.agency(directory, code)))


EVERYTHING = Sight(None)
"""For whoever holds the database itself: the command line, the monitor."""


def find(connection: Connection, code: str, sight: Sight) -> UUID:
    """The id behind a dossier code; ``NotFound`` (``dossier_unknown``) when there is none in sight."""
    dossier_id = service.find(connection, code)
    if not sight.sees(records.agencies_of(connection, dossier_id)):
        raise records.unknown(code)
    return dossier_id


def seen(connection: Connection, dossier_ids: Iterable[UUID], sight: Sight) -> dict[UUID, str]:
    """Of these dossiers, the codes of those that are seen."""
    statement = select(DossierRow.id, DossierRow.code).where(
        DossierRow.id.in_(list(dossier_ids)), sight.condition()
    )
    return {row.id: row.code for row in connection.execute(statement)}
