"""The verbs of an office: which name an outcome, which only prepare one; who acts, and by which channel."""

from __future__ import annotations

import re

from sla.limit_texts.model import Kind
from sla.limit_texts.words import any_of, tidy

AGENCY = re.compile(
    any_of(
        *("cơ quan", "cấp có thẩm quyền", "sở", "bộ", "cục", "chi cục", "tổng cục", "vụ", "ủy ban", "uỷ ban"),
        *("ubnd", "hội đồng", "phòng", "công an", "ban", "trung tâm", "văn phòng", "ngân hàng nhà nước"),
        *("chủ tịch", "giám đốc", "bộ phận", "kiểm lâm", "cảng vụ", "tổ chức cấp", "đơn vị", "thủ tướng"),
        "hiệu trưởng",
    )
)
CHANNEL = re.compile(
    any_of(
        *("nộp", "gửi", "trực tiếp", "trực tuyến", "bưu chính", "bưu điện", "cổng dịch vụ", "ứng dụng"),
        *("một cửa", "cách thức", "hồ sơ được", "qua mạng"),
    )
)
"""Words about how a dossier comes in."""
_CHANNEL_CASE = re.compile(
    r"(?:nộp|gửi|thực hiện|đăng ký trực tuyến)\b(?=.*(?:trực tiếp|trực tuyến|bưu|qua|điện tử|fax))"
)
GENERIC = re.compile(
    r"(?:"
    + any_of(
        *("thời", "gian", "hạn", "giải quyết", "thực hiện", "xử lý", "trả kết quả", "thủ tục", "hành chính"),
        *("tổng", "cộng", "cụ thể", "như sau", "tthc", "của", "việc", "hồ sơ", "các", "này", "toàn bộ"),
        *("quy định", "theo", "là", "một", "xem xét", "cấp", "kết quả", "bao gồm", "gồm", "trong đó"),
    )
    + r"|[\s\d.,:;()\-–+*])*+"
)
"""Words that label any limit and restrict none."""
PARENTHESES = re.compile(r"\([^()]*(?:\)|$)")

_TAIL = re.compile(
    r"[,;.(]\s*(?:và |hoặc |còn )?(?:(?:trong )?trường hợp|nếu|đối với)\b"
    r"(?=[^;]*\b(?:phải|thì|có văn bản|thông báo|trả lời|nêu rõ|không)\b).*$"
)
"""“; trường hợp không cấp phải trả lời ...”: what is done instead of the outcome."""
_INCLUSION = re.compile(
    r"\b(?:không|chưa|đã) (?:tính|kể|bao gồm|gồm)\b[^;.:]*"
    r"|\b(?:bao gồm|gồm|kể)(?: cả)? thời gian\b[^;.:]*|\bkể cả\b[^;.:]*"
)
_PASSES_ON = re.compile(
    r"(?<!quá )(?<!chương )(?<!công )(?<!tờ )(?<!lộ )(?<!quy )"
    + any_of(
        *("trình", "tham mưu", "báo cáo(?! kết quả cho người)", "lấy ý kiến", "xin ý kiến", "chuyển hồ sơ"),
        *("chuyển (?:đến|cho|về)", "gửi (?:văn bản|hồ sơ|phiếu|lấy)"),
        "thông báo (?:cho|đến|tới) (?:cơ quan|cục|sở|bộ|công an)",
    )
    + r"(?! tự| độ)"
)
_ACT_AS_NOUN = (
    r"(?:cấp|công nhận|phê duyệt|quyết định|xác nhận|chấp thuận|gia hạn|thu hồi|giải quyết|hỗ trợ|hưởng"
    r"|thanh toán|đăng ký|thẩm định|kiểm tra|đánh giá)(?: (?:lại|mới|đổi|phép))?"
)
_NOUNS = re.compile(
    r"(?:giấy |bản |văn bản )?"
    r"(?:đề nghị|yêu cầu|đăng ký|đề xuất|xin|hồ sơ|điều kiện|về việc|theo|nhu cầu|phiếu)"
    rf" (?:được |việc |xem xét,? )*{_ACT_AS_NOUN}"
    r"|\b(?:phân|trợ|sơ|trung|cao|nâng|các|đẳng|đa) cấp\b|\bcấp (?:cứu|dưỡng|bù|phát|nước|thoát|ủy)\b"
    r"|\bcấp (?:tỉnh|xã|huyện|bộ|trung ương|cơ sở|trên|dưới|quốc gia|có thẩm quyền)"
    r"|\b(?:giấy|chứng thư|được) (?:chứng nhận|xác nhận|cấp|phép)(?: đăng ký| đủ điều kiện)*"
    r"|\bquyết định (?:số|này|của|về|giao|trên)"
    r"|(?:báo cáo|biên bản|kết quả|hội đồng|văn bản|phí|đoàn|tổ) (?:thẩm định|kiểm tra|đánh giá|thẩm tra)"
)
"""Acts named as things: “hồ sơ đề nghị cấp”, “cấp tỉnh”, “giấy chứng nhận”."""
_OUTCOME = re.compile(
    any_of(
        *("cấp", "quyết định", "phê duyệt", "chấp thuận", "công nhận", "xác nhận", "trả kết quả", "trả lời"),
        *("ban hành", "giải quyết", "chi trả", "công bố", "thông báo", "chứng nhận", "bổ nhiệm"),
        *("miễn nhiệm", "thu hồi", "hoàn trả", "cho phép", "chấm dứt", "xóa", "xoá", "thanh toán"),
        *("chứng thực", "có văn bản", "có ý kiến", "hoàn thành", "hoàn thuế", "ra quyết định", "ký"),
        *("đồng ý", "cung cấp", "thực hiện hủy", "từ chối", "trả hồ sơ", "phản hồi", "áp dụng"),
        *("khen thưởng", "bãi bỏ"),
    )
)
_INTERMEDIATE = re.compile(
    any_of(
        *("kiểm tra", "xét tính", "xem xét", "rà soát", "phân loại", "thẩm định", "thẩm tra", "xác minh"),
        *("đánh giá", "niêm yết", "tiếp nhận(?= và| hồ sơ|,)", "hướng dẫn", "yêu cầu", "khảo sát", "lập"),
        *("phân công", "bàn giao", "gửi", "thành lập", "họp", "xét duyệt", "phối hợp", "đăng tải"),
        *("nghiệm thu", "nhận hồ sơ", "đối chiếu", "tạm ứng"),
        r"tổ chức (?:việc|họp|kiểm tra|thẩm định|đánh giá|xét|rà soát|nghiệm thu|hoạt động|lấy|thực hiện)",
    )
)
_NOTICE = re.compile(
    r"\b(?:thông báo|trả lời|phản hồi|có văn bản|hướng dẫn|yêu cầu)\b[^.;]{0,90}"
    r"\b(?:tính (?:đầy đủ|hợp lệ)|bổ sung|hoàn thiện|sửa đổi|chỉnh sửa"
    r"|không hợp lệ|chưa hợp lệ|chưa đầy đủ|không đầy đủ|kiểm tra)\b"
)
_PREPARES = re.compile(
    r"(?:thời (?:hạn|gian) )?(?:thực hiện )?(?:việc )?"
    r"(?:thẩm định|kiểm tra|thông báo|gửi|trình|rà soát|phát hành)\b"
)
_DECIDES = re.compile(any_of("trả kết quả", "phê duyệt", "cấp", "công nhận", "quyết định", "ban hành"))


def before_inclusion(words: str) -> str:
    """The words before “không bao gồm ...” or the like, which speaks of other time."""
    found = _INCLUSION.search(words)
    return words[: found.start()] if found else words


def act_of(words: str) -> Kind | None:
    """TOTAL when the words name an outcome, STAGE when they only prepare one, None when they name no act."""
    words = _INCLUSION.sub("", _TAIL.sub("", PARENTHESES.sub(" ", words)))
    if _NOTICE.search(words):
        return Kind.STAGE
    words = _NOUNS.sub(" ", words)
    if _PASSES_ON.search(words):
        return Kind.STAGE
    if _OUTCOME.search(words):
        return Kind.TOTAL
    return Kind.STAGE if _INTERMEDIATE.search(words) else None


def names_outcome(words: str) -> bool:
    """Whether the words hold a verb of outcome that is not used as a noun."""
    return bool(_OUTCOME.search(_NOUNS.sub(" ", words)))


def label_kind(label: str) -> Kind:
    """Whether a limit labelled so is a case of the procedure, or a stage or an agency's share of it."""
    if AGENCY.match(label) and not names_outcome(label):
        return Kind.STAGE
    prepares = _PREPARES.match(label) and not _DECIDES.search(_NOUNS.sub(" ", label))
    return Kind.STAGE if prepares or act_of(label) is Kind.STAGE else Kind.CASE


def is_instead(words: str) -> bool:
    """Whether the words say what is done instead of the outcome, without a limit of their own."""
    return bool(_TAIL.search(words))


def is_channel_case(words: str, opener: str) -> bool:
    """“Trường hợp nộp qua bưu chính” says how a dossier comes, not which limit it has."""
    opened = re.match(rf"{opener} ?(?:các )?(?:hồ sơ |tổ chức |cá nhân |, )*(?:được )?", words)
    return bool(opened and _CHANNEL_CASE.match(words, opened.end()))


def is_general(words: str) -> bool:
    """Whether a label restricts nothing: empty, general, or about the channel."""
    return not tidy(words) or bool(GENERIC.fullmatch(words) or CHANNEL.search(words))
