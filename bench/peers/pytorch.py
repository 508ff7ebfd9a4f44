"""PyTorch, as its users write it. Arguments: the folder of the data, threads."""

import sys

import torch
from serve import Run, openblas_version, serve
from torch import nn

torch.set_num_threads(int(sys.argv[2]))


def build(net, data):
    widths = net["widths"]
    layers = []
    for i, width in enumerate(widths[1:]):
        layers.append(nn.Linear(widths[i], width))
        if i < len(widths) - 2:
            layers += [nn.BatchNorm1d(width), nn.ELU()] if net["norm"] else [nn.ELU()]
    model = nn.Sequential(*layers)
    given = [value for layer in data.layers(net) for value in layer]
    for parameter, value in zip(model.parameters(), given, strict=True):
        parameter.data = torch.from_numpy(value)
    return model


def train(task, data):
    net = task["net"]
    model = build(net, data)
    loss_of = nn.CrossEntropyLoss()
    make = torch.optim.Adam if net["optimizer"] == "adam" else torch.optim.SGD
    optimizer = make(model.parameters(), lr=net["learningRate"])
    images, targets = data.batch(task["batch"])
    x, labels = torch.from_numpy(images), torch.from_numpy(targets.argmax(axis=1))
    last = [float("nan")]

    def run():
        loss = loss_of(model(x), labels)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        last[0] = loss.item()

    return Run(run, lambda: last)


def infer(task, data):
    model = build(task["net"], data).eval()
    batches = [torch.from_numpy(x) for x in data.batches()]
    probs = []

    def run():
        with torch.inference_mode():
            probs[:] = [torch.softmax(model(x), dim=1) for x in batches]

    return Run(run, lambda: torch.cat(probs).numpy())


def product(task, data):
    a, b = (torch.from_numpy(x) for x in data.operands(task))
    out = [a]

    def run():
        out[0] = a @ b

    return Run(run, lambda: out[0].numpy())


kinds = {"train": train, "infer": infer, "product": product}
serve({"PyTorch": torch.__version__, **openblas_version()}, lambda task, data: kinds[task["kind"]](task, data))
