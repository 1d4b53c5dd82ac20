"""Texts that are no station's own: the frame of the page, controls and words they share."""

from __future__ import annotations

ES = {
    "decimal_mark": ",",
    "page_title": "El regresor logístico, para tocarlo",
    "lede": (
        "Cien puntos, dos clases y una recta que aprende a separarlas. Es el cuaderno *Regresor "
        "logístico*, y todo lo que se ve aquí se calcula en esta página mientras la usas."
    ),
    "lede.own": (
        "Tus puntos, dos clases y una recta que aprende a separarlas. El método es el del "
        "cuaderno *Regresor logístico*, y todo se calcula en esta página mientras la usas."
    ),
    "skip": "Ir al contenido",
    "stations": "Estaciones",
    "language": "Idioma",
    "theme": "Aspecto",
    "theme_auto": "como el sistema",
    "theme_light": "claro",
    "theme_dark": "oscuro",
    "noscript": (
        "Sin JavaScript los dibujos no se mueven: muestran el final de la lección, tras el "
        "último paso."
    ),
    "credits": (
        "El cuaderno es de Multivacs (2025), a partir de logistic.ipynb, de Juan Antonio Pérez. "
        "Los textos y el código de esta página son de sigmoide."
    ),
    "bad_number": "Esto no vale: escribe un número de {low} a {high}; por ejemplo, {example}.",
    "table": "Los números del dibujo, en una tabla",
    "code": "Copiarlo como Python",
    "code_for": "Programa para",
    "copy": "Copiar",
    "copied": "Copiado.",
    "not_copied": "No se pudo copiar: el programa queda seleccionado para que lo copies tú.",
    "step": "Paso",
    "class": "{name}",
    "part": "parte",
    "train": "entrenamiento",
    "test": "prueba",
    "optimum": "óptimo",
    "point": "punto",
    "probability": "probabilidad",
    "standardised": "{name}, en desviaciones típicas desde su media",
    "go_to": "Ir al paso",
    "rate": "Tasa de aprendizaje",
    "rate_other": "otra",
    "rate_box": "Otra tasa",
    "origin_sample": (
        "Son {rows} filas sacadas al azar, siempre las mismas, de las {of} que hay: cada una es "
        "un punto, y más no se distinguirían."
    ),
    "of_many": "De los puntos se ve uno de cada {many}.",
    "origin_directions": (
        "Tus columnas son {n} ({columns}) y el plano tiene dos: los puntos están en las dos "
        "primeras direcciones principales de las columnas tipificadas, que recogen el {share1} % "
        "y el {share2} % de la varianza. El óptimo y lo demás hablan de esas dos coordenadas."
    ),
    "direction": "{name}, {share} % de la varianza",
}

EN = {
    "decimal_mark": ".",
    "page_title": "The logistic regressor, to be touched",
    "lede": (
        "A hundred points, two classes and a line that learns to tell them apart. It is the "
        "notebook *Regresor logístico*, and all you see is worked out in this page as you use it."
    ),
    "lede.own": (
        "Your points, two classes and a line that learns to tell them apart. The method is that "
        "of the notebook *Regresor logístico*, and all is worked out in this page as you use it."
    ),
    "skip": "Skip to the content",
    "stations": "Stations",
    "language": "Language",
    "theme": "Look",
    "theme_auto": "as the system",
    "theme_light": "light",
    "theme_dark": "dark",
    "noscript": (
        "Without JavaScript the pictures do not move: they show the end of the lesson, after its "
        "last step."
    ),
    "credits": (
        "The notebook is by Multivacs (2025), after logistic.ipynb by Juan Antonio Pérez. The "
        "texts and the code of this page are sigmoide's."
    ),
    "bad_number": "This cannot be: type a number from {low} to {high}; for example, {example}.",
    "table": "The numbers of the picture, in a table",
    "code": "Copy it as Python",
    "code_for": "Program for",
    "copy": "Copy",
    "copied": "Copied.",
    "not_copied": "It could not be copied: the program is selected for you to copy.",
    "step": "Step",
    "class": "{name}",
    "part": "part",
    "train": "training",
    "test": "test",
    "optimum": "optimum",
    "point": "point",
    "probability": "probability",
    "standardised": "{name}, in standard deviations from its mean",
    "go_to": "Go to step",
    "rate": "Learning rate",
    "rate_other": "another",
    "rate_box": "Another rate",
    "origin_sample": (
        "They are {rows} rows drawn at random, always the same, of the {of} there are: each is a "
        "point, and more could not be told apart."
    ),
    "of_many": "Of the points, one in {many} is shown.",
    "origin_directions": (
        "Your columns are {n} ({columns}) and the plane has two: the points are on the first two "
        "principal directions of the standardised columns, which hold {share1}% and {share2}% of "
        "the variance. The optimum and all else are about these two coordinates."
    ),
    "direction": "{name}, {share}% of the variance",
}
