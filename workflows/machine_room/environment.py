"""The environment of every Prefect process: where it is, what it keeps, and that it talks to nobody else."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import URL, make_url

from dossiers.core.db import Database
from dossiers.core.errors import BadInput
from dossiers.core.said import Said
from dossiers.core.settings import Settings

OFFLINE = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
}
"""Nothing about this office leaves it."""

ALWAYS = {
    **OFFLINE,
    # Else a mistyped address silently starts a private server, and runs go there.
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
}

DUTIES = "MOTCUA_DUTIES_FROM"
"""The variable that tells flows where the registry of duties is put together."""

UNLESS_SAID = {
    "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P2D",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": "P7D",
    "PREFECT_WORKER_QUERY_SECONDS": "2",
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
}
"""What an operator may set otherwise. Prefect's record of runs is for looking: a week of it is enough."""

_ON_ONE_SERVER = {
    # The default keeps leases in memory: a restart would lose the slots of whoever died meanwhile.
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
}


PUT_INTO_ADDRESSES = frozenset(
    {"database_password_file", "prefect_database_password_file", "redis_password_file"}
)
"""Settings whose contents stand in the addresses already."""


def environment(known: Settings, base: Mapping[str, str], *, duties: str) -> dict[str, str]:
    """What a Prefect process of this office is started with, on top of ``base``; makes its folder.

    ``duties`` names what gives the standing duties for the settings, as ``package.module:function``: they
    are put together by a floor above.
    """
    folder = Path(known.prefect_folder).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    auth = auth_of(known)
    return {
        **UNLESS_SAID,
        **base,
        **ALWAYS,
        **_own_settings(known),
        DUTIES: duties,
        # Runs are started as ``python -m prefect.engine``: by this installation's Python.
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), base.get("PATH", os.defpath))),
        "PREFECT_HOME": str(folder),
        "PREFECT_API_URL": known.prefect_api_url,
        "PREFECT_UI_API_URL": f"{ui_url(known)}/api",
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": ui_url(known),
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": _prefect_database(known, folder),
        "PREFECT_WORKER_WEBSERVER_PORT": str(known.worker_health_port),
        **(_with_redis(known.redis_url) if known.redis_url else _ON_ONE_SERVER),
        **({"PREFECT_SERVER_API_AUTH_STRING": auth, "PREFECT_API_AUTH_STRING": auth} if auth else {}),
    }


def ui_url(known: Settings) -> str:
    """Where a person opens Prefect's pages."""
    return (known.prefect_ui_url or known.prefect_api_url.rstrip("/").removesuffix("/api")).rstrip("/")


def auth_file(known: Settings) -> Path:
    """Where the name and password of the Prefect server stand."""
    return Path(known.prefect_auth_file or f"{known.prefect_folder}/auth")


def auth_of(known: Settings) -> str:
    """What the Prefect server asks for; empty when it asks for nothing."""
    file = auth_file(known)
    if not file.is_file():
        if known.prefect_auth_file:
            raise _wrong("MOTCUA_PREFECT_AUTH_FILE", f"không đọc được tệp {file}")
        return ""
    return file.read_text(encoding="utf-8").strip()


def make_auth(known: Settings) -> None:
    """Draw a password for the server on this machine, unless there is one.

    Without it whoever can reach the port, a page in a browser of this machine included, could have it run
    any command.
    """
    file = auth_file(known)
    if file.is_file():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(f"motcua:{secrets.token_urlsafe(24)}\n", encoding="utf-8")


def listening_at(known: Settings) -> tuple[str, int]:
    """Host and port of the server on this machine. Raises ``BadInput`` (``setting_wrong``)."""
    try:
        parts = urlsplit(known.prefect_api_url)
        if parts.scheme == "http" and parts.hostname and parts.path.rstrip("/") == "/api":
            return parts.hostname, parts.port or 80
    except ValueError:
        pass
    raise _wrong("MOTCUA_PREFECT_API_URL", "phải có dạng http://127.0.0.1:4200/api")


def _own_settings(known: Settings) -> dict[str, str]:
    """The settings of the office, said outright: a run starts in a folder of its own, without ``.env``."""
    said = {
        f"MOTCUA_{name.upper()}": _from_anywhere(name, str(getattr(known, name)))
        for name in known.model_fields_set
        if name not in PUT_INTO_ADDRESSES
    }
    database = Database(known.database_url)
    url = database.url
    database.dispose()
    if url.get_backend_name() == "sqlite" and url.database:
        url = url.set(database=str(Path(url.database).absolute()))
    address = url.render_as_string(hide_password=False)
    return {**said, "MOTCUA_DATABASE_URL": address, "MOTCUA_PUBLIC_URL": known.public_url}


def _from_anywhere(name: str, value: str) -> str:
    return str(Path(value).absolute()) if value and name.endswith("_file") else value


def _prefect_database(known: Settings, folder: Path) -> str:
    if not known.prefect_database_url:
        return f"sqlite+aiosqlite:///{folder / 'prefect.sqlite3'}"
    url: URL = make_url(known.prefect_database_url)
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+asyncpg")
    elif url.get_backend_name() == "sqlite":
        url = url.set(drivername="sqlite+aiosqlite")
    else:
        raise _wrong("MOTCUA_PREFECT_DATABASE_URL", "phải là postgresql:// hoặc sqlite://")
    return url.render_as_string(hide_password=False)


def _with_redis(url: str) -> dict[str, str]:
    """Several servers share messages, order, leases and background tasks through Redis."""
    return {
        "PREFECT_SERVER_EVENTS_MESSAGING_BROKER": "prefect_redis.messaging",
        "PREFECT_SERVER_EVENTS_MESSAGING_CACHE": "prefect_redis.messaging",
        "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING": "prefect_redis.ordering",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect_redis.lease_storage",
        "PREFECT_REDIS_MESSAGING_URL": url,
        "PREFECT_REDIS_WORKER_CLEANUP_QUEUE_URL": url,
        "PREFECT_SERVER_DOCKET_URL": url,
    }


def _wrong(name: str, why: str) -> BadInput:
    return BadInput(
        Said("Cài đặt không đúng: {name} {why}.", name=name, why=why),
        code="setting_wrong",
        where=name,
        hint="Xem các biến và giá trị trong docs/operating.md.",
    )
