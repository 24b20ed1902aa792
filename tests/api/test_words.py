"""The history in words: a sentence for every kind of event, with names and never with the applicant's."""

from __future__ import annotations

import pytest

from tests.api.conftest import APPLICANT, Http
from tests.support.office import POLICE, after, definition
from workflows.engine.kinds import Kind
from workflows.views.words import WORDS


@pytest.fixture
def http(sqlite_http: Http) -> Http:
    """The office, on SQLite only."""
    return sqlite_http


def texts(http: Http, code: str) -> list[str]:
    """The history of a dossier, sentence by sentence."""
    return [event["text"] for event in http.get(f"/dossiers/{code}/history").json()["items"]]


def told(http: Http, code: str, kind: Kind) -> str:
    """The last sentence of a kind."""
    events = http.get(f"/dossiers/{code}/history").json()["items"]
    return str(next(event["text"] for event in reversed(events) if event["kind"] == kind))


def test_every_kind_of_event_has_its_words() -> None:
    assert WORDS.keys() == {kind.value for kind in Kind}


def test_waiting_for_the_applicant_is_told(http: Http) -> None:
    code = http.register()
    http.do(code, "ask-supplement", {"content": "Bổ sung bản vẽ."}, "le", after(hours=1))
    assert told(http, code, Kind.SUPPLEMENT_ASKED) == (
        "Lê Thị Lê yêu cầu người nộp bổ sung, hoàn thiện hồ sơ (lần 1): “Bổ sung bản vẽ”; tạm dừng tính "
        "thời gian. Hạn bổ sung: 17:30 ngày 16/03/2026."
    )
    assert told(http, code, Kind.CLOCK_PAUSED) == (
        "Tạm dừng tính thời gian: chờ bổ sung; thời gian này của người nộp, "
        "dự kiến đến 17:30 ngày 16/03/2026."
    )
    http.do(code, "receive-supplement", None, "le", after(days=1))
    assert told(http, code, Kind.CLOCK_RESUMED) == "Tính tiếp thời gian."
    assert "tính tiếp sau khi tạm dừng" in told(http, code, Kind.PROMISE_MADE)
    lines = http.get(f"/dossiers/{code}/explanation").json()["lines"]
    assert any(line["kind"] == "pause" and "chờ bổ sung" in line["text"] for line in lines)
    http.do(code, "ask-payment", {"amount": 1_500_000}, "le", after(days=1, hours=1))
    assert "1.500.000 đ" in told(http, code, Kind.PAYMENT_ASKED)
    http.do(code, "confirm-payment", {"receipt": "BL-7"}, "le", after(days=1, hours=2))
    assert told(http, code, Kind.PAYMENT_CONFIRMED) == (
        "Lê Thị Lê xác nhận người nộp đã nộp, chứng từ số BL-7."
    )


def test_a_lapsed_supplement_is_told(http: Http) -> None:
    code = http.register()
    http.do(code, "ask-supplement", {"content": "x"}, "le", after(hours=1))
    http.at = after(days=20)
    http.post("/sweep", by="tinh")
    assert told(http, code, Kind.STOPPED) == (
        "Hệ thống dừng giải quyết hồ sơ vì người nộp không bổ sung trong thời hạn (yêu cầu số 1)."
    )


def test_opinions_are_told(http: Http) -> None:
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    http.do(code, "receive", {"task": 2}, "an", after(hours=2))
    asked = {"task": 2, "agencies": [POLICE], "limit": "4 working_hour", "content": "Cho ý kiến"}
    http.do(code, "ask-opinion", asked, "an", after(hours=3))
    assert told(http, code, Kind.OPINION_ASKED) == (
        "Nguyễn Văn An lấy ý kiến của Công an phường Việt Trì, trả lời trong 4 giờ làm việc: “Cho ý kiến”."
    )
    http.do(code, "answer-opinion", {"task": 3, "content": "Đồng ý.", "agrees": True}, "cong", after(hours=8))
    assert told(http, code, Kind.OPINION_ANSWERED) == (
        "Hoàng Công (Công an phường Việt Trì) cho ý kiến nhất trí: “Đồng ý”."
    )


def test_going_back_is_told(http: Http) -> None:
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    http.do(code, "take-back", {"task": 1, "reason": "Thiếu tờ khai."}, "le", after(hours=1))
    assert told(http, code, Kind.STEP_REVERTED) == (
        "Lê Thị Lê thu hồi việc số 1 “Tiếp nhận” để làm lại. Lý do: “Thiếu tờ khai”."
    )
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=2))
    http.do(code, "return-to-sender", {"task": 3, "reason": "Nhầm."}, "an", after(hours=2))
    assert "trả lại hồ sơ cho Trung tâm" in told(http, code, Kind.SENT_BACK)
    http.do(code, "correct", {"reason": "Nhầm kênh", "channel": "online"}, "le", after(hours=2))
    assert told(http, code, Kind.CORRECTED) == (
        "Lê Thị Lê đính chính kênh nộp; nội dung cũ vẫn được lưu. Lý do: “Nhầm kênh”."
    )
    http.do(code, "note", {"activity": "Đã gọi điện"}, "le", after(hours=2))
    assert told(http, code, Kind.NOTED) == "Lê Thị Lê ghi nhận: Đã gọi điện."


def test_moving_to_another_version_is_told(http: Http) -> None:
    http.world.publish(definition(version=2, limits=[{"limit": "7 working_day"}]))
    http.at = after()
    registered = http.post("/dossiers", {"procedure": "T.1", "version": 1, "applicant": APPLICANT})
    code = registered.json()["code"]
    http.do(code, "change-version", {"to_version": 2, "reason": "Quyết định mới."}, "tinh", after(hours=1))
    assert told(http, code, Kind.MIGRATED) == (
        "Ngô Tỉnh chuyển hồ sơ từ phiên bản 1 sang phiên bản 2 của thủ tục. Lý do: “Quyết định mới”."
    )
    assert "tính lại theo phiên bản thủ tục mới" in told(http, code, Kind.PROMISE_MADE)


def test_lateness_is_told_to_the_minute(http: Http) -> None:
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    http.do(code, "receive", {"task": 2}, "an", after(hours=2))
    http.do(code, "finish-step", {"task": 2}, "an", after(days=9))
    http.do(code, "receive", {"task": 3}, "chu", after(days=9))
    http.do(code, "decide", {"task": 3, "outcome": "dong_y"}, "chu", after(days=9, hours=2))
    assert told(http, code, Kind.LATENESS_SPLIT) == (
        "Lịch hẹn số 1 trễ 1 ngày làm việc 2 giờ, phân theo cơ quan: "
        "Phòng Kinh tế phường Việt Trì 1 ngày làm việc 2 giờ."
    )
    assert "(Phạm Bình, thủ trưởng tại " in told(http, code, Kind.FAULT_OPENED)
    assert all(text.endswith(".") for text in texts(http, code))
    assert APPLICANT["name"] not in " ".join(texts(http, code))
