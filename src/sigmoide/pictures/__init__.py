"""Pictures: each draws one record; files written whole."""
