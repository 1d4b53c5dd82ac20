"""Station 9: threshold, confusion matrix, ROC and calibration."""

from __future__ import annotations

ES = {
    "title": "Acertar y ordenar",
    "p1": (
        "La lección acaba acertando 26 de los 34 puntos de prueba: el 76,5 %. Parece poca cosa. "
        "Pero mira cómo los *ordena*: de las 288 parejas que se pueden hacer con un punto de cada "
        "clase, en 287 da más probabilidad al de la clase 1. Esa proporción, 0,9965, es el *AUC*."
    ),
    "p1.own": (
        "Un modelo puede fallar mucho y, sin embargo, *ordenar* bien: dar más probabilidad a los "
        "puntos de la clase 1 que a los de la clase 0. Toma un punto de cada clase, de todas las "
        "maneras posibles: la proporción de parejas bien ordenadas es el *AUC*."
    ),
    "p2": (
        "Las dos cosas pueden ser porque acertar depende de dónde cortes, y ordenar no. Responder "
        "«clase 1» desde un medio es solo una costumbre. A los cien pasos el sesgo no ha llegado a "
        "su sitio y todas las probabilidades han salido altas: varios puntos de la clase 0 pasan "
        "de un medio, aunque van detrás de casi todos los de la clase 1."
    ),
    "p2.own": (
        "Acertar depende de dónde cortes, y ordenar no. Responder «clase 1» desde un medio es solo "
        "una costumbre: si todas las probabilidades salen altas, o bajas, el orden no se entera, "
        "pero los aciertos sí."
    ),
    "p3": (
        "Mueve el umbral. Con 0,64 aciertas 33 de los 34; pero elegirlo mirando la prueba es hacer "
        "trampa. El que más acierta en el entrenamiento deja 31 en la prueba, y ese sí vale."
    ),
    "p3.own": (
        "Mueve el umbral y mira cómo se cambian unos fallos por otros. Elegirlo mirando la prueba "
        "es hacer trampa; el que más acierta en el entrenamiento sí vale."
    ),
    "p4": (
        "La *curva ROC* pasa por todos los umbrales a la vez. La *calibración* pregunta otra cosa: "
        "de los puntos a los que el modelo da un 0,7, ¿son de la clase 1 siete de cada diez? Da "
        "más pasos, hasta 5000, y mira cuál de las dos cambia."
    ),
    "threshold": "Umbral",
    "threshold_box": "Otro umbral",
    "half": "El de costumbre: {half}",
    "fair": "El mejor en el entrenamiento",
    "cheat": "El mejor en la prueba (trampa)",
    "part": "Puntos de",
    "view": "Ver",
    "roc": "la curva ROC",
    "calibration": "la calibración",
    "p": "p, probabilidad de la clase 1",
    "truth": "lo que de verdad es cada punto",
    "wrong": "fallo",
    "cut": "umbral",
    "n_right": "aciertos: {n}",
    "n_wrong": "fallos: {n}",
    "answer": "respuesta",
    "right": "aciertos",
    "found": "sensibilidad",
    "spared": "especificidad",
    "auc": "AUC",
    "mean": "p media",
    "ones": "parte de la clase 1",
    "percent": " %",
    "truly": "es {name}",
    "answered": "respuesta {name}",
    "false": "de la clase 0, parte que pasa el umbral",
    "true": "de la clase 1, parte que pasa el umbral",
    "points": "puntos",
    "predicted": "p media del grupo",
    "observed": "parte del grupo que es de la clase 1",
    "still_scores": "La curva ROC, o la calibración por grupos, de estos puntos.",
    "said_roc": (
        "El punto grande es este umbral; la curva, todos. El área que deja debajo es el AUC: {auc}."
    ),
    "said_none": "Todos estos puntos son de una clase: no hay parejas que ordenar.",
    "said_high": (
        "La p media es {mean}, y de la clase 1 es una parte de {ones}: las probabilidades salen "
        "altas, y los grupos quedan, en conjunto, por debajo de la diagonal."
    ),
    "said_low": (
        "La p media es {mean}, y de la clase 1 es una parte de {ones}: las probabilidades salen "
        "bajas, y los grupos quedan, en conjunto, por encima de la diagonal."
    ),
    "said_even": (
        "La p media es {mean}, y de la clase 1 es una parte de {ones}: en conjunto, las "
        "probabilidades están en su sitio."
    ),
    "caption": (
        "Puntos de {part}, umbral {threshold}: aciertos, {right} de {n} ({accuracy}). Se le "
        "escapan {missed} de la clase 1 y da por buenos {raised} de la clase 0. De {pairs} "
        "parejas, bien ordenadas {ordered}: AUC {auc}, con este umbral y con cualquiera."
    ),
    "caption_one": (
        "Puntos de {part}, umbral {threshold}: aciertos, {right} de {n} ({accuracy}). Se le "
        "escapan {missed} de la clase 1 y da por buenos {raised} de la clase 0."
    ),
    "still": (
        "Los puntos de prueba por su probabilidad al final de la lección, con el umbral en un "
        "medio."
    ),
}

EN = {
    "title": "Right answers, right order",
    "p1": (
        "The lesson ends with 26 of the 34 test points right: 76.5%. That seems little. But look "
        "at how it *ranks* them: of the 288 pairs there are of one point of each class, in 287 it "
        "gives more probability to the one of class 1. That share, 0.9965, is the *AUC*."
    ),
    "p1.own": (
        "A model may be wrong often and yet *rank* well: give more probability to the points of "
        "class 1 than to those of class 0. Take one point of each class, in all the ways there "
        "are: the share of pairs in the right order is the *AUC*."
    ),
    "p2": (
        "Both can be, because being right depends on where you cut, and ranking does not. To "
        "answer “class 1” from one half up is but a custom. After a hundred steps the bias has not "
        "come to its place and all probabilities are too high: several points of class 0 pass one "
        "half, though they stand behind nearly all of class 1."
    ),
    "p2.own": (
        "Being right depends on where you cut, and ranking does not. To answer “class 1” from one "
        "half up is but a custom: if all probabilities come out high, or low, the order does not "
        "notice, but the answers do."
    ),
    "p3": (
        "Move the threshold. With 0.64 you get 33 of the 34 right; but to choose it by looking at "
        "the test is cheating. The one that gets most right in training leaves 31 in the test, and "
        "that one is fair."
    ),
    "p3.own": (
        "Move the threshold, and see how some wrong answers are exchanged for others. To choose it "
        "by looking at the test is cheating; the one that gets most right in training is fair."
    ),
    "p4": (
        "The *ROC curve* goes through all thresholds at once. *Calibration* asks something else: "
        "of the points to which the model gives 0.7, are seven in ten of class 1? Take more "
        "steps, up to 5,000, and see which of the two changes."
    ),
    "threshold": "Threshold",
    "threshold_box": "Another threshold",
    "half": "The usual one: {half}",
    "fair": "The best in training",
    "cheat": "The best in the test (cheating)",
    "part": "Points of",
    "view": "Show",
    "roc": "the ROC curve",
    "calibration": "the calibration",
    "p": "p, probability of class 1",
    "truth": "what each point truly is",
    "wrong": "wrong answer",
    "cut": "threshold",
    "n_right": "right: {n}",
    "n_wrong": "wrong: {n}",
    "answer": "answer",
    "right": "right answers",
    "found": "sensitivity",
    "spared": "specificity",
    "auc": "AUC",
    "mean": "mean p",
    "ones": "share of class 1",
    "percent": "%",
    "truly": "is {name}",
    "answered": "answer {name}",
    "false": "share of class 0 that passes the threshold",
    "true": "share of class 1 that passes the threshold",
    "points": "points",
    "predicted": "mean p of the group",
    "observed": "share of the group that is of class 1",
    "still_scores": "The ROC curve, or the calibration by groups, of these points.",
    "said_roc": (
        "The large point is this threshold; the curve, all of them. The area below it is the AUC: "
        "{auc}."
    ),
    "said_none": "All of these points are of one class: there are no pairs to put in order.",
    "said_high": (
        "The mean p is {mean}, and a share of {ones} is of class 1: the probabilities come out "
        "high, and the groups, taken together, stay below the diagonal."
    ),
    "said_low": (
        "The mean p is {mean}, and a share of {ones} is of class 1: the probabilities come out "
        "low, and the groups, taken together, stay above the diagonal."
    ),
    "said_even": (
        "The mean p is {mean}, and a share of {ones} is of class 1: taken together, the "
        "probabilities are where they should be."
    ),
    "caption": (
        "Points of {part}, threshold {threshold}: {right} of {n} right ({accuracy}). It misses "
        "{missed} of class 1 and lets {raised} of class 0 pass. Of {pairs} pairs, {ordered} are in "
        "the right order: AUC {auc}, with this threshold and with any."
    ),
    "caption_one": (
        "Points of {part}, threshold {threshold}: {right} of {n} right ({accuracy}). It misses "
        "{missed} of class 1 and lets {raised} of class 0 pass."
    ),
    "still": (
        "The test points by their probability at the end of the lesson, with the threshold at one "
        "half."
    ),
}
