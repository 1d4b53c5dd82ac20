"""The prose of the second part: true of any points, for the figures come out of the cells.

{n} is the number of the section.
"""

from __future__ import annotations

ES = {
    "optimum": """
---

# Segunda parte: más allá del cuaderno

## {n}. La distancia al óptimo

Hay un único trío $(w_1, w_2, b)$ con la menor pérdida posible en estos puntos. `sigmoide.logit` lo
calcula, y demuestra que lo es. El *error estándar* dice cuánto suele variar cada coeficiente si se
sortean otros puntos: es la vara con la que la última columna mide lo que faltaba.
""",
    "no_optimum": """
---

# Segunda parte: más allá del cuaderno

## {n}. Un óptimo que no hay

Con estos puntos no hay un único trío $(w_1, w_2, b)$ que sea el mejor: o una recta separa las
clases, y cuanto más crecen los pesos menor es la pérdida, sin fin; o las dos columnas dicen lo
mismo, y lo que se suma a un peso se puede restar del otro. Cuál de las dos, lo dice
`sigmoide.logit` en un aviso (o que no ha podido demostrarse ninguna). Por eso faltan aquí las
cuatro celdas del camino hasta el óptimo.
""",
    "way": """
## {n}. El camino que faltaba

¿Cuántos pasos más? Volvemos al arranque y bajamos a la misma tasa, ahora con 64~bits y hasta el
final. Si son muchos, la culpa la tienen las curvaturas de la pérdida: cuando la mayor es muchas
veces la menor, el fondo es un valle estrecho y larguísimo. El paso ha de ser corto para no saltar
de una ladera a la otra, y entonces por el fondo apenas se avanza.
""",
    "rates": """
## {n}. Pasos más largos

Hay un límite: 2 dividido por la curvatura mayor. Por debajo, el descenso se asienta en el óptimo,
aunque cerca del límite ande a saltos de una ladera a la otra; en un valle largo, aun así es como
antes llega. Por encima no se asienta nunca (el signo > quiere decir que esos pasos no bastaron).
""",
    "freezing": """
## {n}. Siete cifras no bastan

El cuaderno calcula con 32~bits. Tarde o temprano, lo que toca restar a cada peso es menor que su
última cifra, y restarlo no cambia nada: el descenso se congela antes de llegar. (`None` querría
decir que aún se movía. Son cuentas de NumPy, en un orden fijo; PyTorch suma en otro y se congela
unos pasos antes o después.)
""",
    "newton": """
## {n}. Newton, con freno y sin él

El gradiente solo dice hacia dónde se baja. El método de Newton mira también la curvatura, y salta
al fondo de la parábola que más se parece a la pérdida. El freno: si un salto la empeora, se acorta
a la mitad hasta que deja de empeorarla. Así ajusta sigmoide. Mira qué pasa sin freno.
""",
    "stopping": """
## {n}. Tres subconjuntos y una parada a tiempo

El cuaderno habla de un tercer subconjunto, el de validación, y no llega a usarlo. Aquí avisa de
cuándo parar a un modelo con demasiada libertad: todos los productos de $x_1$ y $x_2$ hasta el
grado tres. Con `patience=10`, `lesson.train` se para tras diez pasos seguidos sin mejorar en la
validación, y devuelve los pesos del mejor. La primera vez lo dejamos seguir, para ver qué evita.
""",
    "no_stopping": """
Aquí iría una parada a tiempo con tres subconjuntos: prueba, validación y entrenamiento. Estas filas
no dan para ello, porque uno quedaría vacío o sin una de las clases.
""",
    "batches": """
## {n}. De pocos en pocos

Mini-batches de verdad: cada paso mira solo unos cuantos puntos, en orden barajado. El gradiente
sale tembloroso, y algún paso puede ir cuesta arriba, pero cada uno cuesta mucho menos. Con millones
de filas, ese es el trato que conviene.
""",
    "finite": """
## {n}. Una pérdida que no se rompe

Acertar con mucha seguridad rompe el cuaderno. Sea $\\eta = w_1 x_1 + w_2 x_2 + b$. Cuando pasa de
unos 16.6, en 32~bits la probabilidad se redondea a~1, y la pérdida hace $0 \\cdot \\log 0$: `nan`,
que no es un número. El remedio es no pasar por $p$ y calcular $\\log(1 + e^{-\\eta})$ de una vez.
Con $y = 1$:
""",
    "vertical": """
## {n}. Una frontera que puede ser vertical

Despejar $x_2$ obliga a dividir por $w_2$. Si $w_2$ cambia de signo por el camino, ahí la recta se
pone vertical y un dibujo hecho así se rompe. `boundary_segment` no divide por ningún peso: mira en
qué lados del marco cambia de signo $w_1 x_1 + w_2 x_2 + b$, y une esos dos puntos.
""",
    "ranking": """
## {n}. Acertar no es lo mismo que ordenar

Tomemos un punto de cada clase. ¿Da el modelo más probabilidad al de la clase~1? La proporción de
parejas en que sí es el AUC. Un modelo puede ordenar muy bien y acertar poco: entonces lo que falla
es el umbral. Elegirlo mirando la prueba es hacer trampa; se elige en el entrenamiento.
""",
    "library": """
## {n}. Los mismos puntos, en la librería

Las dos puertas de sigmoide: `LogisticRegression`, con las costumbres de scikit-learn
(`C=np.inf` es «sin penalización»), y `logit`, con las de la estadística. Los mismos números, a
menos de una millonésima de error estándar en la primera y de una milmillonésima en la segunda, y
cada ajuste con su demostración.
""",
    "no_optimum_library": """
## {n}. Los mismos puntos, en la librería

Sin un óptimo único hace falta una penalización: entre todos los tríos tan buenos, o cada vez
mejores, elige uno. Las dos puertas de sigmoide, `LogisticRegression` con `C=1` y `logit` con
`l2=1`, dan el mismo, y cada ajuste lleva su demostración.
""",
    "model": """
## {n}. De tus manos a la librería

Los pesos hechos a mano son un modelo como los demás: `to_model` los recoge, y `model.predict`,
`model.evaluate`, `model.save` y `model.verify` sirven igual. El certificado busca una demostración
de que están junto al óptimo; para eso, delta ha de ser 0.5 o menos.
""",
    "no_optimum_model": """
## {n}. De tus manos a la librería

Los pesos hechos a mano son un modelo como los demás: `to_model` los recoge, y `model.predict`,
`model.evaluate`, `model.save` y `model.verify` sirven igual. El certificado busca una demostración
de que están junto al óptimo, y como no lo hay, no la encuentra. La de la otra fila es la del óptimo
con penalización, que siempre existe.
""",
    "closing": """
## Y ahora

- La misma lección, con dos columnas de números de un fichero tuyo y una que diga la clase:
  `sigmoide lesson --notebook mi.ipynb --data datos.csv --x edad,peso --y enfermo`
- El ajuste entero, con todas las columnas: `sigmoide fit datos.csv --target enfermo`

Gracias por llegar hasta aquí.
""",
}

EN = {
    "optimum": """
---

# Part two: beyond the notebook

## {n}. The distance to the optimum

One single triple $(w_1, w_2, b)$ has the least possible loss on these points. `sigmoide.logit`
works it out, and proves that it does. The *standard error* says how much each coefficient usually
varies if other points are drawn: it is the yardstick of the last column, which says what was
missing.
""",
    "no_optimum": """
---

# Part two: beyond the notebook

## {n}. An optimum that is not there

On these points no single triple $(w_1, w_2, b)$ is the best: either a line separates the classes,
and the larger the weights the smaller the loss, without end; or the two columns say the same
thing, and what is added to one weight can be taken from the other. `sigmoide.logit` says which in a
warning (or that neither could be proved). So the four cells on the way to the optimum are left out
here.
""",
    "way": """
## {n}. The way that was left

How many more steps? We go back to the start and downhill at the same rate, now in 64~bits and to
the end. If they are many, the fault is that of the curvatures of the loss: where the largest is
many times the least, the bottom is a narrow and very long valley. The step has to be short so as
not to jump from one slope to the other, and then it hardly moves along the bottom.
""",
    "rates": """
## {n}. Longer steps

There is a limit: 2 divided by the largest curvature. Below it the descent settles at the optimum,
even if it leaps from one slope to the other close to the limit; in a long valley, that is still
the first to arrive. Above it, it never settles (the sign > means that so many steps were not
enough).
""",
    "freezing": """
## {n}. Seven digits are not enough

The notebook computes in 32~bits. Sooner or later, what is to be taken off each weight is smaller
than its last digit, and taking it off changes nothing: the descent freezes before it arrives.
(`None` would mean that it was still moving. This is done with NumPy, in a fixed order; PyTorch
adds in another and freezes some steps sooner or later.)
""",
    "newton": """
## {n}. Newton, with a brake and without

The gradient only says which way is down. Newton's method looks at the curvature as well, and jumps
to the bottom of the parabola that is most like the loss. The brake: a jump that makes the loss
worse is halved until it does not. This is how sigmoide fits. Look at what happens without.
""",
    "stopping": """
## {n}. Three subsets, and a stop in time

The notebook speaks of a third subset, for validation, and never uses one. Here it tells when to
stop a model that has too much freedom: all the products of $x_1$ and $x_2$ up to degree three.
With `patience=10`, `lesson.train` stops after ten steps in a row that did not improve on the
validation points, and returns the weights of the best. The first time we let it go on, to see what
is spared.
""",
    "no_stopping": """
Here would be a stop in time with three subsets: test, validation and training. These rows are too
few for it: one of them would be empty, or without one of the classes.
""",
    "batches": """
## {n}. A few at a time

Real mini-batches: each step looks at just a few points, in shuffled order. The gradient comes out
shaky, and a step may go uphill, but each one costs much less. With millions of rows, that is the
bargain to take.
""",
    "finite": """
## {n}. A loss that does not break

Being right and very sure of it breaks the notebook. Let $\\eta = w_1 x_1 + w_2 x_2 + b$. Beyond
about 16.6 the probability is rounded to~1 in 32~bits, and the loss works out $0 \\cdot \\log 0$:
`nan`, which is not a number. The cure is not to pass through $p$, but to work out
$\\log(1 + e^{-\\eta})$ at once. With $y = 1$:
""",
    "vertical": """
## {n}. A boundary that can be vertical

Solving for $x_2$ means dividing by $w_2$. Where $w_2$ changes its sign on the way, the line is
vertical, and a picture made so breaks. `boundary_segment` divides by no weight: it looks at which
sides of the frame $w_1 x_1 + w_2 x_2 + b$ changes its sign on, and joins those two points.
""",
    "ranking": """
## {n}. Being right is not the same as ranking well

Take one point of each class. Does the model give the one of class~1 the higher probability? The
share of the pairs in which it does is the AUC. A model can rank very well and still answer badly:
then it is the threshold that fails. To choose it by looking at the test is to cheat; it is chosen
in training.
""",
    "library": """
## {n}. The same points, in the library

The two doors of sigmoide: `LogisticRegression`, in scikit-learn's habits (`C=np.inf` is "no
penalty"), and `logit`, in those of statistics. The same numbers, to within a millionth of a
standard error for the first and a billionth for the second, and a proof with each fit.
""",
    "no_optimum_library": """
## {n}. The same points, in the library

Where there is no single optimum a penalty is needed: among all the triples that are as good, or
better and better, it chooses one. The two doors of sigmoide, `LogisticRegression` with `C=1` and
`logit` with `l2=1`, give the same one, and a proof with each fit.
""",
    "model": """
## {n}. From your hands to the library

Weights made by hand are a model like any other: `to_model` takes them in, and `model.predict`,
`model.evaluate`, `model.save` and `model.verify` work just the same. The certificate looks for a
proof that they stand next to the optimum; for that, delta has to be 0.5 or less.
""",
    "no_optimum_model": """
## {n}. From your hands to the library

Weights made by hand are a model like any other: `to_model` takes them in, and `model.predict`,
`model.evaluate`, `model.save` and `model.verify` work just the same. The certificate looks for a
proof that they stand next to the optimum, and as there is none, it finds no proof. That of the
other row is of the optimum with a penalty, which always exists.
""",
    "closing": """
## And now

- The same lesson, with two columns of numbers from a file of yours and one that says the class:
  `sigmoide lesson --lang en --notebook mine.ipynb --data data.csv --x age,weight --y ill`
- The whole fit, with all the columns: `sigmoide fit data.csv --target ill`

Thank you for coming all this way.
""",
}
