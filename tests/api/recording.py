"""Recording real answers as the examples of the description: ``python -m tests.api.recording``.

A small office lives through a late dossier and a dossier given back; what it answers is written to
``api/examples/responses.yaml``. Long lists are cut short.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

from dossiers.core.db import Database
from dossiers.core.migrating import upgrade
from tests.api.conftest import DESK, Http
from tests.support.office import DIVISION, after, definition
from workflows.engine.kinds import Kind

TARGET = Path(__file__).parents[2] / "api" / "examples" / "responses.yaml"
APPLICANT = {
    "name": "Nguyễn Thị Dân",
    "identity_no": "025190000001",
    "phone": "0912345678",
    "address": "Khu 3, phường Việt Trì",
}
HEAD = "# Real answers of a small office, made by tests/api/recording.py. Long lists are cut short.\n"


def record(http: Http) -> dict[str, Any]:
    """The answers, by operation."""
    shown: dict[str, Any] = {}
    registered = http.post("/dossiers", {"procedure": "T.1", "applicant": APPLICANT})
    shown["register"] = registered.json()
    code = registered.json()["code"]
    shown["finish_step"] = http.do(code, "finish-step", {"task": 1}, "le", after(hours=2))
    http.do(code, "receive", {"task": 2}, "an", after(hours=3))
    http.at = after(days=6)
    shown["list_tasks"] = http.get("/tasks", "an").json()
    http.register(after(days=2))
    http.do(http.register(after(days=6)), "finish-step", {"task": 1}, "le", after(days=7))
    http.at = after(days=9, hours=2)
    http.post("/sweep", by="tinh")
    shown["list_nearly_late"] = http.get("/nearly-late", "tinh").json()
    shown["list_not_received"] = http.get("/not-received", "tinh").json()
    http.at = after(days=10)
    shown["run_sweep"] = http.post("/sweep", by="tinh").json()
    reason = {"apology": 1, "reason": "Số lượng hồ sơ tăng đột biến."}
    http.do(code, "draft-apology", reason | {"new_due_at": "2026-03-20T17:00:00+07:00"}, "an")
    shown["list_apologies"] = http.get("/apologies", "binh").json()
    shown["sign_apology"] = http.do(code, "sign-apology", {"apology": 1}, "binh")
    for operation, path in {
        "list_dossiers": "/dossiers",
        "get_dossier": f"/dossiers/{code}",
        "get_history": f"/dossiers/{code}/history",
        "get_explanation": f"/dossiers/{code}/explanation",
        "get_control_slip": f"/dossiers/{code}/control-slip",
        "get_allowed": f"/dossiers/{code}/allowed",
        "list_late": "/late",
        "list_alerts": "/alerts",
        "list_ledger": "/ledger",
        "get_oversight_counts": "/oversight-counts",
        "list_load": "/load",
        "list_days": "/days",
        "list_standings": "/standings",
        "get_lateness": f"/dossiers/{code}/lateness",
        "run_verify": "/verify",
        "get_me": "/me",
        "get_agency": f"/agencies/{DIVISION}",
        "get_head": f"/agencies/{DIVISION}/head",
        "explain_day": "/calendars/vn-office/days/2026-09-02",
        "list_procedures": "/procedures",
        "list_duties": "/duties",
        "get_findings": "/procedures/T.1/versions/1/findings",
    }.items():
        shown[operation] = http.get(path, "tinh").json()
    shown["get_register_book"] = http.get(
        "/register-book", desk=DESK, from_="2026-03-01", to="2026-03-31"
    ).json()
    shown["get_calendar"] = http.get("/calendars/vn-office", year=2026).json()
    shown["compute_deadline"] = http.post(
        "/deadlines/compute", {"start": "2026-03-02T08:00:00+07:00", "limit": "3 working_day"}
    ).json()
    shown["search_applicants"] = http.post("/applicants/search", {"number": "0912345678"}).json()
    shown["get_progress"] = http.client.get(f"/api/v1/public/dossiers/{code}").json()
    shown["look_up_dossier"] = http.client.post(
        f"/api/v1/public/dossiers/{code}/look-up", json={"last4": "5678"}
    ).json()
    token = http.letter_token(code, 1)
    shown["get_late_board"] = http.client.get("/api/v1/public/late").json()
    shown["list_late_codes"] = http.client.get(f"/api/v1/public/late/{DIVISION}").json()
    shown |= record_voices(http, code)
    shown["check_letter"] = http.client.get(f"/api/v1/public/letters/{token}").json()
    token = http.form_token(code, Kind.ACCEPTED, "receipt")
    shown["check_form"] = http.client.get(f"/api/v1/public/forms/{token}").json()
    return {operation: _cut(answer) for operation, answer in shown.items()}


def record_voices(http: Http, code: str) -> dict[str, Any]:
    """What is answered about ratings and complaints."""
    public, shown = "/api/v1/public", dict[str, Any]()
    token = http.get(f"/dossiers/{code}/ratings").json()["items"][0]["token"]
    shown["list_criteria"] = http.client.get(f"{public}/criteria").json()
    shown["get_invitation"] = http.client.get(f"{public}/ratings/{token}").json()
    said = {"score": 2, "reasons": ["time"], "comment": "Chờ lâu hơn ngày hẹn."}
    shown["rate"] = http.client.post(f"{public}/ratings/{token}", json=said).json()
    shown["list_invitations"] = http.get(f"/dossiers/{code}/ratings").json()
    shown["list_ratings"] = http.get("/ratings", "tinh").json()
    complaint = {
        "matter": "lateness",
        "text": "Hồ sơ đã quá ngày hẹn mà tôi chưa được thông báo.",
        "name": APPLICANT["name"],
        "phone": APPLICANT["phone"],
        "dossier": code,
    }
    shown["send_complaint"] = http.client.post(f"{public}/complaints", json=complaint).json()
    no = shown["send_complaint"]["no"]
    shown["get_standing"] = http.client.get(f"{public}/complaints/{no}").json()
    shown["list_complaints"] = http.get("/complaints", "chu").json()
    question = {"text": "Ông (bà) nộp hồ sơ tại quầy nào?"}
    shown["ask_complainant"] = http.post(f"/complaints/{no}/ask", question, "chu").json()
    addition = {"last4": "5678", "text": "Tại quầy số 3."}
    shown["add_to_complaint"] = http.client.post(f"{public}/complaints/{no}/additions", json=addition).json()
    answer = {"text": "Hồ sơ đã được giải quyết. Cơ quan xin lỗi ông (bà) vì sự chậm trễ."}
    shown["answer_complaint"] = http.post(f"/complaints/{no}/answer", answer, "chu").json()
    publication = answer | {"matter": "Hồ sơ quá ngày hẹn mà người nộp không được thông báo."}
    shown["publish_answer"] = http.post(f"/complaints/{no}/publish", publication, "chu").json()
    shown["get_complaint"] = http.get(f"/complaints/{no}", "chu").json()
    shown["follow_up"] = http.client.post(
        f"{public}/complaints/{no}/follow-up", json={"last4": "5678"}
    ).json()
    shown["list_published"] = http.client.get(f"{public}/complaints").json()
    return shown


def _cut(value: Any, most: int = 3) -> Any:
    if isinstance(value, list):
        return [_cut(item, most) for item in value[:most]]
    if isinstance(value, dict):
        return {name: _cut(item, most) for name, item in value.items()}
    return value


def main() -> int:
    """Write the file."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/examples.sqlite3")
        upgrade(database)
        http = Http(database)
        http.world.publish(definition(warnings=["1 working_day"]))
        with http.client:
            shown = record(http)
        database.dispose()
    text = yaml.safe_dump(shown, allow_unicode=True, sort_keys=False, width=110)
    TARGET.write_text(HEAD + text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
