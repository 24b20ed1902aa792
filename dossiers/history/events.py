"""An event of a dossier's history and the hash chain that makes it tamper-evident."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from dossiers.core.canonical import canonical_json, instant_text, sha256_hex

GENESIS = "0" * 64
"""What the first event of a dossier names as the hash before it."""


def actor_label(kind: str, id_: str = "", behalf: str = "") -> str:
    """How an event names who acted: ``official:<id>``, and ``official:<id>/<id>`` in the place of another."""
    return f"{kind}:{id_}" + (f"/{behalf}" if behalf else "") if id_ else kind


def read_actor(label: str) -> tuple[str, str, str]:
    """The kind of actor, the id and in whose place they acted."""
    kind, _, ids = label.partition(":")
    id_, _, behalf = ids.partition("/")
    return kind, id_, behalf


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a dossier. ``payload`` never holds personal data, only references.

    ``kind`` reads subject:object:verb; ``actor`` is ``official:<id>``, ``applicant``, ``partner:<id>`` or
    ``system``; ``agency`` is the code of the agency the actor acted for, if any.
    """

    seq: int
    kind: str
    at: datetime
    actor: str
    agency: str | None
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """An event as it stands in the chain: its payload as text, the hash before it and its own."""

    event: Event
    payload_text: str
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """Where a chain stops holding, and why."""

    seq: int
    reason: str


def link_hash(dossier_id: UUID, event: Event, payload_text: str, prev_hash: str) -> str:
    """The hash of an event: over its dossier, place, content and the hash before it."""
    return sha256_hex(
        canonical_json(
            [
                str(dossier_id),
                event.seq,
                event.kind,
                instant_text(event.at),
                event.actor,
                event.agency,
                payload_text,
                prev_hash,
            ]
        )
    )


def chain(dossier_id: UUID, events: Iterable[Event], prev_hash: str) -> list[Link]:
    """Link events in order behind ``prev_hash``."""
    links = []
    for event in events:
        payload_text = canonical_json(event.payload)
        own_hash = link_hash(dossier_id, event, payload_text, prev_hash)
        links.append(Link(event, payload_text, prev_hash, own_hash))
        prev_hash = own_hash
    return links


def first_broken(dossier_id: UUID, links: Iterable[Link]) -> BrokenLink | None:
    """The first link that does not hold: a gap in the numbers, a changed event or a cut chain."""
    expected_seq, prev_hash = 1, GENESIS
    for link in links:
        if link.event.seq != expected_seq:
            return BrokenLink(expected_seq, f"thiếu sự kiện số {expected_seq}")
        if link.prev_hash != prev_hash:
            return BrokenLink(expected_seq, "mã băm của sự kiện trước không khớp")
        if link_hash(dossier_id, link.event, link.payload_text, prev_hash) != link.hash:
            return BrokenLink(expected_seq, "nội dung sự kiện đã bị thay đổi")
        expected_seq, prev_hash = expected_seq + 1, link.hash
    return None
