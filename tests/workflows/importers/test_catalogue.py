"""The national catalogue: every row is accounted for, and it can be brought in again and again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossiers.core.db import Database
from dossiers.core.errors import BadInput
from dossiers.core.searching import searchable
from dossiers.procedures import repository
from tests.workflows.importers.facts import FOLDER
from workflows.importers.catalogue import (
    BATCH,
    MOST_TOLD,
    REFUSALS,
    REMARKS,
    CatalogueReport,
    import_catalogue,
    load_catalogue,
)

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def sample() -> list[dict[str | None, Any]]:
    return load_catalogue((FOLDER / "catalogue_sample.csv").read_bytes())


def bring(
    database: Database, rows: list[dict[str | None, Any]], at: datetime = AT, **more: Any
) -> CatalogueReport:
    with database.writing() as connection:
        return import_catalogue(connection, rows, at, "mẫu thử", **more)


def entries(database: Database, *codes: str) -> dict[str, Any]:
    with database.reading() as connection:
        return repository.catalogue_entries(connection, codes)


def test_every_row_is_accounted_for(database: Database) -> None:
    report = bring(database, sample())
    assert (report.read, report.added, report.repeated, report.refused) == (20, 15, 2, 3)
    assert report.read == sum(
        (report.added, report.updated, report.unchanged, report.repeated, report.refused)
    )
    assert [(note.row, note.code, note.reason) for note in report.rows] == [
        (8, "1.0133611", "odd_code"),
        (9, "1.014955-Xoa", "odd_code"),
        (12, "1.001193", "repeated"),
        (13, "1.000656", "repeated_otherwise"),
        (14, "1.000689", "name_missing"),
        (15, "", "code_missing"),
        (16, "mã số 7", "code_unreadable"),
        (17, "1.009999", "shortened"),
    ]
    assert "decision_no, result" in report.rows[3].message
    with database.reading() as connection:
        assert len(repository.catalogue_codes(connection)) == 15


def test_bringing_it_in_again_changes_nothing(database: Database) -> None:
    bring(database, sample())
    report = bring(database, sample(), AT + timedelta(days=1))
    assert (report.added, report.updated, report.unchanged) == (0, 0, 15)
    assert entries(database, "1.001193")["1.001193"].imported_at == AT


def test_what_changed_is_updated_and_counted_by_field(database: Database) -> None:
    bring(database, sample())
    rows = sample()
    rows[0]["name"] = "Đăng ký khai sinh"
    rows[0]["result"] = "Giấy khai sinh (bản chính)"
    rows[1]["result"] = ""
    later = AT + timedelta(days=1)
    report = bring(database, rows, later)
    assert (report.added, report.updated, report.unchanged) == (0, 2, 13)
    assert report.changed == {"name": 1, "result": 2}
    row = entries(database, "1.001193")["1.001193"]
    assert (row.name, row.search_text, row.imported_at) == (
        "Đăng ký khai sinh",
        "1.001193 dang ky khai sinh",
        later,
    )


def test_entries_are_kept_clean_and_nothing_is_lost(database: Database) -> None:
    bring(database, sample())
    found = entries(
        database, "1.004859", "2.001035", "2.000884", "2.000815", "1.009998", "1.009999", "1.009997"
    )
    assert found["1.004859"].name.endswith("hộ tịch, xác định lại dân tộc")
    assert found["2.001035"].name == "Chứng thực giao dịch liên quan đến động sản"  # composed letters
    assert found["2.000884"].name == "Chứng thực chữ ký"
    assert found["2.000815"].channels == "DIRECT"
    assert found["1.009998"].name == "Thủ tục có ký tự lạ và thẻ <b>đậm</b>"
    assert len(found["1.009999"].field) == 200
    assert found["1.009999"].channels == "ONLINE|POSTAL|DIRECT"
    assert found["1.009997"].field == ""


def test_filled_fields_are_counted(database: Database) -> None:
    filled = bring(database, sample()).as_dict()["filled"]
    assert filled["name"] == 15
    assert filled["competent_agency"] == 3
    assert filled["result"] == 11


@pytest.mark.parametrize("words", ["dang ky khai sinh", "1.001193", "khai dang sinh"])
def test_an_entry_is_found_without_diacritics(database: Database, words: str) -> None:
    bring(database, sample())
    with database.reading() as connection:
        assert [row.code for row in repository.search_catalogue(connection, words)] == ["1.001193"]


def test_letters_are_searched_without_diacritics_in_lower_case() -> None:
    assert searchable("1.0 ĐĂNG ký  Hộ tịch, Ưu đãi") == "1.0 dang ky ho tich, uu dai"


def test_many_rows_come_in_batches_and_tell_how_far_they_are(database: Database) -> None:
    rows: list[dict[str | None, Any]] = [
        {"code": f"3.{number:06d}", "name": f"Thủ tục {number}"} for number in range(2 * BATCH + 7)
    ]
    told: list[int] = []
    report = bring(database, rows, progress=told.append)
    assert report.added == len(rows)
    assert told == [BATCH, 2 * BATCH, 2 * BATCH + 7]


def test_a_report_of_a_bad_table_stays_short(database: Database) -> None:
    report = bring(database, [{"code": "", "name": "x"}] * (MOST_TOLD + 50))
    assert report.refused == report.reasons["code_missing"] == MOST_TOLD + 50
    assert len(report.rows) == MOST_TOLD


def test_a_code_repeated_in_a_later_batch_is_still_seen(database: Database) -> None:
    rows: list[dict[str | None, Any]] = [
        {"code": f"3.{number:06d}", "name": "Tên"} for number in range(BATCH)
    ]
    report = bring(database, [*rows, {"code": "3.000000", "name": "Tên khác"}])
    assert (report.added, report.repeated) == (BATCH, 1)
    assert entries(database, "3.000000")["3.000000"].name == "Tên"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "dòng 1"),
        ("a;b\n1;2\n", "dòng 1"),
        ("code\n1.000001\n", "dòng 1"),
        ('code,name\n1.000001,"Tên\n', "dòng 2"),
        ('code,name\n1.000001,Tên\n1.000002,"Tên"lạ\n', "dòng 3"),
        (b"code,name\n1.000001,\xff\n", ""),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_the_line(text: str | bytes, where: str) -> None:
    with pytest.raises(BadInput) as refused:
        load_catalogue(text)
    assert (refused.value.code, refused.value.where) == ("catalogue_unreadable", where)
    assert "Chưa có gì được nhập" in refused.value.hint


def test_a_byte_order_mark_does_no_harm() -> None:
    assert load_catalogue("\ufeffcode,name\n1.000001,Tên\n") == [{"code": "1.000001", "name": "Tên"}]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.dictionaries(
            st.sampled_from([None, "code", "name", "field", "channels", "result", "level"]),
            st.none() | st.text(max_size=300) | st.lists(st.text(max_size=3)),
        ),
        max_size=8,
    )
)
def test_no_row_is_ever_lost_whatever_it_holds(database: Database, rows: list[dict[str | None, Any]]) -> None:
    with database.writing() as connection:
        kept = connection.begin_nested()
        report = import_catalogue(connection, rows, AT, "bất kỳ")
        known = repository.catalogue_codes(connection)
        kept.rollback()
    assert report.read == len(rows)
    assert report.added == len(known)
    assert report.read == report.added + report.repeated + report.refused
    assert set(report.reasons) <= {*REFUSALS, *REMARKS}
