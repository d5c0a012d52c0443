package io.pare.model.inference.trial;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What came of a run, as it goes from one process to the other.
 *
 * @param refusal why there are no shapes, if there are none
 * @param shapes of all outputs
 * @param doubled the same for two images, if the network takes so many
 */
record TrialAnswer(
    Optional<String> refusal, Map<String, long[]> shapes, Map<String, long[]> doubled) {
  /** What {@link DataOutputStream#writeUTF} takes in any case. */
  private static final int LONGEST = 16_000;

  static TrialAnswer of(Map<String, long[]> shapes, Map<String, long[]> doubled) {
    return new TrialAnswer(Optional.empty(), shapes, doubled);
  }

  static TrialAnswer refused(String why) {
    return new TrialAnswer(
        Optional.of(why.length() > LONGEST ? why.substring(0, LONGEST) : why), Map.of(), Map.of());
  }

  void write(DataOutputStream out) throws IOException {
    out.writeBoolean(refusal.isPresent());
    out.writeUTF(refusal.orElse(""));
    write(out, shapes);
    write(out, doubled);
    out.flush();
  }

  private static void write(DataOutputStream out, Map<String, long[]> shapes) throws IOException {
    out.writeInt(shapes.size());
    for (Map.Entry<String, long[]> shape : shapes.entrySet()) {
      out.writeUTF(shape.getKey());
      out.writeInt(shape.getValue().length);
      for (long dim : shape.getValue()) {
        out.writeLong(dim);
      }
    }
  }

  static TrialAnswer read(DataInputStream in) throws IOException {
    boolean refused = in.readBoolean();
    String why = in.readUTF();
    Map<String, long[]> shapes = shapes(in);
    Map<String, long[]> doubled = shapes(in);
    return refused ? refused(why) : of(shapes, doubled);
  }

  private static Map<String, long[]> shapes(DataInputStream in) throws IOException {
    int count = in.readInt();
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (int k = 0; k < count; k++) {
      String name = in.readUTF();
      long[] dims = new long[in.readInt()];
      for (int i = 0; i < dims.length; i++) {
        dims[i] = in.readLong();
      }
      shapes.put(name, dims);
    }
    return shapes;
  }
}
