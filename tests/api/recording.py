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
        "run_verify": "/verify",
        "get_me": "/me",
        "get_agency": f"/agencies/{DIVISION}",
        "get_head": f"/agencies/{DIVISION}/head",
        "explain_day": "/calendars/vn-office/days/2026-09-02",
        "list_procedures": "/procedures",
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
    shown["check_letter"] = http.client.get(f"/api/v1/public/letters/{token}").json()
    return {operation: _cut(answer) for operation, answer in shown.items()}


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
        http.world.publish(definition())
        with http.client:
            shown = record(http)
        database.dispose()
    text = yaml.safe_dump(shown, allow_unicode=True, sort_keys=False, width=110)
    TARGET.write_text(HEAD + text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
