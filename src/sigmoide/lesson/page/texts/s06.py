"""Station 6: the loss curve, and how far it is to the optimum."""

from __future__ import annotations

ES = {
    "title": "La curva de la pérdida",
    "p1": (
        "Cada paso baja un poco la *pérdida* de entrenamiento, la línea continua. La de prueba, "
        "punteada, se mide con los puntos apartados, que no tiran de la recta. Primero se cae por "
        "la ladera; después la curva se tumba y parece que ya no queda nada."
    ),
    "p2": (
        "Queda, y mucho. La raya verde es la pérdida del *óptimo*, la menor posible con estos "
        "puntos; *faltan* dice cuánto hay hasta ella. Pon el eje logarítmico: ya no ves la "
        "pérdida, sino la distancia al óptimo, y cada raya del eje es diez veces menos. Lo que "
        "parecía plano es una cuesta que sigue bajando."
    ),
    "p3": (
        "Los contadores siguen el descenso más allá del dibujo, hasta que la pérdida queda a una "
        "milésima y a una millonésima de su mínimo. Compáralos con los cien pasos del cuaderno: "
        "ese es el precio de un valle largo y casi llano."
    ),
    "p4": (
        "Cambia la tasa de aprendizaje y mira los contadores. Con 3,9 llega cientos de veces "
        "antes, aunque empieza a saltos; con 4,0 va y viene entre dos lugares y no llega nunca."
    ),
    "p2.own": (
        "La raya verde es la pérdida del *óptimo*, la menor posible con estos puntos; *faltan* "
        "dice cuánto hay hasta ella. Con el eje logarítmico ya no ves la pérdida, sino la "
        "distancia al óptimo: cada raya del eje es diez veces menos. Si una recta separa tus "
        "clases, o una columna repite la otra, no hay un óptimo y tampoco raya."
    ),
    "p3.own": (
        "Los contadores siguen el descenso más allá del dibujo, hasta que la pérdida queda a una "
        "milésima y a una millonésima de su mínimo. Compáralos con los cien pasos del cuaderno: "
        "cuanto más largo y llano es el valle de la pérdida, más pasos hacen falta."
    ),
    "p4.own": (
        "Cambia la tasa de aprendizaje y mira los contadores: una mayor llega antes, hasta que es "
        "demasiado grande, la pérdida va y viene y no llega nunca."
    ),
    "axis": "Eje",
    "linear": "lineal: la pérdida",
    "log": "logarítmico: la distancia al óptimo",
    "upto": "Se ve hasta el paso",
    "loss": "pérdida",
    "gap": "distancia al óptimo",
    "train": "pérdida de entrenamiento",
    "test": "pérdida de prueba",
    "now": "este paso",
    "to_go": "Faltan, hasta la pérdida del óptimo:",
    "goal": "Meta",
    "in_all": "pasos en total",
    "from_here": "faltan desde aquí",
    "within": "a {gap} del óptimo",
    "notebook": "el final del cuaderno",
    "counting": "más de {steps}, contando…",
    "more_than": "más de {steps}",
    "never": "nunca",
    "there": "0: ya está",
    "one_step": "un paso",
    "steps": "{steps} pasos",
    "caption": (
        "Tras {steps} con tasa de aprendizaje {rate}, la pérdida de entrenamiento es {loss} y la "
        "de prueba, {test}. El óptimo está en {best}: faltan {gap}, el {share} % de lo que faltaba "
        "al empezar."
    ),
    "caption_log": (
        "Eje logarítmico. Tras {steps} con tasa de aprendizaje {rate}, la pérdida de entrenamiento "
        "queda {gap} por encima de la del óptimo: el {share} % de lo que faltaba al empezar."
    ),
    "caption_none": (
        "Tras {steps} con tasa de aprendizaje {rate}, la pérdida de entrenamiento es {loss} y la "
        "de prueba, {test}. {why}"
    ),
    "none": "Con estos puntos no se ha encontrado un óptimo: no hay distancia que medir.",
    "none_separated": (
        "No hay óptimo: una recta separa las clases y la pérdida puede bajar siempre un poco más. "
        "No hay distancia que medir."
    ),
    "none_aliased": (
        "No hay un óptimo único: una columna repite la otra. No hay distancia que medir."
    ),
    "proof": (
        "El óptimo es w₁ = {w1}, w₂ = {w2}, b = {b}, con pérdida {loss}. Lo ha ajustado sigmoide, "
        "y está demostrado: su certificado da δ = {delta}; por debajo de {half} hay un mínimo y "
        "uno solo, y estos números están, como mucho, a {distance} errores típicos de él."
    ),
    "not_proved": (
        "La línea es el ajuste de sigmoide (w₁ = {w1}, w₂ = {w2}, b = {b}; pérdida {loss}), pero "
        "no ha podido demostrar que sea el mínimo: δ = {delta}, y haría falta menos de {half}."
    ),
    "proof_here": (
        "Con estos puntos el óptimo lo ha calculado la página, por el método de Newton: w₁ = {w1}, "
        "w₂ = {w2}, b = {b}, con pérdida {loss}. Da δ = {delta}: por debajo de {half} hay un "
        "mínimo y uno solo."
    ),
    "still": "La pérdida de entrenamiento y la de prueba tras cada paso de la lección.",
}

EN = {
    "title": "The loss curve",
    "p1": (
        "Each step takes the training *loss* down a little: the unbroken line. The test loss, "
        "dotted, is that of the points put aside, which do not pull on the line. First it falls "
        "down the slope; then the curve lies down, and nothing seems to be left."
    ),
    "p2": (
        "Much is left. The green line is the loss of the *optimum*, the least there can be with "
        "these points; *to go* says how far it is. Take the logarithmic axis: now you see not the "
        "loss but its distance from the optimum, and each line of the axis is ten times less. What "
        "looked flat is a slope that still goes down."
    ),
    "p3": (
        "The counters follow the descent beyond the picture, until the loss is within a thousandth "
        "and within a millionth of its minimum. Compare them with the notebook's hundred steps: "
        "that is the price of a long valley, nearly level."
    ),
    "p4": (
        "Change the learning rate and watch the counters. With 3.9 it arrives hundreds of times "
        "sooner, though it begins in leaps; with 4.0 it goes to and fro between two places, and "
        "never arrives."
    ),
    "p2.own": (
        "The green line is the loss of the *optimum*, the least there can be with these points; "
        "*to go* says how far it is. On the logarithmic axis you see not the loss but its distance "
        "from the optimum: each line of the axis is ten times less. If a line separates your "
        "classes, or one column repeats the other, there is no one optimum, and no green line."
    ),
    "p3.own": (
        "The counters follow the descent beyond the picture, until the loss is within a thousandth "
        "and within a millionth of its minimum. Compare them with the notebook's hundred steps: "
        "the longer and the more level the valley of the loss, the more of them it takes."
    ),
    "p4.own": (
        "Change the learning rate and watch the counters: a greater one arrives sooner, until it "
        "is too great, the loss goes to and fro, and it never arrives."
    ),
    "axis": "Axis",
    "linear": "linear: the loss",
    "log": "logarithmic: the distance to the optimum",
    "upto": "Seen up to step",
    "loss": "loss",
    "gap": "distance to the optimum",
    "train": "training loss",
    "test": "test loss",
    "now": "this step",
    "to_go": "To go, down to the optimum's loss:",
    "goal": "Goal",
    "in_all": "steps in all",
    "from_here": "to go from here",
    "within": "{gap} from the optimum",
    "notebook": "the notebook's end",
    "counting": "over {steps}, counting…",
    "more_than": "over {steps}",
    "never": "never",
    "there": "0: done",
    "one_step": "one step",
    "steps": "{steps} steps",
    "caption": (
        "After {steps} at learning rate {rate}, the training loss is {loss} and the test loss "
        "{test}. The optimum is at {best}: {gap} to go, {share}% of what there was at the start."
    ),
    "caption_log": (
        "Logarithmic axis. After {steps} at learning rate {rate}, the training loss is {gap} above "
        "the optimum's: {share}% of what there was at the start."
    ),
    "caption_none": (
        "After {steps} at learning rate {rate}, the training loss is {loss} and the test loss "
        "{test}. {why}"
    ),
    "none": "With these points no optimum was found: there is no distance to measure.",
    "none_separated": (
        "There is no optimum: a line separates the classes, and the loss can always go down a "
        "little more. There is no distance to measure."
    ),
    "none_aliased": (
        "There is no one optimum: one column repeats the other. There is no distance to measure."
    ),
    "proof": (
        "The optimum is w₁ = {w1}, w₂ = {w2}, b = {b}, with loss {loss}. It was fitted by "
        "sigmoide, and it is proved: its certificate gives δ = {delta}; below {half} there is one "
        "minimum and only one, and these numbers are within {distance} standard errors of it."
    ),
    "not_proved": (
        "The line is sigmoide's fit (w₁ = {w1}, w₂ = {w2}, b = {b}; loss {loss}), but it could not "
        "be proved to be the minimum: δ = {delta}, and less than {half} would be needed."
    ),
    "proof_here": (
        "With these points the optimum was worked out by the page, by Newton's method: w₁ = {w1}, "
        "w₂ = {w2}, b = {b}, with loss {loss}. It gives δ = {delta}: below {half} there is one "
        "minimum and only one."
    ),
    "still": "The training and the test loss after each step of the lesson.",
}
