/**
 * Learning by gradients: {@link io.pare.algorithm.learning.Adam} and the rate of its steps. Knows
 * arrays alone; where gradients come from is not its concern.
 */
package io.pare.algorithm.learning;
