"""Which plots, which phase, under all accounts at once (拆旧建新布局优化): planning's side of it.

``coefficients`` says what each plot does to every account line (``plain`` where there are no parcels, ``taking``
which plots take the same land), ``terms`` adds lines up, ``rows`` turns a profile's rules and targets into limits,
``needs`` demand and resettlement, ``money`` cost and income, ``locks`` what the planner has decided, ``moments`` says
when plots happen, ``objectives`` what is best.  ``setup`` makes the problem of them, :mod:`core.optimiser` searches,
``propose`` holds the plan against the rules by ``core.balance``.  ``closing`` and ``gaps`` close a single gap.
"""
