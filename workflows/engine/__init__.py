"""The engine: pure decisions over a dossier's history.

``decide(env, state, command, at)`` gives events or a refusal; ``evolve(state, event)`` folds an event into
the state; ``rows(state)`` says what the derived tables must hold. No I/O, no clock.

Who does what: ``intake`` registers and accepts, ``routing`` opens the next steps, ``steps`` is people's
work, ``waits`` are supplements and payments, ``opinions`` consults, ``clockwork`` keeps the clock and the
promises, ``breaches`` is what lateness sets off, ``closing`` ends and reopens, ``corrections`` mends.
"""
