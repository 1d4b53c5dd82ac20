"""Station 3: one prediction by hand."""

from __future__ import annotations

ES = {
    "title": "Una predicción, a mano",
    "p1": (
        "Todo el modelo son tres números, w₁, w₂ y b, y predecir con él cabe en media hoja. Se "
        "multiplica cada coordenada por su peso, se suman los dos productos y el *sesgo* b, y "
        "sale η. La sigmoide lo convierte en la probabilidad p."
    ),
    "p2": (
        "Mira qué hace cada peso. Si w₁ es positivo, moverse a la derecha sube η; si es negativo, "
        "la baja. El sesgo no mira el punto: es lo que se responde en (0, 0), donde los dos "
        "productos valen cero."
    ),
    "p3": (
        "La *decisión* viene al final y es otra cosa: si p pasa de un medio, se dice clase 1. Como "
        "p vale un medio justo cuando η = 0, basta mirar el signo de η; el círculo está a un lado "
        "o al otro de la recta. Un punto pegado a ella y otro muy lejano reciben la misma "
        "decisión con "
        "probabilidades muy distintas."
    ),
    "p4": (
        "Elige un punto, escribe tus coordenadas o pulsa en el dibujo, y sigue la cuenta con lápiz "
        "o calculadora. Se hace con todas las cifras y se escribe redondeada a cuatro decimales; "
        "la tabla las guarda todas. Vuelve al paso 0 y verás responder a unos pesos que todavía "
        "no han aprendido nada."
    ),
    "point": "Punto",
    "x1": "x₁ a mano",
    "x2": "x₂ a mano",
    "sum": "La cuenta, número a número",
    "chosen": "el punto de la cuenta",
    "term": "sumando",
    "coordinate": "coordenada",
    "weight": "peso",
    "product": "producto",
    "the_point": "El punto {n} ({target} = {class}, {part})",
    "the_place": "El punto escrito a mano, ({x1}; {x2}),",
    "caption": "{who} tiene η = {eta} y p = {p}. {decision}",
    "says": "Como p {sign} {half}, la decisión es {target} = {class}",
    "right": "{says}: acierta.",
    "wrong": "{says}: se equivoca.",
    "no_truth": "{says}; nadie sabe cuál es la verdad.",
    "outside": "El punto queda fuera del dibujo.",
    "broken": "Los pesos ya no son números, y no hay cuenta que hacer.",
    "still": "El primer punto y la frontera, al final de la lección.",
}

EN = {
    "title": "One prediction, by hand",
    "p1": (
        "The whole model is three numbers, w₁, w₂ and b, and to predict with it takes half a "
        "sheet. Multiply each coordinate by its weight, add the two products and the *bias* b, "
        "and you have η. The sigmoid turns it into the probability p."
    ),
    "p2": (
        "See what each weight does. If w₁ is positive, to move to the right raises η; if it is "
        "negative, lowers it. The bias does not look at the point: it is what is answered at "
        "(0, 0), where both products are zero."
    ),
    "p3": (
        "The *decision* comes last and is another matter: if p is above one half, say class 1. "
        "Since p is one half exactly where η = 0, the sign of η is enough; the circle is on one "
        "side of the line or the other. A point close to it and one far away get the same "
        "decision with very "
        "different probabilities."
    ),
    "p4": (
        "Choose a point, type coordinates of yours or press in the picture, and follow the sum "
        "with a pencil or a calculator. It is done with all digits and written rounded to four "
        "decimals; the table keeps them all. Go back to step 0, and see weights answer that have "
        "not learnt anything yet."
    ),
    "point": "Point",
    "x1": "x₁ by hand",
    "x2": "x₂ by hand",
    "sum": "The sum, number by number",
    "chosen": "the point of the sum",
    "term": "term",
    "coordinate": "coordinate",
    "weight": "weight",
    "product": "product",
    "the_point": "Point {n} ({target} = {class}, {part})",
    "the_place": "The point typed by hand, ({x1}, {x2}),",
    "caption": "{who} has η = {eta} and p = {p}. {decision}",
    "says": "As p {sign} {half}, the decision is {target} = {class}",
    "right": "{says}: right.",
    "wrong": "{says}: wrong.",
    "no_truth": "{says}; what it truly is, nobody knows.",
    "outside": "The point is outside the picture.",
    "broken": "The weights are numbers no more, and there is no sum to do.",
    "still": "The first point and the boundary, at the end of the lesson.",
}
