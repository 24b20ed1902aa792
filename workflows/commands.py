"""Commands: what a person, a partner system or the clock may ask of a dossier.

Each is plain data, checked for form here and for permission by the engine. The JSON API and the command
line are made from these models, so a field's description is what users read.
"""

from __future__ import annotations

from workflows.command.base import Command
from workflows.command.desk import (
    Accept,
    AskPayment,
    AskSupplement,
    CollectFee,
    ConfirmPayment,
    GiveBack,
    NewApplicant,
    PaperIn,
    ReceiveSupplement,
    Refuse,
    Register,
    Reopen,
    Stop,
    WaiveFee,
    Withdraw,
)
from workflows.command.lateness import (
    AcknowledgeFault,
    CloseFault,
    CorrectFault,
    DraftApology,
    ExplainFault,
    Reappoint,
    ReturnApology,
    SignApology,
)
from workflows.command.papers import Attach, FileIn, RemoveFile
from workflows.command.upkeep import Correct, MemberClock, MemberClosed, Migrate, Note, Recalculate, Tick
from workflows.command.work import (
    AnswerOpinion,
    AskOpinion,
    Decide,
    FinishStep,
    Receive,
    ReturnToSender,
    Send,
    TakeBack,
    TakeOver,
)

__all__ = [
    "COMMANDS",
    "SYSTEM_ONLY",
    "Accept",
    "AcknowledgeFault",
    "AnswerOpinion",
    "AskOpinion",
    "AskPayment",
    "AskSupplement",
    "Attach",
    "CloseFault",
    "CollectFee",
    "Command",
    "ConfirmPayment",
    "Correct",
    "CorrectFault",
    "Decide",
    "DraftApology",
    "ExplainFault",
    "FileIn",
    "FinishStep",
    "GiveBack",
    "MemberClock",
    "MemberClosed",
    "Migrate",
    "NewApplicant",
    "Note",
    "PaperIn",
    "Reappoint",
    "Recalculate",
    "Receive",
    "ReceiveSupplement",
    "Refuse",
    "Register",
    "RemoveFile",
    "Reopen",
    "ReturnApology",
    "ReturnToSender",
    "Send",
    "SignApology",
    "Stop",
    "TakeBack",
    "TakeOver",
    "Tick",
    "WaiveFee",
    "Withdraw",
]

COMMANDS: dict[str, type[Command]] = {
    command.kind: command
    for command in (
        Register,
        Accept,
        Refuse,
        AskSupplement,
        ReceiveSupplement,
        Send,
        Receive,
        ReturnToSender,
        TakeOver,
        FinishStep,
        Decide,
        AskOpinion,
        AnswerOpinion,
        AskPayment,
        ConfirmPayment,
        CollectFee,
        WaiveFee,
        Attach,
        RemoveFile,
        GiveBack,
        Withdraw,
        Stop,
        Reopen,
        DraftApology,
        ReturnApology,
        SignApology,
        Reappoint,
        ExplainFault,
        AcknowledgeFault,
        CloseFault,
        CorrectFault,
        Correct,
        TakeBack,
        Note,
        Tick,
        Recalculate,
        Migrate,
        MemberClosed,
        MemberClock,
    )
}
"""Every command by kind."""

SYSTEM_ONLY = frozenset({Tick.kind, MemberClosed.kind, MemberClock.kind})
"""Commands that no person may send."""
