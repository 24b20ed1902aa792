"""Standing duties and seals at the terminal, as system cron and an inspector use them."""

from __future__ import annotations

from tests.cli.conftest import Terminal


def test_cron_does_what_is_due_once_and_a_seal_is_found_by_what_was_printed(motcua: Terminal) -> None:
    at = ("--at", "2026-03-04T08:00")
    first = motcua("duties", "run", *at, "--json").json
    duties = ["sweep", "calendars", "deliver", "seal", "retention"]
    assert [(each["duty"], each["ended"]) for each in first] == [(duty, "done") for duty in duties]
    assert {each["ended"] for each in motcua("duties", "run", *at, "--json").json} == {"already"}
    assert not any(each["stopped"] for each in motcua("duties", "list", *at, "--json").json)
    [seal] = motcua("seal", "show", "--json").json
    printed = str(seal["hash"])[:16]
    assert motcua("seal", "show", printed, "--json").json == [seal]
    assert motcua("seal", "show", "2026-03-03", "--json").json == [seal]
    assert motcua("seal", "show", "0" * 16).code == 1
    assert motcua("duties", "run", "nothing").code == 1
    assert motcua("verify").code == 0
