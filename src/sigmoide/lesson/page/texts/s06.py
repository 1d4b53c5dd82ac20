"""Station 6: the loss curve."""

from __future__ import annotations

ES = {"title": "La curva de la pérdida"}

EN = {"title": "The loss curve"}
