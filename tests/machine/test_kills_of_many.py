"""Many machines of which any loses power at random moments of a sweep: PostgreSQL, two workers, Prefect."""

from __future__ import annotations

from dossiers.core.db import Database
from tests.machine.killing import DOSSIERS, ROUNDS, Late
from tests.machine.prefect_api import PrefectApi
from tests.machine.processes import until
from tests.machine.stack import PASSWORDS, Stack

MORTAL = ("worker-1", "worker-2", "web-1", "prefect-api", "prefect-services")
AGAIN = 8.0
"""Seconds after which a sweep is asked for again when nothing moves: else it waits for the full minute."""


def test_many_machines_that_lose_power_ask_for_each_letter_once(stack: Stack) -> None:
    database = Database(stack.database_url())
    late = Late(database)
    prefect = PrefectApi(f"{stack.url('prefect-api')}/api", PASSWORDS["prefect_auth"])
    struck = 0
    for _ in range(ROUNDS):
        late.register()
        before = late.count("apologies")
        prefect.run_now("sweep")
        enough = before + late.dice.randrange(DOSSIERS)
        until(late.asked_for_more_than(enough), stack.processes["worker-1"].said)
        # Who runs the sweep is not known from outside: both workers, or some of the others, go at once.
        victims = late.dice.choice((("worker-1", "worker-2"), MORTAL, late.dice.sample(MORTAL, 2)))
        for name in victims:
            stack.processes[name].kill()
        struck += late.waiting() > 0
        late.time_passes()
        for name in victims:
            stack.processes[name].start()
        for name in victims:
            stack.wait(name, "service_healthy")
        if late.waiting():
            prefect.run_now("sweep")
        until(lambda: late.waiting() == 0, stack.processes["worker-1"].said)
        late.require_once_each()
    assert struck, "every sweep was over before anybody was killed"
    late.world.assert_proven()
    database.dispose()
