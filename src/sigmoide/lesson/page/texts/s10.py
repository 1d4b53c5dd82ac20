"""Station 10: where numbers fail."""

from __future__ import annotations

ES = {
    "title": "Donde fallan los números",
    "p1": (
        "Las fórmulas de esta página son correctas; los números con que se calculan, casi. Un "
        "float32 guarda unas siete cifras, un float64 unas dieciséis, y ninguno guarda números "
        "tan grandes como se quiera. *Las matemáticas aciertan y el ordenador no.*"
    ),
    "p2": (
        "*Un NaN por acertar.* Con η grande, p se redondea a 1 exacto. Para un punto de la clase 1 "
        "el cuaderno calcula entonces 0 · ln 0, que no es un número. La salida es no pasar nunca "
        "por p: la forma ln(1 + e⁻ᶯ) sigue dando la pérdida verdadera. Mueve η y cambia de "
        "precisión."
    ),
    "p3": (
        "*Un paso que no mueve nada.* Cerca del óptimo la actualización se hace menor que media "
        "unidad de la última cifra del peso, y restarla lo deja igual. El descenso se congela sin "
        "haber llegado."
    ),
    "p4": (
        "*Un vaivén para siempre.* Si la tasa de aprendizaje es demasiado larga para la curva del "
        "valle, cada paso cruza el fondo y cae al otro lado. Ni un millón de pasos lo arregla, y "
        "aquí ninguna precisión ayuda."
    ),
    "eta": "η de un acierto",
    "precision": "Precisión",
    "weights": "Pesos",
    "now": "los del paso {step}",
    "frozen": "los del paso {step}, congelados",
    "rate": "Tasa de aprendizaje",
    "steps": "Pasos",
    "across": "η de un punto de la clase 1",
    "loss": "log₁₀ de la pérdida",
    "stable": "forma estable",
    "notebook": "la del cuaderno",
    "breaks": "desde aquí, NaN",
    "tried": "el η elegido",
    "exp": "e elevado a η",
    "right": "1. Un NaN por acertar",
    "freeze": "2. Un paso que no mueve nada",
    "swing": "3. Un vaivén para siempre",
    "weight": "peso",
    "value": "valor en float32",
    "half": "media unidad de la última cifra",
    "update": "lo que se resta",
    "moves": "¿se mueve?",
    "yes": "sí",
    "no": "no",
    "not_frozen": "Con estos puntos no se sabe de ningún paso en que se congele.",
    "last": "Pérdidas de los últimos cuatro pasos: {losses}.",
    "swings": "Baja y vuelve a subir, por turnos.",
    "settles": "No va y viene.",
    "caption": (
        "Con η = {eta} en {precision}, e elevado a η es {exp}, p es {p}, la pérdida del cuaderno "
        "{notebook} y la de la forma estable {stable}."
    ),
    "still": "La pérdida de un acierto: la del cuaderno se acaba; la forma estable sigue.",
}

EN = {
    "title": "Where numbers fail",
    "p1": (
        "The formulas of this page are right; the numbers they are worked out with, nearly. A "
        "float32 keeps some seven digits, a float64 some sixteen, and neither keeps numbers as "
        "large as one likes. *The mathematics is right and the computer is not.*"
    ),
    "p2": (
        "*NaN for a right answer.* Where η is large, p is rounded to exactly 1. For a point of "
        "class 1 the notebook then works out 0 · ln 0, which is not a number. The way out is never "
        "to pass through p: the form ln(1 + e⁻ᶯ) still gives the true loss. Move η and change the "
        "precision."
    ),
    "p3": (
        "*A step that moves nothing.* Near the optimum the update becomes smaller than half a unit "
        "in the last place of the weight, and taking it off leaves it as it was. The descent "
        "freezes before it has arrived."
    ),
    "p4": (
        "*To and fro for ever.* If the learning rate is too long for the bend of the valley, each "
        "step crosses the bottom and lands on the other side. A million steps do not mend that, "
        "and here no precision helps."
    ),
    "eta": "η of a right answer",
    "precision": "Precision",
    "weights": "Weights",
    "now": "those of step {step}",
    "frozen": "those of step {step}, frozen",
    "rate": "Learning rate",
    "steps": "Steps",
    "across": "η of a point of class 1",
    "loss": "log₁₀ of the loss",
    "stable": "stable form",
    "notebook": "the notebook's",
    "breaks": "from here on, NaN",
    "tried": "the η chosen",
    "exp": "e to the power of η",
    "right": "1. NaN for a right answer",
    "freeze": "2. A step that moves nothing",
    "swing": "3. To and fro for ever",
    "weight": "weight",
    "value": "value in float32",
    "half": "half a unit in the last place",
    "update": "what is taken off",
    "moves": "does it move?",
    "yes": "yes",
    "no": "no",
    "not_frozen": "With these points no step is known at which it freezes.",
    "last": "Losses of the last four steps: {losses}.",
    "swings": "It goes down and up again, by turns.",
    "settles": "It does not go to and fro.",
    "caption": (
        "At η = {eta} in {precision}, e to the power of η is {exp}, p is {p}, the notebook's loss "
        "{notebook} and that of the stable form {stable}."
    ),
    "still": "The loss of a right answer: the notebook's ends; the stable form goes on.",
}
