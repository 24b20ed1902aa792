"""Examples of requests and answers, as data for the description of the interface."""
