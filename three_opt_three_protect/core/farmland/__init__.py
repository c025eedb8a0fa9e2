"""Adjustment of permanent basic farmland (永久基本农田调整): what leaves it (划出) and what comes in (补划).

``settings`` reads what the profile says, ``facts`` is what is known of each piece of land, ``release`` finds what
leaves and for which listed reason, ``candidates`` what may come in, ``patches`` what lies together (连片), ``scores``
which comes first.  ``limits`` writes the conditions down, ``greedy`` and ``optimal`` choose under them, ``account``
sums up, ``verdicts`` judges, ``adjust`` leads through all of it.

Sources: 06-balance 6.4; 00-supplement 1.5, 1.6, 1.10, M16; R13, R14.
"""
