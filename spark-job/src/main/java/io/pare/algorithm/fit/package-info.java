/**
 * The fit of one structure to the samples of one layer group: entry {@link
 * io.pare.algorithm.fit.LayerFits}. Depends on {@code dense}, {@code structure} and {@code
 * statistics}.
 */
package io.pare.algorithm.fit;
