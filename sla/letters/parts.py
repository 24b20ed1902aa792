"""What every standard form shares: letterhead, who signs and in what capacity, digital signature, QR code."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import segno

from dossiers.core.errors import BadInput
from sla.letters.wording import LONGEST_NARROW_TOKEN as NARROW
from sla.letters.wording import local, one_line, optional, required, stamp

_DENSEST_QR_VERSION = 10
"""57 x 57 modules and the quiet zone on the printed 28 mm: 0.43 mm a module, which a telephone reads."""
_QR_PIXELS_PER_MODULE = 2
_MASK = 0
"""One of eight patterns that keep a code from having large plain areas. An address has none under any of
them, and trying all eight to find the best takes five times as long."""


_CENTRE = "trung tâm phục vụ hành chính công"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The upper left of a form, and the place written before the date.

    ``superior`` is the organisation above (ĐƠN VỊ CHỦ QUẢN); None for an agency printed alone.
    """

    agency: str
    place: str
    superior: str | None = None

    @property
    def unit(self) -> str:
        """How numbers of the desk's documents end: a Centre, or a one-stop section."""
        return "TTPVHCC" if self.agency.casefold().startswith(_CENTRE) else "BPTNTKQ"

    def fields(self) -> dict[str, str | None]:
        """The fields for the template."""
        superior = one_line(self.superior or "", longest=NARROW)
        return {
            "agency": required(self.agency, where="letterhead.agency", longest=NARROW),
            "place": required(self.place, where="letterhead.place", longest=NARROW),
            "superior": superior or None,
        }


class Whom(StrEnum):
    """How a text speaks of the applicant; ``ANYONE`` keeps the forms' own wording."""

    ANYONE = "anyone"
    MAN = "man"
    WOMAN = "woman"
    PERSON = "person"
    ORGANISATION = "organisation"

    @property
    def slashed(self) -> str:
        """“Ông/Bà/Tổ chức”, or whichever of them it is."""
        return _WORDS[self][0]

    @property
    def bracketed(self) -> str:
        """“Ông (Bà)/Tổ chức”, or whichever of them it is."""
        return _WORDS[self][1]


_WORDS = {
    Whom.ANYONE: ("Ông/Bà/Tổ chức", "Ông (Bà)/Tổ chức"),
    Whom.MAN: ("Ông", "Ông"),
    Whom.WOMAN: ("Bà", "Bà"),
    Whom.PERSON: ("Ông/Bà", "Ông (Bà)"),
    Whom.ORGANISATION: ("Tổ chức", "Tổ chức"),
}


@dataclass(frozen=True, slots=True)
class Party:
    """A person or an organisation as forms name them; what is not known is left to be written by hand."""

    name: str
    identity_no: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""

    def fields(self, *, where: str = "applicant") -> dict[str, str | None]:
        """The fields for the template."""
        return {
            "name": required(self.name, where=f"{where}.name"),
            "identity_no": optional(self.identity_no),
            "address": optional(self.address),
            "phone": optional(self.phone),
            "email": optional(self.email),
        }


class Capacity(StrEnum):
    """In what capacity a document is signed (NĐ 30/2020/NĐ-CP, art. 13 and Phụ lục I)."""

    HEAD = "head"
    """The head signs."""
    ACTING = "acting"
    """Acting head: “Q.” before the head's title."""
    DEPUTY = "deputy"
    """A deputy signs for the head, also when put in charge: “KT.” and the deputy's title below."""
    FOR_HEAD = "for_head"
    """The head of a unit inside signs by order of the head: “TL.” and the unit head's title below."""


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs. ``own_title`` is the signer's own title when it is not the head's."""

    name: str
    capacity: Capacity = Capacity.HEAD
    head_title: str = "Thủ trưởng cơ quan, đơn vị"
    own_title: str | None = None

    def lines(self) -> tuple[str, ...]:
        """The lines above the signature: ``("KT. Giám đốc", "Phó Giám đốc")``; forms print them in capitals.

        A deputy without ``own_title`` is “Phó” and the head's title. Raises ``BadInput``
        (``signatory_title_missing``) when somebody signs by order without a title.
        """
        head = required(self.head_title, where="signatory.head_title", longest=NARROW)
        own = one_line(self.own_title or "", longest=NARROW)
        match self.capacity:
            case Capacity.HEAD:
                return (head,)
            case Capacity.ACTING:
                return (f"Q. {head}",)
            case Capacity.DEPUTY:
                return (f"KT. {head}", own or f"Phó {head}")
            case Capacity.FOR_HEAD:
                if not own:
                    raise BadInput(
                        "Người ký thừa lệnh phải có chức vụ của mình.",
                        code="signatory_title_missing",
                        where="signatory.own_title",
                        hint="Điền chức vụ của người ký, ví dụ “Trưởng phòng Tư pháp”.",
                    )
                return (f"TL. {head}", own)

    def fields(self) -> dict[str, Any]:
        """The fields for the template."""
        return {"name": required(self.name, where="signatory.name", longest=NARROW), "capacity": self.lines()}


@dataclass(frozen=True, slots=True)
class DigitalSignature:
    """What is shown of a digital signature; the signature itself is put on the finished PDF elsewhere."""

    signer: str
    signed_at: datetime

    def fields(self, offset_minutes: int) -> dict[str, str]:
        """The fields for the template."""
        return {
            "signer": required(self.signer, where="signature.signer", longest=NARROW),
            "signed_at": stamp(local(self.signed_at, offset_minutes, where="signature.signed_at")),
        }


def head_or_blank(signatory: Signatory | None) -> dict[str, Any]:
    """Who signs for the agency; only the head's usual title when nobody is known to."""
    return signatory.fields() if signatory else handwritten("Thủ trưởng cơ quan, đơn vị", None)


def handwritten(title: str, name: str | None) -> dict[str, Any]:
    """A place to sign under a title of the form itself; the name is written by hand when it is not known."""
    return {"name": optional(name, longest=NARROW), "capacity": (title,)}


def verification_fields(link: str) -> dict[str, str | list[int]]:
    """The fields that print ``link`` as a QR code.

    Raises ``BadInput`` (``verification_link_unusable``, ``verification_link_too_long``).
    """
    if not link or not link.isprintable() or " " in link:
        raise BadInput(
            "Văn bản thiếu đường dẫn xác thực, hoặc đường dẫn có ký tự không dùng được.",
            code="verification_link_unusable",
            where="verification_link",
            hint="Cấp lại đường dẫn xác thực; đường dẫn không có khoảng trắng hay ký tự điều khiển.",
        )
    return {
        "image": list(_qr_png(link)),
        "alt": "Mã QR dẫn tới trang xác thực văn bản",
        "caption": "Quét mã để xác thực",
    }


def _qr_png(link: str) -> bytes:
    try:
        code = segno.make_qr(link, error="m", encoding="utf-8", mask=_MASK)
    except segno.DataOverflowError as error:
        raise _too_long(link) from error
    if int(code.version) > _DENSEST_QR_VERSION:
        raise _too_long(link)
    out = io.BytesIO()
    code.save(out, kind="png", scale=_QR_PIXELS_PER_MODULE, border=4)
    return out.getvalue()


def _too_long(link: str) -> BadInput:
    return BadInput(
        "Đường dẫn xác thực quá dài, mã QR in ra sẽ khó đọc.",
        code="verification_link_too_long",
        where="verification_link",
        hint="Dùng đường dẫn không quá 200 ký tự.",
        details={"length": len(link)},
    )
