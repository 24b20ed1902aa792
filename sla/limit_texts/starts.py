"""What a time is counted from, and whether that is the reception of the dossier."""

from __future__ import annotations

import re

from sla.limit_texts.acts import AGENCY
from sla.limit_texts.clauses import OPENER
from sla.limit_texts.times import Shape
from sla.limit_texts.words import any_of, tidy

_LISTED = r"(?:tổ chức|tập thể|cơ quan|cá nhân|sở|bộ), (?:tổ chức|cá nhân|doanh nghiệp|đơn vị|hộ|ngành)\b"
_QUALITY = r"(?:hợp lệ|đầy đủ|chính xác|đúng|đáp ứng|phù hợp|theo quy|tài liệu|giấy tờ|hồ sơ|phí|lệ phí)\b"
_START = re.compile(
    r"[\s,:(]*(?:ngày )?(?P<from>(?:(?:được )?(?:(?:kể |kề |tính )?t[ừử]|kể (?=ngày|khi|nhận))"
    r"(?: ngày| khi| thời điểm| lúc| nhận)?\b|sau (?:khi|ngày)\b)"
    rf"(?:\b{_LISTED}|\(nếu có\)|[^,;:.()])*(?:,? (?:và |tính )?{_QUALITY}[^,;:.()]*)*)"
)
_STILL_RECEIVES = re.compile(r",[^;:.()]{0,90}?\bnhận (?:được |đủ |đầy đủ )*hồ sơ\b[^,;:.()]*")
_START_BEFORE = re.compile(r"^\W*(?P<from>(?:kể từ|tính từ|sau khi|khi)\b[^,;:]*)[,:]")
_RECEIVED_HERE = re.compile(r"\s*(?:cơ quan[\w ,]{0,40})?(?:tiếp )?nhận\b[^,;:.()]*")
_GOES_ON = re.compile(rf"\s(?:{OPENER}|để\b|với trường hợp|- (?=nộp|gửi|trực|qua))")
_DUTY = re.compile(r" (?:phải|có trách nhiệm|tiến hành)\b")
_FIRST_ACTOR = 12
"""An agency named before this position is part of “kể từ ngày cơ quan ...”, not the one who then acts."""

_RECEPTION = re.compile(
    r"(?:(?<!chấp )nhận|tiếp nhận|nộp|đủ|thụ lý|có|hoàn thành việc nộp|xuất trình)\b"
    r"(?: được| đủ| đầy đủ| chính thức| nhận| thông tin| toàn bộ| các| bộ| bản| 01| một)*"
    r" (?:hồ sơ|giấy tờ|các giấy|đơn|tờ khai|đề nghị|yêu cầu|tài liệu|mẫu vật|thủ tục|thông tin"
    r"|văn bản(?: |/đơn )(?:đề nghị|đề xuất|yêu cầu|đăng ký)|phiếu (?:yêu cầu|đề nghị|đăng ký)"
    r"|công văn đề nghị|giấy đề nghị)"
    r"|đủ (?:hồ sơ(?! đủ)|giấy tờ)|hồ sơ (?:đầy đủ|hợp lệ|đủ(?! điều kiện))"
    r"|hết (?:hạn|thời hạn) (?:nộp|nhận|tiếp nhận)|kết thúc (?:nhận|tiếp nhận|thời hạn)|thụ lý"
    r"|hồ sơ được (?:tiếp )?nhận|phiếu tiếp nhận|giấy tiếp nhận|đã nộp"
    r"|nhận (?:được |đủ |đầy đủ )+[^,]*hợp lệ"
)
_SUBMITTED = re.compile(
    r"\bnhận(?: được| đủ| đầy đủ)* "
    + any_of(
        *("văn bản", "thông báo", "báo cáo", "bản khai", "bản kê khai", "phương án", "kế hoạch", "danh sách"),
        *("công văn", "bản đăng ký"),
    )
)
_NOT_SUBMITTED = re.compile(
    any_of(
        *("ý kiến", "trả lời", "thẩm định", "kết luận", "khắc phục", "chấp thuận", "đồng ý", "khảo nghiệm"),
        *(
            "thử nghiệm",
            "giám sát",
            "đánh giá",
            "kiểm tra",
            "không hợp lệ",
            "về việc đã",
            "văn bản thông báo",
        ),
        *("quyết toán", "thông báo (?:kết quả|hồ sơ|tiếp nhận|của cơ quan)"),
        *("cơ quan", "sở(?! hữu| giao dịch)", "bộ", "cục", "chi cục", "tổng cục", "ủy ban", "uỷ ban", "ubnd"),
        *("hội đồng", "phòng", "công an", "chủ tịch", "thủ tướng"),
    )
)
_FROM_OFFICE = re.compile(
    r"(?:hồ sơ|văn bản|công văn)[^,]{0,30} (?:do|từ|của) (?:các )?"
    r"(?:cơ quan|sở(?! giao dịch| hữu)|bộ|cục|chi cục|tổng cục|vụ|ủy ban|uỷ ban|ubnd|hội đồng|phòng"
    r"|công an)\b"
    r"|hồ sơ (?:trình|do)\b"
)
_BARE = re.compile(
    r"(?:kể |tính )?từ(?: ng?à?|(?: ngày| khi)(?: (?:tiếp )?n(?:h|hậ|hận)?)?)?(?: (?:được|đủ|đầy đủ)){0,2}"
    r"(?: h(?:ồ(?: s)?)?| đ(?:ư|ượ|ủ|ầ|ầy)?)?"
)
"""A start that breaks off: “kể từ ngày nhận đủ h”."""


def from_reception(words: str) -> bool:
    """Whether “kể từ ...” begins at the reception of the dossier."""
    if _FROM_OFFICE.search(words):
        return False
    if _SUBMITTED.search(words) and not _NOT_SUBMITTED.search(words):
        return True
    return bool(_RECEPTION.search(words) or _BARE.fullmatch(words.strip()))


def start_of(before: str, after: str, shape: Shape) -> tuple[str, str]:
    """The words a time is counted from, and what follows the time without them."""
    if shape is Shape.SAME_DAY and (named := _RECEIVED_HERE.match(after)):
        return tidy(named.group()), after[named.end() :]
    if found := _START.match(after):
        begin = found.start("from")
        cut = _GOES_ON.search(found["from"])
        end = begin + cut.start() if cut else found.end()
        end = begin + _actor_at(after[begin:end])
        if not from_reception(after[begin:end]) and (more := _STILL_RECEIVES.match(after, end)):
            end = more.end()
        return tidy(after[begin:end]), after[end:]
    if found := _START_BEFORE.match(before):
        return tidy(found["from"]), after
    return "", after


def _actor_at(start: str) -> int:
    """Where, without a comma, the one who acts begins: “kể từ ngày nhận hồ sơ Cục phải kiểm tra”."""
    duty = _DUTY.search(start)
    if not duty:
        return len(start)
    actors = [found.start() for found in AGENCY.finditer(start, 0, duty.start())]
    return next((at for at in actors if at > _FIRST_ACTOR), duty.start())
