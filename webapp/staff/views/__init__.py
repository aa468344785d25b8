"""The dashboard's pages, for staff alone."""
