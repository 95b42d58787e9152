"""What stands before the pyramid, for the page: a file that says how a second of sound becomes log mel frames."""

import json
from pathlib import Path

from safetensors.numpy import save_file


def save_front(path, rate, samples, mel, frames):
    """An encoder of no layers: a safetensors file of metadata alone (docs/encoders.md)."""
    description = {
        "version": 1,
        "input": {"kind": "waveform", "sampleRate": rate, "samples": samples, "mel": mel, "convolutions": []},
        "blocks": 0,
        "frames": frames,
        "states": "log mel frames",
    }
    save_file({}, path, metadata={"encoder": json.dumps(description)})
    # safetensors writes files that their owner alone may read; a server runs as someone else.
    Path(path).chmod(0o644)
