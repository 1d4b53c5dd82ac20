"""Station 2: the sigmoid, with the points on the curve."""

from __future__ import annotations

ES = {
    "title": "La sigmoide",
    "p1": (
        "La recta da a cada punto un número, η = w₁x₁ + w₂x₂ + b: positivo a un lado, negativo "
        "al otro, cero encima. Puede ser cualquiera, y una probabilidad no puede: ha de quedar "
        "entre 0 y 1. La *sigmoide* es quien lo traduce."
    ),
    "p2": (
        "Con η = 0, la duda entera: p = 0,5, y la curva sube ahí más deprisa que en ningún otro "
        "sitio, con pendiente 1/4. Lejos del cero casi no sube: un empujón más a quien ya está "
        "seguro apenas se nota. La pendiente es siempre p(1 − p)."
    ),
    "p3": (
        "Hay otra manera de leer η. Las *apuestas*, p/(1 − p), son e elevado a η: cada unidad "
        "de η las multiplica por 2,72. Un η de 2 es apostar algo más de 7 contra 1."
    ),
    "p4": (
        "Elige un punto, o mueve η tú. Después mueve el paso: la curva no cambia nunca; lo que "
        "aprende el modelo es dónde poner los puntos sobre ella. Los de la clase 1 deberían ir "
        "arriba; los de la 0, abajo; los huecos, de prueba, van donde caigan."
    ),
    "point": "Punto",
    "eta": "η a mano",
    "zero": "A η = 0",
    "across": "η, lo que da la recta",
    "p": "p, probabilidad de la clase 1",
    "from_half": "distancia a {half}",
    "odds": "apuestas",
    "slope": "pendiente",
    "tangent": "la pendiente en el sitio elegido",
    "chosen": "el sitio elegido",
    "caption": (
        "El punto {n} ({target} = {class}, {part}) tiene η = {eta} y p = {p}, a {far} de {half}: "
        "apuestas de {odds} a 1, y ahí la pendiente es {slope}."
    ),
    "caption_free": (
        "Con η = {eta}, p = {p}, a {far} de {half}: apuestas de {odds} a 1, y ahí la pendiente es "
        "{slope}."
    ),
    "caption_broken": "Los pesos ya no son números, y ningún punto tiene sitio en la curva.",
    "still": "La sigmoide y los puntos, cada uno en su η, al final de la lección.",
}

EN = {
    "title": "The sigmoid",
    "p1": (
        "The line gives each point a number, η = w₁x₁ + w₂x₂ + b: positive on one side, negative "
        "on the other, zero on it. It can be any number, and a probability cannot: it has to stay "
        "between 0 and 1. The *sigmoid* is what translates."
    ),
    "p2": (
        "At η = 0 there is nothing but doubt: p = 0.5, and the curve climbs faster there than "
        "anywhere else, with slope 1/4. Far from zero it hardly climbs: one more push to whoever "
        "is sure already is barely felt. The slope is always p(1 − p)."
    ),
    "p3": (
        "There is another way to read η. The *odds*, p/(1 − p), are e to the power of η: each unit "
        "of η multiplies them by 2.72. An η of 2 is to bet a little over 7 to 1."
    ),
    "p4": (
        "Choose a point, or move η yourself. Then move the step: the curve never changes; what the "
        "model learns is where on it to put the points. Those of class 1 ought to be high up; "
        "those of class 0, low down; the hollow ones, for the test, go where they fall."
    ),
    "point": "Point",
    "eta": "η by hand",
    "zero": "To η = 0",
    "across": "η, what the line gives",
    "p": "p, probability of class 1",
    "from_half": "distance from {half}",
    "odds": "odds",
    "slope": "slope",
    "tangent": "the slope at the place chosen",
    "chosen": "the place chosen",
    "caption": (
        "Point {n} ({target} = {class}, {part}) has η = {eta} and p = {p}, {far} from {half}: odds "
        "of {odds} to 1, and the slope there is {slope}."
    ),
    "caption_free": (
        "At η = {eta}, p = {p}, {far} from {half}: odds of {odds} to 1, and the slope there is "
        "{slope}."
    ),
    "caption_broken": "The weights are numbers no more, and no point has a place on the curve.",
    "still": "The sigmoid and the points, each at its η, at the end of the lesson.",
}
