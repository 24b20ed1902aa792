"""Who takes part in a dossier: the rule by which it may be seen. Pure."""

from __future__ import annotations

from workflows.engine.state import State


def agencies_of(state: State) -> frozenset[str]:
    """The agencies that take part, now or at any time before: where it was received and for whom, who is
    competent, who had a task, who owes an apology, who answers for a fault."""
    letters, faults = state.apologies.values(), state.faults.values()
    return frozenset(
        {
            state.desk,
            state.receiving,
            state.competent,
            *(task.agency for task in state.tasks.values()),
            *(letter.agency for letter in letters),
            *(letter.holder for letter in letters),
            *(fault.agency for fault in faults),
        }
    )
