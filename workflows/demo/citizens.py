"""What citizens say in the demonstration: ratings of the last results, and complaints at every point of their
lives. Everybody and everything said is invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Connection, select

from dossiers.agencies.models import Role
from dossiers.records.models import DossierRow
from dossiers.voices.models import Matter, Occasion
from workflows.demo.places import invented_name
from workflows.engine.draft import Actor
from workflows.office import Office
from workflows.voices import complaints
from workflows.voices.complaints import NewComplaint
from workflows.voices.rating import NewRating, invitations, rate_by_link

RATED = 120
"""How many of the last results may be rated; about half are."""

_PRAISE = ("Cán bộ hướng dẫn tận tình.", "Trả kết quả trước hẹn.", "Nộp hồ sơ nhanh, không phải chờ.")
_BLAME = ("Phải đi lại ba lần.", "Trễ hẹn mà không được báo trước.", "Chờ lâu, không rõ hồ sơ ở đâu.")


@dataclass(frozen=True, slots=True)
class _Story:
    """A complaint and what became of it: ``deeds`` are done one day apart."""

    days_ago: int
    matter: Matter
    text: str
    deeds: tuple[tuple[str, ...], ...] = ()


_STORIES = (
    _Story(
        34,
        Matter.LATENESS,
        "Hồ sơ quá hẹn năm ngày mà tôi không nhận được thông báo nào.",
        (
            (
                "answer",
                "Hồ sơ đã được trả kết quả. Cơ quan xin lỗi ông (bà) và đã nhắc nhở công chức phụ trách.",
            ),
            (
                "publish",
                "Hồ sơ quá hẹn nhưng người nộp không được thông báo.",
                "Cơ quan đã trả kết quả, xin lỗi người nộp và yêu cầu báo trước ngày hẹn ít nhất 01 ngày.",
            ),
        ),
    ),
    _Story(
        27,
        Matter.PROCEDURE,
        "Tôi đã nộp bản sao giấy khai sinh ở hồ sơ trước, nay lại bị yêu cầu nộp lần nữa.",
        (
            (
                "answer",
                "Giấy tờ đã có trong kho dữ liệu không phải nộp lại; cơ quan xin lỗi ông (bà).",
            ),
            (
                "publish",
                "Bị yêu cầu nộp lại giấy tờ đã nộp ở hồ sơ trước.",
                "Giấy tờ đã có trong kho dữ liệu không phải nộp lại; nơi tiếp nhận đã thực hiện đúng.",
            ),
        ),
    ),
    _Story(26, Matter.FEES, "Tôi nộp lệ phí hai lần cho cùng một hồ sơ, đề nghị xem xét hoàn lại."),
    _Story(
        9,
        Matter.CONDUCT,
        "Cán bộ tiếp nhận trả lời cộc lốc, không giải thích vì sao hồ sơ thiếu giấy tờ.",
        (("ask", "Đề nghị ông (bà) cho biết ngày, giờ và quầy tiếp nhận để cơ quan xác minh."),),
    ),
    _Story(
        6,
        Matter.OTHER,
        "Đề nghị giải quyết tranh chấp ranh giới đất giữa hai nhà hàng xóm.",
        (
            (
                "refuse",
                "Tranh chấp ranh giới đất được hoà giải ở cấp xã theo trình tự riêng.",
            ),
        ),
    ),
    _Story(
        3,
        Matter.LATENESS,
        "Chiều thứ Sáu tôi đến lấy kết quả đúng giờ hẹn nhưng phải chờ hơn một giờ.",
        (("answer", "Cơ quan xin lỗi ông (bà); đã bố trí thêm một công chức trả kết quả vào buổi chiều."),),
    ),
    _Story(1, Matter.OTHER, "Đề nghị đặt thêm ghế ngồi và quạt ở khu vực chờ của Trung tâm."),
)


def speak(office: Office, connection: Connection, seed: str, until: datetime) -> None:
    """Let citizens rate and complain, up to ``until``."""
    dice = Random(f"{seed}:citizens")  # noqa: S311 - a demonstration is meant to be repeatable
    _rate(office, connection, dice, until)
    _complain(office, connection, dice, until)


def _rate(office: Office, connection: Connection, dice: Random, until: datetime) -> None:
    returned = select(DossierRow.id, DossierRow.returned_at, DossierRow.late_since).where(
        DossierRow.returned_at.is_not(None)
    )
    for row in connection.execute(
        returned.order_by(DossierRow.returned_at.desc(), DossierRow.id).limit(RATED)
    ).all():
        if dice.random() < 0.5:
            continue
        late = row.late_since is not None
        score = dice.choice((1, 2, 2, 3)) if late else dice.choice((3, 4, 4, 5, 5, 5))
        said = NewRating(
            score=score,
            reasons=dice.sample(("time", "conduct", "guidance", "papers", "visits"), dice.randrange(3)),
            comment=dice.choice(_BLAME if score < 3 else _PRAISE)
            if score != 3 and dice.random() < 0.4
            else "",
        )
        at = min(row.returned_at + timedelta(minutes=dice.randrange(1, 600)), until)
        for invitation in invitations(connection, row.id):
            if invitation.occasion is Occasion.RESULT:
                rate_by_link(office, connection, invitation.token, said, at)


def _complain(office: Office, connection: Connection, dice: Random, until: datetime) -> None:
    directory = office.reference(connection).directory
    communes = sorted(each.code for each in directory.agencies() if each.kind == "committee.commune")[:2]
    for number, story in enumerate(_STORIES):
        agency = communes[number % 3 // 2]
        at = until - timedelta(days=story.days_ago)
        new = NewComplaint(
            matter=story.matter,
            text=story.text,
            name=invented_name(dice),
            phone=f"0900{dice.randrange(10**6):06}",
            agency=agency,
        )
        no = complaints.send(office, connection, new, at)
        for days, (deed, *words) in enumerate(story.deeds, start=1):
            head = directory.head_at(agency, at).official or ""
            actor = Actor("official", head, agency, frozenset({Role.HEAD}))
            getattr(complaints, deed)(office, connection, no, *words, actor, at + timedelta(days=days))
