package io.pare.model.read;

import com.google.protobuf.UnsafeByteOperations;
import io.pare.InputException;
import io.pare.model.proto.Onnx;
import java.util.HashMap;
import java.util.Map;

/**
 * Takes tensors that are kept in other files into the model (onnx.proto, external_data; ONNX
 * documentation, External Data). A location is a relative path below the model's folder: everything
 * that could point elsewhere is refused before a file is touched. Not thread-safe: counts what the
 * model has grown to.
 */
final class ExternalTensors {
  private static final int MAX_LOCATION = 1024;

  private final ExternalData files;
  private long modelBytes;

  /**
   * @param modelBytes length of the model's own file
   */
  ExternalTensors(ExternalData files, long modelBytes) {
    this.files = files;
    this.modelBytes = modelBytes;
  }

  /** The tensor with its values in raw_data. */
  Onnx.TensorProto inline(Place place, Onnx.TensorProto tensor) {
    ElementType type = TensorValidator.type(place, tensor);
    if (!type.hasRawForm()) {
      throw place.defect("of type " + type + " cannot be kept in another file");
    }
    Map<String, String> entries = entries(place, tensor);
    String location = entries.getOrDefault("location", "");
    checkConfined(place, location);
    long length = type.rawBytes(TensorValidator.elements(place, tensor));
    long offset = number(place, entries, "offset", 0);
    long announced = number(place, entries, "length", length);
    if (announced != length) {
      throw place.defect(
          "has "
              + announced
              + " bytes in "
              + Place.quote(location)
              + "; its dims "
              + TensorValidator.shape(tensor.getDimsList())
              + " of "
              + type
              + " take "
              + length);
    }
    modelBytes += length;
    ModelReader.checkLength(place, modelBytes);
    return tensor.toBuilder()
        .clearExternalData()
        .clearDataLocation()
        .setRawData(UnsafeByteOperations.unsafeWrap(read(place, location, offset, length)))
        .build();
  }

  private byte[] read(Place place, String location, long offset, long length) {
    byte[] bytes;
    try {
      bytes = files.read(location, offset, length);
    } catch (InputException e) {
      throw place.defect(e.getMessage());
    }
    if (bytes.length != length) {
      throw place.defect(
          "has "
              + bytes.length
              + " bytes in "
              + Place.quote(location)
              + " from byte "
              + offset
              + " on; it takes "
              + length);
    }
    return bytes;
  }

  private static Map<String, String> entries(Place place, Onnx.TensorProto tensor) {
    Map<String, String> entries = new HashMap<>();
    for (Onnx.StringStringEntryProto entry : tensor.getExternalDataList()) {
      if (entries.put(entry.getKey(), entry.getValue()) != null) {
        throw place.defect("gives external data " + Place.quote(entry.getKey()) + " twice");
      }
    }
    return entries;
  }

  private static long number(Place place, Map<String, String> entries, String key, long otherwise) {
    String text = entries.get(key);
    if (text == null) {
      return otherwise;
    }
    // Eighteen digits fit into a long, and no file is longer.
    if (!text.matches("[0-9]{1,18}")) {
      throw place.defect(
          "has the external data "
              + key
              + " "
              + Place.quote(text)
              + "; it must be a number of bytes, 0 or more");
    }
    return Long.parseLong(text);
  }

  /** Refuses every location that could name something outside of the model's folder. */
  private static void checkConfined(Place place, String location) {
    String problem = problem(location);
    if (!problem.isEmpty()) {
      throw place.defect(
          "has the external data location "
              + Place.quote(location)
              + ", which "
              + problem
              + "; it must be a relative path of at most "
              + MAX_LOCATION
              + " characters below the model's folder, its parts separated by /");
    }
  }

  private static String problem(String location) {
    if (location.isEmpty()) {
      return "is empty";
    }
    if (location.length() > MAX_LOCATION) {
      return "has " + location.length() + " characters";
    }
    if (location.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      return "holds a control character";
    }
    if (location.startsWith("/") || location.startsWith("~")) {
      return "is absolute";
    }
    if (location.indexOf('\\') >= 0 || location.indexOf(':') >= 0) {
      return "holds a backslash or a colon";
    }
    for (String part : location.split("/", -1)) {
      if (part.equals("..")) {
        return "leaves the folder";
      }
      if (part.isEmpty()) {
        return "has an empty part";
      }
    }
    return "";
  }
}
