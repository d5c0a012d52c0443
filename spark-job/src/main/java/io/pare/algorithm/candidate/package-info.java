/**
 * What a layer could become: families of structures, each found in its own way from the layer's
 * regression problem; entry {@link io.pare.algorithm.candidate.Family}. Depends on all other
 * packages of {@code algorithm}.
 */
package io.pare.algorithm.candidate;
