"""What a flow does: the slot its run was scheduled for, in the office of this process."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

import anyio.to_thread
from prefect import Flow, flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.runtime import flow_run
from prefect.states import Completed, Failed
from prefect.tasks import Task, exponential_backoff

from dossiers.core import clock
from workflows.duties.doing import Ended, Turn, do_duty
from workflows.duties.models import Duty
from workflows.flows.notes import leave_notes, told
from workflows.flows.offices import own_office
from workflows.flows.troubles import is_the_worlds

TRIES_AGAIN = 5
"""How often a duty is tried again when the world fails: after about 2, 4, 8, 16 and 32 seconds."""


def flow_of(duty: Duty) -> Flow[[], Any]:
    """A duty as a flow without parameters: which slot is said by when the run was scheduled."""

    @task(
        name=f"{duty.name}: một lượt",
        retries=TRIES_AGAIN,
        retry_delay_seconds=exponential_backoff(backoff_factor=2),
        retry_jitter_factor=0.5,
        retry_condition_fn=_the_world_failed,
        cache_policy=NO_CACHE,
        persist_result=False,
    )
    async def turn(slot: datetime) -> Turn:
        return await anyio.to_thread.run_sync(partial(_do, duty, slot))

    @flow(name=duty.name, description=duty.title, retries=0, persist_result=False, validate_parameters=False)
    async def run() -> State[Any]:
        scheduled: datetime = flow_run.scheduled_start_time
        done = await turn(duty.pace.latest(scheduled))
        await leave_notes(duty, done)
        words = told(duty, done)
        return Failed(message=words) if done.ended is Ended.FAILED else Completed(message=words)

    return run


def _do(duty: Duty, slot: datetime) -> Turn:
    """A run may begin a moment before its time, but nothing is done before it was due."""
    with own_office() as office:
        return do_duty(office, duty, slot, max(clock.now(), slot), clock.now)


def _the_world_failed(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    return isinstance(state.data, BaseException) and is_the_worlds(state.data)
