"""Has Debian's free synthesisers speak the words, and keeps what they said as 16 kHz clips of one second."""

import io
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy.io import wavfile
from scipy.signal import resample_poly

WORDS = ["yes", "no", "up", "down", "left", "right", "on", "off", "stop", "go"]
RATE = 16_000
SAMPLES = RATE


@dataclass(frozen=True)
class Voice:
    """`engine` is espeak-ng, flite or festival; `name` is the voice as that engine calls it."""

    engine: str
    name: str

    def __str__(self):
        return f"{self.engine} {self.name}"


def espeak(accents, variants):
    return [Voice("espeak-ng", f"{accent}+{variant}") for accent in accents for variant in variants]


# No voice is in two parts, and no speaker either: kal and slt exist in two engines and stay on one side.
VOICES = {
    "train": [
        *espeak(
            ["en-us", "en-gb", "en-029", "en-gb-x-rp", "en-gb-x-gbcwmd"],
            ["m1", "m2", "m3", "m4", "m5", "m6", "f1", "f2", "f3"],
        ),
        *[Voice("flite", name) for name in ("kal16", "awb", "rms")],
        Voice("festival", "kal_diphone"),
    ],
    "validation": espeak(["en-gb-x-gbclan"], ["m7", "f4", "m1", "f2"]),
    "test": [
        *espeak(["en-gb-scotland"], ["m8", "f5"]),
        Voice("flite", "slt"),
        Voice("festival", "cmu_us_slt_arctic_hts"),
    ],
}
# (tempo, pitch), both 1 for the voice's own.
MANNERS = [(1, 1), (0.85, 1), (1.2, 1), (1, 0.85), (1, 1.2), (0.9, 1.15), (1.15, 0.9)]


def said(voice, word, tempo, pitch):
    """The waveform (samples) at 16 kHz, silence at both ends cut off, peak 1."""
    rate, sound = wavfile.read(io.BytesIO(SPEAKERS[voice.engine](voice.name, word, tempo, pitch)))
    sound = resample_poly(sound.astype(np.float64), RATE, rate)
    loud = np.flatnonzero(np.abs(sound) > 0.02 * np.abs(sound).max())
    sound = sound[loud[0] : loud[-1] + 1]
    return (sound / np.abs(sound).max()).astype(np.float32)


def run(*command, text=None):
    return subprocess.run(command, input=text, capture_output=True, check=True).stdout


def espeak_says(name, word, tempo, pitch):
    speed, tone = round(160 * tempo), round(min(99, 50 * pitch**2))
    # To a file: on standard output its header does not know how long the sound will be.
    with TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        run("espeak-ng", "-v", name, "-s", str(speed), "-p", str(tone), "-w", str(path), word)
        return path.read_bytes()


def flite_says(name, word, tempo, pitch):
    tone = {"kal16": 105, "awb": 120, "rms": 100, "slt": 165}[name] * pitch
    with TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        settings = ["--setf", f"duration_stretch={1 / tempo:.3f}", "--setf", f"int_f0_target_mean={tone:.0f}"]
        run("flite", "-voice", name, *settings, "-t", word, "-o", str(path))
        return path.read_bytes()


def festival_says(name, word, tempo, _pitch):
    # Its voices have no common way to set the pitch.
    setting = f"(begin (voice_{name}) (Parameter.set 'Duration_Stretch {1 / tempo:.3f}))"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        run("text2wave", "-eval", setting, "-o", str(path), text=word.encode())
        return path.read_bytes()


SPEAKERS = {"espeak-ng": espeak_says, "flite": flite_says, "festival": festival_says}


def clips(part):
    """Every voice of the part says every word in several manners: (waveforms, labels, voices)."""
    sounds, labels, voices = [], [], []
    for v, voice in enumerate(VOICES[part]):
        # Many espeak voices, few others: the others speak in all manners, each espeak voice in four of them.
        manners = MANNERS if voice.engine != "espeak-ng" or part != "train" else [MANNERS[(v + i) % 7] for i in range(4)]
        if voice.engine == "festival":
            manners = [manner for manner in manners if manner[1] == 1]
        for label, word in enumerate(WORDS):
            for tempo, pitch in manners:
                sounds.append(said(voice, word, tempo, pitch))
                labels.append(label)
                voices.append(str(voice))
    return sounds, np.array(labels), voices


def stretched(sound, factor):
    """As from a longer or shorter throat: pitch, formants and tempo together."""
    return np.interp(np.arange(0, len(sound) - 1, factor), np.arange(len(sound)), sound).astype(np.float32)


def placed(sound, generator, noisy=True, stretch=0.0):
    """One second with the word somewhere in it, at some loudness, over some noise: (16000)."""
    sound = stretched(sound, 2 ** generator.uniform(-stretch, stretch))[:SAMPLES] if stretch else sound[:SAMPLES]
    clip = np.zeros(SAMPLES, np.float32)
    start = generator.integers(0, SAMPLES - len(sound) + 1)
    clip[start : start + len(sound)] = sound * 10 ** generator.uniform(-1.2, -0.1)
    if not noisy:
        return clip
    noise = generator.standard_normal(SAMPLES)
    if generator.random() < 0.5:
        # Pink: 1/f in power, as rooms and streets are.
        spectrum = np.fft.rfft(noise) / np.sqrt(np.maximum(np.arange(SAMPLES // 2 + 1), 1))
        noise = np.fft.irfft(spectrum, SAMPLES)
    level = np.sqrt(np.mean(clip**2)) * 10 ** (-generator.uniform(8, 35) / 20)
    return (clip + level * noise / noise.std()).astype(np.float32)
