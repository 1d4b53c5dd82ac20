"""Everything sigmoide raises, and everything it warns about.

The tree::

    SigmoideError                   the root: ``except SigmoideError`` catches all of it
    ├── UsageError                  the call asks for what cannot be asked        (exit code 2)
    │   ├── FormulaError            a formula that cannot be read, or is not allowed
    │   └── MissingDependencyError  an optional package is needed and not installed
    ├── DataError                   the data cannot be used                       (exit code 3)
    │   ├── FileError               a file that is absent, broken or not what it says
    │   ├── ColumnError             one column, its type or one of its values
    │   ├── TargetError             the target or the event
    │   ├── WeightError             frequencies, weights, offset
    │   ├── RowsError               rows that are not those of the fit
    │   ├── ModelFileError          a model file that cannot be trusted
    │   └── CheckpointError         a checkpoint that cannot be kept, or gone on with
    └── NotProvedError              fitted, and refused because it is not proved  (exit code 4)
        └── AliasedError            aliased columns under ``aliased="error"``

    SigmoideWarning
    ├── NotProvedWarning            the fit carries no proof
    │   ├── SeparationWarning       the classes are separated: coefficients are infinite
    │   └── UndeterminedWarning     neither a maximum nor separation could be proved
    ├── AliasedWarning              columns that are combinations of others were dropped
    ├── CheckpointWarning           a checkpoint is not gone on with, or not to its end
    ├── DataWarning                 a model was put to data that are not all as it knows them
    │   ├── MissingWarning          rows are not judged, because they miss a value
    │   └── UnseenLevelWarning      levels that the fit did not see count as the reference
    └── InferenceWarning            errors and tests that lean on little
        └── FewClustersWarning      no more clusters than coefficients

Every message says what was asked, why it cannot be, and what to do instead. It is one line: line
ends and controls in the names of columns, values and files are spelled out.
"""

from __future__ import annotations

from sigmoide.arguments.words import printable


class SigmoideError(Exception):
    """Root of the errors; ``exit_code`` is what the command line returns."""

    exit_code = 2

    def __str__(self) -> str:
        return printable(super().__str__())


class UsageError(SigmoideError, ValueError):
    """The call asks for something that cannot be done, whatever the data."""

    exit_code = 2


class FormulaError(UsageError):
    """A formula that cannot be read, or that asks for what is not allowed."""


class MissingDependencyError(UsageError, ImportError):
    """An optional package is needed and is not installed."""


class DataError(SigmoideError, ValueError):
    """The data cannot be used as they are."""

    exit_code = 3


class FileError(DataError):
    """A file that is absent, broken, or not what its name says."""


class ColumnError(DataError):
    """One column cannot be used: absent, of a wrong type, or holding a wrong value."""


class TargetError(DataError):
    """The target is not one of two classes, or the event is not one of them."""


class WeightError(DataError):
    """Frequencies, weights or an offset that mean nothing."""


class RowsError(DataError):
    """Rows that are not those of the fit, or that it does not have any more."""


class ModelFileError(DataError):
    """A model file that is truncated, too new, or inconsistent."""


class CheckpointError(DataError):
    """The checkpoint of a fit that cannot be kept, or gone on with."""


class NotProvedError(SigmoideError):
    """The fit was made and is refused, because what was asked of it does not hold."""

    exit_code = 4


class AliasedError(NotProvedError):
    """Some columns are linear combinations of others and ``aliased="error"`` was given."""


class SigmoideWarning(UserWarning):
    """Root of the warnings."""

    def __str__(self) -> str:
        return printable(super().__str__())


class NotProvedWarning(SigmoideWarning):
    """The coefficients are not proved to be the optimum."""


class SeparationWarning(NotProvedWarning):
    """The classes are separated: some coefficients are infinite."""


class UndeterminedWarning(NotProvedWarning):
    """Neither a maximum nor separation could be proved in double precision."""


class AliasedWarning(SigmoideWarning):
    """Columns that are linear combinations of others were left out of the fit."""


class CheckpointWarning(SigmoideWarning):
    """A checkpoint that is not gone on with, or not as far as it goes."""


class DataWarning(SigmoideWarning):
    """A model was put to data that are not all as it knows them."""


class MissingWarning(DataWarning):
    """Rows are not judged, because they miss a value that the model needs."""


class UnseenLevelWarning(DataWarning):
    """Levels that the fit did not see were taken for the reference."""


class InferenceWarning(SigmoideWarning):
    """Errors, intervals or tests that were computed, and lean on little."""


class FewClustersWarning(InferenceWarning):
    """No more clusters than coefficients: a cluster-robust covariance that is singular."""
