"""Where rows come from: sources, columns, designs, and the blocks they are read in."""
