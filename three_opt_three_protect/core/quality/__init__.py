"""Data checks: one rule one function, known by a stable id that stands in ``resources/rules.csv``.

``case`` is what rules are given and give back, ``structure`` … ``years`` hold the rules by group, ``functions`` lists
them by id, ``runner`` runs those that can run.
"""
