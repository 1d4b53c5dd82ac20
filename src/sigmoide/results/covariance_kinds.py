"""Every kind of covariance, once: for the command line, the library and the reader of model files.

Nothing scientific is imported here: ``--help`` names the kinds.
"""

from __future__ import annotations

from typing import Literal, get_args

HCKind = Literal["HC0", "HC1", "HC2", "HC3"]
CRKind = Literal["CR0", "CR_G", "CR1"]
# What can be asked for; nonrobust is that of the Fisher information.
Kind = Literal["nonrobust", HCKind, CRKind, "bootstrap"]

HC_KINDS: tuple[str, ...] = get_args(HCKind)
CR_KINDS: tuple[str, ...] = get_args(CRKind)
KINDS: tuple[str, ...] = get_args(Kind)

# A bootstrap by cluster is asked for as a bootstrap with clusters, and recorded by this name.
CLUSTER_BOOTSTRAP = "cluster bootstrap"
# What a covariance in a model file may be called. Fisher's follows from the fit, and is in none.
RECORDED: tuple[str, ...] = (*(kind for kind in KINDS if kind != "nonrobust"), CLUSTER_BOOTSTRAP)
