"""Access tokens, for administrators: listed, given out, taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.agencies.schemas import OfficialId
from api.auth.repository import by_id
from api.auth.scopes import Scope
from api.auth.service import create_token, list_tokens, revoke_token
from api.deps import Administrator, AgencyCode
from api.paging import ListRead
from workflows.views.models import Named

router = APIRouter(prefix="/tokens", tags=["auth"])


class TokenRead(BaseModel):
    """A token given out. Its text is known to nobody but its holder."""

    id: UUID
    official: Named
    agency: Named
    label: str = Field(description="Dùng vào việc gì")
    scopes: list[Scope] = Field(description="Phạm vi; trống: mọi việc công chức ấy được làm")
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class TokenCreate(BaseModel):
    """A token to be given out."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    official: OfficialId
    agency: AgencyCode | None = Field(default=None, description="Mặc định: cơ quan của công chức")
    label: str = Field(min_length=1, max_length=120, description="Dùng vào việc gì")
    scopes: tuple[Scope, ...] = Field(default=(), max_length=len(Scope), description="Phạm vi; trống: tất cả")
    expires_at: AwareDatetime | None = Field(default=None, description="Bỏ trống: không hết hạn")


class TokenGiven(BaseModel):
    """A new token."""

    token: str = Field(description="Chỉ trả về lần này")


@router.get("", summary="Các mã truy cập đã cấp")
def list_access_tokens(call: Administrator) -> ListRead[TokenRead]:
    """Tokens for the caller's agency and those below it, the latest first."""
    with call.reading() as connection:
        directory = call.office.reference(connection).directory
        sight = call.sight(connection)
        rows = [row for row in list_tokens(connection) if sight.sees((row.agency,))]
    return ListRead(
        items=[
            TokenRead(
                id=row.id,
                official=Named(code=row.official, name=directory.official_name(row.official)),
                agency=Named(code=row.agency, name=directory.name(row.agency)),
                label=row.label,
                scopes=[Scope(each) for each in row.scopes.split()],
                created_at=row.created_at,
                expires_at=row.expires_at,
                revoked_at=row.revoked_at,
            )
            for row in rows
        ]
    )


@router.post("", status_code=201, summary="Cấp mã truy cập")
def create_access_token(wanted: TokenCreate, call: Administrator, response: Response) -> TokenGiven:
    """Let a program call for an official. The text is answered here and never again."""
    with call.writing() as connection:
        official = call.office.reference(connection).directory.official(wanted.official)
        agency = wanted.agency or official.agency
        call.administers(connection, agency)
        call.administers_official(connection, official.id)
        text = create_token(
            connection, official.id, agency, wanted.label, call.at, wanted.expires_at, scopes=wanted.scopes
        )
    response.headers["Cache-Control"] = "no-store"
    return TokenGiven(token=text)


@router.post("/{token}/revoke", status_code=204, summary="Thu hồi mã truy cập")
def revoke_access_token(token: Annotated[UUID, Path(description="Mã số")], call: Administrator) -> None:
    """From now on the token opens nothing."""
    with call.writing() as connection:
        row = by_id(connection, token)
        if row is not None:
            call.administers(connection, row.agency)
        revoke_token(connection, token, call.at)
