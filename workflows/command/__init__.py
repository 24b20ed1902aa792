"""The commands by subject; ``workflows.commands`` lists them all."""
