"""How applicants are asked for over HTTP."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class ApplicantSearch(BaseModel):
    """Whom to look for. In the body and not in the address, so that no log of addresses holds it."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    number: str = Field(
        min_length=3, max_length=20, description="Số định danh hoặc số điện thoại, đúng như đã khai"
    )
