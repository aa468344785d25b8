"""The gallery: listing, labels, bulk actions, the trash and archives of photos."""
