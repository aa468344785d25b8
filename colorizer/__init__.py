"""The core of Rehue: photos and hints in, colours out. NumPy at the doors, no Django."""
