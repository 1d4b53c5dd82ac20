"""The lesson's prose, in Spanish and in English: the same sections, each in its own words.

They are wrapped again when they are printed. "~" ties two words to one line, and ``{names}`` are
filled in with numbers written in the language's way.
"""

from __future__ import annotations

from sigmoide.errors import UsageError
from sigmoide.lesson import texts_figures as figures
from sigmoide.lesson import texts_further as further
from sigmoide.lesson import texts_own as own

ES = {
    "decimal_mark": ",",
    "thousands": "~",
    "picture": "    dibujo: {name}",
    "opening": """\
## El regresor logístico, paso a paso

Esta lección recorre un cuaderno que escribió Multivacs en 2025 a partir de logistic.ipynb, de
Juan Antonio Pérez. En él se construye a mano, con unas pocas funciones, un modelo que aprende a
distinguir dos clases de puntos.

Las líneas que empiezan por # son nuestras: explican lo que viene después. Todas las demás son las
que imprime el cuaderno, tal cual; grep~-v~'^#' deja solo esas.

El cuaderno acaba en la frontera. Ahí no acaba la lección: mide lo que faltaba hasta el óptimo,
hace lo que el cuaderno promete sin llegar a hacerlo y te lleva hasta tus propios datos. Donde
pone «dibujo», hay una figura de ese nombre; se guardan con la opción --plots~CARPETA.
""",
    "seed": """\
## {n}. La semilla

Un ordenador no echa nada a suertes: calcula una lista de números que parecen salidos de un
sorteo, y la semilla dice por dónde empezar a leerla. La fijamos en 42 para que puedas repetir la
lección y obtener lo mismo. Entre dos máquinas distintas puede cambiar la séptima cifra, porque no
todas suman en el mismo orden.
""",
    "data": """\
## {n}. Los datos

Sorteamos cien puntos del plano, cincuenta de cada clase: los de la clase~0, alrededor de (1,~2);
los de la clase~1, alrededor de (3,~4). En ambas direcciones la desviación típica es~1, así que
las dos nubes se solapan y ninguna recta las separa del todo.

Estas son las dimensiones de las tablas (Xn, los puntos; yn, sus clases) y las tres primeras filas
de cada una.
""",
    "tensors": """\
## {n}. Los tensores

PyTorch calcula con tensores, que pueden vivir en la tarjeta gráfica si la hay. De paso, los
números bajan de 64~bits (unas 16~cifras) a 32 (unas~7). Con cien puntos no se nota; con cien
millones, se gana mucho tiempo y la mitad de la memoria. PyTorch enseña cuatro decimales, pero
guarda todas las cifras.
""",
    "split": """\
## {n}. Entrenamiento y prueba

¿Ha aprendido el modelo o solo ha memorizado? Para saberlo apartamos uno de cada tres puntos,
{test_points} en total, y no los tocamos hasta el final. Con los otros~{train_points} se entrena.
""",
    "functions": """\
## {n}. Las piezas

El modelo da a cada punto una probabilidad p de ser de la clase~1:

    p = σ(w1·x1 + w2·x2 + b),   con   σ(t) = 1 / (1 + exp(-t))

Hay que encontrar los pesos w1 y~w2 y el sesgo~b. Bastan seis funciones:

- regressor sortea unos pesos y un sesgo entre 0 y~1, para empezar por algún sitio.
- sigmoid es~σ: convierte cualquier número en una probabilidad.
- forward calcula p para todos los puntos a la vez.
- binary_cross_entropy mide la pérdida: la media de -log(p) en los puntos de la clase~1 y de
  -log(1~-~p) en los de la clase~0 (log es el logaritmo natural). Equivocarse con mucha
  seguridad sale caro.
- loss_backward calcula el gradiente, que señala cuesta arriba: la media de (p~-~y)·x para los
  pesos y la de (p~-~y) para el sesgo.
- optimizer_step da un paso en sentido contrario, cuesta abajo.
""",
    "training": """\
## {n}. El entrenamiento

La función train repite cien veces lo mismo: predecir, calcular el gradiente y dar un paso de {lr}
veces el gradiente (esa es la tasa de aprendizaje). Cada diez pasos imprime la pérdida. Para
orientarte: quien respondiera siempre «un medio» tendría una pérdida de log(2)~=~{log_2}.
""",
    "test": """\
## {n}. La prueba

Llega la hora de los {test_points}~puntos apartados. Si p pasa de {half}, respondemos «clase~1»;
la exactitud (accuracy) es el porcentaje de aciertos. En la primera línea, y es nuestra~p.
""",
    "boundary": """\
## {n}. La frontera

Los puntos en los que el modelo duda por completo, p~=~{half}, forman la recta
w1·x1~+~w2·x2~+~b~=~0. Al despejar x2 se obtiene

    x2 = {slope}·x1 + {intercept}

con pendiente {slope} y ordenada en el origen {intercept}: una recta casi vertical. Como w2 vale
apenas {w2}, el modelo decide casi únicamente por~x1. Sin embargo, los centros de las nubes piden
una recta inclinada, x2~=~5~-~x1, que pasa justo entre los dos. Aún queda camino.
""",
    "optimum": """\
## {n}. La distancia al óptimo

¿Cuánto camino? Hay un único trío (w1, w2, b) con la menor pérdida posible en los
{train_points}~puntos de entrenamiento, y sigmoide lo calcula. La pérdida media es {lesson_loss}
con los pesos de la lección y {optimum_loss} en el óptimo. (El {stale_loss} que devuelve train es
de un paso antes: la pérdida se mide con las predicciones previas al último cambio.)
""",
    "coefficients": "{rows}",
    "header_lesson": "lección",
    "header_optimum": "óptimo",
    "header_difference": "diferencia",
    "header_in_errors": "en errores est.",
    "standard_errors": """\
El error estándar dice cuánto suele variar un coeficiente si se sortean otros puntos. Con la vara
de los errores del óptimo, la lección se queda a {in_errors_w1} errores de~w1, a {in_errors_w2}
de~w2 y a {in_errors_b} de~b.
""",
    "proved": """\
Demostrado: el óptimo existe, es único, y cada coeficiente calculado dista de él como mucho
{distance} errores estándar (certificado: delta~<=~{delta}, y basta con {half}; a la pérdida total
le sobra como mucho {gap}).
""",
    "not_proved": """\
No demostrado: en esta máquina el certificado dio delta~=~{delta}, y hace falta {half} o menos.
Toma los números del óptimo como una aproximación.
""",
    "valley": """\
No es un fallo de la lección. El descenso por gradiente baja deprisa la ladera y luego avanza
despacio por el fondo de un valle largo y casi llano: cien pasos se paran al principio.
""",
    "bowl": """\
No es un fallo de la lección. El descenso por gradiente baja deprisa al principio y cada vez más
despacio al acercarse: cien pasos tan cortos no bastan para llegar.
""",
    "worth": """\
El resto del camino merece la pena: de los {test_points}~puntos de la prueba, la lección acierta
{lesson_correct} y el óptimo, {optimum_correct}.
""",
    "not_worth": """\
En la prueba, el resto del camino no se nota: de los {test_points}~puntos, la lección acierta
{lesson_correct} y el óptimo, {optimum_correct}.
""",
}

EN = {
    "decimal_mark": ".",
    "thousands": ",",
    "picture": "    picture: {name}",
    "opening": """\
## The logistic regressor, step by step

This lesson walks through a notebook that Multivacs wrote in 2025, after logistic.ipynb by Juan
Antonio Pérez. It builds by hand, with a few functions, a model that learns to tell two classes of
points apart.

The lines that begin with # are ours: they explain what comes next. All the others are what the
notebook prints, to the letter (one of them in Spanish); grep~-v~'^#' keeps only those.

The notebook ends at the boundary. The lesson does not: it measures what was missing to the
optimum, does what the notebook promises and never gets round to, and leads on to your own data.
Where it says "picture" there is a figure of that name; the option --plots~FOLDER keeps them.
""",
    "seed": """\
## {n}. The seed

A computer does not draw lots: it works out a list of numbers that look drawn, and the seed says
where to start reading. We set it to 42, so that you can repeat the lesson and get the same.
Between two different machines the seventh digit may change, because not all of them add in the
same order.
""",
    "data": """\
## {n}. The data

We draw a hundred points of the plane, fifty of each class: those of class~0 around (1,~2), those
of class~1 around (3,~4). The standard deviation is~1 in both directions, so the two clouds
overlap and no straight line separates them completely.

Here are the dimensions of the tables (Xn, the points; yn, their classes) and the first three rows
of each.
""",
    "tensors": """\
## {n}. The tensors

PyTorch computes with tensors, which can live on the graphics card if there is one. On the way,
the numbers go from 64~bits (about 16~digits) down to 32 (about~7). With a hundred points nobody
notices; with a hundred million it saves much time and half of the memory. PyTorch shows four
decimals, but it keeps all the digits.
""",
    "split": """\
## {n}. Training and test

Has the model learned, or has it only memorised? To find out, we put one point in three aside,
{test_points} in all, and leave them alone until the end. The other~{train_points} are for
training.
""",
    "functions": """\
## {n}. The parts

The model gives each point a probability p of being of class~1:

    p = σ(w1·x1 + w2·x2 + b),   where   σ(t) = 1 / (1 + exp(-t))

The weights w1 and~w2 and the bias~b are to be found. Six functions are enough:

- regressor draws weights and a bias between 0 and~1, to start somewhere.
- sigmoid is~σ: it turns any number into a probability.
- forward works out p for all the points at once.
- binary_cross_entropy measures the loss: the mean of -log(p) over the points of class~1 and of
  -log(1~-~p) over those of class~0 (log is the natural logarithm). Being wrong and very sure of
  it costs dear.
- loss_backward works out the gradient, which points uphill: the mean of (p~-~y)·x for the
  weights and of (p~-~y) for the bias.
- optimizer_step takes one step the opposite way, downhill.
""",
    "training": """\
## {n}. The training

The function train does the same thing a hundred times: predict, work out the gradient, and take a
step of {lr} times the gradient (that is the learning rate). Every ten steps it prints the loss.
For comparison: someone who always answered "one half" would have a loss of log(2)~=~{log_2}.
""",
    "test": """\
## {n}. The test

Now for the {test_points}~points that we put aside. If p is above {half} we answer "class~1"; the
accuracy is the percentage of right answers. In the first line, y is our~p.
""",
    "boundary": """\
## {n}. The boundary

The points where the model is in complete doubt, p~=~{half}, make up the line
w1·x1~+~w2·x2~+~b~=~0. Solving for x2 gives

    x2 = {slope}·x1 + {intercept}

with slope {slope} and intercept {intercept}: a line that is almost vertical. As w2 is barely
{w2}, the model decides almost by x1 alone. And yet the centres of the clouds ask for a slanting
line, x2~=~5~-~x1, which passes right between them. There is still some way to go.
""",
    "optimum": """\
## {n}. The distance to the optimum

How far is it? One single triple (w1, w2, b) has the least possible loss on the
{train_points}~training points, and sigmoide works it out. The mean loss is {lesson_loss} with the
lesson's weights and {optimum_loss} at the optimum. (The {stale_loss} that train returns is one
step old: the loss is measured on the predictions made before the last change.)
""",
    "coefficients": "{rows}",
    "header_lesson": "lesson",
    "header_optimum": "optimum",
    "header_difference": "difference",
    "header_in_errors": "in std. errors",
    "standard_errors": """\
The standard error says how much a coefficient usually varies if other points are drawn. With the
optimum's own errors as the yardstick, the lesson stops {in_errors_w1} errors away from~w1,
{in_errors_w2} from~w2 and {in_errors_b} from~b.
""",
    "proved": """\
Proved: the optimum exists, it is the only one, and each coefficient computed is at most
{distance} standard errors away from it (certificate: delta~<=~{delta}, where {half} is enough;
the total loss exceeds its minimum by at most {gap}).
""",
    "not_proved": """\
Not proved: on this machine the certificate gave delta~=~{delta}, and {half} or less is needed.
Take the numbers of the optimum as an approximation.
""",
    "valley": """\
This is not a bug in the lesson. Gradient descent comes down the slope fast and then moves slowly
along the bottom of a long, almost level valley: a hundred steps stop near its beginning.
""",
    "bowl": """\
This is not a bug in the lesson. Gradient descent comes down fast at first, and more and more
slowly as it gets near: a hundred steps so short are not enough to arrive.
""",
    "worth": """\
The rest of the way is worth it: of the {test_points}~test points the lesson gets {lesson_correct}
right, and the optimum {optimum_correct}.
""",
    "not_worth": """\
On the test, the rest of the way does not show: of the {test_points}~points the lesson gets
{lesson_correct} right, and the optimum {optimum_correct}.
""",
}

ES |= further.ES | own.ES | figures.ES
EN |= further.EN | own.EN | figures.EN
TEXTS = {"es": ES, "en": EN}


def texts_in(lang: str) -> dict[str, str]:
    """Give the prose in one language.

    Parameters
    ----------
    lang : str
        "es" or "en".

    Returns
    -------
    dict
        The texts by section.

    Raises
    ------
    UsageError
        If the lesson does not speak that language.
    """
    if lang not in TEXTS:
        raise UsageError(
            f"The lesson was asked for in lang={lang!r}, which it does not speak; "
            f"choose one of {', '.join(map(repr, TEXTS))}."
        )
    return TEXTS[lang]
