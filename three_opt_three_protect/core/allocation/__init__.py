"""Which plots, which phase, under all accounts at once (拆旧建新布局优化).

``problem`` is what passes between the parts; ``coefficients`` says what each plot does to every account
line, ``rows`` turns a profile's rules and targets into limits, ``model`` writes them as a mixed-integer
programme, ``solver`` talks to HiGHS, ``search`` finds a plan and its bound, ``explain`` says why there is
none, ``alternatives`` and ``frontier`` show what else there is, ``closing`` closes one gap.
"""
