"""NumPy, with the forward and backward passes written by hand. Arguments: the folder of the data."""

import numpy as np
from serve import Cannot, Run, openblas_version, serve

EPS, MOMENTUM = 1e-5, 0.1
BETA1, BETA2, ADAM_EPS = 0.9, 0.999, 1e-8


def elu(x):
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


def softmax(logits):
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def forward(layers, running, x):
    """The probabilities in training mode, and what the backward pass needs of each layer."""
    caches, out = [], x
    for i, (weight, bias, *norm) in enumerate(layers):
        inputs, z = out, out @ weight.T
        z += bias
        x_hat = std = None
        if norm:
            gamma, beta = norm
            mean = z.mean(axis=0)
            z -= mean
            variance = np.square(z).mean(axis=0)
            std = np.sqrt(variance + EPS)
            z /= std
            x_hat = z
            unbiased = variance * (len(x) / (len(x) - 1))
            for old, fresh in zip(running[i], (mean, unbiased)):
                old *= 1 - MOMENTUM
                old += MOMENTUM * fresh
            z = x_hat * gamma + beta
        caches.append((inputs, z, x_hat, std))
        out = elu(z) if i < len(layers) - 1 else softmax(z)
    return out, caches


def evaluate(layers, running, x):
    for i, (weight, bias, *norm) in enumerate(layers):
        x = x @ weight.T
        x += bias
        if norm:
            gamma, beta = norm
            mean, variance = running[i]
            factor = gamma / np.sqrt(variance + EPS)
            x = x * factor + (beta - mean * factor)
        x = elu(x) if i < len(layers) - 1 else softmax(x)
    return x


def backward(layers, caches, dz):
    """The gradients, in the order of the parameters."""
    gradients = []
    for i in reversed(range(len(layers))):
        weight, _, *norm = layers[i]
        inputs, _, x_hat, std = caches[i]
        own = []
        if norm:
            own = [(dz * x_hat).sum(axis=0), dz.sum(axis=0)]
            dz = (norm[0] / std) * (dz - (x_hat * own[0] + own[1]) / len(dz))
        gradients.insert(0, [dz.T @ inputs, dz.sum(axis=0), *own])
        if i > 0:
            z = caches[i - 1][1]
            dz = dz @ weight
            dz *= np.where(z > 0, 1, np.exp(np.minimum(z, 0)))
    return [gradient for layer in gradients for gradient in layer]


class Adam:
    def __init__(self, parameters, rate):
        self.parameters, self.rate, self.count = parameters, rate, 0
        self.means = [np.zeros_like(p) for p in parameters]
        self.squares = [np.zeros_like(p) for p in parameters]

    def step(self, gradients):
        self.count += 1
        rate = self.rate / (1 - BETA1**self.count)
        correction = 1 / np.sqrt(1 - BETA2**self.count)
        for p, mean, square, gradient in zip(self.parameters, self.means, self.squares, gradients):
            mean *= BETA1
            mean += (1 - BETA1) * gradient
            square *= BETA2
            square += (1 - BETA2) * np.square(gradient)
            size = np.sqrt(square)
            size *= np.float32(correction)
            size += ADAM_EPS
            np.divide(mean, size, out=size)
            size *= rate
            p -= size


class SGD:
    def __init__(self, parameters, rate):
        self.parameters, self.rate = parameters, rate

    def step(self, gradients):
        for p, gradient in zip(self.parameters, gradients):
            gradient *= self.rate
            p -= gradient


def start(net, data):
    layers = data.layers(net)
    return layers, [[np.zeros_like(bias), np.ones_like(bias)] for _, bias, *_ in layers]


def train(task, data):
    net = task["net"]
    layers, running = start(net, data)
    parameters = [p for layer in layers for p in layer]
    optimizer = (Adam if net["optimizer"] == "adam" else SGD)(parameters, net["learningRate"])
    x, targets = data.batch(task["batch"])
    last = [float("nan")]

    def run():
        probs, caches = forward(layers, running, x)
        last[0] = -(targets * np.log(probs)).sum() / len(x)
        probs -= targets
        probs /= len(x)
        optimizer.step(backward(layers, caches, probs))

    return Run(run, lambda: last)


def infer(task, data):
    layers, running = start(task["net"], data)
    batches, probs = data.batches(), []

    def run():
        probs[:] = [evaluate(layers, running, x) for x in batches]

    return Run(run, lambda: np.concatenate(probs))


def product(task, data):
    a, b = data.operands(task)
    out = [a]

    def run():
        out[0] = a @ b

    return Run(run, lambda: out[0])


kinds = {"train": train, "infer": infer, "product": product}


def open_task(task, data):
    if task["kind"] not in kinds:
        raise Cannot("has no convolution")
    return kinds[task["kind"]](task, data)


serve({"NumPy": np.__version__, **openblas_version()}, open_task)
