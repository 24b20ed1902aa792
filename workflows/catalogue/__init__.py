"""The procedures shipped with the engine, one YAML file per version: ``<code>-<slug>.yaml``.

``docs/catalogue.md`` lists them with where their times come from and how sure that is. Two are groups whose
steps are dossiers of their own (``3.000722`` births, ``2.002913`` deaths); the members carry the code of the
group with a suffix (``3.000722.KS``). The kinds of agency they ask for are listed there too.
"""
