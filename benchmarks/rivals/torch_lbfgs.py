"""torch.optim.LBFGS on the mean loss, as one would write it by hand: the arithmetic of X's type.

The mean loss plus |w|^2 / (2 C n) is the judge's objective over n.
"""

from __future__ import annotations

import numpy as np

from benchmarks.records import Answer, Problem
from benchmarks.rivals.base import Fit, Rival, powers

_MOST_STEPS = 20_000
_PAIRS = 20
# A change of the mean loss that is none: without it, the line search turns on the spot for ever.
_NOTHING = 1e-15


def _prepare(problem: Problem, threads: int) -> Fit:
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits as loss_of

    torch.set_num_threads(threads)
    X = torch.from_numpy(problem.X)
    y = torch.from_numpy(problem.y.astype(problem.X.dtype))
    half = problem.alpha / (2 * len(y))

    def fit(tolerance: float) -> Answer:
        w = torch.zeros(X.shape[1], dtype=X.dtype, requires_grad=True)
        b = torch.zeros((), dtype=X.dtype, requires_grad=True)
        steps = torch.optim.LBFGS(
            [w, b],
            max_iter=_MOST_STEPS,
            tolerance_grad=tolerance,
            tolerance_change=_NOTHING,
            history_size=_PAIRS,
            line_search_fn="strong_wolfe",
        )

        def closure() -> torch.Tensor:
            steps.zero_grad()
            loss = loss_of(X @ w + b, y) + half * (w @ w)
            loss.backward()  # type: ignore[no-untyped-call]
            return loss

        steps.step(closure)  # type: ignore[no-untyped-call]
        taken = float(steps.state[w]["n_iter"])
        coef = w.detach().numpy().astype(np.float64)
        return Answer(float(b.detach()), coef, {"steps": taken})

    return fit


RIVAL = Rival(
    "torch LBFGS",
    "torch",
    "torch",
    _prepare,
    powers(2, 10),
    note="in float32 where X is float32",
)
