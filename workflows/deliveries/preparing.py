"""One message made ready: by which way, to which address, in which words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from dossiers.outbox import repository as outbox
from dossiers.people.contacts import Contact
from workflows.deliveries.channels.base import ChannelName, Message
from workflows.deliveries.channels.setting_up import WaysOut
from workflows.deliveries.facts import Case, contact_of, facts_of, overtaken, read_case
from workflows.deliveries.owing import WEBHOOK
from workflows.deliveries.quiet import next_allowed
from workflows.deliveries.rendering import Text, render
from workflows.deliveries.topics import topic_rules
from workflows.deliveries.webhooks import PreparedEvent, prepare_event
from workflows.office import Office

SENT = (ChannelName.EMAIL, ChannelName.SMS, ChannelName.ZALO)
"""What is tried when nobody said what they prefer, in this order."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A message ready to go, or the reason it does not: ``overtaken``, or quiet until ``allowed_at``."""

    case: Case
    contact: Contact
    channel: ChannelName
    address: str
    text: Text
    facts: dict[str, str]
    overtaken: bool
    allowed_at: datetime

    @property
    def message_id(self) -> str:
        """What the receiver knows it by, the same at every try of this edition."""
        return f"{self.case.row.id}.{self.case.row.edition}"

    @property
    def lane(self) -> str:
        """What rests when it fails: everything that goes the same way."""
        return self.channel.value

    @property
    def leaves(self) -> bool:
        """Whether the machine hands it to somebody outside."""
        return self.channel in SENT

    @property
    def language(self) -> str:
        """In which language it is told."""
        return self.contact.language

    @property
    def shown_address(self) -> str:
        """The address as it may stand in a record."""
        return masked(self.address) if self.address else ""

    @property
    def message(self) -> Message:
        """As it is handed to a channel."""
        nameless = ("code", "due", "until", "amount", "link", "letter", "procedure", "sender")
        return Message(
            id=self.message_id,
            topic=self.case.topic.value,
            to=self.address,
            subject=self.text.subject,
            text=self.text.body,
            language=self.contact.language,
            written_at=self.case.event.at,
            data={name: self.facts[name] for name in nameless},
        )


Ready = Prepared | PreparedEvent


def make_ready(office: Office, connection: Connection, row: Any, ways: WaysOut, at: datetime) -> Ready:
    """Make a message ready, for people or for another system. Nothing is changed."""
    if row.topic == WEBHOOK:
        return prepare_event(connection, row, ways, at)
    return prepare(office, connection, row, ways, at)


def prepare(office: Office, connection: Connection, row: Any, ways: WaysOut, at: datetime) -> Prepared:
    """Make a message for people ready. Nothing is changed."""
    case = read_case(office, connection, row)
    rule = topic_rules()[case.topic]
    contact = contact_of(connection, case, at)
    invented = outbox.is_invented(connection, row.dossier_id)
    channel, address = choose(
        contact, row.chosen or "", WaysOut() if invented else ways, citizen=rule.is_for_citizen
    )
    facts = facts_of(office, connection, case, contact, ways.public_url)
    allowed_at = at
    if channel in SENT and not rule.at_once:
        allowed_at = next_allowed(at, case.calendar, ways.quiet_from, ways.quiet_until)
    return Prepared(
        case,
        contact,
        channel,
        address,
        render(case.topic, contact.language, channel, facts),
        facts,
        overtaken(case),
        allowed_at,
    )


def choose(contact: Contact, chosen: str, ways: WaysOut, *, citizen: bool) -> tuple[ChannelName, str]:
    """The way and the address: chosen by hand, else as the person prefers, else what there is.

    Who has no address for any way that is set up gets a letter; an official sees it on the pages.
    """
    for name in (chosen, contact.channel, *SENT):
        if name == ChannelName.LETTER and citizen:
            break
        address = _address(contact, name)
        if address and name in ways.channels:
            return ChannelName(name), address
    return (ChannelName.LETTER, contact.address) if citizen else (ChannelName.PAGES, "")


def _address(contact: Contact, name: str) -> str:
    return {ChannelName.EMAIL: contact.email, ChannelName.SMS: contact.phone}.get(
        ChannelName(name) if name else ChannelName.PAGES,
        contact.phone if name == ChannelName.ZALO else "",
    )


def masked(address: str) -> str:
    """An address as it may stand in a record: enough to recognise, too little to use."""
    if "@" in address:
        local, _, domain = address.rpartition("@")
        return f"{local[:2]}•••@{domain}"[:120]
    return f"•••{address[-3:]}" if len(address) > 5 else "•••"
