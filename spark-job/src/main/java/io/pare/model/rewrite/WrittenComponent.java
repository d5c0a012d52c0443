package io.pare.model.rewrite;

import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Taps;
import io.pare.model.Convolution;
import java.util.ArrayList;
import java.util.List;

/**
 * A component of a layer as it is written, the same component of all groups side by side: a
 * selection of input channels and one factor after another (algorithm.md section 6).
 *
 * @param inputs input channels to gather first, over all groups; empty for all of them
 * @param factors at least one; strides, padding and dilations are those of the layer
 */
@SuppressWarnings("ArrayRecordComponent")
record WrittenComponent(int[] inputs, List<WrittenFactor> factors) {

  /**
   * Arranges a component.
   *
   * @param shape of one group
   * @param convolution how the layer's kernel moves
   * @param groups the component of each group; all of one form and size
   */
  static WrittenComponent of(
      LayerShape shape, Convolution convolution, List<? extends Component> groups) {
    List<WrittenFactor> factors = new ArrayList<>();
    for (int k = 0; k < groups.get(0).factors().size(); k++) {
      int place = k;
      Taps taps = groups.get(0).factors().get(k).taps();
      factors.add(
          new WrittenFactor(
              groups.stream().map(group -> group.factors().get(place).kernel()).toList(),
              convolution.of(taps)));
    }
    return new WrittenComponent(inputs(shape, groups), factors);
  }

  private static int[] inputs(LayerShape shape, List<? extends Component> groups) {
    int count = groups.get(0).inputs().length;
    int[] inputs = new int[count * groups.size()];
    for (int g = 0; g < groups.size(); g++) {
      int[] own = groups.get(g).inputs();
      for (int i = 0; i < count; i++) {
        inputs[g * count + i] = g * shape.inputChannels() + own[i];
      }
    }
    return inputs;
  }
}
