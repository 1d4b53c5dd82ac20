"""The lesson as a Jupyter notebook, in Spanish and in English, from one source.

``part_one`` and ``part_two`` hold the code, the same for both languages; ``texts_*`` the prose
and the few words inside the code; ``plan`` says which cells there are, ``cells`` makes the file.
"""
