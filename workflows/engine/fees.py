"""Fees of a case: which of the procedure's apply, and whether anything is still to be paid for one."""

from __future__ import annotations

from workflows.definitions.conditions import holds
from workflows.definitions.model import Definition, Fee
from workflows.engine.state import State


def fees_of(state: State, definition: Definition) -> list[Fee]:
    """The fees of the procedure that apply to this case."""
    known = {**state.facts, "channel": state.channel, "applicant": state.applicant_kind}
    return [fee for fee in definition.fees if holds(fee.when, known)]


def is_settled(state: State, fee: Fee) -> bool:
    """Whether the fee was waived, or paid once and for all: one per page or copy may be taken again."""
    found = [item for item in state.payments.values() if item.fee == fee.id]
    return any(item.waived is not None or not fee.unit for item in found)
