/**
 * What a layer could become: families of structures, each found in its own way from the layer's
 * regression problem. Depends on {@code algorithm} and {@code algorithm.admm} alone.
 */
package io.pare.algorithm.candidate;
