"""Searching hyper-parameters: the study, its trials and their plots."""
