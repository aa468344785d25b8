"""Webhooks: addresses of users that are told when photos and batches are finished."""
