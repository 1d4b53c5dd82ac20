// The notebook's own lines, to the letter: in no language but its own.

/** Python's :.2f. */
function python2f(value) {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return value.toFixed(2);
}

/** What the notebook has printed once so many steps are made: each line comes after its update. */
function printed(step) {
  const { steps, every } = lesson;
  const lines = [];
  const say = (i, of) => lines.push(`Step [${i}/${steps}], loss: ${python2f(lossAt(of))}`);
  for (let i = 0; i < Math.min(step, steps); i += every) say(i, i);
  if (step >= steps) {
    // The predictions it is worked out from were made before the last update.
    say(steps, steps - 1);
    const at = thetaAt(steps);
    const rows = testRows();
    const [w1, w2, b] = at.map(python2f);
    lines.push(`Learned logistic regressor: y = σ(${w1}*x1 + ${w2}*x2 + ${b})`);
    lines.push(`Binary cross-entropy on the test set: ${python2f(meanLoss(rows, at))}`);
    const share = (100 * rightAnswers(rows, at)) / rows.y.length;
    lines.push(`Accuracy on the test set: ${python2f(share)}%`);
  }
  return lines;
}
