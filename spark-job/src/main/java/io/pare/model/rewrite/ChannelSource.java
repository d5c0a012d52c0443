package io.pare.model.rewrite;

import io.pare.model.Layer;

/**
 * A filter of a layer, by whose removal a channel goes.
 *
 * @param producer that computes it
 * @param filter row of the layer's W
 */
public record ChannelSource(Layer producer, int filter) {
  public ChannelSource {
    if (filter < 0 || filter >= producer.shape().outputs()) {
      throw new IllegalArgumentException(
          "layer %s has no filter %d".formatted(producer.name(), filter));
    }
  }
}
