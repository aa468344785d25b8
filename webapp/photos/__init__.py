"""The photos that people bring: rows, intake, access, files and thumbnails."""
