package io.pare.model.read;

import io.pare.model.proto.Onnx;
import io.pare.model.proto.Onnx.AttributeProto.AttributeType;
import java.util.List;
import java.util.Optional;

/**
 * The attributes of one node, checked for their type when they are asked for.
 *
 * @param place the node, for errors
 */
record Attributes(Place place, Onnx.NodeProto node) {

  boolean has(String name) {
    return find(name).isPresent();
  }

  /** A list of integers, empty if the node does not have it. */
  List<Long> integers(String name) {
    return find(name).map(a -> typed(a, AttributeType.INTS).getIntsList()).orElse(List.of());
  }

  long integer(String name, long otherwise) {
    return find(name).map(a -> typed(a, AttributeType.INT).getI()).orElse(otherwise);
  }

  float real(String name, float otherwise) {
    return find(name).map(a -> typed(a, AttributeType.FLOAT).getF()).orElse(otherwise);
  }

  String text(String name, String otherwise) {
    return find(name)
        .map(a -> typed(a, AttributeType.STRING).getS().toStringUtf8())
        .orElse(otherwise);
  }

  private Optional<Onnx.AttributeProto> find(String name) {
    return node.getAttributeList().stream().filter(a -> a.getName().equals(name)).findFirst();
  }

  private Onnx.AttributeProto typed(Onnx.AttributeProto attribute, AttributeType type) {
    if (attribute.getType() != type) {
      throw place.defect(
          "has the attribute "
              + attribute.getName()
              + " of type "
              + attribute.getType().getNumber()
              + "; it must be "
              + type
              + " ("
              + type.getNumber()
              + ")");
    }
    return attribute;
  }
}
