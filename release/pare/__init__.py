"""Pare: a Spark job that makes convolutional networks smaller, and the command that starts it."""
