package io.pare.model.inference;

import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;

/**
 * How far ONNX Runtime may rewrite a network before it runs it. Fusions change the last bits, so
 * the level is part of what makes a result reproducible.
 */
public enum OptimizationLevel {
  /** Only what keeps the arithmetic of each operator: for statistics. */
  BASIC(OptLevel.BASIC_OPT),
  /** Everything that makes it faster: for evaluation and timing. */
  ALL(OptLevel.ALL_OPT);

  private final OptLevel level;

  OptimizationLevel(OptLevel level) {
    this.level = level;
  }

  OptLevel level() {
    return level;
  }
}
