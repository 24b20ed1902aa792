"""Limits as the national catalogue of procedures writes them, read from Vietnamese prose.

``model`` says what a reading is. ``prose`` reads one text (``read_limit_text``), ``catalogue`` one row of the
catalogue, columns and text together (``read_catalogue_row``), ``coverage`` counts readings of many rows.

Under them, each on those before it: ``words`` normalises text and reads numbers; ``times`` finds every time
and keeps dates and clock times apart; ``clauses`` cuts a text into clauses; ``acts``, ``starts`` and
``conditions`` know the words of an office; ``roles`` says what a time is for; ``standing`` what a description
without times is about; ``cuts`` what a cut text may hide. See ``docs/limit-texts.md``.
"""
