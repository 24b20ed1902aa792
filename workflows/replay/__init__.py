"""Running a recorded log of another office through the engine, with the clock driven by the log.

``reading`` turns two tables (cases and events) into a log and reports every row that cannot be right;
``running`` registers, hands over and closes each case as the log says and lets the monitor look each day.
"""
