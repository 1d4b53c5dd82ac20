// The present state as a program: with sigmoide, or with torch alone.

const list = (column) => `[${Array.from(column, String).join(", ")}]`;

/** Lines that make X_train, y_train, X_test, y_test, start, rate, steps. */
function dataLines() {
  const lines = ["import numpy as np"];
  if (untouched() && !lesson.own) {
    lines.push(
      "from sklearn.datasets import make_blobs", "",
      "X, y = make_blobs(",
      "    n_samples=100, centers=[[1, 2], [3, 4]], cluster_std=1, n_features=2, random_state=42",
      ")",
      "train = np.arange(100) % 3 != 0  # every third point is for the test");
  } else {
    const { points } = state;
    lines.push("",
      `X = np.column_stack([${list(points.x1)}, ${list(points.x2)}])`,
      `y = np.array(${list(points.y)})`,
      `train = np.array(${list(points.train)}) == 1`);
  }
  return [...lines,
    "X_train, y_train = np.float32(X[train]), np.float32(y[train])",
    "X_test, y_test = np.float32(X[~train]), np.float32(y[~train])",
    `start = ${list(lesson.start)}  # w1, w2 and b, as they were drawn`,
    `learning_rate, steps = ${state.rate}, ${state.step}`, ""];
}

function torchProgram() {
  return [
    "# The notebook's regressor at this point of the page, in plain torch",
    "import torch", ...dataLines(),
    "X_train, y_train = torch.from_numpy(X_train), torch.from_numpy(y_train)",
    "X_test, y_test = torch.from_numpy(X_test), torch.from_numpy(y_test)",
    "weights, bias = torch.tensor(start[:2]), torch.tensor(start[2:])", "",
    "for _ in range(steps):",
    "    error = torch.sigmoid(X_train @ weights + bias) - y_train",
    "    weights = weights - learning_rate * (error @ X_train) / len(y_train)",
    "    bias = bias - learning_rate * error.sum() / len(y_train)", "",
    "loss = torch.nn.functional.binary_cross_entropy_with_logits",
    'print("weights", weights.tolist(), "bias", bias.item())',
    'print("training loss", loss(X_train @ weights + bias, y_train).item())',
    'print("test loss", loss(X_test @ weights + bias, y_test).item())', "",
  ].join("\n");
}

function sigmoideProgram() {
  return [
    "# The same with sigmoide: the loop made by hand, and the exact fit beside it",
    "import torch", ...dataLines(),
    "from sigmoide import logit",
    "from sigmoide.lesson import to_model, train as train_by_hand", "",
    "data = {\"x1\": X_train[:, 0], \"x2\": X_train[:, 1], \"y\": y_train}",
    "weights, bias = torch.tensor(start[:2]), torch.tensor(start[2:])",
    "if steps:",
    "    weights, bias, _ = train_by_hand(",
    "        torch.from_numpy(X_train), torch.from_numpy(y_train), weights, bias,",
    "        lr=learning_rate, training_steps=steps, valid_steps=10,",
    "    )",
    'print("weights", weights.tolist(), "bias", bias.item())',
    "by_hand = to_model(weights, bias, data, steps=steps)",
    'print("by hand:", by_hand.status, "log-likelihood", by_hand.llf)',
    'best = logit("y ~ x1 + x2", data)',
    'print("optimum:", best.status, "log-likelihood", best.llf)',
    "print(best.params)", "",
  ].join("\n");
}

/** From the name of a library to its program. */
const programs = { sigmoide: sigmoideProgram, torch: torchProgram };
