"""The prose of the second half: where the notebook stops, the lesson goes on."""

from __future__ import annotations

ES = {
    "way": """\
## {n}. El camino que faltaba

¿Cuántos pasos faltaban? A la misma tasa de aprendizaje, y ya en float64, hacen falta
{steps_loose}~pasos para que la pérdida quede a menos de una milésima de su mínimo, y
{steps_tight} para que quede a menos de una millonésima. Para que los tres coeficientes estén a
menos de un error estándar del óptimo, {steps_error}; a menos de una décima, {steps_tenth}.

La curvatura de la pérdida en el óptimo, según hacia dónde se mire, es

    {least}     {middle}     {most}

(son los autovalores de la matriz hessiana).
""",
    "way_valley": """\
Ahí está la culpa: la mayor es {condition}~veces la menor, un valle estrecho y larguísimo. El paso
ha de ser corto para no saltar de una ladera a otra, y entonces por el fondo apenas se avanza:
cada uno recorre una de cada {share}~partes de lo que falta.
""",
    "way_bowl": """\
La mayor es solo {condition}~veces la menor: más que un valle es un cuenco. Aun así, con pasos tan
cortos, cada uno recorre una de cada {share}~partes de lo que falta.
""",
    "rates": """\
## {n}. Pasos más largos

¿Y si alargamos el paso? Hay un límite: 2~dividido por la curvatura mayor, {limit}. Con una tasa
por debajo, el descenso se asienta en el óptimo; por encima, no. Estos son los pasos hasta quedar
cerca del mínimo, según la tasa:

{rows}
""",
    "header_rate": "tasa",
    "header_loose": "a una milésima",
    "header_tight": "a una millonésima",
    "never": "nunca",
    "more_than": "más de {steps}",
    "rates_below": """\
Con~{rate}, casi en el límite, empieza a saltos: la pérdida llega a~{highest}, peor que la del
arranque. Y aun así es la que antes llega.
""",
    "rates_above": """\
Con~{rate} no llega jamás: acaba yendo y viniendo entre dos puntos, uno {low} por encima del
mínimo y el otro~{high}.
""",
    "freezing": """\
## {n}. Siete cifras no bastan

El cuaderno calcula en float32. ¿Llegaría, con paciencia? No del todo. En el paso~{frozen} se
congela: lo que toca restar a cada peso ya es menor que su última cifra, y restarlo no cambia
nada. Se queda con una pérdida {gap} por encima de la mínima y a {errors}~errores estándar del
óptimo.

(Son cuentas de NumPy. PyTorch suma en otro orden y se congela unos pasos antes o después.)
""",
    "not_frozen": """\
## {n}. Siete cifras no bastan

El cuaderno calcula en float32, y tarde o temprano lo que toca restar a cada peso es menor que su
última cifra: el descenso se congela. Con tus datos aún se movía tras {steps}~pasos, con una
pérdida {gap} por encima de la mínima.
""",
    "newton": """\
## {n}. Newton, con freno y sin él

El gradiente solo dice hacia dónde se baja. El método de Newton mira también la curvatura, y salta
al fondo de la parábola que más se parece a la pérdida. Desde el mismo arranque que la lección, y
con un freno (si un salto empeora la pérdida, se acorta a la mitad hasta que deja de empeorarla),
llega en {steps}~saltos. Así ajusta sigmoide.
""",
    "newton_crash": """\
Sin freno se estrella. La pérdida va así, y en el último punto no queda curvatura que mirar:

    {losses}
""",
    "newton_free": """\
Esta vez el freno no ha hecho falta: sin él llega igual, en {steps}~saltos.
""",
    "newton_lost": """\
Sin freno no llega: tras {steps}~saltos la pérdida vale~{loss}.
""",
    "stopping": """\
## {n}. Tres subconjuntos y una parada a tiempo

El cuaderno habla de un tercer subconjunto, el de validación, que avisa cuando el modelo deja de
mejorar; pero no llega a usarlo. Aquí sí: repartimos los puntos en {test} de prueba, {valid} de
validación y {train} de entrenamiento. Y para que haya de qué avisar, damos al modelo más libertad
de la que necesita: {features}~columnas, todos los productos de x1 y~x2 hasta el grado tres,
tipificados.

    train(X, y, weights, bias, lr={rate}, X_valid=..., y_valid=..., patience={patience})
""",
    "stopped": """\
La pérdida de entrenamiento baja sin parar. La de validación toca fondo en el paso~{best}
({best_valid}) y vuelve a subir: desde ahí el modelo ya no aprende, memoriza. Con
paciencia~{patience}, train se para {patience}~pasos más allá, en el~{stop}, y devuelve los pesos
del paso~{best}. De seguir hasta el~{last}, la pérdida habría ido de~{best_train} a~{last_train}
en el entrenamiento, y de~{best_test} a~{last_test} en la prueba.
""",
    "not_stopped": """\
La pérdida de entrenamiento baja sin parar. Con estos puntos, la de validación también: en
{last}~pasos no llegó a pasar {patience} seguidos sin mejorar, y no hubo que parar.
""",
    "batches": """\
## {n}. De pocos en pocos

El cuaderno llama mini-batch a sus datos, pero en cada paso los mira todos. Con batch_size={size}
cada paso mira solo {size}, en orden barajado. El gradiente sale tembloroso (en {ups} de los
{steps}~pasos la pérdida sube), pero cuesta {times}~veces menos. Al final, la pérdida
es~{batch_loss}; mirándolo todo, {full_loss}. Cuando hay millones de filas, ese es el trato que
conviene.
""",
    "finite": """\
## {n}. Una pérdida que no se rompe

Acertar con mucha seguridad rompe el cuaderno. Llamemos η a w1·x1~+~w2·x2~+~b. Cuando η pasa
de~{breaks_at}, en float32 la probabilidad se redondea a~1; y si la clase era la~1, la pérdida
hace 0·log(0), que no es un número: nan. El remedio es no pasar por~p, sino calcular
log(1~+~exp(-η)) de una vez. Es lo que hace stable_cross_entropy. Con y~=~1:

{rows}
""",
    "header_eta": "η",
    "header_notebook": "cuaderno",
    "header_stable": "estable",
    "vertical": """\
## {n}. Una frontera que puede ser vertical

Cuesta entender el dibujo del cuaderno: la recta va de y~=~{left} a y~=~{right}, y los puntos
quedan aplastados a su lado. Y es que para despejar~x2 hay que dividir por~w2, que por el camino
cambia de signo: {crossings}. Ahí la recta se pone vertical. boundary_segment no divide por ningún
peso: mira en qué lados del marco cambia de signo w1·x1~+~w2·x2~+~b, y une esos dos puntos.
""",
    "no_vertical": """\
## {n}. Una frontera que puede ser vertical

Para dibujar la frontera, el cuaderno despeja~x2, y eso obliga a dividir por~w2. En esta lección
w2 no cambia de signo; si lo hiciera, la recta se pondría vertical y el dibujo se rompería.
boundary_segment no divide por ningún peso: mira en qué lados del marco cambia de signo
w1·x1~+~w2·x2~+~b, y une esos dos puntos.
""",
    "crossing": "en el paso~{step}",
    "and": " y ",
    "ranking": """\
## {n}. Acertar no es lo mismo que ordenar

La lección acierta {right} de los {total}~puntos de la prueba, el {accuracy}~%. ¿Y cómo los
ordena? Si tomamos un punto de cada clase, hay {pairs}~parejas posibles, y en {ordered} da más
probabilidad al de la clase~1. Esa proporción es el AUC: {auc}.
""",
    "ranking_threshold": """\
Ordena mucho mejor de lo que acierta, así que falla el umbral. El sesgo aún no ha llegado a su
sitio, y {half} no es donde conviene cortar: con~{best} acertaría {best_right} de~{total}. Ahora
bien, elegir el umbral mirando la prueba es hacer trampa. El que más acierta en el entrenamiento
es~{fair}, y en la prueba acierta~{fair_right}.
""",
    "ranking_one_class": """\
## {n}. Acertar no es lo mismo que ordenar

La lección acierta {right} de los {total}~puntos de la prueba. Cómo los ordena no se puede decir:
en la prueba todos son de la misma clase.
""",
    "model": """\
## {n}. De tus manos a la librería

Lo que has hecho a mano es un modelo como los demás:

    from sigmoide.lesson import to_model
    model = to_model(weights, bias)

model.predict predice, model.evaluate puntúa, model.save lo guarda y model.verify busca una
demostración de que está junto al óptimo. Para eso delta ha de ser {half} o menos:

{rows}
""",
    "header_train_loss": "pérdida",
    "header_test_loss": "en prueba",
    "header_auc": "AUC",
    "header_right": "aciertos",
    "header_delta": "delta",
    "yours": """\
## {n}. Ahora, con tus datos

La misma lección se da con dos columnas de números de un fichero tuyo y una tercera que diga la
clase:

    sigmoide lesson --data datos.csv --x edad,peso --y enfermo

Y cuando dos columnas se te queden cortas:

    sigmoide fit datos.csv --target enfermo

Gracias por llegar hasta aquí.
""",
}

EN = {
    "way": """\
## {n}. The way that was left

How many steps were missing? At the same learning rate, and in float64 from here on, it takes
{steps_loose}~steps for the loss to come within a thousandth of its minimum, and {steps_tight} to
come within a millionth. For the three coefficients to come within one standard error of the
optimum, {steps_error}; within a tenth of one, {steps_tenth}.

The curvature of the loss at the optimum, depending on where you look, is

    {least}     {middle}     {most}

(the eigenvalues of the Hessian matrix).
""",
    "way_valley": """\
There is the culprit: the largest is {condition}~times the least, a narrow and very long valley.
The step has to be short so as not to jump from one slope to the other, and then it hardly moves
along the bottom: each one covers one part in~{share} of what is left.
""",
    "way_bowl": """\
The largest is just {condition}~times the least: a bowl rather than a valley. Even so, with steps
so short, each one covers one part in~{share} of what is left.
""",
    "rates": """\
## {n}. Longer steps

What if we take longer steps? There is a limit: 2~divided by the largest curvature, {limit}. At a
rate below it the descent settles at the optimum; above it, it does not. These are the steps until
it is near the minimum, by learning rate:

{rows}
""",
    "header_rate": "rate",
    "header_loose": "to a thousandth",
    "header_tight": "to a millionth",
    "never": "never",
    "more_than": "over {steps}",
    "rates_below": """\
At~{rate}, almost at the limit, it begins in leaps: the loss gets up to~{highest}, worse than at
the start. And even so it is the first to arrive.
""",
    "rates_above": """\
At~{rate} it never arrives: it ends up going back and forth between two points, one {low} above
the minimum and the other~{high}.
""",
    "freezing": """\
## {n}. Seven digits are not enough

The notebook computes in float32. Would it arrive, given patience? Not quite. At step~{frozen} it
freezes: what is to be taken off each weight is by now smaller than its last digit, and taking it
off changes nothing. It is left with a loss {gap} above the minimum, and {errors}~standard errors
away from the optimum.

(This was done with NumPy. PyTorch adds in another order and freezes some steps sooner or later.)
""",
    "not_frozen": """\
## {n}. Seven digits are not enough

The notebook computes in float32, and sooner or later what is to be taken off each weight is
smaller than its last digit: the descent freezes. With your data it was still moving after
{steps}~steps, with a loss {gap} above the minimum.
""",
    "newton": """\
## {n}. Newton, with a brake and without

The gradient only says which way is down. Newton's method looks at the curvature as well, and
jumps to the bottom of the parabola that is most like the loss. From the same start as the lesson,
and with a brake (a jump that makes the loss worse is halved until it does not), it arrives in
{steps}~jumps. This is how sigmoide fits.
""",
    "newton_crash": """\
Without the brake it crashes. The loss goes like this, and at the last point no curvature is left
to look at:

    {losses}
""",
    "newton_free": """\
This time the brake was not needed: without it, it arrives just the same, in {steps}~jumps.
""",
    "newton_lost": """\
Without the brake it does not arrive: after {steps}~jumps the loss is~{loss}.
""",
    "stopping": """\
## {n}. Three subsets, and a stop in time

The notebook speaks of a third subset, for validation, which tells when the model stops improving;
but it never uses one. Here we do: we deal the points out, {test} to the test, {valid} to
validation and {train} to training. And so that there is something to tell, we give the model more
freedom than it needs: {features}~columns, all the products of x1 and~x2 up to degree three,
standardised.

    train(X, y, weights, bias, lr={rate}, X_valid=..., y_valid=..., patience={patience})
""",
    "stopped": """\
The training loss keeps falling. That of validation touches bottom at step~{best} ({best_valid})
and rises again: from there on the model no longer learns, it memorises. With a patience
of~{patience}, train stops {patience}~steps further on, at~{stop}, and returns the weights of
step~{best}. Had it gone on to~{last}, the loss would have gone from~{best_train} to~{last_train}
in training, and from~{best_test} to~{last_test} on the test.
""",
    "not_stopped": """\
The training loss keeps falling. With these points that of validation does, too: in {last}~steps
it never went {patience} in a row without improving, and there was no need to stop.
""",
    "batches": """\
## {n}. A few at a time

The notebook calls its data a mini-batch, but each step looks at all of them. With
batch_size={size} each step looks at just {size}, in shuffled order. The gradient comes out shaky
(in {ups} of the {steps}~steps the loss goes up), but it costs {times}~times less. At the end the
loss is~{batch_loss}; looking at everything, {full_loss}. When there are millions of rows, that is
the bargain to take.
""",
    "finite": """\
## {n}. A loss that does not break

Being right and very sure of it breaks the notebook. Let η be w1·x1~+~w2·x2~+~b. When η is
beyond~{breaks_at}, in float32 the probability is rounded to~1; and if the class was~1, the loss
works out 0·log(0), which is not a number: nan. The cure is not to pass through~p, but to work out
log(1~+~exp(-η)) at once. That is what stable_cross_entropy does. With y~=~1:

{rows}
""",
    "header_eta": "η",
    "header_notebook": "notebook",
    "header_stable": "stable",
    "vertical": """\
## {n}. A boundary that can be vertical

The notebook's picture is hard to make out: its line goes from y~=~{left} to y~=~{right}, and the
points beside it are squashed flat. For solving for~x2 means dividing by~w2, which changes its
sign on the way: {crossings}. There the line is vertical. boundary_segment divides by no weight:
it looks at which sides of the frame w1·x1~+~w2·x2~+~b changes its sign on, and joins those two
points.
""",
    "no_vertical": """\
## {n}. A boundary that can be vertical

To draw the boundary, the notebook solves for~x2, and that means dividing by~w2. In this lesson w2
does not change its sign; if it did, the line would be vertical and the picture would break.
boundary_segment divides by no weight: it looks at which sides of the frame w1·x1~+~w2·x2~+~b
changes its sign on, and joins those two points.
""",
    "crossing": "at step~{step}",
    "and": " and ",
    "ranking": """\
## {n}. Being right is not the same as ranking well

The lesson gets {right} of the {total}~test points right, {accuracy}~%. And how does it rank them?
If we take one point of each class, there are {pairs}~possible pairs, and in~{ordered} it gives
the one of class~1 the higher probability. This share is the AUC: {auc}.
""",
    "ranking_threshold": """\
It ranks much better than it answers, so it is the threshold that fails. The bias has not reached
its place yet, and {half} is not the place to cut: at~{best} it would get {best_right} of~{total}
right. But to choose the threshold by looking at the test is to cheat. The one that gets most
training points right is~{fair}, and on the test it gets {fair_right} right.
""",
    "ranking_one_class": """\
## {n}. Being right is not the same as ranking well

The lesson gets {right} of the {total}~test points right. How it ranks them cannot be said: all of
them are of one class.
""",
    "model": """\
## {n}. From your hands to the library

What you have made by hand is a model like any other:

    from sigmoide.lesson import to_model
    model = to_model(weights, bias)

model.predict predicts, model.evaluate scores, model.save keeps it, and model.verify looks for a
proof that it stands next to the optimum. For that, delta has to be {half} or less:

{rows}
""",
    "header_train_loss": "loss",
    "header_test_loss": "on test",
    "header_auc": "AUC",
    "header_right": "right",
    "header_delta": "delta",
    "yours": """\
## {n}. Now with your own data

The same lesson can be had with two columns of numbers from a file of yours, and a third one that
says the class:

    sigmoide lesson --data data.csv --x age,weight --y ill

And when two columns are no longer enough:

    sigmoide fit data.csv --target ill

Thank you for coming all this way.
""",
}
