"""Procedures as data: the model of a definition, reading it from YAML, checks, differences, diagrams.

``model`` is what a definition is, ``conditions`` evaluates "when", ``graph`` compiles steps and arcs.
``reading`` turns YAML into a definition or says what is wrong and on which line: ``yaml_tree`` reads the
text, ``shape_errors`` holds it against the schema. ``checks`` lints, ``diff`` compares versions, ``diagram``
draws with ``drawing``. ``fields.yaml`` holds the words of every field; of them ``schema`` makes
``procedure.schema.json``, ``wording`` sentences, and ``book`` the reference pages in ``docs``.
"""
