"""Kinds of events, as subject:object:verb."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """Everything that can happen to a dossier."""

    REGISTERED = "dossier:registered"
    ACCEPTED = "dossier:accepted"
    REFUSED = "dossier:refused"
    FINISHED = "dossier:finished"
    RETURNED = "dossier:result:returned"
    WITHDRAWN = "dossier:withdrawn"
    STOPPED = "dossier:stopped"
    REOPENED = "dossier:reopened"
    CORRECTED = "dossier:corrected"
    MIGRATED = "dossier:migrated"
    NOTED = "dossier:noted"
    FILES_ATTACHED = "files:attached"
    FILE_REMOVED = "file:removed"

    STEP_OPENED = "step:opened"
    STEP_TAKEN = "step:taken"
    STEP_FINISHED = "step:finished"
    STEP_CANCELLED = "step:cancelled"
    STEP_REVERTED = "step:reverted"
    DUES_MOVED = "step:dues:moved"
    JOIN_REACHED = "join:reached"
    BATCH_OPENED = "batch:opened"
    FACTS_SET = "case:facts:set"

    SENT = "handoff:sent"
    RECEIVED = "handoff:received"
    SENT_BACK = "handoff:returned"

    OPINION_ASKED = "opinion:asked"
    OPINION_ANSWERED = "opinion:answered"
    OPINION_DEEMED = "opinion:deemed"

    SUPPLEMENT_ASKED = "supplement:asked"
    SUPPLEMENT_RECEIVED = "supplement:received"
    SUPPLEMENT_LAPSED = "supplement:lapsed"
    PAYMENT_ASKED = "payment:asked"
    PAYMENT_CONFIRMED = "payment:confirmed"
    PAYMENT_WAIVED = "payment:waived"
    MEMBER_REQUESTED = "member:requested"
    MEMBER_WAITING = "member:waiting"
    MEMBER_WORKING = "member:working"

    CLOCK_STARTED = "clock:started"
    CLOCK_PAUSED = "clock:paused"
    CLOCK_RESUMED = "clock:resumed"
    PROMISE_MADE = "promise:made"
    PROMISE_KEPT = "promise:kept"
    PROMISE_BROKEN = "promise:broken"
    LATENESS_SPLIT = "lateness:split"

    ALERT_RAISED = "alert:raised"
    APOLOGY_ASKED = "apology:asked"
    APOLOGY_DRAFTED = "apology:drafted"
    APOLOGY_RETURNED = "apology:returned"
    APOLOGY_SIGNED = "apology:signed"
    APOLOGY_WITHDRAWN = "apology:withdrawn"
    FAULT_OPENED = "fault:opened"
    FAULT_SETTLED = "fault:settled"
    FAULT_EXPLAINED = "fault:explained"
    FAULT_ACKNOWLEDGED = "fault:acknowledged"
    FAULT_CLOSED = "fault:closed"
    FAULT_CORRECTED = "fault:corrected"
