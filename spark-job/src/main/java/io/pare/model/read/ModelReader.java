package io.pare.model.read;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.pare.InputException;
import io.pare.model.OnnxNetwork;
import io.pare.model.proto.Onnx;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads an ONNX model and refuses whatever is not one, before any native code sees it: neither the
 * ONNX checker nor ONNX Runtime rejects every damaged file.
 *
 * <p>In this order: the encoding, the versions, every tensor against its dims (with the values of
 * other files taken in), the graph's names and order, and the attributes and weights of the layers
 * that Pare relies on. Unknown operators and domains, dynamic dims, functions, shared, sparse,
 * quantised or overridable initializers pass as they are.
 */
public final class ModelReader {
  /** The longest ONNX model with all of its tensors, in bytes: what one protobuf can hold. */
  public static final long MAX_BYTES = Integer.MAX_VALUE;

  /** The first IR version with opset imports, and the newest that ONNX Runtime 1.29 takes. */
  static final int MIN_IR_VERSION = 3;

  static final int MAX_IR_VERSION = 13;

  /** The oldest opset that is tested, and the newest that ONNX Runtime 1.29 takes. */
  static final int MIN_OPSET = 9;

  static final int MAX_OPSET = 26;

  private ModelReader() {}

  /**
   * Parses and validates a model.
   *
   * @param name how to call the model in errors: its file name
   * @param bytes the file; the model refers to this array, which must not be changed any more
   * @param external gives the values that the model keeps in other files
   * @return the network, with all values in it
   * @throws InputException for any defect
   */
  public static OnnxNetwork read(String name, byte[] bytes, ExternalData external) {
    Place place = Place.of(name);
    if (bytes.length == 0) {
      throw place.defect("is empty; an ONNX model is expected");
    }
    checkLength(place, bytes.length);
    Onnx.ModelProto parsed = parse(place, bytes);
    if (!parsed.hasGraph()) {
      throw place.defect("holds no graph; the file is truncated or no ONNX model");
    }
    checkVersions(place, parsed);
    Onnx.ModelProto model =
        new ModelTensors(new ExternalTensors(external, bytes.length)).model(place, parsed);
    new GraphValidator().checkMain(place, model.getGraph());
    new FunctionCalls(model).check(place, model.getGraph());
    return OnnxNetwork.of(model);
  }

  /** Refuses a model that is too long, its external tensors included, before they are read. */
  static void checkLength(Place place, long bytes) {
    if (bytes > MAX_BYTES) {
      throw place.defect(
          "brings the model to "
              + bytes
              + " bytes; the limit with all tensors is "
              + MAX_BYTES
              + ": export it in 16-bit floats or split it");
    }
  }

  private static Onnx.ModelProto parse(Place place, byte[] bytes) {
    try {
      WireScan.check(place, bytes);
      CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
      in.enableAliasing(true);
      Onnx.ModelProto model = Onnx.ModelProto.parseFrom(in);
      in.checkLastTagWas(0);
      return model;
    } catch (IOException e) {
      throw place.defect(
          "cannot be read as ONNX ("
              + bytes.length
              + " bytes: "
              + Place.line(String.valueOf(e.getMessage()))
              + "); the file is truncated, damaged or no ONNX model");
    }
  }

  private static void checkVersions(Place place, Onnx.ModelProto model) {
    long irVersion = model.getIrVersion();
    if (irVersion < MIN_IR_VERSION || irVersion > MAX_IR_VERSION) {
      throw place.defect(
          "has IR version "
              + irVersion
              + "; supported are "
              + MIN_IR_VERSION
              + " to "
              + MAX_IR_VERSION
              + ": export it again");
    }
    Set<String> domains = new HashSet<>();
    for (Onnx.OperatorSetIdProto opset : model.getOpsetImportList()) {
      String domain = opset.getDomain().equals("ai.onnx") ? "" : opset.getDomain();
      if (!domains.add(domain)) {
        throw place.defect("imports the opset of " + Place.quote(domain) + " twice");
      }
      if (domain.isEmpty() && (opset.getVersion() < MIN_OPSET || opset.getVersion() > MAX_OPSET)) {
        throw place.defect(
            "has opset "
                + opset.getVersion()
                + "; supported are "
                + MIN_OPSET
                + " to "
                + MAX_OPSET
                + ": convert or export it again");
      }
    }
    if (!domains.contains("")) {
      throw place.defect(
          "has no opset_import for the default domain; it must say one of "
              + MIN_OPSET
              + " to "
              + MAX_OPSET
              + ": export it again");
    }
  }
}
