/**
 * Learning: from a network to one that also gives a loss and the gradients of chosen weights
 * (algorithm.md section 10). The backward pass is an ONNX graph like any other, written once and
 * run by a stock ONNX Runtime.
 *
 * <p>Entry type: {@link io.pare.model.gradient.GradientNetwork}. One class for each family of
 * operators; {@link io.pare.model.gradient.OperatorGradients} lists them all. Depends on {@code
 * model} and, to measure shapes, on {@code inference}; steps and rates are decided elsewhere.
 */
package io.pare.model.gradient;
