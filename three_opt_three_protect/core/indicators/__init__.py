"""Indicators of a plan and of its units (01-requirements 1A R12, R22, R33, R34; 1B; 1C).

``definition``: what an indicator is; ``facts``: the figures of land and economy it is made of; ``hold``: its value
held against what was assigned or published; ``ranking``: units in the order of how they stand.
"""
