package io.pare.model.read;

import io.pare.InputException;

/**
 * Gives the bytes of tensors that an ONNX model keeps in other files (onnx.proto, external_data).
 *
 * <p>{@link ModelReader} has refused every location that could leave the model's folder before it
 * asks; an implementation refuses symbolic links, missing files and files that are too short with
 * an {@link InputException}.
 */
@FunctionalInterface
public interface ExternalData {
  /**
   * Reads a part of a file.
   *
   * @param location path relative to the model's folder, parts separated by slashes
   * @param offset first byte, at least 0
   * @param length number of bytes, at least 0
   * @return exactly {@code length} bytes
   * @throws InputException if the file cannot give these bytes
   */
  byte[] read(String location, long offset, long length);

  /** For a model that must hold all of its tensors itself. */
  static ExternalData none() {
    return (location, offset, length) -> {
      throw InputException.data(
          "external data are not available here; save the model with all tensors in one file");
    };
  }
}
