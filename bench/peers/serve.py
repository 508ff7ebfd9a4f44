"""The process of a peer that is a Python module: what host.ts is for the packages of npm, in the same protocol.

A peer gives `serve` its versions and a function that opens a task and returns a Run. The parent's requests come as
lines of JSON on standard input; replies go to descriptor 3, so that whatever a library prints disturbs nothing.
"""

import ctypes
import json
import math
import os
import sys
import time

import numpy as np

SAMPLES = 64  # how many numbers of a long answer are compared
SHORTEST = 0.002  # runs shorter than this, in seconds, are timed several at once


class Cannot(Exception):
    """What a library is not made for; the message is a sentence's second half, as in peer.ts."""


class Run:
    """A task that is ready: `run()` does it once and is what is timed, `answer()` gives the last run's numbers."""

    def __init__(self, run, answer):
        self.run = run
        self.answer = answer


class Data:
    """The files that the parent wrote; see peer.ts."""

    def __init__(self, folder):
        self.folder = folder

    def read(self, name):
        return np.load(os.path.join(self.folder, name + ".npy"))

    def batch(self, size):
        files = range(math.ceil(size / 1000))
        first_rows = lambda name: np.concatenate([self.read(f"{name}-{i}") for i in files])[:size]
        return first_rows("images"), first_rows("targets")

    def batches(self):
        return [self.read(f"images-{i}") for i in range(10)]

    def layers(self, net):
        """The parameters layer after layer: [weight, bias], or [weight, bias, gamma, beta] before a batch norm."""
        hidden = len(net["widths"]) - 2
        sizes = [4 if net["norm"] else 2] * hidden + [2]
        numbers = iter(range(sum(sizes)))
        return [[self.read(f"{net['name']}-{next(numbers)}") for _ in range(size)] for size in sizes]

    def image_batch(self, size):
        images, targets = self.batch(size)
        return images.reshape(size, 3, 32, 32), targets

    def image_batches(self, task):
        images, _ = self.batch(task["images"])
        return [x.reshape(-1, 3, 32, 32) for x in np.split(images, task["images"] // task["batch"])]

    def convolution(self, task):
        name = "convolution-{batch}x{inputs}x{outputs}x{size}x{kernel}".format(**task)
        return [self.read(f"{name}-{part}") for part in ("x", "weight", "dout")]

    def operands(self, task):
        name = "product-{n}x{k}x{m}-{dtype}".format(**task)
        return self.read(name + "-a"), self.read(name + "-b")


def openblas_version():
    """The version of the OpenBLAS that this process has loaded, where it can be found out."""
    try:
        config = ctypes.CDLL("libopenblas.so.0").openblas_get_config
        config.restype = ctypes.c_char_p
        return {"OpenBLAS": config().decode().split()[1]}
    except (OSError, AttributeError, IndexError):
        return {}


def clock(task, repeats):
    started = time.perf_counter()
    for _ in range(repeats):
        task.run()
    return (time.perf_counter() - started) / repeats


def times(task, seconds):
    """Times of runs, for about so many seconds. The first wakes things up and counts only when there is time for no other."""
    first = clock(task, 1)
    if first > seconds:
        return [first]
    repeats = math.ceil(SHORTEST / max(first, 1e-6))
    found = []
    end = time.perf_counter() + seconds
    while not found or time.perf_counter() < end:
        found.append(clock(task, repeats))
    return found


def answer(task, runs):
    found, times = [], []
    for _ in range(runs):
        times.append(clock(task, 1))
        numbers = np.asarray(task.answer()).reshape(-1)
        if numbers.size > SAMPLES:
            numbers = numbers[[i * (numbers.size - 1) // (SAMPLES - 1) for i in range(SAMPLES)]]
        found.extend(float(value) for value in numbers)
    return {"answers": found, "times": times}


def samples_of_each(results):
    """Equally many numbers of each of several results, spread evenly, SAMPLES at most in all."""
    count = SAMPLES // len(results)
    flat = [np.asarray(result).reshape(-1) for result in results]
    return np.concatenate([x[[i * (x.size - 1) // (count - 1) for i in range(count)]] for x in flat])


def reply(message):
    os.write(3, (json.dumps(message) + "\n").encode())


def serve(versions, open_task):
    """Answers the parent's requests until it closes the pipe. `sys.argv[1]` is the folder of the data."""
    data = Data(sys.argv[1])
    task = None
    reply({"ready": versions})
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["do"] == "answers":
                reply(answer(task, request["runs"]))
            elif request["do"] == "time":
                reply({"times": times(task, request["seconds"])})
            elif request["do"] == "close":
                task = None
                reply({"closed": True})
            else:
                task = None
                task = open_task(request["task"], data)
                reply({"opened": True})
        except Cannot as error:
            reply({"cannot": str(error)})
        except Exception as error:  # the parent shows it beside the peer's name and goes on with the others
            reply({"error": f"{type(error).__name__}: {error}"})
