"""A flow for each standing duty. Deployments name them ``workflows.flows.book.<duty>``."""

from __future__ import annotations

import os
from pkgutil import resolve_name
from typing import Any

from prefect import Flow

from dossiers.core.settings import settings
from workflows.duties.models import Duty
from workflows.flows.carrying import flow_of
from workflows.machine_room.environment import DUTIES as DUTIES_FROM

DUTIES: tuple[Duty, ...] = resolve_name(os.environ[DUTIES_FROM])(settings())
FLOWS: dict[str, Flow[[], Any]] = {duty.name: flow_of(duty) for duty in DUTIES}


def __getattr__(name: str) -> Flow[[], Any]:
    """A flow by the name of its duty, as Prefect's engine asks for it."""
    try:
        return FLOWS[name]
    except KeyError:
        raise AttributeError(name) from None
