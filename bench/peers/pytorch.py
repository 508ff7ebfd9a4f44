"""PyTorch, as its users write it. Arguments: the folder of the data, threads, and float64 to be the judge of others."""

import sys

import torch
from serve import Run, openblas_version, samples_of_each, serve
from torch import nn
from torch.nn.functional import conv2d

torch.set_num_threads(int(sys.argv[2]))
dtype = getattr(torch, sys.argv[3] if len(sys.argv) > 3 else "float32")


def load(array):
    return torch.from_numpy(array).to(dtype)


def build(net, data):
    widths = net["widths"]
    layers = []
    for i, width in enumerate(widths[1:]):
        layers.append(nn.Linear(widths[i], width))
        if i < len(widths) - 2:
            layers += [nn.BatchNorm1d(width), nn.ELU()] if net["norm"] else [nn.ELU()]
    model = nn.Sequential(*layers)
    set_parameters(model, [value for layer in data.layers(net) for value in layer])
    return model


def set_parameters(model, given):
    model.to(dtype)
    for parameter, value in zip(model.parameters(), given, strict=True):
        parameter.data = load(value)


class Residual(nn.Module):
    def __init__(self, *layers):
        super().__init__()
        self.inner = nn.Sequential(*layers)

    def forward(self, x):
        return x + self.inner(x)


def layers_of(specs):
    for spec in specs:
        kind = spec["layer"]
        if kind == "conv":
            yield nn.Conv2d(spec["inputs"], spec["outputs"], spec["kernel"], padding=(spec["kernel"] - 1) // 2)
        elif kind == "norm":
            yield nn.BatchNorm2d(spec["channels"])
        elif kind == "relu":
            yield nn.ReLU()
        elif kind == "pool":
            yield nn.MaxPool2d(spec["kernel"], spec["stride"], spec["padding"])
        elif kind == "residual":
            yield Residual(*layers_of(spec["layers"]))
        elif kind == "mean":
            yield from [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
        else:
            yield nn.Linear(spec["inputs"], spec["outputs"])


def build_image_net(net, data):
    model = nn.Sequential(*layers_of(net["layers"]))
    count = len(list(model.parameters()))
    set_parameters(model, [data.read(f"{net['name']}-{i}") for i in range(count)])
    return model


def train(task, data):
    net = task["net"]
    model = build(net, data)
    make = torch.optim.Adam if net["optimizer"] == "adam" else torch.optim.SGD
    return training(model, make(model.parameters(), lr=net["learningRate"]), *data.batch(task["batch"]))


def train_images(task, data):
    model = build_image_net(task["net"], data)
    optimizer = torch.optim.Adam(model.parameters(), lr=task["net"]["learningRate"])
    return training(model, optimizer, *data.image_batch(task["batch"]))


def training(model, optimizer, images, targets):
    loss_of = nn.CrossEntropyLoss()
    x, labels = load(images), torch.from_numpy(targets.argmax(axis=1))
    last = [float("nan")]

    def run():
        loss = loss_of(model(x), labels)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        last[0] = loss.item()

    return Run(run, lambda: last)


def infer(task, data):
    return inference(build(task["net"], data), data.batches())


def infer_images(task, data):
    return inference(build_image_net(task["net"], data), data.image_batches(task))


def inference(model, images):
    model.eval()
    batches = [load(x) for x in images]
    probs = []

    def run():
        with torch.inference_mode():
            probs[:] = [torch.softmax(model(x), dim=1) for x in batches]

    return Run(run, lambda: torch.cat(probs).numpy())


def convolution(task, data):
    x, weight, dout = (load(array) for array in data.convolution(task))
    x.requires_grad_()
    weight.requires_grad_()
    results = []

    def run():
        out = conv2d(x, weight, padding=(task["kernel"] - 1) // 2)
        results[:] = [out.detach(), *torch.autograd.grad(out, [x, weight], dout)]

    return Run(run, lambda: samples_of_each([result.numpy() for result in results]))


def product(task, data):
    a, b = (torch.from_numpy(x) for x in data.operands(task))
    out = [a]

    def run():
        out[0] = a @ b

    return Run(run, lambda: out[0].numpy())


kinds = {
    "train": train,
    "infer": infer,
    "product": product,
    "train-images": train_images,
    "infer-images": infer_images,
    "convolution": convolution,
}
serve({"PyTorch": torch.__version__, **openblas_version()}, lambda task, data: kinds[task["kind"]](task, data))
