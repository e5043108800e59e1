"""How loud a recording is over time: the least and most of each of many short stretches, as a waveform is drawn.

NumPy does it, which a Labeler's kernel does not load: ``python -m nbtools.media.peaks FILE``
writes them to its standard output.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from nbtools.errors import MediaError
from nbtools.media.wav import FLOAT, Wav, read_wav

# A hundred in a second, but no more than fit a message.
PER_SECOND = 100
MOST = 1_500_000
_AT_ONCE = 16 << 20
_HOME = Path(__file__).resolve().parent.parent.parent


def frames_per_peak(wav: Wav) -> int:
    """Return how many frames each pair of peaks stands for; the last may stand for fewer."""
    return max(1, wav.rate // PER_SECOND, -(-wav.frames // MOST))


def peaks_of(path: Path) -> bytes:
    """Return what `wav_peaks` does, found by a child process unless NumPy is here already.

    Raises
    ------
    MediaError
        If the file cannot be read.
    """
    if "numpy" in sys.modules:
        return wav_peaks(path)
    # -P: a notebook's folder may hold a json.py. The path: nbtools may have been found beside the notebook.
    inherited = os.environ.get("PYTHONPATH")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(_HOME), inherited)))}
    command = [sys.executable, "-P", "-m", "nbtools.media.peaks", str(path)]
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode != 0:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise MediaError(f"the waveform of {path.name} could not be made: {(last or ['it was stopped'])[0]}")
    found: bytes = done.stdout
    return found


def wav_peaks(path: Path) -> bytes:
    """Return the least and most of a WAV file's loudest channel, stretch by stretch.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    bytes
        Pairs of signed bytes, of which 127 is full scale: least and most of each
        `frames_per_peak` frames.

    Raises
    ------
    MediaError
        If it is no WAV file that can be read.
    """
    import numpy as np

    with path.open("rb") as file:
        wav = read_wav(file)
        if wav is None:
            raise MediaError(f"{path.name} is no WAV file that can be cut: convert it at ingest")
        each = frames_per_peak(wav)
        stretches = max(1, _AT_ONCE // (each * wav.frame_bytes))
        file.seek(wav.start)
        found = []
        for first in range(0, wav.frames, stretches * each):
            frames = min(stretches * each, wav.frames - first)
            data = file.read(frames * wav.frame_bytes)
            numbers, full = _numbers(data[: len(data) // wav.frame_bytes * wav.frame_bytes], wav)
            if len(numbers) == 0:
                break
            at = np.arange(0, len(numbers), each * wav.channels)
            pair = np.minimum.reduceat(numbers, at), np.maximum.reduceat(numbers, at)
            scaled = np.stack(pair, axis=1).astype(np.float64) * (127 / full)
            found.append(np.clip(np.round(np.nan_to_num(scaled)), -127, 127).astype(np.int8))
    return b"".join(bytes(part) for part in found)


def _numbers(data: bytes, wav: Wav) -> tuple[Any, float]:
    """Return the numbers that bytes hold, channel beside channel, and which of them is full scale."""
    import numpy as np

    if wav.encoding == FLOAT:
        return np.frombuffer(data, "<f4"), 1.0
    if wav.bits == 8:
        return np.frombuffer(data, "u1").astype("i2") - 128, 128.0
    if wav.bits == 24:
        wide = np.zeros((len(data) // 3, 4), "u1")
        wide[:, 1:] = np.frombuffer(data, "u1").reshape(-1, 3)
        return wide.reshape(-1).view("<i4"), 2.0**31
    return np.frombuffer(data, f"<i{wav.bits // 8}"), 2.0 ** (wav.bits - 1)


if __name__ == "__main__":
    sys.stdout.buffer.write(wav_peaks(Path(sys.argv[1])))
