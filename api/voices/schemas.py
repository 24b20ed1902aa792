"""How officials record ratings and answer complaints over HTTP."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from dossiers.voices.models import Occasion
from workflows.voices.rating import NewRating

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=4000)]


class RatingAtDesk(NewRating):
    """What the citizen says on the spot."""

    occasion: Occasion = Field(description="Đánh giá lần nào của hồ sơ")


class Said(BaseModel):
    """What is said to the complainant."""

    model_config = ConfigDict(extra="forbid")

    text: Words


class Publication(Said):
    """The answer in words that name nobody."""

    matter: Words = Field(description="Tóm tắt nội dung phản ánh, không nêu tên người gửi")
