"""A tus client of a few lines for tests: what goes over the wire, and nothing clever."""

import base64

TUS = {"Tus-Resumable": "1.0.0"}
PIECE_TYPE = "application/offset+octet-stream"


def metadata(**facts):
    """``Upload-Metadata`` of these facts."""
    return ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in facts.items())


def begin(client, size, **facts):
    """Ask for room; the answer to that."""
    facts = {"filename": "portrait.png"} | facts
    headers = {**TUS, "Upload-Length": str(size), "Upload-Metadata": metadata(**facts)}
    return client.post("/api/uploads", headers=headers)


def send(client, address, offset, data, **headers):
    """Send a piece; the answer to that."""
    return client.patch(
        address,
        data,
        content_type=PIECE_TYPE,
        headers={**TUS, "Upload-Offset": str(offset), **headers},
    )


def ask(client, address):
    """Ask how far it is; the answer to that."""
    return client.head(address, headers=TUS)


def upload_all(client, data, *, piece=1000, **facts):
    """Upload ``data`` in pieces and return the upload's address."""
    address = begin(client, len(data), **facts).headers["Location"]
    for offset in range(0, len(data), piece):
        assert send(client, address, offset, data[offset : offset + piece]).status_code == 204
    return address
