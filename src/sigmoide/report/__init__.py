"""Reports: records in, text out; no data pass through here."""
