"""Where reclamation can come from (复垦潜力): universe, indicators, weights, scores, grades.

``universe`` finds the construction land that could be reclaimed and says why the rest could not; ``population`` holds
the people of natural villages and villages (``populationtable`` reads them), ``villageland`` tells village land,
``places`` brings the two together, and ``theory`` is the theoretical potential of each village.  ``indicators``
measures every candidate (``enterprises``: what industry on it yields), ``weights`` weighs the indicators, ``scores``
and ``grades`` rank the candidates, ``sensitivity`` says how much of that hangs on the weights, ``notes`` what strikes
the eye, ``potential`` leads through all of it.

Sources: 07-potential 7.1–7.5; 00-supplement 1.5, 1.10.
"""
