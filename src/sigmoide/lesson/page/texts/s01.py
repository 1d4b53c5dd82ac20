"""Station 1: the data."""

from __future__ import annotations

ES = {
    "title": "Los datos",
    "p1": (
        "Todo empieza con puntos: dos números, x1 y x2, y una clase, y. El cuaderno saca cien de "
        "dos nubes que se pisan un poco. Los llenos son para aprender; los huecos, uno de cada "
        "tres, se guardan para la prueba y el modelo no los mira."
    ),
    "p1.own": (
        "Todo empieza con puntos: dos números y una clase. Aquí son los de tus filas. Los llenos "
        "son para aprender; los huecos, una fila de cada tres, se guardan para la prueba y el "
        "modelo no los mira."
    ),
    "p2": (
        "Aquí los cambias, y con ellos cambia toda la página. Arrastra un punto, o pulsa en un "
        "hueco para añadir uno como el que tienes elegido. Sin ratón: elige el punto y escribe "
        "dónde va, o muévelo con las flechas del teclado dentro de su casilla."
    ),
    "p3": (
        "La línea a trazos es la mejor recta que hay: el *óptimo*, que se recalcula con cada "
        "cambio. Prueba la muestra *separables*: en cuanto una recta deja a cada clase a un lado, "
        "el óptimo desaparece. Unos pesos el doble de grandes siempre aciertan con más seguridad, "
        "y la pérdida baja sin llegar nunca al fondo."
    ),
    "p3.own": (
        "La línea a trazos, si la hay, es la mejor recta: el *óptimo*, que se recalcula con cada "
        "cambio. En cuanto una recta deja a cada clase a un lado, no hay óptimo: unos pesos el "
        "doble de grandes siempre aciertan con más seguridad, y la pérdida baja sin llegar nunca "
        "al fondo."
    ),
    "p4": (
        "Mira también *un punto lejano*: uno solo, muy mal puesto, gira la recta de todos. Y las "
        "*lunas*: ninguna recta las sigue, por mucho que se entrene. Con otra semilla salen otros "
        "puntos de las mismas nubes: cuánto se mueve la recta de una a otra es lo que cien puntos "
        "no alcanzan a saber."
    ),
    "p4.own": (
        "Aleja un punto todo lo que puedas, y verás cuánto manda uno solo sobre la recta de todos. "
        "Lo que cambies aquí se queda en esta página: tu fichero sigue como estaba."
    ),
    "preset": "Muestra",
    "lesson": "la del cuaderno",
    "overlap": "muy mezcladas",
    "apart": "separables",
    "moons": "lunas",
    "outlier": "un punto lejano",
    "noise": "Dispersión",
    "seed": "Semilla",
    "point": "Punto elegido",
    "class": "clase",
    "add": "Añadir uno en el centro",
    "remove": "Quitarlo",
    "undo": "Deshacer los cambios",
    "changed": "cambiado",
    "yes": "sí",
    "no": "no",
    "caption": (
        "{n} puntos: {zeros} de la clase 0 y {ones} de la clase 1; {train} para aprender y {test} "
        "para la prueba."
    ),
    "optimum": "La recta a trazos es el óptimo, con una pérdida de {loss}.",
    "complete": (
        "Una recta separa las dos clases de entrenamiento: no hay óptimo, los pesos crecerían sin "
        "fin."
    ),
    "touching": (
        "Una recta separa las dos clases de entrenamiento, con puntos justo encima de ella: no hay "
        "óptimo, los pesos crecerían sin fin."
    ),
    "single": "Para aprender solo queda una clase: no hay óptimo ni nada que distinguir.",
    "none": "No se ha podido demostrar un óptimo, así que no se dibuja ninguno.",
    "aliased": "Las dos columnas dicen lo mismo: hay infinitos óptimos y no se dibuja ninguno.",
    "edited_one": "Has cambiado un punto.",
    "edited": "Has cambiado {n} puntos.",
    "full": "No caben más cambios: deshaz los que hay.",
    "last": "Eso no: tiene que quedar algún punto para aprender y alguno para la prueba.",
    "still": "Los puntos de las dos clases, de entrenamiento y de prueba, con la recta del óptimo.",
    "still.own": "Los puntos de las dos clases, de entrenamiento y de prueba.",
}

EN = {
    "title": "The data",
    "p1": (
        "It all begins with points: two numbers, x1 and x2, and a class, y. The notebook draws a "
        "hundred from two clouds that overlap a little. Filled ones are to learn from; hollow "
        "ones, one in three, are kept for the test, and the model does not look at them."
    ),
    "p1.own": (
        "It all begins with points: two numbers and a class. Here they are those of your rows. "
        "Filled ones are to learn from; hollow ones, one row in three, are kept for the test, and "
        "the model does not look at them."
    ),
    "p2": (
        "Here you change them, and the whole page changes with them. Drag a point, or press an "
        "empty place to add one like the one you have chosen. Without a mouse: choose the point "
        "and write where it goes, or move it with the arrow keys inside its box."
    ),
    "p3": (
        "The dashed line is the best there is: the *optimum*, found again after every change. Try "
        "the *separable* sample: as soon as a line has each class on a side of its own, the "
        "optimum is gone. Weights twice as large are always right with more confidence, and the "
        "loss falls without ever reaching a bottom."
    ),
    "p3.own": (
        "The dashed line, if there is one, is the best: the *optimum*, found again after every "
        "change. As soon as a line has each class on a side of its own, there is no optimum: "
        "weights twice as large are always right with more confidence, and the loss falls without "
        "ever reaching a bottom."
    ),
    "p4": (
        "Look at *a far point* too: a single one, badly placed, turns the line of them all. And at "
        "the *moons*: no line follows them, however long it trains. Another seed draws other "
        "points from the same clouds: how far the line moves from one to the next is what a "
        "hundred points cannot know."
    ),
    "p4.own": (
        "Take a point as far away as you can, and see how much a single one rules the line of them "
        "all. What you change here stays in this page: your file is as it was."
    ),
    "preset": "Sample",
    "lesson": "the notebook's",
    "overlap": "well mixed",
    "apart": "separable",
    "moons": "moons",
    "outlier": "a far point",
    "noise": "Spread",
    "seed": "Seed",
    "point": "Chosen point",
    "class": "class",
    "add": "Add one in the middle",
    "remove": "Remove it",
    "undo": "Undo the changes",
    "changed": "changed",
    "yes": "yes",
    "no": "no",
    "caption": (
        "{n} points: {zeros} of class 0 and {ones} of class 1; {train} to learn from and {test} "
        "for the test."
    ),
    "optimum": "The dashed line is the optimum, with a loss of {loss}.",
    "complete": (
        "A line separates the two classes of the training points: there is no optimum, the weights "
        "would grow without end."
    ),
    "touching": (
        "A line separates the two classes of the training points, with some right on it: there is "
        "no optimum, the weights would grow without end."
    ),
    "single": "Only one class is left to learn from: no optimum, and nothing to tell apart.",
    "none": "No optimum could be proved, so none is drawn.",
    "aliased": "The two columns say the same: there are infinitely many optima, and none is drawn.",
    "edited_one": "You have changed one point.",
    "edited": "You have changed {n} points.",
    "full": "There is no room for more changes: undo those you have.",
    "last": "Not that: some point must be left to learn from, and some for the test.",
    "still": "The points of both classes, for training and for the test, with the optimum's line.",
    "still.own": "The points of both classes, for training and for the test.",
}
