"""Log mel frames by torchaudio's and librosa's own defaults and what else a description can say, in float64; and one short
sound as WAV, FLAC, MP3 and Ogg Vorbis, with its frames at its own rate and at another. Writes test/fixtures/sounds.

  python test/reference/make_mel.py        needs torch, torchaudio, librosa, soundfile
"""

import base64
import json
from pathlib import Path

import librosa
import numpy as np
import soundfile
import torch
from torchaudio.transforms import AmplitudeToDB, MelSpectrogram

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures/sounds"


def packed(values):
    values = np.ascontiguousarray(values, dtype="<f4")
    return {"shape": list(values.shape), "values": base64.b64encode(values.tobytes()).decode()}


def spoken(samples, rate):
    """A buzz that glides through two formants, fades in and out, and breathes: (samples,) within -1..1."""
    t = np.arange(samples) / rate
    long = samples / rate
    pitch = 2 * np.pi * np.cumsum(120 + 60 * t / long) / rate
    wave = np.zeros(samples)
    for harmonic in range(1, 40):
        hertz = harmonic * (120 + 60 * t / long)
        first, second = 300 + 400 * t / long, 2200 - 1000 * t / long
        loud = np.exp(-(((hertz - first) / 150) ** 2)) + 0.5 * np.exp(-(((hertz - second) / 250) ** 2))
        wave += loud * np.sin(harmonic * pitch)
    wave += 0.02 * np.random.default_rng(3).standard_normal(samples)
    wave *= np.sin(np.pi * t / long) ** 0.5
    return np.float32(0.7 * wave / np.abs(wave).max()).astype(np.float64)


def by_torchaudio(wave, rate, floor, **options):
    torch.set_default_dtype(torch.float64)
    power = MelSpectrogram(rate, **options)(torch.tensor(wave)).T
    return torch.log(power.clamp(min=floor)).numpy()


def by_librosa(wave, rate, floor, **options):
    power = librosa.feature.melspectrogram(y=wave, sr=rate, dtype=np.float64, **options).T
    return np.log(np.maximum(power, floor))


def cases():
    plain = {"mean": 0, "deviation": 1}
    wave = spoken(2400, 16_000)
    torchs = {"fft": 400, "window": 400, "hop": 200, "bands": 128, "low": 0, "high": 8000, "scale": "htk", "center": True}
    yield "torchaudio's defaults", 16_000, {**torchs, "floor": 1e-6, **plain}, wave, by_torchaudio(wave, 16_000, 1e-6)
    decibels = AmplitudeToDB("power")(MelSpectrogram(16_000)(torch.tensor(wave))).T.numpy()
    settings = {**torchs, "floor": 1e-10, "mean": 0, "deviation": np.log(10) / 10}
    yield "torchaudio's defaults in decibels", 16_000, settings, wave, decibels
    options = {"n_fft": 1024, "hop_length": 256, "n_mels": 64, "mel_scale": "slaney", "norm": "slaney", "pad_mode": "constant"}
    settings = {**torchs, "fft": 1024, "window": 1024, "hop": 256, "bands": 64, "scale": "slaney", "norm": "slaney"}
    settings |= {"ends": "zeros", "floor": 1e-10, **plain}
    yield "torchaudio, as librosa does", 16_000, settings, wave, by_torchaudio(wave, 16_000, 1e-10, **options)
    wave = spoken(3000, 22_050)
    settings = {"fft": 2048, "window": 2048, "hop": 512, "bands": 128, "low": 0, "high": 11_025, "scale": "slaney"}
    settings |= {"norm": "slaney", "center": True, "ends": "zeros", "floor": 1e-10, **plain}
    yield "librosa's defaults", 22_050, settings, wave, by_librosa(wave, 22_050, 1e-10)
    wave = spoken(2001, 16_000)
    options = {"n_fft": 375, "win_length": 301, "hop_length": 125, "n_mels": 20, "htk": True, "norm": None, "center": False}
    settings = {"fft": 375, "window": 301, "hop": 125, "bands": 20, "low": 0, "high": 8000, "scale": "htk"}
    settings |= {"center": False, "floor": 1e-6, **plain}
    yield "librosa, an odd transform, not centred", 16_000, settings, wave, by_librosa(wave, 16_000, 1e-6, **options)


def main():
    FIXTURES.mkdir(exist_ok=True)
    torch.set_default_dtype(torch.float64)
    made = [
        {"name": name, "sampleRate": rate, "settings": settings, "wave": packed(wave), "frames": packed(frames)}
        for name, rate, settings, wave, frames in cases()
    ]
    (FIXTURES / "mel.json").write_text(json.dumps(made))
    rate = 22_050
    # Of 24 bits: browsers divide the positive half by one less than the negative, which 16 bits would show.
    sound = np.int32(np.rint((2**23 - 1) * spoken(round(0.24 * rate), rate))) << 8
    best = {"compression_level": 0.0}
    for name, kind in {"wav": "PCM_24", "flac": "PCM_24", "mp3": "MPEG_LAYER_III", "ogg": "VORBIS"}.items():
        options = best if name in ("mp3", "ogg") else {}
        soundfile.write(FIXTURES / f"sound.{name}", sound, rate, format=name.upper(), subtype=kind, **options)
    written, _ = soundfile.read(FIXTURES / "sound.wav")
    own = by_librosa(written, rate, 1e-6)
    options = {"n_fft": 512, "win_length": 400, "hop_length": 160, "n_mels": 64, "fmin": 20, "fmax": 7600}
    options |= {"htk": True, "norm": None, "center": False}
    resampled = by_librosa(librosa.resample(written, orig_sr=rate, target_sr=16_000), 16_000, 1e-6, **options)
    (FIXTURES / "decoded.json").write_text(json.dumps({"own": packed(own), "resampled": packed(resampled)}))


if __name__ == "__main__":
    main()
