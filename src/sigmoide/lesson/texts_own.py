"""The prose that stands in for the notebook's where the points are the learner's own."""

from __future__ import annotations

ES = {
    "own_opening": """\
Esta vez los puntos son tuyos. Lo que no empieza por # es lo que imprimiría el cuaderno con ellos.
""",
    "own_data": """\
## {n}. Tus datos

De {source} tomamos {rows}~filas. Llamaremos x1 a {x1} y x2 a~{x2}. La clase~1 es {target} =~{one}
({ones}~filas) y la clase~0 es {target} =~{zero} ({zeros}~filas).
""",
    "own_dropped": """\
Quedan fuera {dropped}~filas, porque les falta alguno de esos valores.
""",
    "own_sampled": """\
Son {rows}~filas sacadas al azar, siempre las mismas, de las {of} que hay: la página dibuja cada
una. Todo lo que sigue habla de esas.
""",
    "own_directions": """\
Son {columns}~columnas, y el plano solo tiene dos. Por eso las tipificamos con los puntos de
entrenamiento y nos quedamos con sus dos primeras direcciones principales, aquellas en las que más
varían: x1 recoge el {share1}~% de la varianza y x2 el {share2}~%. Para hallarlas no se mira la
clase, y lo que no recogen se pierde.
""",
    "own_scaled": """\
La tasa de aprendizaje del cuaderno no está hecha para números de este tamaño: o daría bandazos, o
los 32~bits los emborronarían. Por eso tipificamos las dos columnas: a cada valor se le resta la
media y se le divide por la desviación típica de los puntos de entrenamiento. Los pesos que verás
hablan de las columnas tipificadas.

{rows}
""",
    "header_mean": "media",
    "header_deviation": "desviación",
    "own_tables": """\
Estas son las dimensiones de las tablas (Xn, los puntos; yn, sus clases) y las tres primeras filas
de cada una.
""",
    "own_boundary": """\
## {n}. La frontera

Los puntos en los que el modelo duda por completo, p~=~{half}, forman la recta
w1·x1~+~w2·x2~+~b~=~0. Al despejar x2 se obtiene

    x2 = {slope}·x1 {sign} {intercept}

Lejos de la recta, el modelo se decide; junto a ella, duda.
""",
    "own_vertical": """\
## {n}. La frontera

Los puntos en los que el modelo duda por completo, p~=~{half}, forman la recta
w1·x1~+~w2·x2~+~b~=~0. Aquí w2 es cero, así que no se puede despejar~x2: la recta es vertical.
""",
    "separated": """\
## {n}. Un óptimo que no existe

¿Cuánto falta hasta el óptimo? No lo hay. Una recta deja a cada clase de los {train_points}~puntos
de entrenamiento a un lado{touching}: las clases están separadas. Cuanto más crecen los pesos,
menor es la pérdida, y nunca acaba:

    {signs}

La lección se para a los cien pasos, y por eso da un resultado; pararse en otro sitio daría otro.
Si quieres una respuesta que no dependa de eso, pon una penalización (sigmoide~fit --l2~1), quita
la columna que separa o busca más datos.
""",
    "touching": " (alguno queda justo encima)",
    "finite_sign": "{name}: finito",
    "plus_sign": "{name}: +infinito",
    "minus_sign": "{name}: -infinito",
    "either_sign": "{name}: infinito, sin signo",
    "aliased": """\
## {n}. Un óptimo que no es único

¿Cuánto falta hasta el óptimo? Hay infinitos, todos igual de buenos, porque las dos columnas dicen
lo mismo:

    x2 = {combination}

Lo que se suma a un peso se puede restar del otro. Quédate con una de las dos columnas.
""",
    "own_not_proved": """\
Ni el óptimo ni la separación se han podido demostrar, así que no contamos los pasos hasta él.
""",
    "own_crossings": """\
## {n}. Una frontera que puede ser vertical

Para dibujar la frontera, el cuaderno despeja~x2, y para eso divide por~w2, que por el camino
cambia de signo: {crossings}. Ahí la recta se pone vertical y el dibujo del cuaderno se rompe.
boundary_segment no divide por ningún peso: mira en qué lados del marco cambia de signo
w1·x1~+~w2·x2~+~b, y une esos dos puntos.
""",
    "own_yours": """\
## {n}. Y ahora

Cuando dos columnas se te queden cortas, el ajuste entero, con todas las columnas y demostrado:

    sigmoide fit FICHERO --target {target}

Gracias por llegar hasta aquí.
""",
}

EN = {
    "own_opening": """\
This time the points are yours. What does not begin with # is what the notebook would print of
them.
""",
    "own_data": """\
## {n}. Your data

From {source} we take {rows}~rows. We shall call {x1} x1 and {x2}~x2. Class~1 is {target} =~{one}
({ones}~rows) and class~0 is {target} =~{zero} ({zeros}~rows).
""",
    "own_dropped": """\
{dropped}~rows are left out, because one of these values is missing in them.
""",
    "own_sampled": """\
They are {rows}~rows drawn at random, always the same, of the {of} there are: the page draws each
one. All that follows is about these.
""",
    "own_directions": """\
They are {columns}~columns, and the plane has only two. So we standardise them by the training
points and keep their first two principal directions, those in which they vary most: x1 holds
{share1}% of the variance and x2 {share2}%. The class is not looked at to find them, and what they
do not hold is lost.
""",
    "own_scaled": """\
The notebook's learning rate was not made for numbers of this size: it would lurch about, or
32~bits would blur them. So we standardise both columns: from each value we take the mean, and
divide by the standard deviation, of the training points. The weights that you will see are those
of the standardised columns.

{rows}
""",
    "header_mean": "mean",
    "header_deviation": "deviation",
    "own_tables": """\
Here are the dimensions of the tables (Xn, the points; yn, their classes) and the first three rows
of each.
""",
    "own_boundary": """\
## {n}. The boundary

The points where the model is in complete doubt, p~=~{half}, make up the line
w1·x1~+~w2·x2~+~b~=~0. Solving for x2 gives

    x2 = {slope}·x1 {sign} {intercept}

Far from the line the model is decided; close to it, it is in doubt.
""",
    "own_vertical": """\
## {n}. The boundary

The points where the model is in complete doubt, p~=~{half}, make up the line
w1·x1~+~w2·x2~+~b~=~0. Here w2 is zero, so there is no solving for~x2: the line is vertical.
""",
    "separated": """\
## {n}. An optimum that does not exist

How far is it to the optimum? There is none. A line has each class of the {train_points}~training
points on a side of its own{touching}: the classes are separated. The larger the weights, the
smaller the loss, without end:

    {signs}

The lesson stops after a hundred steps, and so it has a result; another stop would have another.
If you want an answer that does not depend on that, put a penalty (sigmoide~fit --l2~1), leave out
the column that separates, or find more data.
""",
    "touching": " (some are right on it)",
    "finite_sign": "{name}: finite",
    "plus_sign": "{name}: +infinity",
    "minus_sign": "{name}: -infinity",
    "either_sign": "{name}: infinite, of no sign",
    "aliased": """\
## {n}. An optimum that is not the only one

How far is it to the optimum? There are infinitely many, all as good, because the two columns say
the same thing:

    x2 = {combination}

What is added to one weight can be taken from the other. Keep one of the two columns.
""",
    "own_not_proved": """\
Neither the optimum nor separation could be proved, so we do not count the steps to it.
""",
    "own_crossings": """\
## {n}. A boundary that can be vertical

To draw the boundary, the notebook solves for~x2, and that means dividing by~w2, which changes its
sign on the way: {crossings}. There the line is vertical and the notebook's picture breaks.
boundary_segment divides by no weight: it looks at which sides of the frame w1·x1~+~w2·x2~+~b
changes its sign on, and joins those two points.
""",
    "own_yours": """\
## {n}. And now

When two columns are no longer enough, the whole fit, with all the columns and proved:

    sigmoide fit FILE --target {target}

Thank you for coming all this way.
""",
}
