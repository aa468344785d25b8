"""The photos people bring: intake, storage, access, pages and API."""
