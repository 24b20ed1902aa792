"""The sheet a dossier is registered on: what was typed, read as a command, and never lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from api.web.forms import whole_number
from api.web.shown import VIETNAM
from dossiers.core.errors import BadInput
from dossiers.core.said import Said
from dossiers.people import repository as people
from dossiers.people.models import ApplicantKind
from dossiers.people.service import plain_phone
from workflows.definitions.model import Channel, Definition, Fact, FactType

_PHONE = re.compile(r"[0-9]{9,11}")
_IDENTITY = re.compile(r"[0-9]{9}|[0-9]{12}|[A-Za-z]{1,2}[0-9]{6,8}")
_TAX_CODE = re.compile(r"[0-9]{10}(-?[0-9]{3})?")

PERSON_FIELDS = ("kind", "name", "identity_no", "phone", "email", "address")


@dataclass(slots=True)
class Sheet:
    """Values by field name, and what is wrong with which field."""

    typed: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    def get(self, name: str, default: str = "") -> str:
        """What stands in a field."""
        return self.typed.get(name, default)

    def fill_person(self, prefix: str, row: Any) -> None:
        """Put a known person into the fields of the applicant (``a``) or of who acts for them (``r``)."""
        self.typed[f"{prefix}.id"] = str(row.id)
        for name in PERSON_FIELDS:
            self.typed[f"{prefix}.{name}"] = str(getattr(row, name))

    def person(self, connection: Connection, prefix: str) -> UUID | dict[str, str]:
        """The person in these fields: who is on record when nothing was changed, else the details."""
        details = {name: self.get(f"{prefix}.{name}") for name in PERSON_FIELDS}
        details["kind"] = details["kind"] or ApplicantKind.PERSON.value
        details["phone"] = plain_phone(details["phone"])
        details["identity_no"] = re.sub(r"[ .]", "", details["identity_no"])
        known = _id_in(self.get(f"{prefix}.id"))
        row = people.get(connection, known) if known is not None else None
        if known is not None and all(getattr(row, name) == details[name] for name in PERSON_FIELDS):
            return known
        for name, message in wrong_numbers(details).items():
            if row is None or getattr(row, name) != details[name]:
                self.errors[f"{prefix}.{name}"] = message
        return details

    def has_person(self, prefix: str) -> bool:
        """Whether somebody was named in these fields."""
        return any(self.get(f"{prefix}.{name}") for name in ("name", "identity_no", "phone"))

    @property
    def channel(self) -> str:
        """How the dossier comes in."""
        return self.get("channel", Channel.DIRECT.value)

    @property
    def applicant_kind(self) -> str:
        """Person or organisation."""
        return self.get("a.kind") or ApplicantKind.PERSON.value

    def was_shown(self, definition: Definition) -> bool:
        """Whether these are answers to this definition's questions: an empty box then means no."""
        return self.get("shown") == definition.code

    def facts(self, definition: Definition) -> dict[str, Any]:
        """What was said of the case; ``errors`` gets what cannot be read."""
        said: dict[str, Any] = {}
        if not self.was_shown(definition):
            return said
        for name, fact in asked_facts(definition).items():
            value = self._fact(name, fact)
            if value is not None:
                said[name] = value
        return said

    def _fact(self, name: str, fact: Fact) -> Any:
        typed = self.get(f"fact.{name}")
        match fact.type:
            case FactType.BOOL:
                return bool(typed)
            case FactType.NUMBER:
                return self.number(f"fact.{name}")
            case _:
                return typed if typed in fact.choices else None

    def number(self, name: str, default: int | None = None) -> int | None:
        """A whole number; ``errors`` gets what is none."""
        if not self.get(name):
            return default
        number = whole_number(self.get(name), digits=9)
        if number is None:
            self.errors[name] = Said("Cần một số nguyên không âm.")
            return default
        return number

    def submitted_at(self) -> datetime | None:
        """When it was handed in, if not now."""
        text = self.get("submitted_at")
        if not text:
            return None
        try:
            return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)
        except ValueError:
            self.errors["submitted_at"] = Said("Giờ, ngày chưa đúng.")
            return None

    def bindings(self, definition: Definition) -> dict[str, tuple[str, ...]]:
        """Agencies chosen by hand."""
        chosen = {key: self.get(f"bind.{key}") for key in definition.participants}
        return {key: (code,) for key, code in chosen.items() if code}

    def counts(self, definition: Definition) -> dict[str, tuple[int, int]]:
        """Originals and copies by paper: as typed, or what is asked for where nothing was typed yet."""
        shown = self.was_shown(definition)
        found: dict[str, tuple[int, int]] = {}
        for paper in definition.papers:
            usual = (paper.originals, paper.copies) if paper.required and not shown else (0, 0)
            found[paper.id] = (
                self.number(f"paper.{paper.id}.originals", usual[0]) or 0,
                self.number(f"paper.{paper.id}.copies", usual[1]) or 0,
            )
        return found

    def refused(self, error: BadInput) -> None:
        """Note a refusal beside the fields it is about."""
        if error.where in ("submitted_at", "received_at"):
            self.errors["submitted_at"] = error.message
        for where, message in error.details.get("fields", {}).items():
            self.errors[_field_of(str(where))] = str(message)


def wrong_numbers(details: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the numbers of a person as the desk types them; what is left empty is not."""
    found: dict[str, str] = {}
    if details["phone"] and not _PHONE.fullmatch(details["phone"]):
        found["phone"] = Said("Số điện thoại cần từ 9 đến 11 chữ số, ví dụ 0912345678.")
    number = details["identity_no"]
    if number and details["kind"] == ApplicantKind.PERSON and not _IDENTITY.fullmatch(number):
        found["identity_no"] = Said(
            "Số định danh cần 12 chữ số (chứng minh nhân dân cũ: 9); hoặc số hộ chiếu."
        )
    if number and details["kind"] == ApplicantKind.ORGANISATION and not _TAX_CODE.fullmatch(number):
        found["identity_no"] = Said("Mã số thuế cần 10 chữ số, hoặc 13 chữ số như 0123456789-001.")
    return found


def asked_facts(definition: Definition) -> Mapping[str, Fact]:
    """Facts the desk can know: those that no step finds out later."""
    later = {name for step in definition.steps for way in step.ways for name in way.sets}
    return {name: fact for name, fact in definition.case.items() if name not in later}


def _field_of(where: str) -> str:
    for long, short in (("applicant", "a"), ("representative", "r")):
        if where.startswith(f"{long}."):
            return short + where.removeprefix(long)
    return where


def _id_in(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
