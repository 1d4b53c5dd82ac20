"""The prose of the first part. {slots} are names of the learner's, in the texts "own_…" only."""

from __future__ import annotations

ES = {
    "opening": """
# El regresor logístico, paso a paso

Un modelo que aprende a distinguir dos clases de puntos, hecho a mano con unas pocas funciones. La
**primera parte** sigue, celda por celda, el cuaderno *Regresor logístico* que Multivacs escribió
en 2025 a partir de `logistic.ipynb`, de Juan Antonio Pérez: los mismos nombres y las mismas
líneas impresas. Las explicaciones son nuestras; donde el texto y el código de aquel cuaderno no
dicen lo mismo, lo avisa una nota **al margen**.

La **segunda parte** empieza donde el cuaderno acaba: doce celdas cortas que miden lo que faltaba,
hacen lo que quedó prometido y llevan hasta la librería *sigmoide*.

Ejecuta las celdas en orden. Y luego cambia algo y vuelve a ejecutarlas.
""",
    "own_opening": """
# El regresor logístico, paso a paso, con tus datos

Los puntos salen de {source}. Se llaman x1 ({x1}) y x2 ({x2}); la clase~1 es {target} = {one} y
la clase~0, {target} = {zero}.

La **primera parte** sigue el cuaderno *Regresor logístico* que Multivacs escribió en 2025 a partir
de `logistic.ipynb`, de Juan Antonio Pérez, con los mismos nombres y las mismas líneas impresas. La
**segunda parte** empieza donde aquel acaba: mide lo que faltaba, hace lo que quedó prometido y
lleva hasta la librería *sigmoide*. Las explicaciones son nuestras.

Los datos no van dentro: se leen del fichero, visto desde la carpeta de este cuaderno. Si te lo
llevas a otra parte, llévate los dos.
""",
    "install": """
## Antes de empezar

Aquí se instala lo que falte, en tu ordenador o en un cuaderno alojado en la red. Si algo se
actualiza y el entorno pide reiniciar la sesión, reiníciala y sigue desde aquí.
""",
    "part_one": """
---

# Primera parte: el cuaderno

## La semilla

Los «sorteos» de un ordenador son listas de números ya calculadas; la semilla dice por dónde
empezar a leerlas. Con la misma semilla, los mismos puntos y el mismo arranque. Entre dos máquinas
puede cambiar la séptima cifra, porque no todas suman en el mismo orden.
""",
    "data": """
## Los datos

Dos nubes de puntos en el plano: la clase~0 alrededor de (1,~2) y la clase~1 alrededor de (3,~4),
con desviación típica~1. Se solapan, así que ninguna recta las separa del todo.

> **Al margen.** En el cuaderno, un comentario dice que son cien puntos por clase. Son cien en
> total, cincuenta de cada una: `make_blobs` reparte `n_samples` entre los centros.
""",
    "own_data": """
## Los datos

De {source} se toman las filas que tienen los tres valores. La clase~1 es {target} = {one}. Si las
columnas son demasiado grandes para la tasa de aprendizaje del cuaderno, o si float32 las
emborronaría, `own_data` las tipifica con la media y la desviación de los puntos de entrenamiento
(en ese caso, `data.origin.scale` las guarda).
""",
    "tensors": """
## Los tensores

Los mismos números, ahora en PyTorch: en la tarjeta gráfica si la hay, y con 32~bits (unas siete
cifras) en lugar de 64 (unas dieciséis). Aquí no se nota; en la segunda parte se verá lo que cuesta.
""",
    "split": """
## Entrenamiento y prueba

Uno de cada tres puntos se aparta y no se mira hasta el final: es la única manera de saber si el
modelo ha aprendido o solo recuerda.

> **Al margen.** El texto del cuaderno pone el entrenamiento en el 0 de la máscara y la prueba en
> el~1. Su código hace lo contrario, y es lo que vale: donde la máscara es 0 (`False`), prueba.
""",
    "own_split": """
## Entrenamiento y prueba

Una de cada tres filas se aparta y no se mira hasta el final: es la única manera de saber si el
modelo ha aprendido o solo recuerda. Donde la máscara es `False`, prueba.
""",
    "functions": """
## Las piezas

$$p = \\sigma(w_1 x_1 + w_2 x_2 + b), \\qquad \\sigma(t) = \\frac{1}{1 + e^{-t}}$$

`regressor` sortea un arranque, `sigmoid` es $\\sigma$ y `forward` da la probabilidad $p$ de ser de
la clase~1. `binary_cross_entropy` mide la pérdida: la media de $-\\log$ de la probabilidad que se
dio a lo que ocurrió. Equivocarse con mucha seguridad sale caro.

> **Al margen.** El cuaderno llama *mini-batch* a los puntos que recibe. Son todos, en cada paso.
> Mini-batches de verdad hay en la segunda parte.
""",
    "training": """
## El entrenamiento

`loss_backward` calcula el gradiente, que señala cuesta arriba: la media de $(p - y)\\,x$ para los
pesos y la de $p - y$ para el sesgo. `optimizer_step` da un paso cuesta abajo, y `train` repite.

> **Al margen.** La pérdida que se imprime va un paso atrasada: se mide con las predicciones hechas
> *antes* de cambiar los pesos. Por eso la del paso~0 es la del arranque, y la última, la que
> `train` devuelve, no es la de los pesos que devuelve.
""",
    "run": """
Cien pasos, a una tasa de 0.05. Para orientarte: responder siempre «un medio» tiene una pérdida de
$\\log 2 \\approx 0.69$.
""",
    "test": """
## La prueba

Ahora sí, los puntos apartados. Si $p > 1/2$ respondemos «clase~1». En la línea que se imprime, la
letra y es nuestra~$p$.
""",
    "boundary": """
## La frontera

Donde $p = 1/2$ el modelo duda por completo: es la recta $w_1 x_1 + w_2 x_2 + b = 0$. Para
dibujarla, el cuaderno despeja $x_2$. Fíjate en la escala vertical del dibujo, que algo va mal.
""",
    "own_boundary": """
## La frontera

Donde $p = 1/2$ el modelo duda por completo: es la recta $w_1 x_1 + w_2 x_2 + b = 0$. El cuaderno
la dibuja despejando $x_2$, y para eso divide por $w_2$, que puede ser casi cero.
`boundary_segment` corta la recta con el marco sin dividir por ningún peso.
""",
}

EN = {
    "opening": """
# The logistic regressor, step by step

A model that learns to tell two classes of points apart, made by hand with a few functions.
**Part one** follows, cell by cell, the notebook *Regresor logístico* that Multivacs wrote in 2025
after `logistic.ipynb` by Juan Antonio Pérez: the same names and the same printed lines (one of
them in Spanish). The explanations are ours; where the text and the code of that notebook part, a
note **in the margin** says so.

**Part two** begins where the notebook ends: twelve short cells that measure what was missing, do
what was promised, and lead on to the library *sigmoide*.

Run the cells in order. Then change something, and run them again.
""",
    "own_opening": """
# The logistic regressor, step by step, on your data

The points come from {source}. They are called x1 ({x1}) and x2 ({x2}); class~1 is {target} = {one}
and class~0 is {target} = {zero}.

**Part one** follows the notebook *Regresor logístico* that Multivacs wrote in 2025 after
`logistic.ipynb` by Juan Antonio Pérez, with the same names and the same printed lines. **Part
two** begins where that one ends: it measures what was missing, does what was promised, and leads
on to the library *sigmoide*. The explanations are ours.

The data are not inside: they are read from the file, as seen from the folder of this notebook. If
you take it elsewhere, take both.
""",
    "install": """
## Before we start

This installs what is missing, on your computer or in a hosted notebook. If something is upgraded
and you are asked to restart the session, restart it and go on from here.
""",
    "part_one": """
---

# Part one: the notebook

## The seed

The "draws" of a computer are lists of numbers worked out beforehand; the seed says where to start
reading. With the same seed come the same points and the same start. Between two machines the
seventh digit may change, because not all of them add in the same order.
""",
    "data": """
## The data

Two clouds of points in the plane: class~0 around (1,~2) and class~1 around (3,~4), with a standard
deviation of~1. They overlap, so no straight line separates them completely.

> **In the margin.** A comment in the notebook says a hundred points per class. There are a hundred
> in all, fifty of each: `make_blobs` shares `n_samples` out among the centres.
""",
    "own_data": """
## The data

From {source} come the rows that have all three values. Class~1 is {target} = {one}. Columns that
are too large for the notebook's learning rate, or that float32 would blur, are standardised by
`own_data`, with the mean and the deviation of the training points (`data.origin.scale` keeps them
then).
""",
    "tensors": """
## The tensors

The same numbers, now in PyTorch: on the graphics card if there is one, and in 32~bits (about seven
digits) instead of 64 (about sixteen). Here nobody notices; part two shows what it costs.
""",
    "split": """
## Training and test

One point in three is put aside, and not looked at until the end: there is no other way to know
whether the model has learned or just remembers.

> **In the margin.** The notebook's text puts training at the 0 of the mask and the test at the~1.
> Its code does the opposite, and that is what counts: where the mask is 0 (`False`), test.
""",
    "own_split": """
## Training and test

One row in three is put aside, and not looked at until the end: there is no other way to know
whether the model has learned or just remembers. Where the mask is `False`, test.
""",
    "functions": """
## The parts

$$p = \\sigma(w_1 x_1 + w_2 x_2 + b), \\qquad \\sigma(t) = \\frac{1}{1 + e^{-t}}$$

`regressor` draws a start, `sigmoid` is $\\sigma$, and `forward` gives the probability $p$ of being
of class~1. `binary_cross_entropy` measures the loss: the mean of $-\\log$ of the probability that
was given to what happened. Being wrong and very sure of it costs dear.

> **In the margin.** The notebook calls the points that come in a *mini-batch*. They are all the
> points, at every step. Real mini-batches are in part two.
""",
    "training": """
## The training

`loss_backward` works out the gradient, which points uphill: the mean of $(p - y)\\,x$ for the
weights, and of $p - y$ for the bias. `optimizer_step` takes one step downhill, and `train` repeats.

> **In the margin.** The loss that is printed is one step old: it is measured on the predictions
> made *before* the weights change. So the one of step~0 is that of the start, and the last one,
> which `train` returns, is not that of the weights it returns.
""",
    "run": """
A hundred steps, at a rate of 0.05. For comparison: always answering "one half" has a loss of
$\\log 2 \\approx 0.69$.
""",
    "test": """
## The test

Now for the points that were put aside. Where $p > 1/2$ we answer "class~1". In the line that is
printed, the letter y is our~$p$.
""",
    "boundary": """
## The boundary

Where $p = 1/2$ the model is in complete doubt: that is the line $w_1 x_1 + w_2 x_2 + b = 0$. To
draw it, the notebook solves for $x_2$. Look at the vertical scale of the picture: something is
wrong.
""",
    "own_boundary": """
## The boundary

Where $p = 1/2$ the model is in complete doubt: that is the line $w_1 x_1 + w_2 x_2 + b = 0$. The
notebook draws it by solving for $x_2$, and that means dividing by $w_2$, which may be almost zero.
`boundary_segment` cuts the line at the frame and divides by no weight.
""",
}
