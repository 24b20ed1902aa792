"""Letters: the standard forms an office sends, as PDF.

``forms``      which form is in force on a date: number, title, number suffix, paper, circular (data)
``wording``    text and dates as a clerk writes them; cleans whatever came in from outside
``parts``      what forms share: letterhead, people, signatory, digital signature, verification link
``rendering``  typst behind one call: template + data -> PDF or PNG bytes
``document``   what every form is; one module for each of the seven:
               ``receipt`` 01, ``supplement`` 02, ``refusal`` 03, ``apology`` 04, ``stop_notice`` 05,
               ``control_slip`` 06, ``register`` 07
``templates``  their wording (``common.typ`` is shared); ``data`` the form registry

See ``docs/letters.md``.
"""
