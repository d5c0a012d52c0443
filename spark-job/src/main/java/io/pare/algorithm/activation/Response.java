package io.pare.algorithm.activation;

/** A function of one value, evaluated for every entry of a layer's output. Thread-safe. */
public interface Response {
  /** r(y); the same bits on every machine. */
  double apply(double y);
}
