"""WAV files as the standard library and SciPy write them: where their sound lies, and its peaks."""

from __future__ import annotations

import io
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.io import wavfile

from nbtools.derived import DERIVED, forget, sound_peaks
from nbtools.errors import MediaError
from nbtools.media import peaks
from nbtools.media.peaks import frames_per_peak, peaks_of, wav_peaks
from nbtools.media.wav import Wav, read_wav
from nbtools.storage import Folder

RATE = 8000


def written(path: Path, numbers: Any, rate: int = RATE) -> Path:
    wavfile.write(path, rate, numbers)
    return path


def pairs(data: bytes) -> list[list[int]]:
    found: list[list[int]] = np.frombuffer(data, "i1").reshape(-1, 2).tolist()
    return found


def steps(dtype: str, full: float, middle: float = 0) -> Any:
    """Return a second of silence but for its second hundredth, which goes down to half and up to all."""
    numbers = np.full(RATE, float(middle))
    numbers[100], numbers[120] = middle - full / 2, middle + full
    return numbers.astype(dtype)


@pytest.mark.parametrize(
    ("dtype", "full", "middle"),
    [("uint8", 127, 128), ("int16", 32767, 0), ("int32", 2**31 - 1, 0), ("float32", 1, 0)],
)
def test_peaks_of_every_form_of_number(tmp_path: Path, dtype: str, full: float, middle: float) -> None:
    path = written(tmp_path / "a.wav", steps(dtype, full, middle))
    found = pairs(wav_peaks(path))
    assert len(found) == 100
    assert found[0] == found[50] == [0, 0]
    assert found[1][1] in (126, 127)
    assert found[1][0] in (-63, -64)


def test_peaks_of_24_bits_and_of_the_loudest_channel(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(3)
        file.setframerate(100)
        for left, right in ((0, 0), (2**22, -(2**23) + 1), (-1, 0)):
            file.writeframes(left.to_bytes(3, "little", signed=True) + right.to_bytes(3, "little", signed=True))
    with path.open("rb") as opened:
        assert read_wav(opened) == Wav(1, 2, 100, 24, 44, 3)
    assert pairs(wav_peaks(path)) == [[0, 0], [-127, 64], [0, 0]]


def test_a_file_is_read_in_parts_and_its_end_is_shorter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "a.wav", np.sin(np.arange(RATE + 33)).astype("float32"))
    whole = wav_peaks(path)
    assert len(pairs(whole)) == 101
    monkeypatch.setattr(peaks, "_AT_ONCE", 3000)
    assert wav_peaks(path) == whole


def test_very_long_sound_has_no_more_peaks_than_fit_a_message() -> None:
    day = Wav(1, 1, 48_000, 16, 44, 48_000 * 86_400)
    assert day.frames / frames_per_peak(day) <= peaks.MOST
    assert frames_per_peak(Wav(1, 1, 50, 16, 44, 50)) == 1


def test_a_process_without_numpy_has_a_child_do_it(tmp_path: Path) -> None:
    path = written(tmp_path / "a.wav", steps("int16", 32767))
    code = (
        "import sys; from pathlib import Path; from nbtools.media.peaks import peaks_of; "
        "data = peaks_of(Path(sys.argv[1])); assert 'numpy' not in sys.modules; sys.stdout.buffer.write(data)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, check=True)
    assert done.stdout == peaks_of(path)


def test_a_child_that_fails_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.wav").write_bytes(b"no sound")
    monkeypatch.setattr(sys, "modules", {name: found for name, found in sys.modules.items() if name != "numpy"})
    with pytest.raises(MediaError, match=r"the waveform of a.wav could not be made: .*no WAV file.*convert it"):
        peaks_of(tmp_path / "a.wav")


PLAIN = b"\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0"


def _wav(more: bytes = b"", form: bytes = PLAIN, data: bytes = b"\0" * 8) -> bytes:
    chunks = b"fmt " + len(form).to_bytes(4, "little") + form + more + b"data" + len(data).to_bytes(4, "little") + data
    return b"RIFF" + (4 + len(chunks)).to_bytes(4, "little") + b"WAVE" + chunks


def test_chunks_before_the_sound_are_passed_over() -> None:
    found = read_wav(io.BytesIO(_wav(b"LIST\3\0\0\0abc\0")))
    assert found == Wav(1, 1, 8000, 16, 56, 4)


def test_a_recorder_that_was_cut_off_left_sound_all_the_same() -> None:
    for length in (b"\0\0\0\0", b"\xff\xff\xff\xff"):
        cut = _wav().replace(b"data\x08\0\0\0", b"data" + length)
        assert read_wav(io.BytesIO(cut)) == Wav(1, 1, 8000, 16, 44, 4)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF",
        b"RIFF\0\0\0\0AVI " + b"\0" * 40,
        _wav(form=b"\2\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\4\0"),
        _wav(form=b"\1\0\0\0\x40\x1f\0\0\x80\x3e\0\0\0\0\x10\0"),
        _wav(form=b"\1\0\1\0\0\0\0\0\x80\x3e\0\0\2\0\x10\0"),
        _wav(form=b"\1\0"),
        _wav(data=b""),
        _wav()[:30],
        b"RIFF\0\0\0\0WAVE" + b"junk\0\0\0\0" * 300,
    ],
)
def test_what_cannot_be_cut_anywhere_is_none(data: bytes) -> None:
    assert read_wav(io.BytesIO(data)) is None


def test_peaks_are_kept_and_forgotten_with_what_they_were_made_of(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "birds")
    path = written(tmp_path / "a.wav", steps("int16", 32767))
    made = sound_peaks(folder, path, "ab" * 32)
    path.unlink()
    assert sound_peaks(folder, path, "ab" * 32) == made
    forget(folder, ["ab" * 32])
    assert not list(folder.path(DERIVED).rglob("*.peaks"))
    with pytest.raises((MediaError, OSError)):
        sound_peaks(folder, path, None)
