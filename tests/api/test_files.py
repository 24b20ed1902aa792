"""Papers as files over HTTP: handed in, attached, opened by those concerned, proved unchanged."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from api.front import MOST_BODY, MOST_UPLOAD
from dossiers.core.db import Database
from tests.api.conftest import APPLICANT, Http, problem
from tests.support.office import MONDAY, after, definition
from workflows.engine.kinds import Kind
from workflows.verify import verify

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
PAPERS = [{"id": "to_khai", "name": "Tờ khai"}, {"id": "can_cuoc", "name": "Căn cước", "required": False}]


def publish(http: Http) -> None:
    """A version of the simple procedure that asks for papers."""
    http.world.publish(definition(code="T.2", papers=PAPERS))


def upload(http: Http, body: bytes = PDF, name: str = "Tờ khai.pdf", by: str = "le", **query: Any) -> Any:
    """Hand in a file; what the door says of it."""
    response = http.client.post(
        "/api/v1/files", content=body, params={"name": name, **query}, headers=http.auth(by)
    )
    assert response.status_code == 201, response.text
    return response.json()


def attach(http: Http, code: str, file: Any, by: str = "le", paper: str | None = "to_khai") -> Any:
    """Attach a file that was handed in."""
    return http.do(code, "attach", {"files": [{"id": file["id"], "paper": paper}]}, by)


def test_a_paper_is_handed_in_attached_and_opened(http: Http) -> None:
    publish(http)
    code = http.register(procedure="T.2")
    file = upload(http)
    digest = hashlib.sha256(PDF).hexdigest()
    assert (file["media_type"], file["size"], file["sha256"]) == ("application/pdf", len(PDF), digest)
    assert [item["id"] for item in http.get("/files").json()["items"]] == [file["id"]]
    told = attach(http, code, file)
    assert told["events"][-1]["text"] == "Lê Thị Lê đính kèm 1 tệp: Tờ khai."
    [listed] = http.get(f"/dossiers/{code}/files").json()["items"]
    assert (listed["name"], listed["paper_name"], listed["uploaded_by"]) == (
        "Tờ khai.pdf",
        "Tờ khai",
        "Lê Thị Lê",
    )
    assert http.get("/files").json()["items"] == []
    shown = http.get(f"/files/{file['id']}", "binh")
    assert shown.content == PDF
    assert shown.headers["content-type"] == "application/pdf"
    assert shown.headers["content-disposition"].startswith("inline; filename*=UTF-8''T%E1%BB%9D")
    saved = http.get(f"/files/{file['id']}", save=True)
    assert saved.headers["content-disposition"].startswith("attachment")


def test_the_history_names_the_file_by_hash_and_never_by_name(http: Http) -> None:
    publish(http)
    code = http.register(procedure="T.2")
    attach(http, code, upload(http, name="can-cuoc-quynh-thi-dao.pdf"))
    events = http.get(f"/dossiers/{code}/history").json()["items"]
    [event] = [event for event in events if event["kind"] == Kind.FILES_ATTACHED]
    assert event["payload"]["files"][0]["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert "quynh" not in str(events)


def test_the_same_bytes_are_kept_once(http: Http) -> None:
    publish(http)
    for _ in range(2):
        attach(http, http.register(procedure="T.2"), upload(http))
    with http.database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM files")).scalar_one() == 1
        assert connection.execute(text("SELECT count(*) FROM attachments")).scalar_one() == 2


def test_only_papers_are_taken_in_whatever_they_are_called(http: Http) -> None:
    for body, name, code in (
        (b"MZ\x90\0" + b"\0" * 60, "to-khai.pdf", "file_type_refused"),
        (b"<html><script>", "to-khai.png", "file_type_refused"),
        (b"", "to-khai.pdf", "file_empty"),
        (PDF + b"\0" * (10 * 1024 * 1024), "to-khai.pdf", "file_too_large"),
    ):
        response = http.client.post(
            "/api/v1/files", content=body, params={"name": name}, headers=http.auth("le")
        )
        problem(response, 422, code)
    renamed = upload(http, PNG, "../../etc/to\nkhai.pdf")
    assert (renamed["media_type"], renamed["name"]) == ("image/png", "tokhai.pdf")


def test_a_file_name_reads_as_it_is(http: Http) -> None:
    assert upload(http, name="to-khai\u202efdp.\u200bexe\u2066.pdf")["name"] == "to-khaifdp.exe.pdf"


def test_more_may_be_sent_only_where_files_are_handed_in(http: Http) -> None:
    big = b"\0" * (MOST_BODY + 1)
    problem(http.client.post("/api/v1/dossiers", content=big, headers=http.auth("le")), 413, "body_too_large")
    huge = {**http.auth("le"), "content-length": str(MOST_UPLOAD + 1)}
    problem(
        http.client.post("/api/v1/files", params={"name": "x"}, content=b"", headers=huge),
        413,
        "body_too_large",
    )


def test_strangers_open_nothing(http: Http) -> None:
    publish(http)
    code = http.register(procedure="T.2")
    file = upload(http)
    problem(http.get(f"/files/{file['id']}", "my"), 404, "file_unknown")
    problem(http.client.get(f"/api/v1/files/{file['id']}"), 401, "token_missing")
    attach(http, code, file)
    for stranger in ("my", "thue"):
        problem(http.get(f"/files/{file['id']}", stranger), 403, "not_allowed")
        problem(http.get(f"/dossiers/{code}/files", stranger), 404, "dossier_unknown")
    assert http.get(f"/files/{file['id']}", "chu").status_code == 200
    assert http.get(f"/files/{file['id']}", "tinh").status_code == 200


def test_nobody_attaches_what_another_handed_in(http: Http) -> None:
    publish(http)
    code = http.register(procedure="T.2")
    file = upload(http, by="my")
    body = {"files": [{"id": file["id"]}]}
    problem(http.post(f"/dossiers/{code}/attach", body), 404, "file_unknown")
    problem(http.post(f"/dossiers/{code}/attach", body, "my"), 404, "dossier_unknown")
    mine = upload(http)
    wrong = {"files": [{"id": mine["id"], "sha256": "0" * 64}]}
    problem(http.post(f"/dossiers/{code}/attach", wrong), 409, "file_differs")
    unknown = {"files": [{"id": mine["id"], "paper": "ho_chieu"}]}
    problem(http.post(f"/dossiers/{code}/attach", unknown), 422, "paper_unknown")
    attach(http, code, mine)
    problem(http.post(f"/dossiers/{code}/attach", {"files": [{"id": mine["id"]}]}), 404, "file_unknown")


def test_a_file_attached_by_mistake_is_taken_away_and_stays_on_record(http: Http) -> None:
    publish(http)
    code = http.register(procedure="T.2")
    file = upload(http)
    attach(http, code, file)
    told = http.do(code, "remove-file", {"file": file["id"], "reason": "Tệp của hồ sơ khác."}, "le")
    assert told["events"][-1]["text"] == "Lê Thị Lê gỡ một tệp đính kèm. Lý do: “Tệp của hồ sơ khác”."
    [listed] = http.get(f"/dossiers/{code}/files").json()["items"]
    assert listed["removed_at"] is not None
    again = {"file": file["id"], "reason": "x"}
    problem(http.post(f"/dossiers/{code}/remove-file", again), 409, "file_not_attached")
    with http.database.reading() as connection:
        assert verify(connection).ok


def test_what_nobody_attached_is_thrown_away_after_a_day(http: Http) -> None:
    file = upload(http)
    http.at = MONDAY + timedelta(days=1, minutes=1)
    upload(http, PNG, "anh.png")
    problem(http.get(f"/files/{file['id']}"), 404, "file_unknown")
    with http.database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM files")).scalar_one() == 1
    waiting = http.get("/files").json()["items"]
    assert (
        http.client.request(
            "DELETE", f"/api/v1/files/{waiting[0]['id']}", headers=http.auth("le")
        ).status_code
        == 204
    )
    with http.database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM files")).scalar_one() == 0


def test_papers_given_earlier_are_offered_again(http: Http) -> None:
    publish(http)
    code = http.register(procedure="T.2")
    attach(http, code, upload(http))
    http.at = after(days=3)
    [found] = http.post("/applicants/search", {"number": APPLICANT["phone"]}).json()["items"]
    [earlier] = http.get(f"/applicants/{found['id']}/files").json()["items"]
    assert (earlier["dossier"], earlier["paper_name"]) == (code, "Tờ khai")
    moved = {**APPLICANT, "address": "Khu 5"}
    http.register(after(days=3), applicant=moved)
    [latest, *_] = http.post("/applicants/search", {"number": APPLICANT["phone"]}).json()["items"]
    assert latest["address"] == "Khu 5"
    assert http.get(f"/applicants/{latest['id']}/files").json()["items"] == [earlier]


def test_papers_of_another_desk_are_neither_offered_nor_taken_over(http: Http) -> None:
    publish(http)
    attach(http, http.register(procedure="T.2"), upload(http))
    [found] = http.post("/applicants/search", {"number": APPLICANT["phone"]}, "my").json()["items"]
    assert http.get(f"/applicants/{found['id']}/files", "my").json()["items"] == []
    [file] = http.get(f"/applicants/{found['id']}/files").json()["items"]
    assert _taken_over(http, "my", found, file, "to_khai") == []


def test_papers_are_taken_over_only_for_the_same_paper_of_the_procedure(http: Http) -> None:
    publish(http)
    attach(http, http.register(procedure="T.2"), upload(http))
    [found] = http.post("/applicants/search", {"number": APPLICANT["phone"]}).json()["items"]
    [file] = http.get(f"/applicants/{found['id']}/files").json()["items"]
    for paper in ("can_cuoc", "khong_co"):
        assert _taken_over(http, "le", found, file, paper) == []
    [taken] = _taken_over(http, "le", found, file, "to_khai")
    assert (taken["sha256"], taken["reused"]) == (file["sha256"], True)


def _taken_over(http: Http, by: str, applicant: Any, file: Any, paper: str) -> Any:
    """What waits in a receptionist's tray after asking on the page for a file handed in before."""
    sheet = {"a.id": applicant["id"], "a.identity_no": applicant["identity_no"], "procedure": "T.2"}
    sheet |= {"do": "check", "tray": "t", f"reuse.{paper}": file["id"]}
    sent = http.client.post("/desk/register", data=sheet, headers=http.auth(by))
    assert sent.status_code == 200, sent.text
    return http.get("/files", by, tray="t").json()["items"]


def test_verify_notices_a_changed_file(http: Http) -> None:
    publish(http)
    code = http.register(procedure="T.2")
    attach(http, code, upload(http))
    with http.database.writing() as connection:
        connection.execute(text("UPDATE files SET body = :body"), {"body": b"%PDF-1.7 khac"})
    fault = _fault(http.database)
    assert fault.table == "files"
    with http.database.writing() as connection:
        connection.execute(text("UPDATE attachments SET paper = 'can_cuoc'"))
    fault = _fault(http.database)
    assert (fault.dossier, fault.table) == (code, "attachments")


def _fault(database: Database) -> Any:
    with database.reading() as connection:
        verdict = verify(connection)
    assert verdict.first_fault is not None
    return verdict.first_fault
