"""A tandem of three queues with reneging: in b8sim, SimPy and Ciw."""
