"""A file in the body of a request, read only after the caller is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query, Request

from api.deps import Call, Official
from dossiers.documents.service import Upload

Name = Annotated[str, Query(min_length=1, max_length=200, description="Tên tệp, ví dụ to-khai.pdf")]
Tray = Annotated[
    str,
    Query(
        max_length=40,
        pattern=r"^[0-9A-Za-z_-]*$",
        description="Phiếu mà các tệp chờ để vào chung một hồ sơ",
    ),
]

Paper = Annotated[
    str | None, Query(max_length=60, pattern=r"^[a-z0-9_]+$", description="Thành phần hồ sơ mà tệp thể hiện")
]


@dataclass(frozen=True, slots=True)
class Received:
    """Who sends a file, and the file."""

    call: Call
    upload: Upload


async def received(
    request: Request, call: Official, name: Name, tray: Tray = "", paper: Paper = None
) -> Received:
    """The file of this request."""
    return Received(call, Upload(name, await request.body(), tray, paper))


ReceivedFile = Annotated[Received, Depends(received)]
