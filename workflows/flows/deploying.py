"""Schedules as code: a deployment for each duty, a pool of workers, and what notices a dead worker.

Deploying again changes nothing; a duty that is no more loses its deployment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from prefect.automations import Automation, EventTrigger
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.schedules import CronSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import Posture
from prefect.exceptions import ObjectNotFound
from prefect.workers.process import ProcessWorker

from workflows.duties.models import Duty
from workflows.duties.pace import ZONE_NAME
from workflows.flows.book import DUTIES, FLOWS

POOL = "motcua"
DEPLOYMENT = "office"
TAG = "motcua"
DEAD_WORKER = "motcua: lượt chạy mất tín hiệu"

SILENT_FOR = timedelta(seconds=90)
"""A run whose process sent no sign of life for so long is marked as crashed; the next slot redoes it."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """What a deployment is called and when it runs."""

    name: str
    title: str
    cron: str


async def deploy() -> list[Deployed]:
    """Bring the server's pool, deployments and automation to what the code says."""
    async with get_client() as client:
        await _make_pool(client)
        await _forget_others(client)
    for duty in DUTIES:
        await _deployment(duty).aapply(work_pool_name=POOL)
    await _watch_for_dead_workers()
    return [Deployed(f"{duty.name}/{DEPLOYMENT}", duty.title, duty.pace.cron) for duty in DUTIES]


async def _make_pool(client: PrefectClient) -> None:
    template = ProcessWorker.get_default_base_job_template()
    pool = WorkPoolCreate(name=POOL, type=ProcessWorker.type, base_job_template=template)
    await client.create_work_pool(pool, overwrite=True)


def _deployment(duty: Duty) -> RunnerDeployment:
    pace = CronSchedule(cron=duty.pace.cron, timezone=ZONE_NAME)
    deployment = RunnerDeployment(
        name=DEPLOYMENT,
        flow_name=duty.name,
        entrypoint=f"workflows.flows.book.{duty.name}",
        description=duty.title,
        schedules=[DeploymentScheduleCreate(schedule=pace, slug="pace", active=True)],
        tags=[TAG],
        work_pool_name=POOL,
        # Said outright, or each run first looks for libraries to install.
        job_variables={"command": "python -m prefect.engine"},
        parameters={},
        paused=False,
    )
    deployment._set_defaults_from_flow(FLOWS[duty.name])
    return deployment


async def _forget_others(client: PrefectClient) -> None:
    """Deployments of duties that there were once."""
    ours = await client.read_deployments(
        deployment_filter=DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG]))
    )
    kept = {f"workflows.flows.book.{duty.name}" for duty in DUTIES}
    for each in ours:
        if each.entrypoint not in kept:
            await client.delete_deployment(each.id)


async def _watch_for_dead_workers() -> None:
    """A run whose worker and process were killed together would count as running for ever."""
    automation = Automation(
        name=DEAD_WORKER,
        trigger=EventTrigger(
            after={"prefect.flow-run.heartbeat"},
            expect={"prefect.flow-run.heartbeat"}
            | {f"prefect.flow-run.{each}" for each in ("Completed", "Failed", "Cancelled", "Crashed")},
            match={"prefect.resource.id": "prefect.flow-run.*"},
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=SILENT_FOR,
        ),
        actions=[
            ChangeFlowRunState(
                name="Crashed",
                state=StateType.CRASHED,
                message="Tiến trình chạy lượt này đã mất.",
                force=False,
            )
        ],
    )
    try:
        known = await Automation.aread(name=DEAD_WORKER)
    except (ObjectNotFound, ValueError):
        await automation.acreate()
    else:
        automation.id = known.id
        await automation.aupdate()
