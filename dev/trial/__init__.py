"""What the tests of the built program share: an instance in a folder of its own, a terminal, and a tally."""
