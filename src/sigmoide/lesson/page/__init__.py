"""The lesson as one self-contained page; docs/lesson-page.md says how it is made."""

from __future__ import annotations

from sigmoide.lesson.page.writing import write_page

__all__ = ["write_page"]
