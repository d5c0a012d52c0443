/**
 * What a layer group is and may become, and what that costs: {@link
 * io.pare.algorithm.structure.Structure} is the decision, {@link
 * io.pare.algorithm.structure.Approximation} the numbers. Depends on {@code dense}.
 */
package io.pare.algorithm.structure;
