"""The duties of this installation: the registry with what the doors keep for a short time."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from api.accounts.repository import forget_sessions
from dossiers.core import clock
from dossiers.core.clock import Clock
from dossiers.core.errors import Conflict
from dossiers.core.said import Said
from dossiers.core.settings import Settings
from workflows.deliveries.channels.setting_up import ways_out
from workflows.duties.doing import Ended, Turn, do_now
from workflows.duties.models import Duty
from workflows.duties.standing import standing_duties
from workflows.office import Office

SESSION_DAYS = 30
"""For how long a session that ended is remembered, for whoever asks where an account was used from."""


def duties_of(settings: Settings) -> tuple[Duty, ...]:
    """Every standing duty of this installation."""
    return standing_duties(
        settings.sweep_seconds, clock.now, {"web_sessions": _old_sessions}, partial(ways_out, settings)
    )


def _old_sessions(connection: Connection, at: datetime) -> int:
    return forget_sessions(connection, at - timedelta(days=SESSION_DAYS))


def run_now(office: Office, duty: Duty, at: datetime, passing: Clock) -> Turn:
    """Do a duty because somebody asked. Raises ``Conflict`` (``duty_busy``)."""
    turn = do_now(office, duty, at, passing)
    if turn.ended in (Ended.BUSY, Ended.LATER):
        raise Conflict(
            Said("Việc “{duty}” đang có nơi làm hoặc vừa hỏng.", duty=Said(duty.title)),
            code="duty_busy",
            where=duty.name,
            hint="Đợi một hai phút rồi xem lại.",
        )
    return turn
