"""What is wrong or worth knowing in a definition, found before it lives. All pure.

``lint`` runs everything, ``findings`` is what it returns, ``subject`` is what the checks look at. By subject:
``clarity`` (the six clarities), ``shape`` (steps, arcs, ends), ``parallel`` (forks and joins, over every way
a dossier can take as ``tokens`` walks them), ``facts`` (conditions, over the ``domains`` of the case facts),
``duration`` (limits against the total), ``kinds`` (what each kind of step asks for), ``stages``,
``reminders`` (early warnings), ``people`` (agencies and roles), ``law`` (basis and sources), ``supplements``.
"""
