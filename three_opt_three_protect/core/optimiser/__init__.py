"""Choosing plots and phases under linear limits: knows nothing of planning but what stands in the numbers.

``problem`` is what passes in and out.  ``search`` finds a plan and its bound: ``model`` writes the problem as a
mixed-integer programme, ``relax`` bounds it, ``restricted`` and ``cores`` decide the least sure choices, ``solver``
talks to HiGHS, ``watch`` tells and stops, ``check`` holds the plan against the limits by itself, ``trimming`` takes
out what no limit needs.  ``explain``, ``contradictions`` and ``giveup`` say why there is no plan or which warnings it
gave up, ``figures`` refuses what cannot be solved.  ``alternatives``, ``frontier`` and ``contiguity`` search several
times, ``settled`` keeps their rules the same.
"""
