"""The machine room: Prefect's processes, many machines played by plain processes, and kills."""
