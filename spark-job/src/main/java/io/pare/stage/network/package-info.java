/**
 * Runs whole networks over the images: activations, evaluations, and what one changed layer does to
 * the output. Depends on {@code stage.images}.
 */
package io.pare.stage.network;
