"""Accounts on the command line: the first administrator gets in, and who lost everything gets in again."""

from __future__ import annotations

from api.accounts import repository
from api.accounts.passwords import fits
from dossiers.core.db import Database
from tests.cli.conftest import Terminal

PASSWORD, ANOTHER = "bốn từ không liên quan", "một câu khác hẳn câu cũ"


def test_an_account_is_made_listed_and_reset(motcua: Terminal) -> None:
    motcua("agency", "add", "H44", "UBND tỉnh Phú Thọ", "committee.province")
    motcua("official", "add", "quan-tri", "Quản Trị", "H44", "--role", "administrator")
    assert motcua("account", "add", "quan-tri", "Quan.Tri", "--password", PASSWORD).code == 0
    assert [each["login"] for each in motcua("account", "list", "--json").json] == ["quan.tri"]
    weak = motcua("account", "add", "quan-tri", "khac", "--password", PASSWORD)
    assert (weak.code, "đã có tài khoản" in weak.err) == (1, True)

    assert motcua("account", "reset", "quan-tri", "--password", "ngắn").code == 2
    said = motcua("account", "reset", "quan-tri", "--password", ANOTHER, "--second-step")
    assert said.code == 0
    assert "quan.tri" in said.out
    assert motcua("account", "reset", "khong-ai", "--password", ANOTHER).code == 1
    database = Database(motcua.url)
    with database.reading() as connection:
        account = repository.of_official(connection, "quan-tri")
    database.dispose()
    assert account is not None
    assert account.must_change
    assert fits(account.password_hash, ANOTHER)
    assert not fits(account.password_hash, PASSWORD)


def test_a_token_is_made_for_scopes(motcua: Terminal) -> None:
    motcua("agency", "add", "H44", "UBND tỉnh Phú Thọ", "committee.province")
    motcua("official", "add", "quan-tri", "Quản Trị", "H44", "--role", "administrator")
    assert motcua("token", "create", "quan-tri", "--scope", "read", "--scope", "act").code == 0
    assert [each["scopes"] for each in motcua("token", "list", "--json").json] == ["read act"]
    assert motcua("token", "create", "quan-tri", "--scope", "all").code == 2
