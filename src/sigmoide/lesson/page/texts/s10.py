"""Station 10: where numbers fail."""

from __future__ import annotations

ES = {
    "title": "Donde fallan los números",
    "p1": (
        "Las fórmulas están bien; el ordenador, no siempre. Un número de 32 bits guarda unas siete "
        "cifras y llega hasta 10³⁸; uno de 64, unas dieciséis y 10³⁰⁸. Mueve η y cambia la clase y "
        "los bits: la línea es la pérdida verdadera; la de rayas, lo que calcula el cuaderno."
    ),
    "p2": (
        "*Acertar rompe el cuaderno.* Con η = 17 y clase 1, p se redondea a 1 y el otro término "
        "de la pérdida es 0 · ln 0: NaN, que no es un número. *Equivocarse, también:* hacia "
        "η = −89 ya no cabe exp(−η), p es 0 y la pérdida, infinita, cuando vale 89. El remedio es "
        "no pasar por p: la fórmula de abajo no se rompe nunca."
    ),
    "p3": (
        "*Un paso puede ser demasiado corto.* En 32 bits, lo que toca restar acaba siendo menos "
        "que media última cifra del peso, y restarlo no cambia nada: el descenso se congela antes "
        "de llegar. Sube la tasa y verás que algo vuelve a moverse."
    ),
    "p4": (
        "*O demasiado largo.* Con tasa 4,0 el descenso acaba saltando de una ladera a la otra: "
        "una pérdida baja, una alta, y así para siempre. Ninguna cifra más lo arreglaría."
    ),
    "eta": "η",
    "eta_box": "Otro η",
    "class": "Clase",
    "bits": "Números de",
    "bits32": "32 bits",
    "bits64": "64 bits",
    "loss": "pérdida de un punto",
    "true": "la pérdida",
    "notebook": "la del cuaderno",
    "broken": "aquí el cuaderno da NaN o ∞",
    "exp": "exp(−η)",
    "here": "este η",
    "caption": (
        "Con η = {eta} y clase {y}, en {bits}: exp(−η) es {exp} y p es {p}. El cuaderno da "
        "{notebook}; la pérdida es {stable}. {verdict}"
    ),
    "verdict_nan": "Acierta, y aun así se rompe.",
    "verdict_inf": "Se equivoca, y el castigo no cabe.",
    "verdict_off": "Ya no coinciden las tres primeras cifras.",
    "verdict_fine": "Coinciden.",
    "frozen": "Congelado: lo que toca restar y lo que se nota",
    "frozen_at": (
        "Con tasa {rate}, en 32 bits, los pesos de la lección dejan de moverse en el paso {step}, "
        "con una pérdida {gap} por encima de la mínima. Allí, con la tasa de ahora:"
    ),
    "not_frozen": "Con estos puntos no se congeló en los pasos que dio la lección.",
    "weight": "peso",
    "value": "vale",
    "take": "toca restar",
    "half": "media última cifra",
    "moves": "¿cambia?",
    "yes": "sí",
    "no": "no",
    "swing": "Cuatro pasos seguidos, muy tarde",
    "step_head": "paso",
    "swing_head": "pérdida",
    "swing_never": "Sube y baja: no llegará nunca.",
    "swing_falls": "Baja en cada paso.",
    "swing_still": "Ya está quieta.",
    "still": "La pérdida de un punto de clase 1 según η, y dónde se rompe la del cuaderno.",
}

EN = {
    "title": "Where numbers fail",
    "p1": (
        "The formulas are right; the computer is not always. A number of 32 bits keeps some seven "
        "digits and reaches up to 10³⁸; one of 64, some sixteen and 10³⁰⁸. Move η, change the "
        "class and the bits: the line is the true loss; the dashed one, what the notebook works "
        "out."
    ),
    "p2": (
        "*Being right breaks the notebook.* With η = 17 and class 1, p is rounded to 1 and the "
        "other term of the loss is 0 · ln 0: NaN, which is not a number. *Being wrong does, too:* "
        "near η = −89 there is no room for exp(−η), p is 0 and the loss infinite, where it should "
        "be 89. The way out is not to pass through p: the formula below never breaks."
    ),
    "p3": (
        "*A step can be too short.* In 32 bits, what is to be taken off ends up below half of the "
        "weight's last digit, and taking it off changes nothing: the descent freezes before it "
        "arrives. Raise the rate and see something move again."
    ),
    "p4": (
        "*Or too long.* At rate 4.0 the descent ends up leaping from one slope to the other: a low "
        "loss, a high one, and so for ever. No further digit would mend that."
    ),
    "eta": "η",
    "eta_box": "Another η",
    "class": "Class",
    "bits": "Numbers of",
    "bits32": "32 bits",
    "bits64": "64 bits",
    "loss": "loss of a point",
    "true": "the loss",
    "notebook": "the notebook's",
    "broken": "here the notebook gives NaN or ∞",
    "exp": "exp(−η)",
    "here": "this η",
    "caption": (
        "With η = {eta} and class {y}, in {bits}: exp(−η) is {exp} and p is {p}. The notebook "
        "gives {notebook}; the loss is {stable}. {verdict}"
    ),
    "verdict_nan": "It is right, and breaks all the same.",
    "verdict_inf": "It is wrong, and there is no room for the penalty.",
    "verdict_off": "Their first three digits no longer agree.",
    "verdict_fine": "They agree.",
    "frozen": "Frozen: what is to be taken off, and what is felt",
    "frozen_at": (
        "At rate {rate}, in 32 bits, the lesson's weights stop moving at step {step}, with a loss "
        "{gap} above the least. There, at the present rate:"
    ),
    "not_frozen": "With these points it did not freeze in the steps that the lesson took.",
    "weight": "weight",
    "value": "value",
    "take": "to be taken off",
    "half": "half its last digit",
    "moves": "does it move?",
    "yes": "yes",
    "no": "no",
    "swing": "Four steps in a row, very late",
    "step_head": "step",
    "swing_head": "loss",
    "swing_never": "Up and down: it will never arrive.",
    "swing_falls": "It falls with every step.",
    "swing_still": "It stands still by now.",
    "still": "The loss of a point of class 1 by η, and where the notebook's breaks.",
}
