"""The code of the second part: twelve short cells that go on where the notebook stops.

«words» and ‹values› are filled in: see ``cells.filled_code``.
"""

from __future__ import annotations

CODE = {
    "optimum": """
import pandas as pd
import sigmoide
from sigmoide import lesson

X64, y64 = (part.cpu().numpy().astype(np.float64) for part in (X_train, y_train))
points = {"x1": X64[:, 0], "x2": X64[:, 1], "y": y64}
optimum = sigmoide.logit("y ~ x1 + x2", points)

table = pd.DataFrame({
    "«by_hand»": pd.Series([*weights.tolist(), bias.item()], index=["x1", "x2", "Intercept"]),
    "«optimum»": optimum.params,
    "«standard_error»": optimum.bse,
})
table["«errors_away»"] = (table["«by_hand»"] - table["«optimum»"]) / table["«standard_error»"]
print(table.round(3))
print()
answer = forward(X_train, weights, bias)
print("«mean_loss», «by_hand»:", binary_cross_entropy(y_train, answer).item())
print("«mean_loss», «optimum»:", abs(optimum.llf) / optimum.nobs)
print("«proved»:", optimum.certificate.proved)
""",
    "way": """
from sigmoide.lesson.valley import descend, gradient, hessian, mean_loss, signed_rows

set_seed(42)  # «start_again»
start = np.concatenate([part.cpu().numpy() for part in regressor(2)]).astype(np.float64)
best = optimum.params[["x1", "x2", "Intercept"]].to_numpy()
Z = signed_rows(X64, y64)

def gaps(rate, steps):
    path = np.concatenate(list(descend(Z, start, rate, steps)))
    return mean_loss(Z, path) - mean_loss(Z, best)

def steps_until(near, found):
    far = np.flatnonzero(found > near)
    arrived = far[-1] + 1 if len(far) else 0
    return f"{arrived:,}" if arrived < len(found) else f"> {arrived - 1:,}"

slow = gaps(0.05, ‹most›)
for near in (1e-3, 1e-6):
    print(f"«steps_to» {near}: {steps_until(near, slow)}")
curvatures = np.linalg.eigvalsh(hessian(Z, best))
print("«curvatures»:", curvatures)
print(f"«ratio»: {curvatures[-1] / curvatures[0]:,.0f}")
""",
    "rates": """
print(f"«limit»: {2 / curvatures[-1]:.3f}")
curves = {0.05: slow}
for rate in ‹rates›:
    curves[rate] = gaps(rate, ‹fewer›)

for rate, found in curves.items():
    print(f"{rate:>5}   1e-3: {steps_until(1e-3, found):>8}   1e-6: {steps_until(1e-6, found):>8}")
    plt.loglog(np.maximum(found, 1e-15), label=rate)
plt.xlabel("«step»")
plt.ylabel("«gap»")
plt.legend()
plt.show()
""",
    "freezing": """
from sigmoide.lesson.freezing import descend_in_float32

frozen = descend_in_float32(X64, y64, start, 0.05, ‹longest›)
print("«frozen_at»:", frozen.step)
print(f"«gap»: {(mean_loss(Z, frozen.theta) - mean_loss(Z, best))[0]:.2g}")
away = np.abs(frozen.theta - best) / optimum.bse[["x1", "x2", "Intercept"]].to_numpy()
print(f"«farthest»: {away.max():.2g}")
""",
    "newton": """
def newton(brake):
    theta, losses = start, [mean_loss(Z, start)[0]]
    while len(losses) <= 50:
        slope, curve = gradient(Z, theta), hessian(Z, theta)
        if not np.linalg.cond(curve) < 1e13:  # «flat»
            break
        jump = -np.linalg.solve(curve, slope)
        if len(Z) * (slope @ -jump) < 1e-18:  # «arrived»
            break
        while brake and mean_loss(Z, theta + jump)[0] > losses[-1] * (1 + 1e-14):
            jump = jump / 2
        theta = theta + jump
        losses.append(mean_loss(Z, theta)[0])
    return theta, losses

for brake, name in ((True, "«braked»"), (False, "«unbraked»")):
    theta, losses = newton(brake)
    print(f"{name}: {len(losses) - 1} «jumps»,", " → ".join(f"{loss:.4g}" for loss in losses))
""",
    "stopping": """
from sigmoide.lesson.subsets import powers, standardised

part = ‹turn›  # «parts»
learn = part == 2
P = standardised(powers(standardised(np.float64(np.float32(Xn)), learn)), learn)
X_valid, X_learn = (torch.from_numpy(P[part == k]).to(device) for k in (1, 2))
y_valid, y_learn = (torch.from_numpy(np.float64(yn[part == k])).to(device) for k in (1, 2))
zeros = torch.zeros(P.shape[1] + 1, dtype=torch.float64).to(device)

def curve_with(patience):
    curve = []
    lesson.train(X_learn, y_learn, zeros[1:], zeros[:1], lr=0.5, training_steps=2000,
                 valid_steps=500, X_valid=X_valid, y_valid=y_valid, patience=patience,
                 on_measure=lambda *losses: curve.append(losses))
    return np.array(curve)

print("«not_stopped»")
whole = curve_with(patience=None)
print("patience=10")
stopped = curve_with(patience=10)
best_step = stopped[:, 2].argmin()
print(f"«stopped_at»: {len(stopped) - 1}, «best_step»: {best_step}")
plt.plot(whole[:, 1], label="«training»")
plt.plot(whole[:, 2], label="«validation»")
plt.axvline(best_step, linestyle=":", label="«best_step»")
plt.xlabel("«step»")
plt.yscale("log")
plt.legend()
plt.show()
""",
    "batches": """
set_seed(42)
first = regressor(X_train.shape[1])  # «start_again»
trembling = []
lesson.train(X_train, y_train, *first, lr=0.05, training_steps=100, valid_steps=50,
             batch_size=‹size›, seed=42, on_measure=lambda _, loss, __: trembling.append(loss))
print(f"«ups»: {np.sum(np.diff(trembling) > 0)} / {len(trembling) - 1}")
plt.plot(trembling)
plt.xlabel("«step»")
plt.ylabel("«mean_loss»")
plt.show()
""",
    "finite": """
from sigmoide.lesson import stable_cross_entropy

one = torch.ones(1)
for eta in (5.0, 16.0, 17.0, 100.0):
    η = torch.tensor([eta])
    by_hand = binary_cross_entropy(one, sigmoid(η)).item()
    stable = stable_cross_entropy(one, η).item()
    print(f"η = {eta:>5}   «by_hand»: {by_hand:<10.4g}   «stable»: {stable:.4g}")
""",
    "vertical": """
from sigmoide.lesson import boundary_segment

w, b = first
path = [(w, b)]
for step in range(100):
    w, b = optimizer_step(w, b, *loss_backward(y_train, forward(X_train, w, b), X_train), lr=0.05)
    path.append((w, b))
signs = np.sign([w[1].item() for w, b in path])
print("«sign_changes»:", (np.flatnonzero(np.diff(signs)) + 1).tolist())

frame = (Xn[:, 0].min(), Xn[:, 0].max(), Xn[:, 1].min(), Xn[:, 1].max())
plt.scatter(Xn[:, 0], Xn[:, 1], c=yn, cmap="tab20c")
for step in (0, 20, 30, 50, 100):
    w, b = path[step]
    ends = boundary_segment(w.cpu(), b.item(), frame)
    if ends is not None:  # «passes_by»
        plt.plot(ends[:, 0], ends[:, 1], label=f"«step» {step}")
if plt.gca().lines:
    plt.legend()
plt.show()
""",
    "ranking": """
from sigmoide.lesson.ranking import rank

p_train, p_test = (forward(part, weights, bias).cpu().numpy() for part in (X_train, X_test))
in_train = mask.cpu().numpy()
found = rank(p_train, yn[in_train], p_test, yn[~in_train])
print(f"AUC: {found.auc:.4f} ({found.pairs:,} «pairs»)")
print(pd.DataFrame(
    [
        ("«half»", found.half.value, found.half.right),
        ("«fair»", found.fair.value, found.fair.right),
        ("«cheat»", found.best.value, found.best.right),
    ],
    columns=["", "«threshold»", f"«right» / {len(found.y)}"],
).round(2).to_string(index=False))
""",
    "library": """
from sigmoide import LogisticRegression

classifier = LogisticRegression(C=‹C›).fit(X64, y64)
fitted = sigmoide.logit("y ~ x1 + x2", points, l2=‹l2›)
print("LogisticRegression:", classifier.coef_[0], classifier.intercept_)
print("logit:             ", fitted.params[["x1", "x2"]].to_numpy(), fitted.params["Intercept"])
print(fitted.summary())
""",
    "model": """
from sigmoide.lesson import to_model

model = to_model(weights, bias‹data›, steps=training_steps)
exact = torch.tensor(fitted.params[["x1", "x2", "Intercept"]].to_numpy(), dtype=torch.float32)
rows = {}
for name, w, b, proof in (
    ("«by_hand»", weights, bias, model.certificate),
    ("«library»", exact[:2].to(device), exact[2:].to(device), fitted.certificate),
):
    answer = forward(X_test, w, b)
    rows[name] = {
        "«mean_loss»": stable_cross_entropy(y_train, X_train @ w + b).item(),
        "«on_test»": stable_cross_entropy(y_test, X_test @ w + b).item(),
        "«right»": torch.sum((answer > 0.5) == y_test).item(),
        "delta": f"{proof.delta:.2g}",
        "«proved»": proof.proved,
    }
print(pd.DataFrame(rows).T)
""",
}
