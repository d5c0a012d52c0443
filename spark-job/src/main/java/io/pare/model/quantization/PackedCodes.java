package io.pare.model.quantization;

import io.pare.model.NodeAttributes;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import io.pare.model.proto.Onnx.TensorProto.DataType;
import io.pare.model.rewrite.GraphEdit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Codes of weights of which no more than sixteen differ, stored two a byte: the first half of a
 * tensor in the upper four bits, the second in the lower ones, each the place of its code in a
 * table. Standard nodes take them apart, which ONNX Runtime does once, while it loads the network:
 * what then runs is what runs on plain codes.
 */
final class PackedCodes {
  private static final int BITS = 4;
  private static final int DIFFERENT = 1 << BITS;

  /** Below this many weights the nodes take too much of what the bits save. */
  private static final int FEWEST = 2048;

  private final GraphEdit edit;
  private Optional<String> shift = Optional.empty();
  private Optional<String> modulus = Optional.empty();
  private int tensors;

  /** Packs codes for a network that is being written. */
  PackedCodes(GraphEdit edit) {
    this.edit = edit;
  }

  /** Whether a tensor of so many weights can be stored so, and that is worth it. */
  static boolean suit(long weights) {
    return weights >= FEWEST && weights % 2 == 0;
  }

  /**
   * The nodes that give a tensor's codes.
   *
   * @param dims of the tensor
   * @return nodes, the last of which puts the codes out
   */
  List<Onnx.NodeProto> nodes(long[] dims, byte[] codes) {
    byte[] table = table(codes);
    String id = "p" + tensors++;
    String four = four();
    String sixteen = sixteen();
    String packed =
        edit.constant(
            id,
            Tensors.ofBytes(DataType.UINT8, new long[] {codes.length / 2}, packed(codes, table)));
    String levels =
        edit.constant(id + "t", Tensors.ofBytes(DataType.INT8, new long[] {DIFFERENT}, table));
    String shape = edit.constant(id + "s", Tensors.of("", dims));
    String upper = edit.fresh(id + "u");
    String lower = edit.fresh(id + "l");
    String both = edit.fresh(id + "b");
    String places = edit.fresh(id + "i");
    String flat = edit.fresh(id + "f");
    return List.of(
        node("BitShift", upper, packed, four)
            .addAttribute(NodeAttributes.text("direction", "RIGHT"))
            .build(),
        node("Mod", lower, packed, sixteen).build(),
        node("Concat", both, upper, lower).addAttribute(NodeAttributes.number("axis", 0)).build(),
        node("Cast", places, both)
            .addAttribute(NodeAttributes.number("to", DataType.INT32_VALUE))
            .build(),
        node("Gather", flat, levels, places).build(),
        node("Reshape", edit.fresh(id + "w"), flat, shape).build());
  }

  private String four() {
    shift = shift.or(() -> Optional.of(edit.constant("f", scalar(BITS))));
    return shift.get();
  }

  private String sixteen() {
    modulus = modulus.or(() -> Optional.of(edit.constant("m", scalar(DIFFERENT))));
    return modulus.get();
  }

  private static Onnx.TensorProto scalar(int value) {
    return Tensors.ofBytes(DataType.UINT8, new long[0], new byte[] {(byte) value});
  }

  /** The codes that occur, ascending, filled up with the last. */
  private static byte[] table(byte[] codes) {
    boolean[] occurs = new boolean[256];
    for (byte code : codes) {
      occurs[code - Byte.MIN_VALUE] = true;
    }
    byte[] table = new byte[DIFFERENT];
    int count = 0;
    for (int code = 0; code < occurs.length; code++) {
      if (occurs[code]) {
        if (count == DIFFERENT) {
          throw new IllegalArgumentException("more than " + DIFFERENT + " codes differ");
        }
        table[count++] = (byte) (code + Byte.MIN_VALUE);
      }
    }
    Arrays.fill(table, count, DIFFERENT, table[Math.max(0, count - 1)]);
    return table;
  }

  private static byte[] packed(byte[] codes, byte[] table) {
    byte[] packed = new byte[codes.length / 2];
    for (int k = 0; k < packed.length; k++) {
      packed[k] = (byte) (place(codes[k], table) << BITS | place(codes[packed.length + k], table));
    }
    return packed;
  }

  private static int place(byte code, byte[] table) {
    for (int place = 0; place < DIFFERENT; place++) {
      if (table[place] == code) {
        return place;
      }
    }
    throw new IllegalArgumentException("the table holds no code " + code);
  }

  private static Onnx.NodeProto.Builder node(String operator, String output, String... inputs) {
    return Onnx.NodeProto.newBuilder()
        .setOpType(operator)
        .addAllInput(List.of(inputs))
        .addOutput(output);
  }
}
