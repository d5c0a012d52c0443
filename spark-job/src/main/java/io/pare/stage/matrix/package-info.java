/**
 * Statistics of layers that are too wide for one task, as products of MLlib's distributed matrices:
 * see {@link io.pare.stage.matrix.WideStatistics}. The only place that knows MLlib and its BLAS;
 * knows no network and no image.
 */
package io.pare.stage.matrix;
