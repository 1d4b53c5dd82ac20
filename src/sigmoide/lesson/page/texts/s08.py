"""Station 8: validation and early stopping."""

from __future__ import annotations

ES = {
    "title": "Parar a tiempo",
    "p1": (
        "Una recta no puede memorizar cien puntos. Pero dale al modelo más columnas, los productos "
        "x₁², x₁x₂, x₂²…, y la frontera podrá doblarse. Cada *grado* la hace más libre, y con "
        "libertad de sobra se aprende también el ruido."
    ),
    "p1.own": (
        "Una recta puede memorizar poco. Pero dale al modelo más columnas, los productos x₁², "
        "x₁x₂, x₂²…, y la frontera podrá doblarse. Cada *grado* la hace más libre, y con libertad "
        "de sobra se aprende también el ruido."
    ),
    "p2": (
        "¿Cómo se nota? En el entrenamiento, no: ahí la pérdida baja siempre. Por eso el cuaderno "
        "habla de un tercer grupo de puntos, el de *validación*, que no enseña nada y solo mira. "
        "Mientras su pérdida baja, el modelo aprende; cuando vuelve a subir, memoriza."
    ),
    "p3": (
        "La *paciencia* dice cuántos pasos se espera una mejora antes de parar. Lo que se devuelve "
        "no son los pesos de la parada, sino los del mejor paso."
    ),
    "p4": (
        "Mueve el grado. Con 1, la recta del cuaderno, no hay de qué avisar. Elige después qué "
        "pesos se quedan y mira la frontera: con los del final la pérdida es menor en "
        "el entrenamiento y mayor en la prueba, que nadie había mirado."
    ),
    "p4.own": (
        "Mueve el grado y mira si la validación vuelve a subir. Elige después qué pesos se quedan "
        "y compara las tres pérdidas: la de la prueba, que nadie había mirado, dice si parar "
        "mereció la pena."
    ),
    "degree": "Grado",
    "degree_said": "Grado {n}",
    "patience": "Paciencia",
    "kept": "Se quedan los pesos",
    "best": "del mejor paso, el {step}",
    "stop": "de la parada, el {step}",
    "last": "del final, el {step}",
    "watched": "validación",
    "learned": "pérdida de entrenamiento",
    "valid": "pérdida de validación",
    "waiting": "la paciencia",
    "here": "los pesos que se quedan",
    "loss": "pérdida",
    "mark_best": "mejor: {step}",
    "mark_stop": "parada: {step}",
    "mark_last": "final: {step}",
    "plane": "La frontera con esos pesos",
    "plane_said": (
        "En el paso {step} hay {train} fallos de {of_train} en el entrenamiento (marcas llenas), "
        "{watched} de {of_watched} en la validación (huecas) y {test} de {of_test} en la prueba "
        "(huecas y pequeñas). Los fallos llevan un anillo."
    ),
    "caption": (
        "Grado {degree}, {columns} columnas. La validación toca fondo en el paso {best} ({low}). "
        "Con paciencia {patience}, se para en el {stop} y se vuelve al {best}. De seguir hasta el "
        "{end}, el entrenamiento habría bajado a {learned} y la validación subido a {last}."
    ),
    "caption_early": (
        "Grado {degree}, {columns} columnas. Con paciencia {patience}, se para en el paso {stop} y "
        "se vuelve al {best} ({low}). Ha sido impaciente: de seguir hasta el {end}, la validación "
        "habría bajado aún más, a {last}, y el entrenamiento a {learned}."
    ),
    "caption_on": (
        "Grado {degree}, {columns} columnas. En {end} pasos nunca pasan {patience} seguidos sin "
        "que la validación mejore: no se para. Lo mejor es el paso {best} ({low})."
    ),
    "caption_none": (
        "Con estos puntos no se puede: hacen falta las dos clases para aprender, y alguno en cada "
        "una de las tres partes."
    ),
    "still": (
        "Las pérdidas de entrenamiento y de validación con grado 3, el mejor paso y la parada."
    ),
}

EN = {
    "title": "Stopping in time",
    "p1": (
        "A line cannot memorise a hundred points. But give the model more columns, the products "
        "x₁², x₁x₂, x₂²…, and the boundary can bend. Each *degree* makes it freer, and with more "
        "freedom than it needs it learns the noise too."
    ),
    "p1.own": (
        "A line can memorise little. But give the model more columns, the products x₁², x₁x₂, "
        "x₂²…, and the boundary can bend. Each *degree* makes it freer, and with more freedom than "
        "it needs it learns the noise too."
    ),
    "p2": (
        "How does one notice? Not in training: there the loss always falls. So the notebook speaks "
        "of a third group of points, for *validation*, which teaches nothing and only watches. "
        "While its loss falls, the model learns; when it rises again, the model memorises."
    ),
    "p3": (
        "*Patience* says for how many steps one waits for something better before stopping. What "
        "is returned are not the weights of the stop but those of the best step."
    ),
    "p4": (
        "Move the degree. With 1, the notebook's line, there is nothing to warn of. Then choose "
        "which weights are kept and look at the boundary: with those of the end the loss is less "
        "in training and more in the test, which nobody had looked at."
    ),
    "p4.own": (
        "Move the degree and see whether validation rises again. Then choose which weights are "
        "kept and compare the three losses: that of the test, which nobody had looked at, says "
        "whether stopping was worth it."
    ),
    "degree": "Degree",
    "degree_said": "Degree {n}",
    "patience": "Patience",
    "kept": "Keep the weights",
    "best": "of the best step, {step}",
    "stop": "of the stop, {step}",
    "last": "of the end, {step}",
    "watched": "validation",
    "learned": "training loss",
    "valid": "validation loss",
    "waiting": "the patience",
    "here": "the weights that are kept",
    "loss": "loss",
    "mark_best": "best: {step}",
    "mark_stop": "stop: {step}",
    "mark_last": "end: {step}",
    "plane": "The boundary with those weights",
    "plane_said": (
        "At step {step} there are {train} wrong answers of {of_train} in training (full marks), "
        "{watched} of {of_watched} in validation (hollow) and {test} of {of_test} in the test "
        "(hollow and small). Wrong answers have a ring."
    ),
    "caption": (
        "Degree {degree}, {columns} columns. Validation is lowest at step {best} ({low}). With "
        "patience {patience}, it stops at {stop} and goes back to {best}. Had it gone on to {end}, "
        "the training loss would have fallen to {learned} and that of validation risen to {last}."
    ),
    "caption_early": (
        "Degree {degree}, {columns} columns. With patience {patience}, it stops at step {stop} and "
        "goes back to {best} ({low}). It was impatient: had it gone on to {end}, the validation "
        "loss would have fallen further still, to {last}, and that of training to {learned}."
    ),
    "caption_on": (
        "Degree {degree}, {columns} columns. In {end} steps there are never {patience} in a row "
        "without a better validation loss: it does not stop. The best is step {best} ({low})."
    ),
    "caption_none": (
        "It cannot be done with these points: both classes are needed to learn from, and a point "
        "in each of the three parts."
    ),
    "still": "The training and validation losses of degree 3, the best step and the stop.",
}
