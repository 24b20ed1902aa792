"""Who am I."""

from __future__ import annotations

from fastapi import APIRouter

from api.auth.schemas import MeRead
from api.auth.scopes import Scope
from api.deps import Official
from workflows.views.models import Named

router = APIRouter(tags=["auth"])


@router.get("/me", summary="Tôi là ai")
def get_me(call: Official) -> MeRead:
    """The official and agency behind the token, with the roles held now."""
    with call.reading() as connection:
        directory = call.office.reference(connection).directory
    agency = call.actor.agency or ""
    return MeRead(
        official=Named(code=call.actor.id, name=directory.official_name(call.actor.id)),
        agency=Named(code=agency, name=directory.name(agency)),
        roles=[Named(code=role.value, name=role.label) for role in sorted(call.actor.roles)],
        scopes=[Named(code=scope.value, name=scope.label) for scope in Scope if scope in call.scopes],
    )
