"""The code of the first part: the notebook's own, cell for cell, with its names and its prints.

«words» and ‹values› are filled in: see ``cells.filled_code``.
"""

from __future__ import annotations

CODE = {
    "install": """
import importlib.util

# «install»
if not all(importlib.util.find_spec(name) for name in ("sigmoide", "torch")):
    %pip install --quiet "sigmoide[torch]"
""",
    "seed": """
import os

os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"  # «cublas»

import random
import numpy as np
import torch

def set_seed(seed):
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.cuda.manual_seed_all(seed)
    torch.use_deterministic_algorithms(True)

set_seed(42)
""",
    "data": """
from sklearn.datasets import make_blobs
import matplotlib.pyplot as plt

class_centers = [[1, 2], [3, 4]]
samples = 100  # «samples»
features = 2  # «features»

Xn, yn = make_blobs(n_samples=samples, centers=class_centers, cluster_std=1,
                    n_features=features, random_state=42)

print(f"Xn.shape = {Xn.shape}")
print(f"yn.shape = {yn.shape}")
print(f"Xn[:3] = {Xn[:3]}")
print(f"yn[:3] = {yn[:3]}")

plt.scatter(Xn[:, 0], Xn[:, 1], c=yn, cmap="tab20c")
plt.show()
""",
    "own_data": """
import matplotlib.pyplot as plt
from sigmoide import ReadOptions
from sigmoide.lesson import own_data

data = own_data(
    ‹path›,
    x=‹x›,
    y=‹y›,
    rate=0.05,  # «rate»
    event=‹event›,
    options=‹options›,
)
Xn, yn = data.Xn, data.yn

print(f"Xn.shape = {Xn.shape}")
print(f"yn.shape = {yn.shape}")
print(f"Xn[:3] = {Xn[:3]}")
print(f"yn[:3] = {yn[:3]}")

plt.scatter(Xn[:, 0], Xn[:, 1], c=yn, cmap="tab20c")
plt.show()
""",
    "tensors": """
device = "cuda:0" if torch.cuda.is_available() else "cpu"
print(f"Usando {device}")

X = torch.from_numpy(np.float32(Xn)).to(device)
y = torch.from_numpy(np.float32(yn)).to(device)

print(f"type(X) = {type(X)}, type(y) = {type(y)}")
print(f"X[:3] = {X[:3]}")
print(f"y[:3] = {y[:3]}")
""",
    "split": """
mask = torch.ones(X.shape[0], dtype=bool).to(device)
mask[::3] = 0  # «mask»
X_train, y_train = X[mask], y[mask]
X_test, y_test = X[torch.logical_not(mask)], y[torch.logical_not(mask)]

print(f"X_train.shape = {X_train.shape}")
print(f"y_train.shape = {y_train.shape}")
print(f"X_test.shape = {X_test.shape}")
print(f"y_test.shape = {y_test.shape}")
""",
    "own_split": """
mask = torch.from_numpy(data.in_train).to(device)  # «own_mask»
X_train, y_train = X[mask], y[mask]
X_test, y_test = X[torch.logical_not(mask)], y[torch.logical_not(mask)]

print(f"X_train.shape = {X_train.shape}")
print(f"y_train.shape = {y_train.shape}")
print(f"X_test.shape = {X_test.shape}")
print(f"y_test.shape = {y_test.shape}")
""",
    "functions": """
def regressor(size):
    weights = torch.rand(size, dtype=torch.float32).to(device)
    bias = torch.rand(1, dtype=torch.float32).to(device)
    return weights, bias

def sigmoid(x):
    return 1 / (1 + torch.exp(-x))

def forward(X, weights, bias):
    return sigmoid(torch.matmul(X, weights) + bias)

def binary_cross_entropy(y_truth, y_pred):
    m = 1 / y_truth.shape[0]  # «batch»
    return -m * (y_truth * torch.log(y_pred) +
                 (1 - y_truth) * torch.log(1 - y_pred)).sum()
""",
    "training": """
def loss_backward(y_truth, y_pred, X):
    err = (y_pred - y_truth)
    grad_w = (1 / y_truth.shape[0]) * torch.matmul(err, X)
    grad_b = (1 / y_truth.shape[0]) * torch.sum(err)
    return grad_w, grad_b

def optimizer_step(weights, bias, grad_w, grad_b, lr=0.01):
    weights = weights - lr * grad_w
    bias = bias - lr * grad_b
    return weights, bias

def train(X, y_truth, weights, bias, lr=0.01, training_steps=1000, valid_steps=100):
    for i in range(training_steps):
        y_pred = forward(X, weights, bias)
        grad_w, grad_b = loss_backward(y_truth, y_pred, X)
        weights, bias = optimizer_step(weights, bias, grad_w, grad_b, lr)
        if i % valid_steps == 0:
            loss = binary_cross_entropy(y_truth, y_pred).item()
            print(f"Step [{i}/{training_steps}], loss: {loss:.2f}")
    # «stale»
    loss = binary_cross_entropy(y_truth, y_pred).item()
    print(f"Step [{training_steps}/{training_steps}], loss: {loss:.2f}")
    return weights, bias, loss
""",
    "run": """
learning_rate = 0.05
training_steps = 100
valid_steps = 10

weights, bias = regressor(X_train.shape[1])
weights, bias, bn_train = train(X_train, y_train, weights, bias, lr=learning_rate,
                                training_steps=training_steps, valid_steps=valid_steps)
""",
    "test": """
print(f"Learned logistic regressor: "
      f"y = σ({weights[0]:.2f}*x1 + {weights[1]:.2f}*x2 + {bias.item():.2f})")
y_pred = forward(X_test, weights, bias)
loss = binary_cross_entropy(y_test, y_pred).item()
print(f"Binary cross-entropy on the test set: {loss:.2f}")
prediction = y_pred > 0.5
correct = prediction == y_test
accuracy = (torch.sum(correct) / y_test.shape[0]) * 100
print(f"Accuracy on the test set: {accuracy:.2f}%")
""",
    "boundary": """
r = -weights[0].item() / weights[1].item()  # «slope»
t = -bias.item() / weights[1].item()  # «height»

plt.scatter(Xn[:, 0], Xn[:, 1], c=yn, cmap="tab20c")
plt.title("«hyperplane»")
plt.xlabel("x")
plt.ylabel("y")
x_hyperplane = np.linspace(0, 6, 100)
y_hyperplane = r * x_hyperplane + t
plt.plot(x_hyperplane, y_hyperplane, "-c")
plt.show()
""",
    "own_boundary": """
from sigmoide.lesson import boundary_segment

frame = (Xn[:, 0].min(), Xn[:, 0].max(), Xn[:, 1].min(), Xn[:, 1].max())
ends = boundary_segment(weights.cpu(), bias.item(), frame)

plt.scatter(Xn[:, 0], Xn[:, 1], c=yn, cmap="tab20c")
plt.title("«hyperplane»")
plt.xlabel("x1")
plt.ylabel("x2")
if ends is not None:  # «passes_by»
    plt.plot(ends[:, 0], ends[:, 1], "-c")
plt.show()
""",
}
