/**
 * The statistics of each layer, its candidates and its refits: {@link
 * io.pare.stage.layers.SampleLayersStage}, {@link io.pare.stage.layers.SolveLayersStage}, {@link
 * io.pare.stage.layers.RefitNetworkStage}. Depends on the other packages of {@code stage}.
 */
package io.pare.stage.layers;
