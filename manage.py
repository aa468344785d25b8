#!/usr/bin/env python
"""Entry point of the site's management commands in a checkout."""

from webapp.__main__ import main

if __name__ == "__main__":
    main()
