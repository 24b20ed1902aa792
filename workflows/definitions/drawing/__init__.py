"""Drawing a procedure: what stands on the cards, where everything goes, and the SVG of it.

``content`` says what is drawn and how large its text is; ``layout`` gives every card its row and column and
every arc its way; ``svg`` writes it down. ``workflows.definitions.diagram`` is the door.
"""
