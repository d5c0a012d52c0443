package io.pare.stage.layers;

import io.pare.algorithm.statistics.FitSpace;
import io.pare.model.Layer;

/**
 * A layer of a pass over the images.
 *
 * @param layer that is sampled
 * @param sampling where its samples come from and where they go
 * @param space where its fits are solved
 */
record SampledLayer(Layer layer, LayerSampling sampling, FitSpace space) {}
