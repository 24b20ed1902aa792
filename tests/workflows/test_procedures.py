"""Publishing a procedure: of two who publish the same version at once, one wins and the other is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest

from dossiers.core.db import Database
from dossiers.core.errors import Conflict
from dossiers.procedures import repository
from tests.support.office import LONG_AGO, TestOffice, definition
from workflows.definitions.model import Definition
from workflows.procedures import save


@pytest.mark.parametrize("drafted", [True, False])
def test_of_two_who_publish_at_once_one_is_told(database: Database, *, drafted: bool) -> None:
    office = TestOffice(database)
    if drafted:
        with database.writing() as connection:
            save(connection, definition(name="Bản thảo"), LONG_AGO)

    def publish(wanted: Definition) -> bool:
        with office.database.writing() as connection:
            return save(connection, wanted, LONG_AGO, publish=True)

    with ThreadPoolExecutor(1) as second:
        with database.writing() as connection:
            assert save(connection, definition(name="Người thứ nhất"), LONG_AGO, publish=True)
            other = second.submit(publish, definition(name="Người thứ hai"))
            sleep(0.3)
        with pytest.raises(Conflict) as refusal:
            other.result(30)
    assert refusal.value.code == "version_frozen"
    with database.reading() as connection:
        assert repository.get(connection, "T.1", 1).name == "Người thứ nhất"
    assert publish(definition(name="Người thứ nhất")) is False
