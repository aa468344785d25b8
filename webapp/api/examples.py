"""Examples for the API's description: one of each thing that is sent or answered."""

from __future__ import annotations

from typing import Any

PHOTO_ID = "0b7d1c3e-55f5-4ae0-9d8f-6d2f3f0c9a11"
_JOB_ID = "7c0f4a52-1d0b-4c57-8f5e-2b8f6c1d9e22"
_BATCH_ID = "9e2d7b64-3f1a-4d2c-a6c8-5f0e1b7a3d33"
_LABEL_ID = "c4a8e9d0-7b6f-4e35-b1d2-8a9c0f5e6b44"
_UPLOAD_ID = "3f0c8f7e-6c0b-4a53-9a55-0d4f3a7f1c11"
_MODEL_ID = "51f6a0b3-92c4-4d7e-8e1f-0c3b5a7d9f55"
_GONE_ID = "d2b9f1a6-0e8c-4f73-9a5d-7c6e4b3a2f66"
_MOMENT = "1931-05-17T09:30:00Z"
_LATER = "1931-05-17T09:31:12Z"
_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)
"""A grey pixel."""

HINT_SET = {
    "version": 1,
    "hints": [{"type": "point", "x": 0.42, "y": 0.31, "radius": 0.01, "color": "#7a4b2c"}],
}
PALETTE = {"version": 1, "regions": [{"name": "sky", "color": "#8fb1cf", "place": "top"}]}

_LABEL = {"id": _LABEL_ID, "kind": "tag", "name": "harbour", "count": 12, "created": _MOMENT}
_PHOTO: dict[str, Any] = {
    "id": PHOTO_ID,
    "title": "The harbour, 1931",
    "width": 3000,
    "height": 2000,
    "bits": 16,
    "format": "TIFF",
    "is_grey": True,
    "starred": False,
    "metadata": {
        "caption": "Boats before the storm",
        "taken": "1931-06",
        "people": ["Eileen Gray"],
        "city": "Roquebrune",
        "country": "France",
        "make": "Epson",
        "model": "V850",
        "dpi": [1200, 1200],
    },
    "tags": [{"id": _LABEL_ID, "name": "harbour"}],
    "collections": [],
    "created": _MOMENT,
    "updated": _LATER,
    "expires_at": None,
    "trashed_at": None,
    "url": f"/photos/{PHOTO_ID}",
    "lightness_url": f"/api/photos/{PHOTO_ID}/lightness",
    "thumbnail_url": f"/api/photos/{PHOTO_ID}/thumbnail?v=7c0f4a52",
    "original_url": f"/api/photos/{PHOTO_ID}/original",
    "revision": 7,
    "same_as": None,
}
_VERSION = {
    "id": _JOB_ID,
    "parent": None,
    "session_end": None,
    "name": "For the album",
    "brought_in": False,
    "revision": 7,
    "hints": 5,
    "model": "rehue-4",
    "width": 3000,
    "height": 2000,
    "created": _LATER,
}
_BATCH: dict[str, Any] = {
    "id": _BATCH_ID,
    "name": "Album of 1931",
    "status": "running",
    "seq": 41,
    "total": 60,
    "done": 38,
    "failed": 2,
    "remaining": 24.5,
    "model": None,
    "format": "jpeg",
    "quality": 95,
    "metadata": "no_place",
    "mark": "none",
    "hints": "palette",
    "palette": PALETTE,
    "references": [],
    "strength": 1.0,
    "created": _MOMENT,
    "started": _MOMENT,
    "finished": None,
    "kept_until": "1931-06-16T09:30:00Z",
    "url": f"/batches/{_BATCH_ID}",
    "archive_url": f"/api/batches/{_BATCH_ID}/archive",
}
_ITEM: dict[str, Any] = {
    "number": 3,
    "name": "Album/harbour.jpg",
    "status": "done",
    "error": "",
    "output": "photos/Album/harbour.jpg",
    "model": "rehue-4",
    "width": 3000,
    "height": 2000,
    "source_sha256": _SHA256,
    "result_sha256": _SHA256,
    "image_url": f"/api/batches/{_BATCH_ID}/items/3/image",
    "thumbnail_url": f"/api/batches/{_BATCH_ID}/items/3/thumbnail",
    "photo_url": f"/photos/{PHOTO_ID}",
}
_MODEL: dict[str, Any] = {
    "id": _MODEL_ID,
    "name": "rehue-4",
    "net": "nested_attention_unet",
    "sha256": _SHA256,
    "live": True,
    "created": _MOMENT,
    "card": {"net": "nested_attention_unet"},
    "scores": [
        {
            "protocol": "points",
            "data": "places",
            "data_sha256": _SHA256,
            "pictures": 200,
            "seconds": 61.5,
            "figures": [{"hints": 10, "psnr": 26.1}],
            "created": _MOMENT,
        }
    ],
}

BODIES: dict[str, dict[str, Any]] = {
    "patch_version": {"name": "For the album"},
    "patch_photo": {"title": "The harbour, 1931", "tags": ["harbour"]},
    "post_bulk": {"action": "tag", "ids": [PHOTO_ID], "name": "harbour"},
    "post_renders": {"ids": [PHOTO_ID], "retry": False},
    "post_archive": {"ids": [PHOTO_ID], "what": "coloured", "format": "jpeg"},
    "post_label": {"kind": "tag", "name": "harbour"},
    "patch_label": {"name": "ports"},
    "put_hints": {"revision": 8, "hints": HINT_SET},
    "put_photo_model": {"model": "0198d2f4-6f3e-7c11-9a54-2b7f0c1d9e01"},
    "add_share": {"days": 30, "password": ""},
    "add_palette": {"name": "Wedding, 1931", "colors": ["#c87f89", "#e2ca76"]},
    "patch_palette": {"name": "Wedding, 1932"},
    "suggest_colors": {"x": 0.42, "y": 0.31, "count": 3},
    "map_uncertainty": {"hints": HINT_SET},
    "make_batch": {
        "upload": _UPLOAD_ID,
        "name": "Album of 1931",
        "format": "jpeg",
        "hints": "files",
    },
    "make_preview": {"sample": _PNG, "palette": PALETTE},
}
"""By operation: a body that is sent."""
_PALETTE = {
    "id": _JOB_ID,
    "name": "Wedding, 1931",
    "colors": ["#c87f89", "#e2ca76"],
    "url": "https://colours.example.org/p/Yw3bqK5sVbJ2mXc8RfGhN4LzQeApT0d1",
}
_SHARE = {
    "id": _JOB_ID,
    "url": "https://colours.example.org/s/pT0d1Yw3bqK5sVbJ2mXc8RfGhN4LzQeA",
    "has_password": True,
    "created": _MOMENT,
    "expires_at": None,
}

ANSWERS: dict[str, dict[str, Any]] = {
    "PhotoOut": _PHOTO,
    "PhotoPage": {"items": [_PHOTO], "count": 1, "next": None},
    "PhotoIds": {"ids": [PHOTO_ID], "count": 1},
    "BulkOut": {"done": [PHOTO_ID], "missing": [_GONE_ID]},
    "RendersOut": {"ready": [PHOTO_ID], "waiting": [], "failed": []},
    "Emptied": {"count": 3},
    "LabelOut": _LABEL,
    "LabelPage": {"items": [_LABEL], "count": 1},
    "HintsOut": {"revision": 7, "hints": HINT_SET},
    "JobOut": {
        "id": _JOB_ID,
        "kind": "render",
        "status": "done",
        "revision": 7,
        "attempt": 1,
        "seq": 2,
        "error": "",
        "version_id": _JOB_ID,
    },
    "VersionOut": _VERSION,
    "Page_VersionOut_": {"items": [_VERSION], "count": 1},
    "SuggestionsOut": {
        "model": "rehue-4",
        "suggestions": [{"color": "#7a4b2c", "weight": 0.62}, {"color": "#2c5a7a", "weight": 0.2}],
    },
    "UncertaintyOut": {
        "model": "rehue-4",
        "width": 1,
        "height": 1,
        "encoding": "png",
        "unit": 0.25,
        "data": _PNG,
    },
    "OutlineOut": {
        "model": "rehue-4",
        "points": [[0.31, 0.22], [0.52, 0.2], [0.55, 0.61], [0.34, 0.66]],
    },
    "PhotoModelsOut": {
        "models": [
            {
                "id": _JOB_ID,
                "name": "rehue-4",
                "live": True,
                "colors_it": True,
                "url": "/models/rehue-4",
                "figures": {"psnr@0": 22.6, "psnr@10": 26.6},
            }
        ]
    },
    "TrialOut": {"model": "rehue-4", "seconds": 0.21, "data": _PNG},
    "SharesOut": {"shares": [_SHARE]},
    "ShareOut": _SHARE,
    "PalettesOut": {"palettes": [_PALETTE]},
    "PaletteOut": _PALETTE,
    "BatchOut": _BATCH,
    "BatchPage": {"items": [_BATCH], "count": 1},
    "BatchHintsOut": {"hints": HINT_SET},
    "BatchItemPage": {"items": [_ITEM], "count": 1},
    "PreviewOut": {"id": _JOB_ID, "image_url": f"/api/batches/previews/{_JOB_ID}"},
    "AccountOut": {
        "email": "eileen@example.org",
        "joined": _MOMENT,
        "language": "en",
        "theme": "",
        "default_model": None,
        "default_export": "png",
        "default_metadata": "all",
        "quotas": {
            "bytes": {"used": 1_048_576, "limit": 21_474_836_480},
            "photos": {"used": 12, "limit": 10_000},
            "jobs": {"used": 3, "limit": 5000},
        },
    },
    "Page_ModelOut_": {"items": [_MODEL], "count": 1},
}
"""By the name of a schema: what is answered."""
