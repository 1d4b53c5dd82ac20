"""What a result is asked for beyond its estimates: free functions over a model and its rows."""
