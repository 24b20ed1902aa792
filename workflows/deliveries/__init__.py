"""Messages that leave the office: written with the decision that owes them, delivered, confirmed.

``owing`` writes the rows in the deciding transaction; ``delivering`` takes what is due and sends it;
``choosing``, ``quiet`` and ``rendering`` say how, when and in which words; ``channels`` are the ways out;
``handling`` is what people do with a message; ``webhooks`` and ``subscribing`` are for other systems that are
told. See docs/deliveries.md, docs/webhooks.md.
"""
