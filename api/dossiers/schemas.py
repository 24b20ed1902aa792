"""What dossiers look like over HTTP, beyond what the views give."""

from __future__ import annotations

from pydantic import BaseModel, Field

from workflows.views.models import EventRead, StatusRead


class ReceiptRead(BaseModel):
    """What a command did, or with ``dry_run`` would do."""

    code: str = Field(description="Mã hồ sơ")
    first_seq: int = Field(description="Số của sự kiện đầu do lệnh này ghi")
    last_seq: int = Field(description="Số của sự kiện cuối; gửi lại trong If-Match ở lệnh sau")
    status: StatusRead = Field(description="Trạng thái hồ sơ sau lệnh này")
    events: list[EventRead] = Field(description="Những việc lệnh này đã ghi")
    repeated: bool = Field(description="Lệnh đã được thực hiện trước đó với cùng khoá chống gửi trùng")
    dry_run: bool = Field(default=False, description="Chỉ thử: chưa ghi gì")
