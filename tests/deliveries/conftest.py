"""An office that tells people, and both ends of the wires."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, event, text

from dossiers.core.db import Database
from dossiers.outbox import repository as outbox
from dossiers.people import contacts
from tests.deliveries.receivers import Gateway, Mailbox, http_server, mail_server
from tests.support.office import MONDAY, TestOffice, definition
from workflows import service
from workflows.commands import NewApplicant, Register
from workflows.deliveries.channels.base import ChannelName
from workflows.deliveries.channels.http import SmsChannel, ZaloChannel
from workflows.deliveries.channels.mail import MailChannel
from workflows.deliveries.channels.setting_up import WaysOut
from workflows.deliveries.delivering import DeliveryReport, deliver
from workflows.office import Office

MAIL = "dan@example.vn"
PUBLIC = "https://motcua.example.vn"


class Delivering(TestOffice):
    """The office with its ways out."""

    def __init__(self, database: Database, mailbox: Mailbox, gateway: Gateway) -> None:
        super().__init__(database)
        self.mailbox, self.gateway = mailbox, gateway
        self.publish(definition(warnings=["1 working_day", "4 working_hour"]))
        self.ways = WaysOut(
            {
                ChannelName.EMAIL: MailChannel(
                    "127.0.0.1", mailbox.port, "Một Cửa <motcua@example.vn>", security="none", seconds=2
                ),
                ChannelName.SMS: SmsChannel(gateway.url, "bí mật".encode().hex(), seconds=1),
            },
            PUBLIC,
        )

    def with_ways(self, **more: Any) -> None:
        """Other ways out."""
        self.ways = WaysOut(**{"channels": self.ways.channels, "public_url": PUBLIC, **more})

    def with_zalo(self) -> None:
        """A Zalo account as well."""
        channels = {**self.ways.channels, ChannelName.ZALO: ZaloChannel(self.gateway.url, "t", seconds=1)}
        self.with_ways(channels=channels)

    def came(self, *, email: str = MAIL, phone: str = "0912345678", at: datetime = MONDAY) -> UUID:
        """A dossier of somebody who can be reached so."""
        person = NewApplicant(
            name="Nguyễn Thị Dân", identity_no="", phone=phone, email=email, address="Khu 3"
        )
        return self.register(applicant=person, at=at)

    def register_in(self, connection: Connection) -> None:
        """A registration in a transaction of somebody else."""
        command = Register(procedure="T.1", applicant=NewApplicant(name="Nguyễn Thị Dân"))
        service.register(self.office, connection, command, self.actor("le"), MONDAY)

    def reachable(self, official: str, **fields: str) -> None:
        """An official says where to be reached."""
        with self.database.writing() as connection:
            contacts.wish(connection, f"official:{official}", by=official, at=MONDAY, **fields)

    def deliver(self, at: datetime = MONDAY, **more: Any) -> DeliveryReport:
        """One delivery, during which no time passes."""
        return deliver(self.office, self.ways, at, stopwatch=lambda: 0.0, **more)

    def messages(self, dossier: UUID | None = None) -> list[Any]:
        """What is in the outbox, oldest first."""
        with self.database.reading() as connection:
            rows = outbox.listed(connection, agencies=None, dossier_id=dossier, most=500)
        return sorted(rows, key=lambda row: (row.created_at, row.seq, row.topic, row.recipient))

    def message(self, topic: str) -> Any:
        """The one message of a topic."""
        [row] = [row for row in self.messages() if row.topic == topic]
        return row

    def publish_other(self) -> None:
        """A procedure that is going to be lost."""
        self.publish(definition(code="T.GONE"))

    def forget_other(self) -> None:
        """Its definition is lost, and the process starts anew."""
        with self.database.writing() as connection:
            connection.execute(text("DELETE FROM procedure_versions WHERE code = 'T.GONE'"))
        self.office = Office(self.database)

    def plan_of_the_probe(self) -> str:
        """How the database finds out that nothing is due."""
        asked: list[tuple[str, Any]] = []
        event.listen(self.database.engine, "before_cursor_execute", lambda *a: asked.append((a[2], a[3])))
        with self.database.reading() as connection:
            outbox.is_anything_due(connection, MONDAY)
            statement, values = next(each for each in asked if "outbox" in each[0])
            if not self.database.is_sqlite:
                connection.execute(text("SET LOCAL enable_seqscan = off"))
            explain = "EXPLAIN QUERY PLAN " if self.database.is_sqlite else "EXPLAIN "
            return " ".join(str(row) for row in connection.exec_driver_sql(explain + statement, values))

    def attempts(self, row: Any) -> list[Any]:
        """What was done with a message."""
        with self.database.reading() as connection:
            return outbox.attempts(connection, row.id)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server."""
    with mail_server() as box:
        yield box


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """An HTTP gateway."""
    with http_server() as made:
        yield made


@pytest.fixture
def office(database: Database, mailbox: Mailbox, gateway: Gateway) -> Delivering:
    """The office, on every database."""
    return Delivering(database, mailbox, gateway)
