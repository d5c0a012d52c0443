package io.pare.model.output;

import io.pare.InputException;
import io.pare.algorithm.statistics.OutputLayout;
import io.pare.model.InputShape;
import io.pare.model.NetworkShapes;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.TensorData;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * The outputs by which two networks are compared, in the network's order: all that hold floats and
 * have a part for each image. One array holds those of an image, one after the other. Immutable and
 * thread-safe.
 *
 * @param each of them
 */
public record NetworkOutputs(List<NetworkOutput> each) implements Serializable {

  public NetworkOutputs {
    each = List.copyOf(each);
  }

  /**
   * Decides by the graph what the outputs are.
   *
   * @param shapes of the network's outputs and of what its last Softmax writes
   * @param layout of the network's input
   * @param rules that say otherwise
   * @throws InputException of kind usage for a rule that the network cannot follow
   */
  public static NetworkOutputs of(
      OnnxNetwork network, NetworkShapes shapes, InputShape.Layout layout, OutputRules rules) {
    return new NetworkOutputs(new OutputFinder(network, shapes, layout, rules).find());
  }

  /**
   * The same, where there are any.
   *
   * @param network its name, for the message
   * @throws InputException where no output can be compared
   */
  public NetworkOutputs required(String network) {
    if (each.isEmpty()) {
      throw InputException.data(
          "%s: none of its outputs can be compared with another network's: that takes floats with a part for each image, whose number does not depend on what is seen; export the network without what follows its boxes and scores"
              .formatted(network));
    }
    return this;
  }

  /** Such as {@code logits (10 classes), boxes (400 values)}. */
  @Override
  public String toString() {
    return each.stream().map(NetworkOutput::toString).collect(Collectors.joining(", "));
  }

  /** The names. */
  public List<String> names() {
    return each.stream().map(NetworkOutput::name).toList();
  }

  /** What is compared of each. */
  public List<OutputLayout> layouts() {
    return each.stream().map(NetworkOutput::layout).toList();
  }

  /** Whether two networks put out the same, under whatever names. */
  public boolean matches(NetworkOutputs other) {
    if (each.size() != other.each.size()) {
      return false;
    }
    for (int k = 0; k < each.size(); k++) {
      OutputLayout mine = each.get(k).layout();
      OutputLayout its = other.each.get(k).layout();
      if (mine.positions() != its.positions() || mine.classes() != its.classes()) {
        return false;
      }
    }
    return true;
  }

  /** The output of a name. */
  public Optional<NetworkOutput> find(String name) {
    return each.stream().filter(output -> output.name().equals(name)).findFirst();
  }

  /** Values of all of them for one image. */
  public long values() {
    return each.stream().mapToLong(NetworkOutput::size).sum();
  }

  /** How many classes the network tells apart, where an output says what an image shows. */
  public OptionalInt classes() {
    return layouts().stream()
        .filter(OutputLayout::isClassifier)
        .mapToInt(OutputLayout::classes)
        .findFirst();
  }

  /**
   * What is compared of the images of a batch.
   *
   * @param tensors the outputs for the batch, by name
   * @param images in the batch
   * @param wanted the first of them that are wanted
   * @return of each image, all outputs one after the other
   */
  public List<float[]> byImage(Map<String, TensorData> tensors, int images, int wanted) {
    int length = layouts().stream().mapToInt(OutputLayout::values).sum();
    List<float[]> joined = new ArrayList<>(wanted);
    for (int image = 0; image < wanted; image++) {
      float[] all = new float[length];
      int to = 0;
      for (NetworkOutput output : each) {
        output.cut(tensors.get(output.name()), images, image, all, to);
        to += output.layout().values();
      }
      joined.add(all);
    }
    return joined;
  }
}
