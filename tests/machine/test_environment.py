"""What Prefect's processes are told: where they are, and that nothing leaves the house."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dossiers.core.errors import BadInput
from dossiers.core.settings import Settings
from workflows.machine_room.asking import MachineRoomUnreachable, is_up, require_up
from workflows.machine_room.environment import (
    OFFLINE,
    auth_file,
    auth_of,
    environment,
    listening_at,
    make_auth,
    ui_url,
)

DUTIES = "api.duties.service:duties_of"


def told(folder: Path, base: dict[str, str] | None = None, **settings: object) -> dict[str, str]:
    """The environment for some settings."""
    known = Settings.model_validate({"prefect_folder": str(folder), **settings})
    return environment(known, base or {}, duties=DUTIES)


def test_nothing_leaves_the_house_whatever_the_shell_says(tmp_path: Path) -> None:
    said = told(tmp_path, {"DO_NOT_TRACK": "0", "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "true"})
    assert OFFLINE.items() <= said.items()
    assert said["PREFECT_SERVER_ALLOW_EPHEMERAL_MODE"] == "false"


def test_an_operator_may_keep_runs_for_longer(tmp_path: Path) -> None:
    name = "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD"
    assert told(tmp_path)[name] == "P7D"
    assert told(tmp_path, {name: "P30D"})[name] == "P30D"


def test_one_server_keeps_its_record_and_its_leases_in_files(tmp_path: Path) -> None:
    said = told(tmp_path)
    assert said["PREFECT_SERVER_DATABASE_CONNECTION_URL"].endswith(f"{tmp_path}/prefect.sqlite3")
    assert said["PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE"].endswith("filesystem")
    assert not [name for name in said if "REDIS" in name]


def test_several_servers_share_redis_with_its_password_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("bí/mật@1\n", encoding="utf-8")
    said = told(tmp_path, redis_url="redis://redis:6379/0", redis_password_file=str(file))
    assert said["PREFECT_REDIS_MESSAGING_URL"].startswith(
        "redis://default:b%C3%AD%2Fm%E1%BA%ADt%401@redis:6379"
    )
    assert said["PREFECT_SERVER_DOCKET_URL"] == said["PREFECT_REDIS_WORKER_CLEANUP_QUEUE_URL"]
    assert said["PREFECT_SERVER_EVENTS_MESSAGING_BROKER"] == "prefect_redis.messaging"


def test_the_database_of_the_office_is_found_from_any_folder(tmp_path: Path) -> None:
    said = told(tmp_path, database_url="sqlite:///var/x.sqlite3")
    assert said["MOTCUA_DATABASE_URL"] == f"sqlite:///{Path.cwd()}/var/x.sqlite3"


def test_a_run_finds_the_passwords_of_mail_server_and_gateways_from_any_folder(tmp_path: Path) -> None:
    said = told(tmp_path, smtp_password_file="secrets/smtp", sms_token_file="/run/secrets/sms")
    assert said["MOTCUA_SMTP_PASSWORD_FILE"] == f"{Path.cwd()}/secrets/smtp"
    assert said["MOTCUA_SMS_TOKEN_FILE"] == "/run/secrets/sms"


def test_prefects_own_database_is_another_one_on_postgresql(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("bí mật", encoding="utf-8")
    said = told(
        tmp_path,
        prefect_database_url="postgresql://motcua@db/prefect",
        prefect_database_password_file=str(file),
    )
    url = said["PREFECT_SERVER_DATABASE_CONNECTION_URL"]
    assert url.startswith("postgresql+asyncpg://motcua:")
    assert url.endswith("@db/prefect")


def test_a_missing_password_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="database_password_file"):
        Settings(database_password_file="/nowhere/password")


def test_a_room_on_this_machine_draws_a_password_that_only_its_owner_reads(tmp_path: Path) -> None:
    known = Settings(prefect_folder=str(tmp_path / "prefect"))
    assert auth_of(known) == ""
    make_auth(known)
    first = auth_of(known)
    make_auth(known)
    assert auth_of(known) == first
    assert first.startswith("motcua:")
    assert auth_file(known).stat().st_mode & 0o077 == 0
    said = environment(known, {}, duties=DUTIES)
    assert said["PREFECT_SERVER_API_AUTH_STRING"] == said["PREFECT_API_AUTH_STRING"] == first


def test_an_address_that_cannot_be_listened_at_is_refused() -> None:
    assert listening_at(Settings()) == ("127.0.0.1", 4200)
    for address in ("https://prefect.example/api", "http://127.0.0.1:4200", "nonsense", "http://x:y/api"):
        with pytest.raises(BadInput) as refused:
            listening_at(Settings(prefect_api_url=address))
        assert refused.value.code == "setting_wrong"


def test_pages_of_prefect_are_where_its_server_is_unless_it_is_said() -> None:
    assert ui_url(Settings()) == "http://127.0.0.1:4200"
    assert ui_url(Settings(prefect_ui_url="https://may.example/")) == "https://may.example"


def test_a_server_that_is_not_there_is_said_in_a_sentence() -> None:
    address = "http://127.0.0.1:9/api"
    assert not is_up(address)
    with pytest.raises(MachineRoomUnreachable) as refused:
        require_up(address)
    assert "Không gọi được máy chủ Prefect" in refused.value.message
    assert refused.value.code == "machine_room_unreachable"


def test_neither_pages_nor_the_command_line_load_prefect() -> None:
    loaded = "import sys, api.cli.main, api.app; sys.exit('prefect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded]).returncode == 0
