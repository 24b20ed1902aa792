"""Every list and every dossier page by who opens it: what the bench measures and the tests hold to a bound.

What stands in braces is taken from a dossier of the caller's own agency.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from dossiers.people.models import ApplicantRow
from dossiers.records.models import DossierAgencyRow, DossierRow
from workflows.office import Office
from workflows.views.paging import write_cursor

COMMUNE = "H44.100"
PAST = "2026-08-14"

DESK, OFFICER, HEAD, LEADER, ADMINISTRATOR, NOBODY = "desk", "officer", "head", "leader", "admin", "public"
ROLES = dict(zip((DESK, OFFICER, HEAD, LEADER, ADMINISTRATOR), range(5), strict=True))
"""In the order in which the sign-in page of a demonstration offers them."""

OVERSIGHT = (
    "/oversight",
    "/oversight?list=nearly",
    "/oversight?list=waiting",
    "/oversight?list=letters",
    "/oversight/ledger?whose=agency&all=1",
    "/oversight/load",
    "/oversight/month",
    f"/oversight/day?on={PAST}",
    "/oversight/day",
    "/oversight/agencies",
)
WORK = (
    "/work",
    "/work?tab=team",
    "/work?tab=incoming",
    "/work?tab=outgoing",
    "/work?tab=waiting",
    "/work?tab=team&due=late",
    "/work?tab=team&due=week",
    "/work?tab=team&q={name}",
    "/work?tab=team&q={code}",
    "/work?tab=team&procedure={procedure}",
    "/work?tab=team&official=nobody",
    "/work?tab=team&cursor={after}",
    "/work?tab=team&open={code}",
)
SEARCH = (
    "/desk/search",
    "/desk/search?q={name}",
    "/desk/search?q={rare}",
    "/desk/search?q=kh%C3%B4ng%20ai",
    "/desk/search?q={phone}",
    "/desk/search?q={identity}",
    "/desk/search?q={code}",
    "/desk/search?q={tail}",
    "/desk/search?procedure={procedure}",
    "/desk/search?procedure={procedure}&q={name}",
    "/desk/search?open=true&status=4",
    "/desk/search?from=2026-03-01&to=2026-03-31",
)
DOSSIER = (
    "/dossiers/{code}",
    "/dossiers/{code}/pane",
    "/dossiers/{code}/slip",
    "/dossiers/{code}?as_of={then}",
)
API = (
    "/api/v1/dossiers?size=50",
    "/api/v1/dossiers?size=50&open=true",
    "/api/v1/dossiers?size=50&q={name}",
    "/api/v1/dossiers/{code}",
    "/api/v1/dossiers/{code}/history",
    "/api/v1/dossiers/{code}/allowed",
    "/api/v1/dossiers/{code}/lateness",
    "/api/v1/tasks?size=50",
    "/api/v1/tasks?size=50&mine=true",
    "/api/v1/late?size=50",
    f"/api/v1/late?size=50&as_of={PAST}T17:00:00%2B07:00",
    "/api/v1/nearly-late?size=50",
    "/api/v1/not-received?size=50",
    "/api/v1/oversight-counts",
    "/api/v1/apologies?size=50",
    "/api/v1/ledger?size=50",
    "/api/v1/load",
    "/api/v1/days",
    "/api/v1/standings",
    "/api/v1/alerts",
    "/api/v1/complaints",
    "/api/v1/ratings",
)
ASKED: dict[str, tuple[str, ...]] = {
    DESK: (
        "/desk",
        "/desk?pile=to-send",
        "/desk?pile=nearly-due",
        "/desk?pile=awaited",
        "/desk?pile=pickup",
        "/desk?pile=today",
        "/desk/pickup",
        "/desk/pickup?q={name}",
        *SEARCH,
        "/desk/register",
        "/desk/dossiers/{code}",
        "/dossiers/{code}",
        "/work",
        "/api/v1/desk/queue",
        "/api/v1/desk/queue/pickup",
        "/api/v1/desk/procedures?q=khai%20sinh",
    ),
    OFFICER: (*WORK, *DOSSIER, "/desk/search?q={name}", "/api/v1/tasks?size=50"),
    HEAD: (*OVERSIGHT, "/work?tab=team", "/dossiers/{code}"),
    LEADER: (*OVERSIGHT, *WORK, *DOSSIER, *SEARCH, "/oversight/voices", "/oversight/voices/ratings"),
    ADMINISTRATOR: (
        *OVERSIGHT,
        f"/oversight?agency={COMMUNE}",
        f"/oversight/month?agency={COMMUNE}",
        f"/oversight/day?on={PAST}&agency={COMMUNE}",
        f"/oversight/agencies?agency={COMMUNE}",
        *WORK,
        *DOSSIER,
        *SEARCH,
        *API,
        "/oversight/voices",
        "/oversight/voices/ratings",
        "/admin",
        "/admin/users",
        "/admin/users?q=nguyen",
        "/admin/procedures",
        "/admin/procedures/{procedure}",
        "/admin/agencies",
        f"/admin/agencies/{COMMUNE}",
        "/admin/calendars",
        "/admin/health",
        "/admin/tokens",
    ),
    NOBODY: (
        "/public",
        "/public/{code}",
        "/public/late",
        f"/public/late/{COMMUNE}",
        "/public/complaints",
        "/api/v1/public/dossiers/{code}",
        "/api/v1/public/late",
        f"/api/v1/public/late/{COMMUNE}",
    ),
}


def example(office: Office, agency: str, at: datetime) -> dict[str, str]:
    """An open dossier an agency takes part in, late if there is one, the longest history first."""
    with office.database.reading() as connection:
        below = office.reference(connection).directory.below(agency)
        taking_part = select(DossierAgencyRow.dossier_id).where(DossierAgencyRow.agency.in_(list(below)))
        statement = (
            select(
                DossierRow.code,
                DossierRow.procedure,
                DossierRow.registered_at,
                ApplicantRow.search_name,
                ApplicantRow.phone,
                ApplicantRow.identity_no,
            )
            .join(ApplicantRow, ApplicantRow.id == DossierRow.applicant)
            .where(DossierRow.closed_at.is_(None), DossierRow.id.in_(taking_part))
            .where(ApplicantRow.phone != "", ApplicantRow.identity_no != "")
            .order_by(DossierRow.late_since.is_(None), DossierRow.seq.desc(), DossierRow.id)
            .limit(1)
        )
        row = connection.execute(statement).one()
    words = row.search_name.split()
    return {
        "code": row.code,
        "tail": row.code[-12:],
        "procedure": row.procedure,
        "name": words[-1],
        "rare": "%20".join(words),
        "phone": row.phone,
        "identity": row.identity_no,
        "then": min(row.registered_at + timedelta(hours=30), at).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "after": write_cursor(at, UUID(int=0)),
    }
