"""A definition written as text reads back as the same definition."""

from __future__ import annotations

import pytest

from api.cli.procedures import shipped
from workflows.definitions.model import Definition
from workflows.definitions.reading import read_definition
from workflows.definitions.writing import definition_text


@pytest.mark.parametrize("definition", shipped(), ids=lambda definition: definition.code)
def test_what_is_written_reads_back_as_it_was(definition: Definition) -> None:
    assert read_definition(definition_text(definition), name="text") == definition


def test_the_next_version_begins_as_a_copy() -> None:
    definition = shipped()[0]
    copy = read_definition(definition_text(definition, version=7), name="text")
    assert copy == definition.model_copy(update={"version": 7})


def test_short_forms_are_written_short() -> None:
    text = definition_text(shipped()[0])
    assert "next: " in text
    assert "effective_from: 20" in text, "dates are bare"
