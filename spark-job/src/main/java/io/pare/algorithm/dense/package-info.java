/**
 * Dense matrices and their products and factorisations: {@link
 * io.pare.algorithm.dense.DenseAlgebra}. The only place that calls ND4J and OpenBLAS; knows nothing
 * of layers.
 */
package io.pare.algorithm.dense;
