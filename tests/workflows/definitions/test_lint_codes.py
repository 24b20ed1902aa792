"""Every code of the checks: found where it is, gone when mended, said so that one can act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.workflows.definitions.base import base, codes, found, parallel, staged
from tests.workflows.definitions.spoiled import ALL, Case, Tree
from workflows.definitions.checks.findings import Severity, can_publish
from workflows.definitions.checks.lint import RULES

_TESTED_APART = {"MC307", "MC603"}


@pytest.mark.parametrize("start", [base, parallel, staged])
def test_nothing_is_found_in_a_good_definition(start: Callable[[], dict[str, Any]]) -> None:
    assert found(start()) == []


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.code}-{case.where}")
def test_a_spoiled_definition_has_the_finding_at_its_place(case: Case) -> None:
    places = {finding.where for finding in found(case.spoiled) if finding.code == case.code}
    assert case.where in places, [(f.code, f.where, f.message) for f in found(case.spoiled)]


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.code}-{case.where}")
def test_the_mended_twin_has_it_not(case: Case) -> None:
    assert case.code not in codes(case.start())


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.code}-{case.where}")
def test_a_finding_says_what_is_wrong_and_how_to_mend_it_in_both_languages(case: Case) -> None:
    for finding in found(case.spoiled):
        assert finding.message and finding.hint and finding.message_en
        assert "{" not in finding.message + finding.hint + finding.message_en
        assert finding.severity is RULES[finding.code].severity


def test_every_code_is_tested() -> None:
    assert {case.code for case in ALL} | _TESTED_APART == set(RULES)


def test_an_error_forbids_publishing_and_a_warning_does_not() -> None:
    for case in ALL:
        findings = found(case.spoiled)
        errors = [finding for finding in findings if finding.severity is Severity.ERROR]
        assert can_publish(findings) is not bool(errors)


def test_a_kind_of_agency_that_does_not_exist_is_found_when_the_tree_is_known() -> None:
    finding = next(finding for finding in found(base(), Tree()) if finding.code == "MC603")
    assert finding.where == "participants.ubnd.kind"
    assert "committee.province" in finding.hint
    assert "MC603" not in codes(base())
