"""What an importer has to say: the faults a workflow is refused for, and how the source was understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST = 50
"""So many faults of one workflow are told; a file that is wrong throughout needs no longer list."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A reason to refuse. ``where`` is a path in the source, or in the definition for a finding ``MC…``."""

    code: str
    message: str
    where: str = ""
    hint: str = ""

    def as_dict(self) -> dict[str, str]:
        """The fault as data, without empty fields."""
        data = {"code": self.code, "message": self.message, "where": self.where, "hint": self.hint}
        return {key: value for key, value in data.items() if value}


@dataclass(frozen=True, slots=True)
class Note:
    """Something the source leaves open or says in its own way, and what was made of it."""

    code: str
    message: str
    where: str = ""

    def as_dict(self) -> dict[str, str]:
        """The note as data, without empty fields."""
        data = {"code": self.code, "message": self.message, "where": self.where}
        return {key: value for key, value in data.items() if value}


FAULTS: Mapping[str, tuple[str, str]] = {
    "not_an_object": ("Mục này không phải một quy trình.", "Mỗi quy trình là một đối tượng JSON."),
    "field_missing": ("Thiếu “{field}”.", "Ghi {field} vào tệp nguồn."),
    "field_type": ("“{field}” phải là {expected}, tệp ghi {found}.", "Sửa {field} trong tệp nguồn."),
    "text_unreadable": (
        "“{field}” có ký tự không lưu được hoặc dài quá {most} ký tự.",
        "Sửa {field} trong tệp nguồn.",
    ),
    "code_unreadable": (
        "Mã “{found}” không đúng dạng.",
        "Chữ không dấu, số, dấu chấm, gạch; bắt đầu bằng chữ hoặc số; tối đa 40 ký tự.",
    ),
    "code_twice": (
        "Mã “{found}” có ở nhiều quy trình khác nhau trong tệp; không biết bản nào đúng.",
        "Giữ lại một bản, hoặc đổi mã.",
    ),
    "time_unreadable": (
        "“{field}” ghi “{found}”, không phải số ngày.",
        "Ghi số ngày, ví dụ “0.5” hoặc “15”; “-1” nghĩa là không nêu.",
    ),
    "time_out_of_range": (
        "“{field}” ghi {found} ngày; chỉ nhận bội số của 0,25 và không quá {most} ngày.",
        "Sửa {field} trong tệp nguồn.",
    ),
    "fee_unreadable": ("Phí ghi “{found}”, không đọc được thành số tiền.", "Ghi 50000 hoặc 50.000."),
    "too_many_tasks": ("Quy trình có hơn {most} việc.", "Tách quy trình."),
    "group_missing": (
        "Bước “{step}” không nêu nhóm (group) nào thực hiện.",
        "Ghi group của bước; không rõ ai làm thì hồ sơ nằm lại đó.",
    ),
    "group_ambiguous": (
        "Nhóm “{found}” trùng mã cơ quan với nhóm “{other}”.",
        "Đổi tên một trong hai nhóm.",
    ),
    "task_code_twice": (
        "Mã việc “{found}” dùng hai lần; không rõ next trỏ tới việc nào.",
        "Đặt mã khác nhau, ví dụ thêm tiền tố SAU_THUE::.",
    ),
    "next_unknown": ("Việc “{task}” chuyển đến “{found}” nhưng không có việc nào mang mã đó.", "Sửa next."),
    "chain_loops": (
        "Việc “{task}” chuyển ngược về “{found}”; hồ sơ chạy vòng, không bao giờ xong.",
        "Sửa next để dây chuyền đi đến NULL.",
    ),
    "task_unreachable": (
        "Không việc nào chuyển đến “{task}”; việc này không bao giờ được làm.",
        "Sửa next của việc đứng trước, hoặc bỏ việc này.",
    ),
    "step_revisited": (
        "Dây chuyền rời bước “{step}” rồi quay lại; thời hạn của bước không rõ tính cho lần nào.",
        "Tách thành hai bước, mỗi bước một thời hạn.",
    ),
    "side_branch": (
        "“{step}” là bước song song ngoài dây chuyền (no_chain); nguồn không nói khi nào phải xong.",
        "Bỏ bước song song khỏi tệp nguồn, hoặc viết quy trình này bằng YAML với nhánh và điểm hội tụ.",
    ),
    "pause_unpaired": (
        "Việc “{task}” có {flag} nhưng việc liền {side} không có {other}; không rõ đồng hồ dừng lúc nào.",
        "Việc có unpause phải đứng ngay sau việc có pause.",
    ),
    "waiting_in_between": (
        "Bước “{step}” vừa làm, vừa chờ người nộp, rồi làm tiếp, nhưng chỉ có một thời hạn chung.",
        "Tách bước, hoặc ghi thời gian từng việc sao cho cộng lại bằng thời hạn của bước.",
    ),
    "step_time_unstated": (
        "Bước “{step}” không nêu thời hạn (-1).",
        "Ghi thời hạn của bước.",
    ),
    "step_without_time": (
        "Bước “{step}” là việc của cơ quan nhưng thời hạn ghi 0 ngày.",
        "Ghi thời hạn của bước, lớn hơn 0.",
    ),
    "total_unstated": (
        "Quy trình không nêu thời hạn (-1) và các bước cũng không đủ để cộng ra; không hẹn trả được.",
        "Ghi totaltime_days, hoặc thời hạn của mọi bước.",
    ),
    "nothing_to_do": ("Quy trình không có việc nào của cơ quan sau khi tiếp nhận.", "Bổ sung các bước."),
    "definition_invalid": ("Không lập được định nghĩa: {why}", "Sửa chỗ đã nêu trong tệp nguồn."),
    "code_taken": (
        "Mã {found} đã có quy trình không phải do nhập từ tệp này mà ra; nhập sẽ đè lên.",
        "Đổi mã trong tệp nguồn, hoặc sửa quy trình đang có.",
    ),
    "database_refused": ("Cơ sở dữ liệu không nhận quy trình này.", "Xem nhật ký của chương trình."),
}
"""Every fault by its stable code: what is wrong and how to mend it. ``MC…`` are findings of the checks."""

NOTES: Mapping[str, str] = {
    "total_from_steps": (
        "Nguồn không nêu thời hạn (-1): hẹn trả theo tổng thời hạn các bước, {total} ngày làm việc."
    ),
    "slack": "Các bước cộng lại {sum} ngày, ít hơn thời hạn {total} ngày: phần còn lại chưa giao bước nào.",
    "tasks_merged": (
        "Các việc ghi {times} ngày, không khớp thời hạn {total} ngày của bước: gộp thành một bước, "
        "theo thời hạn của bước."
    ),
    "task_time_unused": "Việc ghi {times} ngày, bước ghi {total} ngày: theo thời hạn của bước.",
    "reception_built_in": "Tiếp nhận 0 ngày: là lệnh đăng ký, tiếp nhận có sẵn, không thành bước.",
    "return_built_in": "Trả kết quả 0 ngày: là lệnh trả kết quả có sẵn, không thành bước.",
    "return_timed": "Trả kết quả có {total} ngày nên là một bước, tính vào thời hạn.",
    "payment_step": "“{task}” là bước chờ người nộp nộp tiền, không tính vào thời hạn.",
    "payment_time_unused": "Bước “{step}” ghi {total} ngày nhưng là chờ người nộp: không tính vào thời hạn.",
    "clock_stops": "pause, unpause: đồng hồ dừng từ khi xong “{before}” đến khi xong “{task}”.",
    "fee_read": "Phí “{found}” đọc là {amount} đồng.",
    "fee_without_step": "Có phí {amount} đồng nhưng nguồn không có bước thu phí: chỉ ghi mức phí.",
    "fee_unstated": "Có bước thu phí nhưng nguồn không nêu mức phí.",
    "nobody_decides": "Nguồn không có việc ký duyệt hay xét duyệt nào: không bước nào quyết định.",
    "division_decides": "Không có ký duyệt: bước quyết định là “{task}”, do thủ trưởng của “{group}”.",
    "refusal_added": (
        "Bước quyết định có thêm kết quả từ chối (phải nêu lý do); nguồn để việc từ chối ngoài dây chuyền."
    ),
    "order_unused": "Số thứ tự (order) trùng hoặc không tăng dần: thứ tự lấy theo next.",
    "level_commune": "Nguồn là cấp thành phố thuộc tỉnh, nay không còn: ghi là cấp xã.",
    "repeated": "Giống hệt quy trình cùng mã đứng trước trong tệp.",
    "new_version": "Nội dung khác bản {before} đã có: lưu thành phiên bản {version}.",
}
"""Every note by its stable code."""


@dataclass(slots=True)
class Findings:
    """Faults and notes of one workflow, as they are found."""

    faults: list[Fault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def fault(self, code: str, where: str, **words: object) -> None:
        """Refuse for a reason; the same fault at the same place is said once."""
        message, hint = FAULTS[code]
        found = Fault(code, message.format(**words), where, hint.format(**words))
        if found not in self.faults and len(self.faults) < MOST:
            self.faults.append(found)

    def note(self, code: str, where: str = "", **words: object) -> None:
        """Say how the source was understood."""
        found = Note(code, NOTES[code].format(**words), where)
        if found not in self.notes:
            self.notes.append(found)
