"""The ten national statuses of a dossier [C: portal code in service; TT 22/2019/TT-BTTTT, art. 4]."""

from __future__ import annotations

from enum import IntEnum

from dossiers.core.said import Said


class Status(IntEnum):
    """Status codes as the national portal exchanges them."""

    NEW = 1
    ACCEPTED = 2
    NOT_ACCEPTED = 3
    PROCESSING = 4
    SUPPLEMENT_ASKED = 5
    PAYMENT_ASKED = 6
    WITHDRAWN = 7
    STOPPED = 8
    FINISHED = 9
    RETURNED = 10

    @property
    def label(self) -> str:
        """The status in Vietnamese, as the portal writes it."""
        return _LABELS[self]


_LABELS = {
    Status.NEW: Said("Mới đăng ký"),
    Status.ACCEPTED: Said("Được tiếp nhận"),
    Status.NOT_ACCEPTED: Said("Không được tiếp nhận"),
    Status.PROCESSING: Said("Đang xử lý"),
    Status.SUPPLEMENT_ASKED: Said("Yêu cầu bổ sung giấy tờ"),
    Status.PAYMENT_ASKED: Said("Yêu cầu thực hiện nghĩa vụ tài chính"),
    Status.WITHDRAWN: Said("Công dân yêu cầu rút hồ sơ"),
    Status.STOPPED: Said("Dừng xử lý"),
    Status.FINISHED: Said("Đã xử lý xong"),
    Status.RETURNED: Said("Đã trả kết quả"),
}
