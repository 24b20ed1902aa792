"""Procedures as data: the model of a definition, reading it from YAML, checks, differences, diagrams.

``model`` is what a definition is; ``reading`` turns YAML into it or says what is wrong and where;
``checks`` lints it; ``diff`` compares versions; ``diagram`` draws it; ``conditions`` evaluates "when".
"""
