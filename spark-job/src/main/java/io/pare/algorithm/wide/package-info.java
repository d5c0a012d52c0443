/**
 * The fits of layers by the space that their systems are solved in, and those of layers without a
 * Gram matrix: entry {@link io.pare.algorithm.wide.FitsBySpace}. Depends on {@code fit} and what
 * that depends on.
 */
package io.pare.algorithm.wide;
