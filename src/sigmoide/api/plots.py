"""The pictures of a result: numbers from it and from the data, handed to ``pictures.plots``."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sigmoide.design.design import Coding
from sigmoide.design.prepare import follow
from sigmoide.errors import UsageError
from sigmoide.evaluation import curves
from sigmoide.evaluation.gaps import proved_gaps
from sigmoide.evaluation.metrics import Scored
from sigmoide.evaluation.plane import MOST_POINTS, Cloud, cloud, frame_around, plane
from sigmoide.modelfile.atomic import EVALUATION_PICTURES
from sigmoide.pictures import plots
from sigmoide.pictures.canvas import save
from sigmoide.pictures.frame import pair
from sigmoide.report.text import number
from sigmoide.results.records import Fit, Model
from sigmoide.results.small_sample import LABELS
from sigmoide.sources.formats import open_data, table_of

if TYPE_CHECKING:
    from sigmoide.pictures.canvas import Axes, Figure
    from sigmoide.report.tables import Summary
    from sigmoide.sources.files import ReadOptions


class Pictured(Protocol):
    """What pictures are made of; a result is."""

    model: Model

    def summary(self, alpha: float = 0.05) -> Summary:
        """Return the tables."""
        ...

    @property
    def scored(self) -> Callable[..., Scored]:
        """Judges rows whose target is known."""
        ...


class ResultPlots:
    """The pictures of a result; each method returns a matplotlib figure.

    Every one takes ``ax``, axes of yours to draw on; by default a figure is made, for 640 pixels
    of width. Those that need data take what :meth:`sigmoide.Result.evaluate` takes, with
    its ``frequency``, ``weights``, ``offset`` and ``options``; or what
    :meth:`sigmoide.Result.scored` returns, so that several pictures need one read.

    Examples
    --------
    >>> import sigmoide
    >>> data = {"y": [0, 0, 1, 0, 1, 1], "x": [1, 2, 3, 4, 5, 6]}
    >>> result = sigmoide.logit("y ~ x", data)
    >>> figure = result.plot.coefficients(odds=True)
    >>> figure.axes[0].get_xscale()
    'log'
    """

    def __init__(self, result: Pictured) -> None:
        self._result = result

    def coefficients(
        self, *, odds: bool = False, sort: bool = False, alpha: float = 0.05, ax: Axes | None = None
    ) -> Figure:
        """Draw the coefficients, or odds ratios on a logarithmic scale, with intervals.

        Parameters
        ----------
        odds : bool
            Odds ratios instead of coefficients.
        sort : bool
            The largest on top, instead of the order of the table.
        alpha : float
            One minus the coverage of the intervals.
        ax : matplotlib.axes.Axes, optional
            Where to draw.
        """
        summary, model = self._result.summary(alpha), self._result.model
        rows = summary.coefficients
        settings = model.settings
        by = ", times penalty factors" if settings.penalty_factors else ""
        notes = [f"Ridge penalty, l2 = {settings.l2:g}{by}."] if settings.l2 else []
        if model.design.intercept and len(rows) > 1:
            first, *rest = rows
            what = exp_word(first.odds[0]) if odds else number(first.estimate) or "±inf"
            rows = tuple(rest)
            notes.append(f"Not drawn: {first.term}, {what}.")
        notes += self._references()
        return plots.coefficients(
            rows,
            self._subject(),
            summary.coverage,
            odds=odds,
            sort=sort,
            names=self._levels(),
            note=" ".join(notes),
            ax=ax,
        )

    def _levels(self) -> dict[str, tuple[str, str]]:
        """Return, from each term that stands for a level, its column and the level."""
        levels: dict[str, tuple[str, str]] = {}
        for coding in self._result.model.design.codings:
            if coding.contrast == "sum":
                # What such a column is compared with is no level.
                continue
            shown = [level for level in coding.levels if level != coding.reference]
            levels |= {
                term: (coding.column, level)
                for term, level in zip(coding.names, shown, strict=False)
            }
        return levels

    def _references(self) -> list[str]:
        """Say what levels are compared with, where that is not much to say."""
        references = self._result.model.design.references
        if not 0 < len(references) <= 3:
            return []
        said = ", ".join(pair(column, level, 28) for column, level in references.items())
        return [f"Compared with {said}."]

    def roc(
        self, data: Any, *, threshold: float = 0.5, ax: Axes | None = None, **given: Any
    ) -> Figure:
        """Draw the ROC curve on data that hold the target, and the place of a threshold."""
        rows = self._scored(data, given)
        return plots.roc(curves.roc(rows, threshold), self._subject(rows.source), ax=ax)

    def precision_recall(
        self, data: Any, *, threshold: float = 0.5, ax: Axes | None = None, **given: Any
    ) -> Figure:
        """Draw precision against recall, and the place of a threshold."""
        rows = self._scored(data, given)
        curve = curves.precision_recall(rows, threshold)
        return plots.precision_recall(curve, self._subject(rows.source), ax=ax)

    def calibration(
        self,
        data: Any,
        *,
        groups: int | None = None,
        alpha: float = 0.05,
        ax: Axes | None = None,
        **given: Any,
    ) -> Figure:
        """Draw observed shares against predicted ones, in groups, and the histogram of p.

        Parameters
        ----------
        data, ax, **given
            As said of the class.
        groups : int, optional
            How many; by default 10, fewer where a group would have under 20 rows.
        alpha : float
            One minus the coverage of the intervals.
        """
        rows = self._scored(data, given)
        curve = curves.calibration_curve(rows, groups, alpha)
        return plots.calibration(curve, self._subject(rows.source), ax=ax)

    def threshold(
        self, data: Any, *, threshold: float = 0.5, ax: Axes | None = None, **given: Any
    ) -> Figure:
        """Draw accuracy, sensitivity, specificity and precision by threshold, and one table."""
        rows = self._scored(data, given)
        curve = curves.threshold_curves(rows, threshold)
        return plots.threshold(curve, self._subject(rows.source), ax=ax)

    def scores(self, data: Any, *, ax: Axes | None = None, **given: Any) -> Figure:
        """Draw the distribution of the predictions in the two classes."""
        rows = self._scored(data, given)
        distribution = curves.score_distribution(rows)
        return plots.scores(distribution, self._subject(rows.source), ax=ax)

    def gap(self, *, ax: Axes | None = None) -> Figure:
        """Draw the proved gap to the optimum against reads of the data.

        Raises
        ------
        UsageError
            If the result does not know the points of the fit.
        """
        fit = self._result.model.fit
        if fit.small_sample is not None:
            raise UsageError(
                "the proved gap against reads was asked for, and nothing of "
                f"{LABELS[fit.small_sample.method]} is proved. Draw it of a fit of maximum "
                "likelihood."
            )
        if not fit.history:
            raise UsageError(
                "the proved gap against reads was asked for, and this result does not hold the "
                "points of its fit. Draw it from the result of the fit itself."
            )
        return plots.gap(proved_gaps(fit), self._subject(), ax=ax)

    def surface(
        self, data: Any, test: Any = None, *, ax: Axes | None = None, **given: Any
    ) -> Figure:
        """Draw the probability over the two columns of the model, its contours and the points.

        Parameters
        ----------
        data : path, data frame, mapping or array
            Points to draw: a thousand at most, chosen by a hash of their row numbers.
        test : path, data frame, mapping or array, optional
            Points that were held out, drawn hollow.
        ax, **given
            As said of the class; ``given`` goes with ``data``.

        Raises
        ------
        UsageError
            If the model is not one of exactly two numeric columns.
        """
        model = self._result.model
        names = self._two_columns()
        most = MOST_POINTS if test is None else MOST_POINTS // 2
        shown, source = self._cloud(data, most, **given)
        held_out = None if test is None else self._cloud(test, most)[0]
        frame = frame_around((shown,) if held_out is None else (shown, held_out))
        inside = [frame.outside(each) for each in (shown, held_out) if each is not None]
        notes = [f"{sum(inside)} of these lie outside of the frame."] if any(inside) else []
        if model.roles.offset:
            notes.append("Probabilities are for an offset of 0.")
        return plots.surface(
            plane(model.fit, frame),
            shown,
            self._subject(source),
            names,
            test=held_out,
            note=" ".join(notes),
            ax=ax,
        )

    @property
    def has_surface(self) -> bool:
        """Whether the model is one of exactly two numeric columns."""
        design = self._result.model.design
        return (
            len(design.codings) == 2
            and not design.products
            and all(
                c.kind == "numeric" and not c.levels and not c.indicator and c.transform is None
                for c in design.codings
            )
        )

    def _two_columns(self) -> tuple[str, str]:
        codings = self._result.model.design.codings
        if not self.has_surface:
            are = ", ".join(f"{c.label} ({_what(c)})" for c in codings[:6]) + (
                ", …" if len(codings) > 6 else ""
            )
            if self._result.model.design.products:
                are += "; and products of them"
            raise UsageError(
                "the surface was asked for, and it shows a model of exactly two numeric columns; "
                f"this one has {len(codings)}: {are or 'none'}. Fit two columns, or draw "
                "coefficients() instead."
            )
        return codings[0].label, codings[1].label

    def _cloud(
        self,
        data: Any,
        most: int,
        *,
        frequency: Any = None,
        weights: Any = None,
        offset: Any = None,
        options: ReadOptions | None = None,
    ) -> tuple[Cloud, str]:
        if isinstance(data, Scored):
            raise UsageError(
                "the surface shows the rows themselves; give the data, not what was scored of them."
            )
        model = self._result.model
        opened = open_data(data, options)
        table = table_of(opened, "a surface")
        given = (frequency, weights, offset)
        ready = follow(opened, model.design, model.target, model.roles, given)
        return cloud(ready.blocks, most), table.name

    def _scored(self, data: Any, given: dict[str, Any]) -> Scored:
        return data if isinstance(data, Scored) else self._result.scored(data, **given)

    def _subject(self, source: str = "") -> plots.Subject:
        model = self._result.model
        target, proved = model.target, model.fit.status in ("proved", "converged")
        warning = "" if proved else _warning(model.fit)
        return plots.Subject(target.column, target.event, target.other, source, warning)


def _what(coding: Coding) -> str:
    """Say what a term is."""
    if coding.transform is not None:
        return "function"
    return "levels" if coding.levels else coding.kind


def _warning(fit: Fit) -> str:
    if fit.status == "separated":
        return f"NOT PROVED: classes separated ({fit.separation.kind})"
    return f"NOT PROVED: {fit.status}"


def exp_word(value: float) -> str:
    """Write an odds ratio; one of no determined sign is anything from 0 to infinity."""
    return number(value) or "0 or inf"


def write_fit_plots(
    result: Pictured, data: Any, directory: str | PathLike[str], *, test: Any = None, **given: Any
) -> tuple[Path, ...]:
    """Write the pictures of a fit, as SVG and as PNG.

    Coefficients, odds ratios, the proved gap, the surface where the model is one of two numeric
    columns, and those of :func:`write_evaluation_plots`.

    Parameters
    ----------
    result : Result
        The fit.
    data
        The rows that it was fitted on.
    directory : path
        Where to; made if it is not there.
    test : optional
        Rows that were held out, for the surface.
    **given
        ``frequency, weights, offset, options``, where the fit had them.

    Returns
    -------
    tuple of Path
        The files.
    """
    draw = ResultPlots(result)
    figures = {
        "coefficients": draw.coefficients(),
        "odds_ratios": draw.coefficients(odds=True),
    }
    if result.model.fit.history:
        figures["gap"] = draw.gap()
    if draw.has_surface:
        figures["surface"] = draw.surface(data, test, **given)
    files = [path for name, figure in figures.items() for path in save(figure, directory, name)]
    rest = write_evaluation_plots(result, result.scored(data, **given), directory)
    return (*files, *rest)


def write_evaluation_plots(
    result: Pictured,
    data: Any,
    directory: str | PathLike[str],
    *,
    threshold: float = 0.5,
    **given: Any,
) -> tuple[Path, ...]:
    """Write the pictures of how good a model is on data, as SVG and as PNG.

    ROC and precision-recall curves, calibration, thresholds with the confusion matrix, and the
    distribution of the scores in the two classes.

    Parameters
    ----------
    result : Result
        The model.
    data
        Rows that hold the target, or what :meth:`sigmoide.Result.scored` made of them.
    directory : path
        Where to; made if it is not there.
    threshold : float
        The event is said where p >= threshold.
    **given
        ``frequency, weights, offset, options``, where the fit had them.

    Returns
    -------
    tuple of Path
        The files.
    """
    draw = ResultPlots(result)
    rows = data if isinstance(data, Scored) else result.scored(data, **given)
    figures = (
        draw.roc(rows, threshold=threshold),
        draw.precision_recall(rows, threshold=threshold),
        draw.calibration(rows),
        draw.threshold(rows, threshold=threshold),
        draw.scores(rows),
    )
    named = zip(EVALUATION_PICTURES, figures, strict=True)
    return tuple(path for name, figure in named for path in save(figure, directory, name))
