"""Rehue for programs: the client of a site's HTTP API."""
