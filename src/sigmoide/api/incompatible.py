"""Which options of a fit do not go together: one table, for ``logit`` and the command line.

Nothing scientific is imported here, so that what cannot be meant is refused at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sigmoide.errors import UsageError
from sigmoide.results.covariance_kinds import CR_KINDS


class Clash(NamedTuple):
    """When options of a fit, called as the parameters of ``when``, clash; and what is said then."""

    when: Callable[..., object]
    message: str


# In the order in which they are refused where several are known at once.
CLASHES = (
    Clash(
        lambda any_machine, resume: any_machine and not resume,
        "any_machine was asked for without resume, and means nothing without it: it says which "
        "checkpoints are gone on with. Give --resume (resume=True) too, or leave it out.",
    ),
    Clash(
        lambda resume, checkpoint: resume and checkpoint is None,
        "resume was asked for without the checkpoint to go on with. Name it: --checkpoint FILE, "
        "checkpoint='...'.",
    ),
    Clash(
        lambda checkpoint, split: checkpoint is not None and split is not None,
        "--checkpoint keeps one fit of all rows; with --split there are other rows and scores "
        "besides. Leave out one of them.",
    ),
    Clash(
        lambda option, split: option and split is None,
        "{option} was given without --split, and means nothing without one. Give --split too, or "
        "leave it out.",
    ),
    Clash(
        lambda standardize, l2: standardize and not l2,
        "standardize=True was given without a penalty: it says in which units the penalty counts, "
        "and changes nothing without one. Give l2 too, or leave it out.",
    ),
    Clash(
        lambda method, l2: method != "ml" and l2,
        "l2={l2:g} was given with {label}, which has a penalty of its own. Choose one of them.",
    ),
    Clash(
        lambda factors, l2: isinstance(factors, Mapping) and factors and not l2,
        "penalty_factors were given without a penalty: they say how much of it each coefficient "
        "bears. Give l2 too, or leave them out.",
    ),
    Clash(
        lambda replicates, cov: replicates is not None and cov != "bootstrap",
        "--replicates {replicates} was given without --cov bootstrap, and means nothing without "
        "it. Give that too, or leave it out.",
    ),
    Clash(
        lambda ci, l2, patience: ci == "profile" and (l2 or patience is not None),
        "--ci profile was given with a penalty (--l2, --patience): the coefficients of a "
        "penalised fit do not maximise the likelihood. Leave one of them out.",
    ),
    Clash(
        lambda cov, clusters: cov in CR_KINDS and not clusters,
        "cov={cov!r} was given without clusters; say which rows go together: cluster='id', "
        "--cluster id.",
    ),
    Clash(
        lambda cov, clusters: clusters and cov not in (*CR_KINDS, "bootstrap"),
        "cov={cov!r} was given with clusters, of which it knows nothing. Choose "
        f"{', '.join(CR_KINDS)} or bootstrap, or leave the clusters out.",
    ),
    Clash(
        lambda cov, clusters: cov == "bootstrap" and clusters > 1,
        "clusters by {clusters} columns were given; for cov={cov!r} one column can make them.",
    ),
    Clash(
        lambda cov, clusters: cov in CR_KINDS and clusters > 2,
        "clusters by {clusters} columns were given; for cov={cov!r} one column, or two can make "
        "them.",
    ),
    Clash(
        lambda cov, patience: cov != "nonrobust" and patience is not None,
        "--cov {cov} was given with --patience, which chooses a penalty: errors of a penalised fit "
        "are not inference. Leave one of them out.",
    ),
    Clash(
        lambda cov, l2: cov != "nonrobust" and l2,
        "cov={cov!r} was asked of a penalised fit (l2={l2:g}): the penalty moves the coefficients "
        "by an amount that no sampling error holds. Fit without a penalty.",
    ),
    Clash(
        lambda cov, method: cov != "nonrobust" and method != "ml",
        "cov={cov!r} was asked of {label}, whose errors are those of the inverse information, and "
        "whose intervals and tests are likelihood ratios. Leave cov out, or fit by maximum "
        "likelihood.",
    ),
    Clash(
        lambda patience, method: patience is not None and method != "ml",
        "patience={patience} chooses a ridge penalty, and method={method!r} has a penalty of its "
        "own. Leave out one of them.",
    ),
    Clash(
        lambda weights, method: weights is not None and method != "ml",
        "weights were given with {label}, whose penalty is worth as much as half an observation "
        "for each coefficient: how much that is would hang on the scale of the weights. If they "
        "are counts, give them as frequency; else leave them out.",
    ),
    Clash(
        lambda checkpoint, method: checkpoint is not None and method != "ml",
        "a checkpoint was asked for with {label}; only fits of maximum likelihood are kept as they "
        "go. Leave it out.",
    ),
    Clash(
        lambda intercept, method: not intercept and method in ("flic", "flac"),
        "{label} corrects the intercept, and this model has none. Give it one, or stay with "
        "Firth's estimates (method='firth', --firth).",
    ),
    Clash(
        lambda offset, offset_term: offset is not None and offset_term is not None,
        "an offset is in the formula, offset(...), and another was given besides. Add them in the "
        "formula: offset(a + b).",
    ),
    Clash(
        lambda columns, formula: columns and formula is not None,
        "--columns and --exclude go with --target; a formula names its columns itself: "
        "'y ~ a + b', or 'y ~ . - c'.",
    ),
)


def refuse_incompatible(**given: Any) -> None:
    """Refuse options that do not go together, as far as all of a clash are given: UsageError."""
    for clash in CLASHES:
        names = clash.when.__code__.co_varnames
        if all(name in given for name in names) and clash.when(*map(given.get, names)):
            label = given.get("method", "ml")
            if label != "ml":
                from sigmoide.results.small_sample import LABELS

                label = LABELS[label]
            raise UsageError(clash.message.format(**given, label=label))
