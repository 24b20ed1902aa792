"""A worker: takes runs from the pool and gives each a process of its own. Any number of them."""

from __future__ import annotations

import os
import socket
from datetime import timedelta
from itertools import islice

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterTags,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import Cancelled
from prefect.workers.process import ProcessWorker

from dossiers.core import clock
from dossiers.core.settings import settings
from workflows.flows.deploying import POOL, TAG

STALE = timedelta(minutes=2)
"""A run that waited longer is not worth a process of its own when a later one of the same duty waits too."""

_PAGE = 200


async def work() -> None:
    """Work until told to end."""
    async with get_client() as client:
        dropped = await drop_stale(client)
    if dropped:
        print(f"{dropped} lượt đã lỡ được bỏ: lượt sau cùng của mỗi việc làm bù.", flush=True)  # noqa: T201
    name = f"{socket.gethostname()}-{os.getpid()}"
    await ProcessWorker(work_pool_name=POOL, name=name, limit=settings().worker_runs).start(
        with_healthcheck=True
    )


async def drop_stale(client: PrefectClient) -> int:
    """Cancel runs nobody began while no worker was there, but the newest of each duty; how many.

    Which slots were missed stands in our ledger, and the newest run makes up for them: a day without a
    worker must not mean a day's runs one after another.
    """
    dropped = 0
    deployments = await client.read_deployments(
        deployment_filter=DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG]))
    )
    for deployment in deployments:
        while waiting := list(islice(await _missed(client, deployment.id), 1, None)):
            for run in waiting:
                await client.set_flow_run_state(
                    run.id, Cancelled(message="Đã lỡ; lượt sau cùng làm bù."), force=True
                )
            dropped += len(waiting)
    return dropped


async def _missed(client: PrefectClient, deployment: object) -> list[FlowRun]:
    """Runs of a deployment that should have begun by now, the newest first."""
    before = clock.now() - STALE
    return await client.read_flow_runs(
        deployment_filter=DeploymentFilter.model_validate({"id": {"any_": [deployment]}}),
        flow_run_filter=FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
            expected_start_time=FlowRunFilterExpectedStartTime.model_validate({"before_": before}),
        ),
        sort=FlowRunSort.EXPECTED_START_TIME_DESC,
        limit=_PAGE,
    )
