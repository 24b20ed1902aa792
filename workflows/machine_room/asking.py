"""Whether the Prefect server answers. Asked over plain HTTP: Prefect takes a second and 80 MB to import."""

from __future__ import annotations

from http.client import HTTPException
from urllib.request import ProxyHandler, build_opener

from dossiers.core.errors import MotcuaError
from dossiers.core.said import Said

_direct = build_opener(ProxyHandler({}))
"""Never through a proxy: the server is one of ours."""


class MachineRoomUnreachable(MotcuaError):
    """The Prefect server does not answer. The office itself goes on without it."""

    code = "machine_room_unreachable"
    status = 503


def is_up(api_url: str, *, seconds: float = 2.0) -> bool:
    """Whether the server answers that it is well."""
    return answers(f"{api_url.rstrip('/')}/health", seconds=seconds)


def answers(url: str, *, seconds: float) -> bool:
    """Whether an address answers 200."""
    try:
        with _direct.open(url, timeout=seconds) as answer:
            return bool(answer.status == 200)
    except (OSError, HTTPException, ValueError):
        return False


def require_up(api_url: str) -> None:
    """Refuse (``machine_room_unreachable``) when the server does not answer."""
    if not is_up(api_url):
        raise MachineRoomUnreachable(
            Said("Không gọi được máy chủ Prefect tại {api_url}.", api_url=api_url),
            where="MOTCUA_PREFECT_API_URL",
            hint="Mở máy chủ (motcua prefect server start, hoặc motcua run --machine-room) và kiểm tra địa "
            "chỉ. Văn phòng vẫn làm việc bình thường khi thiếu nó.",
        )
