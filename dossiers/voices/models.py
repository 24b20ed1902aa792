"""Tables of what citizens say. Who said it and in what words is kept apart from what is counted."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dossiers.core.base import AGENCY_CODE, OFFICIAL_ID, Base, Instant
from dossiers.core.said import Said


class Occasion(StrEnum):
    """What of a dossier is rated: the form goes out with slips 01, 02 and 03 and with the result."""

    RECEPTION = "reception"
    SUPPLEMENT = "supplement"
    REFUSAL = "refusal"
    RESULT = "result"

    @property
    def label(self) -> str:
        """The occasion in Vietnamese."""
        return _OCCASIONS[self]


_OCCASIONS = {
    Occasion.RECEPTION: Said("Tiếp nhận hồ sơ"),
    Occasion.SUPPLEMENT: Said("Yêu cầu bổ sung hồ sơ"),
    Occasion.REFUSAL: Said("Từ chối hồ sơ"),
    Occasion.RESULT: Said("Trả kết quả"),
}


class Matter(StrEnum):
    """What a complaint is about."""

    CONDUCT = "conduct"
    LATENESS = "lateness"
    PROCEDURE = "procedure"
    FEES = "fees"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The matter in Vietnamese."""
        return _MATTERS[self]


_MATTERS = {
    Matter.CONDUCT: Said("Thái độ, cách làm việc của công chức"),
    Matter.LATENESS: Said("Chậm giải quyết, chậm trả kết quả"),
    Matter.PROCEDURE: Said("Thủ tục, giấy tờ phải nộp"),
    Matter.FEES: Said("Phí, lệ phí và khoản phải nộp"),
    Matter.OTHER: Said("Nội dung khác, đề xuất, kiến nghị"),
}


class Standing(StrEnum):
    """How far a complaint is."""

    RECEIVED = "received"
    ASKED = "asked"
    REFUSED = "refused"
    ANSWERED = "answered"
    PUBLISHED = "published"

    @property
    def label(self) -> str:
        """The standing in Vietnamese."""
        return _STANDINGS[self]

    @property
    def is_open(self) -> bool:
        """Whether an answer is still owed."""
        return self in (Standing.RECEIVED, Standing.ASKED)


_STANDINGS = {
    Standing.RECEIVED: Said("Đang xem xét"),
    Standing.ASKED: Said("Chờ người gửi bổ sung thông tin"),
    Standing.REFUSED: Said("Không tiếp nhận"),
    Standing.ANSWERED: Said("Đã trả lời"),
    Standing.PUBLISHED: Said("Đã trả lời và công khai"),
}


class RatingRow(Base):
    """What a citizen thought of one occasion of a dossier; said once and not changed."""

    __tablename__ = "ratings"

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    occasion: Mapped[Occasion] = mapped_column(String(12), primary_key=True)
    agency: Mapped[str] = mapped_column(AGENCY_CODE, comment="Whose work is rated")
    procedure: Mapped[str] = mapped_column(String(40))
    score: Mapped[int] = mapped_column(Integer)
    rated_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[str | None] = mapped_column(OFFICIAL_ID, comment="At the desk; else the citizen")
    comment: Mapped[UUID | None] = mapped_column(comment="In voice_texts")

    __table_args__ = (
        CheckConstraint("score BETWEEN 1 AND 5", name="score_in_range"),
        Index("ix_ratings_agency_rated_at", "agency", "rated_at"),
    )


class RatingReasonRow(Base):
    """A criterion of satisfaction named as the reason for a rating."""

    __tablename__ = "rating_reasons"

    dossier_id: Mapped[UUID] = mapped_column(primary_key=True)
    occasion: Mapped[Occasion] = mapped_column(String(12), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(20), primary_key=True)

    __table_args__ = (
        ForeignKeyConstraint(["dossier_id", "occasion"], ["ratings.dossier_id", "ratings.occasion"]),
    )


class ComplaintRow(Base):
    """A complaint or proposal, and until when it must be refused, asked about, answered and published."""

    __tablename__ = "complaints"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    no: Mapped[str] = mapped_column(String(24), unique=True)
    matter: Mapped[Matter] = mapped_column(String(12))
    agency: Mapped[str] = mapped_column(AGENCY_CODE, ForeignKey("agencies.code"))
    dossier_id: Mapped[UUID | None] = mapped_column(ForeignKey("dossiers.id"), index=True)
    standing: Mapped[Standing] = mapped_column(String(10))
    received_at: Mapped[datetime] = mapped_column(Instant)
    refuse_by: Mapped[datetime] = mapped_column(Instant)
    ask_by: Mapped[datetime] = mapped_column(Instant)
    answer_by: Mapped[datetime] = mapped_column(Instant, comment="Counted anew when the citizen adds")
    publish_by: Mapped[datetime | None] = mapped_column(Instant)
    asked_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant, comment="When it was answered or refused")
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    public_matter: Mapped[UUID | None] = mapped_column(comment="In voice_texts")
    public_answer: Mapped[UUID | None] = mapped_column(comment="In voice_texts")
    sent_key: Mapped[str | None] = mapped_column(String(64), unique=True, comment="Digest: never sent twice")

    __table_args__ = (
        Index("ix_complaints_agency_received_at", "agency", "received_at"),
        Index("ix_complaints_published_at", "published_at"),
    )


class ComplainantRow(Base):
    """Who complained: personal data, apart from the complaint."""

    __tablename__ = "complainants"

    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("complaints.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(20))
    email: Mapped[str] = mapped_column(String(120))


class ComplaintActRow(Base):
    """One thing that was done about a complaint; only ever added."""

    __tablename__ = "complaint_acts"

    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("complaints.id"), primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), comment="sent, asked, added, refused, answered, published")
    at: Mapped[datetime] = mapped_column(Instant)
    official: Mapped[str | None] = mapped_column(OFFICIAL_ID, comment="None for the citizen")
    text: Mapped[UUID | None] = mapped_column(comment="In voice_texts")


class VoiceTextRow(Base):
    """A free text of a citizen or of who answered, so that it can be disposed of alone."""

    __tablename__ = "voice_texts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(Instant)
