package io.pare.model;

import io.pare.InputException;
import onnx.Onnx;
import org.nd4j.shade.protobuf.InvalidProtocolBufferException;

/** Reads an ONNX model and refuses whatever is not one. */
public final class ModelReader {
  private ModelReader() {}

  /**
   * Parses and validates a model.
   *
   * @param name how to call the model in errors: its file name
   * @param bytes the file
   * @param externalData gives the tensors that the model keeps in other files
   * @throws InputException for any defect
   */
  public static Onnx.ModelProto read(String name, byte[] bytes, ExternalData externalData) {
    try {
      return Onnx.ModelProto.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw InputException.data(name + ": not an ONNX model: " + e.getMessage());
    }
  }
}
