"""Station 5: the boundary, step by step."""

from __future__ import annotations

ES = {
    "title": "La frontera, paso a paso",
    "p1": (
        "El modelo da a cada punto una probabilidad de ser de la clase 1. Donde vale un medio está "
        "la *frontera*: una recta, porque la cuenta que hay dentro de la sigmoide es lineal. Las "
        "líneas finas marcan 0,1 y 0,9; si están cerca, el modelo pasa deprisa de un no a un sí."
    ),
    "p2": (
        "La flecha de cada punto es su parte del gradiente: el error, y − p, por el propio punto. "
        "Sumadas y divididas entre cuantos son, dicen hacia dónde se mueven los pesos; la tasa de "
        "aprendizaje, cuánto. Los puntos mal clasificados tiran fuerte; los que ya van bien, casi "
        "nada. Los huecos son de prueba y no tiran."
    ),
    "p3": (
        "Fíjate en que la recta puede ponerse vertical: eso pasa cuando w₂ cruza el cero. El "
        "cuaderno la despeja dividiendo entre w₂, y ahí su dibujo se rompe; este la recorta contra "
        "el marco, sin dividir entre ningún peso."
    ),
    "p4": (
        "Debajo está lo que imprime el cuaderno hasta este paso. Su última pérdida es la de las "
        "predicciones hechas *antes* del último paso: llega con uno de retraso. Prueba una tasa de "
        "4,0 y verás que más rápido no siempre es mejor."
    ),
    "p3.own": (
        "La recta puede ponerse vertical: eso pasa cuando w₂ cruza el cero. El cuaderno la despeja "
        "dividiendo entre w₂, y ahí su dibujo se rompería; este la recorta contra el marco, sin "
        "dividir entre ningún peso."
    ),
    "play": "Reproducir",
    "pause": "Pausa",
    "restart": "Al principio",
    "plus": "+{n}",
    "scrub": "Ir al paso",
    "rate": "Tasa de aprendizaje",
    "rate_other": "otra",
    "rate_box": "Otra tasa",
    "arrows": "Flechas del gradiente",
    "loss": "pérdida",
    "printed": "Lo que imprime el cuaderno",
    "nothing_printed": "(todavía nada)",
    "boundary": "frontera, p = {half}",
    "contours": "p = {low} y p = {high}",
    "caption": (
        "Tras {step} pasos con tasa de aprendizaje {rate}, la pérdida de entrenamiento es {loss}; "
        "acierta {right} de {total} puntos de prueba. {line}"
    ),
    "caption_one": (
        "Tras un paso con tasa de aprendizaje {rate}, la pérdida de entrenamiento es {loss}; "
        "acierta {right} de {total} puntos de prueba. {line}"
    ),
    "line_vertical": "La frontera es vertical.",
    "line_steep": "La frontera es casi vertical.",
    "line_up": "La frontera sube hacia la derecha.",
    "line_down": "La frontera baja hacia la derecha.",
    "line_flat": "La frontera es horizontal.",
    "line_outside": "La frontera pasa fuera del dibujo.",
    "line_none": "No hay frontera: ambos pesos son cero o ya no son números.",
    "pull1": "flecha, {name}",
    "still": "La frontera al final de la lección, con su óptimo y los puntos.",
}

EN = {
    "title": "The boundary, step by step",
    "p1": (
        "The model gives each point a probability of being of class 1. Where that is one half lies "
        "the *boundary*: a straight line, because what is inside the sigmoid is linear. The thin "
        "lines stand for 0.1 and 0.9; where they are close, the model goes quickly from no to yes."
    ),
    "p2": (
        "The arrow on each point is its share of the gradient: the error, y − p, times the point "
        "itself. Added up and divided by how many there are, they say which way the weights move; "
        "the learning rate says how far. Points on the wrong side pull hard; those that are fine, "
        "hardly at all. Hollow ones are for the test and do not pull."
    ),
    "p3": (
        "See that the line can become vertical: that happens where w₂ passes zero. The notebook "
        "solves for the line by dividing by w₂, and there its drawing breaks; this one cuts the "
        "line at the frame, and divides by no weight."
    ),
    "p4": (
        "Below is what the notebook prints up to this step. Its last loss is that of the "
        "predictions made *before* the last step: it comes one step late. Try a rate of 4.0, and "
        "see that faster is not always better."
    ),
    "p3.own": (
        "The line can become vertical: that happens where w₂ passes zero. The notebook solves for "
        "it by dividing by w₂, and there its drawing would break; this one cuts the line at the "
        "frame, and divides by no weight."
    ),
    "play": "Play",
    "pause": "Pause",
    "restart": "To the start",
    "plus": "+{n}",
    "scrub": "Go to step",
    "rate": "Learning rate",
    "rate_other": "another",
    "rate_box": "Another rate",
    "arrows": "Arrows of the gradient",
    "loss": "loss",
    "printed": "What the notebook prints",
    "nothing_printed": "(nothing yet)",
    "boundary": "boundary, p = {half}",
    "contours": "p = {low} and p = {high}",
    "caption": (
        "After {step} steps at learning rate {rate}, the training loss is {loss}; {right} of "
        "{total} test points are right. {line}"
    ),
    "caption_one": (
        "After one step at learning rate {rate}, the training loss is {loss}; {right} of "
        "{total} test points are right. {line}"
    ),
    "line_vertical": "The boundary is vertical.",
    "line_steep": "The boundary is nearly vertical.",
    "line_up": "The boundary rises to the right.",
    "line_down": "The boundary falls to the right.",
    "line_flat": "The boundary is horizontal.",
    "line_outside": "The boundary passes outside the picture.",
    "line_none": "There is no boundary: both weights are zero, or numbers no more.",
    "pull1": "arrow, {name}",
    "still": "The boundary at the end of the lesson, with its optimum and the points.",
}
