"""What the reader sees. Records in, text out: no data pass through here."""
