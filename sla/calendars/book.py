"""Which calendar an agency works by: its own, else its parent's, else the office default."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from dossiers.agencies.directory import Directory
from dossiers.core.errors import NotFound
from dossiers.core.said import Said, joined
from sla.calendars.model import CalendarVersion
from sla.working_time import WorkingCalendar, working_calendar

DEFAULT_CALENDAR = "vn-office"


class Purpose(StrEnum):
    """What a calendar is for: time that counts for processing, or hours the desk is open."""

    PROCESSING = "processing"
    RECEPTION = "reception"


class CalendarBook:
    """An immutable copy of all calendar versions, the one in force of each name, and who works by which."""

    def __init__(
        self,
        versions: Iterable[CalendarVersion],
        assignments: Mapping[tuple[str, Purpose], str] | None = None,
        revision: str = "",
    ) -> None:
        """``versions`` in order of publication: the last of a name is in force."""
        self.revision = revision
        self._by_id = {version.id: version for version in versions}
        self._current = {version.name: version for version in self._by_id.values()}
        self._assignments = dict(assignments or {})
        self._resolved: dict[tuple[str, Purpose], WorkingCalendar] = {}

    def with_version(self, version: CalendarVersion) -> CalendarBook:
        """A copy in which this version is in force: what would be if it were published."""
        return CalendarBook((*self.versions(), version), self._assignments, self.revision)

    def assigned(self) -> Mapping[tuple[str, Purpose], str]:
        """The calendar assigned to an agency itself, by agency and purpose."""
        return self._assignments

    def current(self, name: str) -> WorkingCalendar:
        """The version in force of a calendar; ``NotFound`` (``calendar_unknown``) otherwise."""
        version = self._current.get(name)
        if version is None:
            raise NotFound(
                Said("Không có lịch làm việc “{name}”.", name=name),
                code="calendar_unknown",
                where=name,
                hint=Said(
                    "Các lịch đang có: {known}.",
                    known=joined(", ", sorted(self._current)) or Said("chưa có lịch nào"),
                ),
            )
        return working_calendar(version)

    def by_id(self, calendar_id: str) -> WorkingCalendar:
        """A version by its id, such as ``vn-office@2026.1``, in force or not."""
        version = self._by_id.get(calendar_id)
        if version is None:
            raise NotFound(
                Said("Không có phiên bản lịch “{calendar_id}”.", calendar_id=calendar_id),
                code="calendar_unknown",
                where=calendar_id,
            )
        return working_calendar(version)

    def names(self) -> Iterator[str]:
        """Names of all calendars."""
        return iter(sorted(self._current))

    def versions(self) -> Iterator[CalendarVersion]:
        """Every version, oldest first."""
        return iter(self._by_id.values())

    def processing(self, directory: Directory, agency: str) -> WorkingCalendar:
        """The calendar by which time counts at an agency."""
        return self._of(directory, agency, Purpose.PROCESSING)

    def reception(self, directory: Directory, agency: str) -> WorkingCalendar:
        """The calendar of an agency's desk; its processing calendar when none is set anywhere above."""
        return self._of(directory, agency, Purpose.RECEPTION)

    def assigned_name(self, directory: Directory, agency: str, purpose: Purpose) -> str | None:
        """The name of the calendar assigned to the agency or the nearest parent; None when there is none."""
        for code in directory.ancestors(agency):
            name = self._assignments.get((code, purpose))
            if name is not None:
                return name
        return None

    def _of(self, directory: Directory, agency: str, purpose: Purpose) -> WorkingCalendar:
        key = (agency, purpose)
        if key not in self._resolved:
            name = self.assigned_name(directory, agency, purpose)
            if name is None and purpose is Purpose.RECEPTION:
                name = self.assigned_name(directory, agency, Purpose.PROCESSING)
            self._resolved[key] = self.current(name or DEFAULT_CALENDAR)
        return self._resolved[key]
