"""What the district's payments say about its customers: columns of the book, kernels over them, and one guarded way out.

`snapshot` exports the book into columns, `kernels` are numba functions over plain arrays, `rules` are forecasts and
comparisons, `guard` is the gate through which every number leaves, `queries` answers the questions of the pages.
"""
