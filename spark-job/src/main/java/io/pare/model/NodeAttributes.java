package io.pare.model;

import com.google.protobuf.ByteString;
import io.pare.model.proto.Onnx;
import java.util.Optional;

/** Reads the attributes of a node, with the defaults that its caller gives. Stateless. */
public final class NodeAttributes {
  private NodeAttributes() {}

  public static Optional<Onnx.AttributeProto> find(Onnx.NodeProto node, String name) {
    return node.getAttributeList().stream().filter(a -> a.getName().equals(name)).findFirst();
  }

  public static long number(Onnx.NodeProto node, String name, long absent) {
    return find(node, name).map(Onnx.AttributeProto::getI).orElse(absent);
  }

  /** An axis counted from the front, where a negative one is counted from the end. */
  public static int fromFront(long axis, int rank) {
    return Math.toIntExact(axis < 0 ? axis + rank : axis);
  }

  public static float real(Onnx.NodeProto node, String name, float absent) {
    return find(node, name).map(Onnx.AttributeProto::getF).orElse(absent);
  }

  public static String text(Onnx.NodeProto node, String name, String absent) {
    return find(node, name).map(a -> a.getS().toStringUtf8()).orElse(absent);
  }

  /** The numbers of an attribute, or {@code absent}, which is not copied. */
  public static int[] numbers(Onnx.NodeProto node, String name, int... absent) {
    return find(node, name)
        .map(a -> a.getIntsList().stream().mapToInt(Math::toIntExact).toArray())
        .orElse(absent);
  }

  public static Onnx.AttributeProto number(String name, long value) {
    return Onnx.AttributeProto.newBuilder()
        .setName(name)
        .setType(Onnx.AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  public static Onnx.AttributeProto numbers(String name, long... values) {
    Onnx.AttributeProto.Builder attribute =
        Onnx.AttributeProto.newBuilder()
            .setName(name)
            .setType(Onnx.AttributeProto.AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  public static Onnx.AttributeProto text(String name, String value) {
    return Onnx.AttributeProto.newBuilder()
        .setName(name)
        .setType(Onnx.AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }
}
