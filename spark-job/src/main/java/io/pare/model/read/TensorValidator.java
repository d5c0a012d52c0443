package io.pare.model.read;

import static java.util.stream.Collectors.joining;

import com.google.protobuf.UnknownFieldSet;
import io.pare.model.proto.Onnx;
import java.util.List;
import java.util.Locale;

/** Checks that a tensor holds exactly the values that its dims and data type announce. */
final class TensorValidator {
  static final int MAX_RANK = 64;

  /** What 2 GiB hold of the smallest type, 2 bits: no product below overflows a long. */
  static final long MAX_ELEMENTS = 4L * Integer.MAX_VALUE;

  private TensorValidator() {}

  /**
   * Checks a tensor and, where its values are in another file, that none are here.
   *
   * @throws io.pare.InputException for any contradiction
   */
  static void check(Place place, Onnx.TensorProto tensor) {
    GraphValidator.checkName(place, tensor.getName());
    ElementType type = type(place, tensor);
    long elements = elements(place, tensor);
    if (tensor.hasSegment()) {
      throw place.defect("is split into segments, which is not supported: save it whole");
    }
    checkLocation(place, tensor.getUnknownFields());
    if (isExternal(tensor)) {
      checkNoValues(place, tensor);
    } else {
      checkValues(place, tensor, type, elements);
    }
  }

  /** The parser keeps a value that the enum does not know among the unknown fields. */
  private static void checkLocation(Place place, UnknownFieldSet unknown) {
    int location = Onnx.TensorProto.DATA_LOCATION_FIELD_NUMBER;
    if (unknown.hasField(location)) {
      String values =
          unknown.getField(location).getVarintList().stream()
              .map(String::valueOf)
              .collect(joining(", "));
      throw place.defect(
          "has the unknown data_location "
              + Place.line(values)
              + "; ONNX knows 0 (default) and 1 (external)");
    }
  }

  static boolean isExternal(Onnx.TensorProto tensor) {
    return tensor.getDataLocation() == Onnx.TensorProto.DataLocation.EXTERNAL;
  }

  /** The tensor's data type, which must be one that ONNX knows. */
  static ElementType type(Place place, Onnx.TensorProto tensor) {
    return ElementType.of(tensor.getDataType())
        .orElseThrow(
            () ->
                place.defect(
                    "has the unknown data type "
                        + tensor.getDataType()
                        + "; ONNX knows 1 to "
                        + ElementType.values().length));
  }

  /** The number of elements of a tensor whose dims are sane. */
  static long elements(Place place, Onnx.TensorProto tensor) {
    List<Long> dims = tensor.getDimsList();
    if (dims.size() > MAX_RANK) {
      throw place.defect("has " + dims.size() + " dims; the limit is " + MAX_RANK);
    }
    long elements = 1;
    boolean empty = false;
    for (long dim : dims) {
      if (dim < 0) {
        throw place.defect("has dims " + shape(dims) + "; none may be negative");
      }
      empty |= dim == 0;
      if (Math.max(1, dim) > MAX_ELEMENTS / elements) {
        throw place.defect(
            "has dims "
                + shape(dims)
                + ", more elements than a file can hold; the limit is "
                + MAX_ELEMENTS);
      }
      elements *= Math.max(1, dim);
    }
    return empty ? 0 : elements;
  }

  private static void checkNoValues(Place place, Onnx.TensorProto tensor) {
    boolean typed = false;
    for (ElementType.Field field : ElementType.Field.values()) {
      typed |= field.count(tensor) > 0;
    }
    if (typed || !tensor.getRawData().isEmpty()) {
      throw place.defect("has values both here and in another file; only one place is allowed");
    }
  }

  private static void checkValues(
      Place place, Onnx.TensorProto tensor, ElementType type, long elements) {
    for (ElementType.Field field : ElementType.Field.values()) {
      if (field != type.field() && field.count(tensor) > 0) {
        throw place.defect("of type " + type + " has values in " + name(field));
      }
    }
    int raw = tensor.getRawData().size();
    int typed = type.field().count(tensor);
    if (raw > 0 && typed > 0) {
      throw place.defect("has values both in raw_data and in " + name(type.field()));
    }
    if (raw > 0 && !type.hasRawForm()) {
      throw place.defect("of type " + type + " has values in raw_data");
    }
    String announced = "; its dims " + shape(tensor.getDimsList()) + " of " + type + " take ";
    if (raw > 0 && raw != type.rawBytes(elements)) {
      throw place.defect(
          "has " + raw + " bytes of raw_data" + announced + type.rawBytes(elements) + damaged());
    }
    if (raw == 0 && typed != type.fieldEntries(elements)) {
      throw place.defect("has " + typed + " values" + announced + elements + damaged());
    }
  }

  private static String damaged() {
    return ": the file is damaged, export the network again";
  }

  private static String name(ElementType.Field field) {
    return field.name().toLowerCase(Locale.ROOT);
  }

  /** Dims for a message: [8, 3, 3, 3]. */
  static String shape(List<Long> dims) {
    return dims.toString();
  }
}
