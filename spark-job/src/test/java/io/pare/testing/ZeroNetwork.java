package io.pare.testing;

import java.util.Random;
import java.util.stream.LongStream;

/**
 * A network that writes out what equals a default: the axis 0 of a Gather and of a Concat, a slope
 * of 0, empty names and documentation, a dimension of 0. It also carries what no node needs: an
 * initializer, shapes, and fields of a later version. Encoded by hand: field numbers are ONNX's.
 */
public final class ZeroNetwork {
  private static final int FLOAT = 1;
  private static final int INT64 = 7;
  private static final int LATER = 1000;

  private ZeroNetwork() {}

  /** Two convolutions, {@code a} and {@code b}, with a Gather, a Concat and a LeakyRelu between. */
  public static byte[] runnable() {
    return model(graph());
  }

  /** The same with an operator of another domain whose attributes are all zero or empty. */
  public static byte[] withForeignOperator() {
    Wire foreign =
        node("Mystery", "m", "x", "")
            .part(5, attribute("i").number(3, 0).number(20, 2))
            .part(5, attribute("f").real(2, 0).number(20, 1))
            .part(5, attribute("s").text(4, "").number(20, 3))
            .part(5, attribute("strings").text(9, "", "").number(20, 8))
            .part(5, attribute("none").text(13, "").number(20, 0).text(21, ""))
            .text(6, "")
            .text(7, "com.example")
            .text(8, "")
            .number(LATER, 0);
    return model(graph(foreign));
  }

  private static byte[] model(Wire graph) {
    return Wire.message()
        .number(1, 8)
        .text(2, "")
        .text(3, "0")
        .number(5, 0)
        .text(6, "")
        .part(7, graph)
        .part(8, Wire.message().text(1, "").number(2, 17))
        .part(8, Wire.message().text(1, "com.example").number(2, 0))
        .part(14, Wire.message().text(1, "author").text(2, ""))
        .part(14, Wire.message().text(1, "author").text(2, "again"))
        .number(LATER, 0)
        .bytes();
  }

  private static Wire graph(Wire... more) {
    return Wire.message()
        .part(1, conv("a", "x"))
        .part(1, node("Gather", "g", "a", "first").part(5, zeroAxis()))
        .part(1, node("Concat", "c", "g", "g").part(5, zeroAxis()))
        .part(1, node("LeakyRelu", "r", "c").part(5, attribute("alpha").real(2, 0).number(20, 1)))
        .part(1, conv("b", "r"))
        .part(1, more)
        .text(2, "")
        .part(5, weights("a.weight", 1, 6, 4, 3, 3), weights("b.weight", 2, 3, 6, 3, 3))
        .part(5, Wire.message().number(1, 1).number(2, INT64).packed(7, 0).text(8, "first"))
        .part(5, unread())
        .text(10, "")
        .part(11, value("x", Wire.message().text(2, "N"), length(4), length(9), length(9)))
        .part(12, value("b", Wire.message().text(2, ""), length(3), length(5), length(5)))
        .part(13, value("a", Wire.message(), length(6), length(7), length(7)))
        .part(13, value("x", Wire.message().number(1, 0), Wire.message().text(3, "")))
        .part(13, value("gone", length(0)))
        .part(14, Wire.message().text(1, "gone").part(2, Wire.message().text(1, "").text(2, "")))
        .part(16, Wire.message().text(1, "").text(2, ""))
        .text(LATER, "");
  }

  private static Wire conv(String name, String input) {
    return node("Conv", name, input, name + ".weight")
        .part(5, attribute("group").number(3, 1).number(20, 2))
        .part(5, attribute("pads").number(8, 0, 0, 0, 0).number(20, 7))
        .text(6, "")
        .text(7, "")
        .part(9, Wire.message().text(1, "").text(2, ""));
  }

  private static Wire node(String operator, String name, String... inputs) {
    return Wire.message().text(1, inputs).text(2, name).text(3, "").text(4, operator);
  }

  private static Wire attribute(String name) {
    return Wire.message().text(1, name);
  }

  private static Wire zeroAxis() {
    return attribute("axis").number(3, 0).number(20, 2);
  }

  private static Wire weights(String name, long seed, long... dims) {
    Random random = new Random(seed);
    float[] values = new float[(int) LongStream.of(dims).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Wire.message()
        .number(1, dims)
        .number(2, FLOAT)
        .text(8, name)
        .raw(9, Wire.littleEndian(values))
        .number(14, 0);
  }

  private static Wire unread() {
    return Wire.message()
        .number(1, 0)
        .number(2, FLOAT)
        .text(8, "unread")
        .raw(9)
        .text(12, "")
        .number(14, 0);
  }

  private static Wire value(String name, Wire... dims) {
    Wire tensor = Wire.message().number(1, FLOAT).part(2, Wire.message().part(1, dims));
    return Wire.message()
        .text(1, name)
        .part(2, Wire.message().part(1, tensor).text(6, ""))
        .text(3, "");
  }

  private static Wire length(long value) {
    return Wire.message().number(1, value);
  }
}
