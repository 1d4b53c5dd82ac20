"""Station 7: the loss as a landscape, and two ways down."""

from __future__ import annotations

ES = {
    "title": "El paisaje de la pérdida",
    "p1": (
        "Cada terna de pesos y sesgo tiene su pérdida: es un paisaje sobre un espacio de tres "
        "dimensiones, y con una sola hondonada. Aquí se ve cortado por un plano que pasa por tres "
        "sitios: de donde parte la lección, adonde llega y el óptimo. A la derecha se avanza hacia "
        "el óptimo; hacia arriba, de lado. Cuanto más color, más hondo."
    ),
    "p2": (
        "Cada línea fina une sitios a los que les sobra la misma pérdida; de una a la siguiente "
        "hay unas tres veces más, no una cantidad fija. El descenso va siempre cuesta abajo, y por "
        "eso baja enseguida al fondo del valle; después avanza muy poco a poco, porque el fondo es "
        "casi llano. Lo que se sale del plano se dibuja proyectado sobre él."
    ),
    "p3": (
        "Newton mira además la curvatura: salta al fondo del cuenco que mejor imita al paisaje "
        "donde está. Si el cuenco engaña, el salto se pasa: desde el inicio de la lección, y sin "
        "nada que lo sujete, cada salto cae más lejos que el anterior. Con freno, que parte el "
        "salto por la mitad mientras la pérdida suba, llega en unos pocos saltos."
    ),
    "p3.own": (
        "Newton mira además la curvatura: salta al fondo del cuenco que mejor imita al paisaje "
        "donde está. Si el cuenco engaña, el salto se pasa, y el siguiente puede caer aún más "
        "lejos. El freno parte el salto por la mitad mientras la pérdida suba."
    ),
    "method": "Junto al descenso",
    "descent": "descenso",
    "only": "nada",
    "free": "Newton sin freno",
    "brake": "Newton con freno",
    "jump": "Un salto de Newton",
    "back": "Newton, al inicio",
    "newton": "Newton, salto a salto",
    "levels": "misma pérdida de más",
    "start": "inicio",
    "end": "fin de la lección",
    "along": "hacia el óptimo",
    "along_far": "hacia donde va el descenso",
    "across": "de lado",
    "way": "camino",
    "number": "paso o salto",
    "gap": "pérdida de más",
    "little": "menos de una millonésima",
    "caption": (
        "Descenso, paso {step}: ha avanzado {along} hacia el óptimo y {across} de lado; le faltan "
        "{far} y le sobra de pérdida {gap}. {newton}"
    ),
    "caption_none": (
        "Estos puntos no tienen óptimo, o no está demostrado: la pérdida no tiene un fondo que "
        "dibujar, y el plano pasa por donde estará el descenso en el paso {later}. Descenso, paso "
        "{step}: pérdida {loss}. {newton}"
    ),
    "say_free": "Newton sin freno, salto {jumps}: pérdida {loss}{outside}.",
    "say_brake": "Newton con freno, salto {jumps}: pérdida {loss}{outside}.",
    "outside": ", ya fuera del dibujo",
    "arrived": "Ha llegado.",
    "stuck": "No puede seguir: donde está, todo es llano.",
    "still": "El plano del inicio, el fin de la lección y el óptimo, con los dos caminos.",
}

EN = {
    "title": "The landscape of the loss",
    "p1": (
        "Each triple of weights and bias has its loss: a landscape over a space of three "
        "dimensions, with a single hollow. Here it is cut by a plane through three places: where "
        "the lesson starts, where it ends, and the optimum. To the right one goes towards the "
        "optimum; upwards, sideways. The more colour, the deeper."
    ),
    "p2": (
        "Each thin line joins places that have the same loss to lose; from one to the next there "
        "is some three times more of it, not a fixed amount. Descent always goes downhill, so it "
        "soon reaches the floor of the valley; then it moves on very slowly, for the floor is "
        "nearly flat. What leaves the plane is drawn as projected onto it."
    ),
    "p3": (
        "Newton's method looks at the curvature too: it jumps to the bottom of the bowl that fits "
        "the landscape best where it stands. Where the bowl misleads, the jump is too long: from "
        "the lesson's start, with nothing to hold it, each jump lands farther out than the one "
        "before. With a brake, which halves the jump while the loss would rise, a few will do."
    ),
    "p3.own": (
        "Newton's method looks at the curvature too: it jumps to the bottom of the bowl that fits "
        "the landscape best where it stands. Where the bowl misleads, the jump is too long, and "
        "the next may land farther out still. The brake halves a jump while the loss would rise."
    ),
    "method": "Beside the descent",
    "descent": "descent",
    "only": "nothing",
    "free": "Newton without a brake",
    "brake": "Newton with a brake",
    "jump": "One jump of Newton's",
    "back": "Newton, to the start",
    "newton": "Newton, jump by jump",
    "levels": "same loss to lose",
    "start": "start",
    "end": "end of the lesson",
    "along": "towards the optimum",
    "along_far": "where the descent is going",
    "across": "sideways",
    "way": "way",
    "number": "step or jump",
    "gap": "loss to lose",
    "little": "less than a millionth",
    "caption": (
        "Descent, step {step}: it has gone {along} towards the optimum and {across} sideways; "
        "{far} are left, and a loss of {gap} to lose. {newton}"
    ),
    "caption_none": (
        "These points have no optimum, or none that is proved: the loss has no floor to draw, and "
        "the plane goes through where the descent will be at step {later}. Descent, step {step}: "
        "loss {loss}. {newton}"
    ),
    "say_free": "Newton without a brake, jump {jumps}: loss {loss}{outside}.",
    "say_brake": "Newton with a brake, jump {jumps}: loss {loss}{outside}.",
    "outside": ", outside the picture by now",
    "arrived": "It has arrived.",
    "stuck": "It cannot go on: where it stands all is flat.",
    "still": "The plane of start, lesson's end and optimum, with both ways.",
}
