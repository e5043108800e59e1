"""What bytes are: their kind, their size or duration, and a hash of what is seen.

Kinds are told by a short table of signatures of our own: puremagic, the light
library for it, takes 350-640 µs a file (measured on 5-25 KB files), which is more
than all other work of an ingest, and knows no text.
"""

from nbtools.media.content import content_hash, image_content, text_content
from nbtools.media.dhash import difference_hash
from nbtools.media.heic import can_read_heic, read_heic
from nbtools.media.measure import MAX_PIXELS, Measures, measure
from nbtools.media.pixels import eight_bit, smaller
from nbtools.media.sniff import (
    HEAD_BYTES,
    HEIC,
    Media,
    agrees,
    decode_text,
    other_media,
    promises_text,
    sniff,
    text_encoding,
    text_media,
)
from nbtools.media.telling import Decoding, media_of, unsigned
from nbtools.media.turning import is_turned

__all__ = [
    "HEAD_BYTES",
    "HEIC",
    "MAX_PIXELS",
    "Decoding",
    "Measures",
    "Media",
    "agrees",
    "can_read_heic",
    "content_hash",
    "decode_text",
    "difference_hash",
    "eight_bit",
    "image_content",
    "is_turned",
    "measure",
    "media_of",
    "other_media",
    "promises_text",
    "read_heic",
    "smaller",
    "sniff",
    "text_content",
    "text_encoding",
    "text_media",
    "unsigned",
]
