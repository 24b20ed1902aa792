"""Letters: the standard forms an office sends, as PDF.

``forms``      which form is in force on a date: number, title, number suffix, paper, circular (data)
``wording``    text and dates as a clerk writes them; cleans whatever came in from outside
``parts``      what every form shares: letterhead, signatory, digital signature, verification link
``rendering``  typst behind one call: template + data -> PDF or PNG bytes
``apology``    form 04, the apology with a new date
``templates``  the forms themselves (``common.typ`` is shared); ``data`` the form registry

See ``docs/letters.md``.
"""
