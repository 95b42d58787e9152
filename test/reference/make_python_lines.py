"""Runs the lines of Python that the tensor explorer offers, and stores what they print.

Run from the repository's root: python test/reference/make_python_lines.py
Needs PyTorch 2.15, NumPy and safetensors. Writes test/fixtures/engine/python_lines.json.
"""

import json
import subprocess
import sys

listed = subprocess.run(["npx", "tsx", "test/reference/pythonLines.ts"], capture_output=True, text=True, check=True)
lines = json.loads(listed.stdout)
runner = """
import contextlib, io, json, os, sys
os.chdir("test/fixtures/formats")
for line in json.load(sys.stdin):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(line["line"], {})
    line["prints"] = out.getvalue().strip()
    print(json.dumps(line))
"""
ran = subprocess.run([sys.executable, "-W", "ignore", "-c", runner], input=json.dumps(lines), capture_output=True, text=True)
if ran.returncode:
    sys.exit(ran.stderr)
stored = [json.loads(text) for text in ran.stdout.splitlines()]
with open("test/fixtures/engine/python_lines.json", "w") as file:
    json.dump(stored, file, indent=1)
    file.write("\n")
print(f"{len(stored)} lines ran")
for ours, theirs in zip(lines, stored):
    if ours["prints"] != theirs["prints"]:
        print(ours["file"], ours["name"], "\n  here:  ", ours["prints"], "\n  Python:", theirs["prints"])
