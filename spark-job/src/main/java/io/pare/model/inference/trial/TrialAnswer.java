package io.pare.model.inference.trial;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What came of a run, as it goes from one process to the other.
 *
 * @param outcome whether there are shapes
 * @param why there are none, else empty
 * @param shapes of all outputs
 * @param doubled the same for two images, if the network takes so many
 */
record TrialAnswer(
    Outcome outcome, String why, Map<String, long[]> shapes, Map<String, long[]> doubled) {
  private static final int LONGEST = 16_000;

  /** Tells an answer from what a JVM that crashes prints. */
  private static final int BEGIN = 0x50617200;

  /** What a run ends in. */
  enum Outcome {
    /** The network ran. */
    SHAPES,
    /** The network is refused. */
    REFUSED,
    /** No network can be run, since ONNX Runtime itself cannot be loaded. */
    UNLOADED
  }

  static TrialAnswer of(Map<String, long[]> shapes, Map<String, long[]> doubled) {
    return new TrialAnswer(Outcome.SHAPES, "", shapes, doubled);
  }

  static TrialAnswer refused(String why) {
    return without(Outcome.REFUSED, why);
  }

  static TrialAnswer unloaded(String why) {
    return without(Outcome.UNLOADED, why);
  }

  private static TrialAnswer without(Outcome outcome, String why) {
    String told = why.length() > LONGEST ? why.substring(0, LONGEST) : why;
    return new TrialAnswer(outcome, told, Map.of(), Map.of());
  }

  void write(DataOutputStream out) throws IOException {
    out.writeInt(BEGIN);
    Text.write(out, outcome.name());
    Text.write(out, why);
    write(out, shapes);
    write(out, doubled);
    out.flush();
  }

  private static void write(DataOutputStream out, Map<String, long[]> shapes) throws IOException {
    out.writeInt(shapes.size());
    for (Map.Entry<String, long[]> shape : shapes.entrySet()) {
      Text.write(out, shape.getKey());
      out.writeInt(shape.getValue().length);
      for (long dim : shape.getValue()) {
        out.writeLong(dim);
      }
    }
  }

  static TrialAnswer read(DataInputStream in) throws IOException {
    if (in.readInt() != BEGIN) {
      throw new IOException("what was printed is no answer");
    }
    return new TrialAnswer(Outcome.valueOf(Text.read(in)), Text.read(in), shapes(in), shapes(in));
  }

  private static Map<String, long[]> shapes(DataInputStream in) throws IOException {
    int count = in.readInt();
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (int k = 0; k < count; k++) {
      String name = Text.read(in);
      long[] dims = new long[in.readInt()];
      for (int i = 0; i < dims.length; i++) {
        dims[i] = in.readLong();
      }
      shapes.put(name, dims);
    }
    return shapes;
  }
}
