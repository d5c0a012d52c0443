package io.pare.model.rewrite;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.LayerShape;
import io.pare.model.Convolution;
import java.util.List;
import java.util.function.Function;

/**
 * A component of a layer as it is written, the same component of all groups side by side: a
 * selection of input channels and one factor after another (algorithm.md, section 6).
 *
 * @param channels input channels to gather first, over all groups; empty for all of them
 * @param factors at least one; strides, padding and dilations are those of the layer
 */
@SuppressWarnings("ArrayRecordComponent")
record Chain(int[] channels, List<Factor> factors) {
  private static final int[] ALL = {};

  /**
   * @param shape of one group
   * @param convolution how the layer's kernel moves
   * @param groups the component of each group; all of one form and size
   */
  static Chain of(LayerShape shape, Convolution convolution, List<? extends Component> groups) {
    int height = shape.kernelHeight();
    int width = shape.kernelWidth();
    Component first = groups.get(0);
    if (first instanceof Component.ChannelFactors) {
      return new Chain(
          ALL,
          List.of(
              factor(
                  groups, c -> ((Component.ChannelFactors) c).first(), height, width, convolution),
              pointwise(groups, c -> ((Component.ChannelFactors) c).second())));
    }
    if (first instanceof Component.SpatialFactors) {
      return new Chain(
          ALL,
          List.of(
              factor(
                  groups,
                  c -> ((Component.SpatialFactors) c).vertical(),
                  height,
                  1,
                  convolution.vertical()),
              factor(
                  groups,
                  c -> ((Component.SpatialFactors) c).horizontal(),
                  1,
                  width,
                  convolution.horizontal())));
    }
    if (first instanceof Component.TuckerFactors) {
      return new Chain(
          ALL,
          List.of(
              pointwise(groups, c -> ((Component.TuckerFactors) c).input()),
              factor(groups, c -> ((Component.TuckerFactors) c).core(), height, width, convolution),
              pointwise(groups, c -> ((Component.TuckerFactors) c).output())));
    }
    if (first instanceof Component.ChainFactors) {
      return new Chain(
          ALL,
          List.of(
              factor(
                  groups,
                  c -> ((Component.ChainFactors) c).vertical(),
                  height,
                  1,
                  convolution.vertical()),
              factor(
                  groups,
                  c -> ((Component.ChainFactors) c).horizontal(),
                  1,
                  width,
                  convolution.horizontal()),
              pointwise(groups, c -> ((Component.ChainFactors) c).output())));
    }
    Factor whole = factor(groups, Chain::kernel, height, width, convolution);
    return new Chain(channels(shape, groups), List.of(whole));
  }

  private static Matrix kernel(Component component) {
    if (component instanceof Component.InputChannels part) {
      return part.kernel();
    }
    if (component instanceof Component.Filters part) {
      return part.kernel();
    }
    return ((Component.Dense) component).kernel();
  }

  private static int[] channels(LayerShape shape, List<? extends Component> groups) {
    if (!(groups.get(0) instanceof Component.InputChannels first)) {
      return ALL;
    }
    int count = first.channels().length;
    int[] channels = new int[count * groups.size()];
    for (int g = 0; g < groups.size(); g++) {
      int[] own = ((Component.InputChannels) groups.get(g)).channels();
      for (int i = 0; i < count; i++) {
        channels[g * count + i] = g * shape.inputChannels() + own[i];
      }
    }
    return channels;
  }

  private static Factor pointwise(
      List<? extends Component> groups, Function<Component, Matrix> part) {
    return factor(groups, part, 1, 1, Convolution.pointwise());
  }

  private static Factor factor(
      List<? extends Component> groups,
      Function<Component, Matrix> part,
      int kernelHeight,
      int kernelWidth,
      Convolution convolution) {
    List<Matrix> kernels = groups.stream().map(part).toList();
    return new Factor(kernels, kernelHeight, kernelWidth, convolution);
  }
}
