"""A private S3-compatible store: moto's server, which answers as Amazon's does."""

import contextlib
from collections.abc import Iterator

import boto3
from moto.server import ThreadedMotoServer

BUCKET = "photos"


@contextlib.contextmanager
def private_store() -> Iterator[str]:
    """Run a store with one empty bucket.

    Yields:
        What ``STORAGE_URL`` is to be.
    """
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    _, port = server.get_host_and_port()
    client = boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        region_name="us-east-1",
    )
    client.create_bucket(Bucket=BUCKET)
    try:
        yield f"s3://key:secret@127.0.0.1:{port}/{BUCKET}?insecure=1&region=us-east-1"
    finally:
        server.stop()
