"""How citizens ask over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field


class Proof(BaseModel):
    """What shows that the dossier is the asker's own. In the body, never in the address."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    last4: str = Field(
        pattern=r"^[0-9A-Za-z]{4}$",
        description="4 ký tự cuối của số điện thoại hoặc số định danh đã khai khi nộp",
    )


LetterToken = Annotated[
    str,
    Path(
        description="Mã in trong QR của thư",
        max_length=96,
        pattern=r"^[0-9A-Za-z._-]+$",
        examples=["H44.101.01-260302-0001.1.0123456789abcdef"],
    ),
]
