"""Every door in: the JSON API and the command line.

May import everything below; nothing imports this.
"""
