"""Station 4: cross-entropy, per point and in sum."""

from __future__ import annotations

ES = {
    "title": "La entropía cruzada",
    "p1": (
        "¿Cuánto cuesta una respuesta? Si el punto es de la clase 1, el modelo paga −ln p; si es "
        "de la clase 0, −ln(1 − p). En las dos ramas es lo mismo: menos el logaritmo de la "
        "probabilidad que dio *a lo que de verdad era*. Acertar con seguridad sale casi gratis; "
        "decir «un medio» cuesta ln 2, unos 0,69."
    ),
    "p2": (
        "Equivocarse con mucha seguridad sale caro, y no hay techo. Quien da una décima a lo que "
        "ocurrió paga 2,3; una centésima, 4,6; una milésima, 6,9. Cada vez que das diez veces "
        "menos, la cuenta sube otros 2,3."
    ),
    "p3": (
        "Elige un punto, o busca el más caro, y lee su cuenta. Después mueve el paso: los puntos "
        "se deslizan por las dos ramas mientras los pesos cambian. En los primeros pasos hay "
        "muchos puntos caros, y son ellos los que más tiran de la recta."
    ),
    "p4": (
        "La *pérdida* es la media de todos los puntos de entrenamiento. La cinta de abajo es la "
        "suma: un trozo por punto, del más caro al más barato. Mira cuántos bastan para hacer la "
        "mitad."
    ),
    "p3.own": (
        "Elige un punto, o busca el más caro, y lee su cuenta. Después mueve el paso: los puntos "
        "se deslizan por las dos ramas mientras los pesos cambian. Cuanto más caro es un punto, "
        "menos probabilidad recibió lo que de verdad era, y más tira de la recta."
    ),
    "point": "Punto",
    "dearest": "El más caro",
    "cheapest": "El más barato",
    "p": "p, probabilidad de la clase 1",
    "loss": "lo que cuesta el punto",
    "mean": "media",
    "sum": "suma",
    "share": "parte de la suma",
    "percent": " %",
    "chosen": "el punto elegido",
    "strip": "La suma, punto a punto",
    "half": "Los {n} puntos más caros, de {m}, hacen la mitad de la suma (la raya).",
    "half_one": "El punto más caro, de {m}, hace él solo la mitad de la suma (la raya).",
    "framed": "El elegido lleva un borde.",
    "not_framed": "El elegido es de prueba y no está en ella.",
    "caption": (
        "El punto {n} ({target} = {class}): el modelo dio {q} a lo que de verdad era, y eso cuesta "
        "{loss}, {times} veces la media. La media de los {m} puntos de entrenamiento, la pérdida, "
        "es {mean}."
    ),
    "caption_test": (
        "El punto {n} ({target} = {class}) es de prueba: el modelo dio {q} a lo que de verdad era, "
        "y costaría {loss}, {times} veces la media, pero no cuenta en ella. La media de los {m} "
        "puntos de entrenamiento, la pérdida, es {mean}."
    ),
    "still": "Lo que cuesta cada punto de entrenamiento al final de la lección, en sus dos ramas.",
}

EN = {
    "title": "Cross-entropy",
    "p1": (
        "What does an answer cost? If the point is of class 1, the model pays −ln p; if it is of "
        "class 0, −ln(1 − p). Both branches are one thing: minus the logarithm of the probability "
        "it gave *to what the point truly was*. To be right and sure is almost free; to say “one "
        "half” costs ln 2, some 0.69."
    ),
    "p2": (
        "To be wrong and very sure is dear, and there is no ceiling. Whoever gives a tenth to what "
        "happened pays 2.3; a hundredth, 4.6; a thousandth, 6.9. Each time you give ten times "
        "less, the bill goes up by another 2.3."
    ),
    "p3": (
        "Choose a point, or look for the dearest, and read its bill. Then move the step: the "
        "points slide along both branches as the weights change. In the first steps there are many "
        "dear points, and they are the ones that pull hardest on the line."
    ),
    "p4": (
        "The *loss* is the mean over all training points. The band below is the sum: a piece for "
        "each point, from the dearest to the cheapest. See how many of them make half of it."
    ),
    "p3.own": (
        "Choose a point, or look for the dearest, and read its bill. Then move the step: the "
        "points slide along both branches as the weights change. The dearer a point, the less "
        "probability went to what it truly was, and the harder it pulls on the line."
    ),
    "point": "Point",
    "dearest": "The dearest",
    "cheapest": "The cheapest",
    "p": "p, probability of class 1",
    "loss": "what the point costs",
    "mean": "mean",
    "sum": "sum",
    "share": "share of the sum",
    "percent": "%",
    "chosen": "the point chosen",
    "strip": "The sum, point by point",
    "half": "The {n} dearest points, of {m}, make half of the sum (the line).",
    "half_one": "The dearest point, of {m}, makes half of the sum by itself (the line).",
    "framed": "The one chosen has a border.",
    "not_framed": "The one chosen is for the test, and is not in it.",
    "caption": (
        "Point {n} ({target} = {class}): the model gave {q} to what it truly was, and that costs "
        "{loss}, {times} times the mean. The mean of the {m} training points, the loss, is {mean}."
    ),
    "caption_test": (
        "Point {n} ({target} = {class}) is for the test: the model gave {q} to what it truly was, "
        "and it would cost {loss}, {times} times the mean, but it does not count in it. The mean "
        "of the {m} training points, the loss, is {mean}."
    ),
    "still": "What each training point costs at the end of the lesson, on its two branches.",
}
