"""Many machines of which any loses power at random moments of a sweep and of the deliveries after it:
PostgreSQL, two workers, Prefect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from tests.machine.killing import DOSSIERS, Late, rounds
from tests.machine.prefect_api import PrefectApi
from tests.machine.processes import until
from tests.machine.stack import PASSWORDS, Stack
from tests.support.office import TestOffice

MORTAL = ("worker-1", "worker-2", "web-1", "prefect-api", "prefect-services")


def test_many_machines_that_lose_power_ask_for_each_letter_and_send_it_once(
    stack: Stack, world: TestOffice
) -> None:
    late = Late(world)
    prefect = PrefectApi(f"{stack.url('prefect-api')}/api", PASSWORDS["prefect_auth"])
    struck = Counter[str]()

    def said() -> str:
        return stack.processes["worker-1"].said() + stack.processes["worker-2"].said()

    def killed_in(duty: str, far_enough: Callable[[], bool], left: Callable[[], int]) -> bool:
        """Do a duty, kill somebody in the middle of it, let it be done; whether it was in the middle."""
        prefect.run_now(duty)
        until(far_enough, said)
        # Who runs the duty is not known from outside: both workers, or some of the others, go at once.
        victims = late.dice.choice((("worker-1", "worker-2"), MORTAL, late.dice.sample(MORTAL, 2)))
        for name in victims:
            stack.processes[name].kill()
        in_the_middle = left() > 0
        late.time_passes()
        for name in victims:
            stack.processes[name].start()
        for name in victims:
            stack.wait(name, "service_healthy")
        if left():
            prefect.run_now(duty)
        until(lambda: left() == 0, said)
        return in_the_middle

    for _ in rounds(struck):
        late.register()
        enough = late.count("apologies") + late.dice.randrange(DOSSIERS // 2)
        struck["sweep"] += killed_in("sweep", late.asked_for_more_than(enough), late.waiting)
        late.sign()
        enough = late.delivered() + late.dice.randrange(DOSSIERS // 2)
        struck["deliver"] += killed_in("deliver", late.has_delivered_more_than(enough), late.undelivered)
        late.require_once_each([str(mail["Message-ID"]) for mail in stack.mails()])
    assert struck["sweep"], "every sweep was over before anybody was killed"
    assert struck["deliver"], "every delivery was over before anybody was killed"
    world.assert_proven()
