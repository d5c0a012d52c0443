package io.pare.model.quantization;

import io.pare.algorithm.quantization.AffineCode;
import io.pare.model.OnnxNetwork;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** How the weights of a written network are stored, and with them what it computes on. */
public enum Precision {
  /** As the original stores them. */
  FP32 {
    @Override
    public OnnxNetwork draft(OnnxNetwork network) {
      return network;
    }

    @Override
    public double bytesPerWeight(int original) {
      return original;
    }
  },

  /** Weights in half precision, which are widened as the network is loaded: half the bytes. */
  FP16 {
    @Override
    public OnnxNetwork draft(OnnxNetwork network) {
      return HalfWeights.of(network);
    }

    @Override
    public double bytesPerWeight(int original) {
      return Math.min(2, original);
    }
  },

  /** Weights and activations as whole numbers of eight bits: a quarter of the bytes, and faster. */
  INT8 {
    @Override
    public OnnxNetwork draft(OnnxNetwork network) {
      return coded(network, tensors -> Set.of());
    }

    @Override
    public double bytesPerWeight(int original) {
      return 1;
    }
  },

  /** The same with weights of four bits where bytes are to be saved. */
  INT4 {
    @Override
    public OnnxNetwork draft(OnnxNetwork network) {
      return coded(network, tensors -> tensors.narrowable().keySet());
    }

    @Override
    public double bytesPerWeight(int original) {
      return 0.5;
    }
  };

  private static OnnxNetwork coded(
      OnnxNetwork network, Function<CodedTensors, Set<String>> narrow) {
    CodedTensors coded = CodedTensors.of(RaisedOperatorSet.of(network));
    Map<String, AffineCode> codes = new LinkedHashMap<>();
    coded.tensors().forEach(tensor -> codes.put(tensor, new AffineCode(1, 0)));
    return QuantizedNetwork.of(coded, codes, narrow.apply(coded), new WeightCodes(coded, Map.of()));
  }

  /**
   * A network of this precision with numbers that mean nothing: its length and its speed are those
   * of the one that will be written.
   *
   * @param network in floats
   */
  public abstract OnnxNetwork draft(OnnxNetwork network);

  /**
   * The network as it can be written so: of a newer operator set where its own is too old.
   *
   * @throws io.pare.InputException where it cannot, with what to do
   */
  public OnnxNetwork prepared(OnnxNetwork network) {
    return isCoded() ? RaisedOperatorSet.of(network) : network;
  }

  /** Whether weights and activations are whole numbers. */
  public boolean isCoded() {
    return this == INT8 || this == INT4;
  }

  /**
   * About the bytes of a weight.
   *
   * @param original bytes of a weight in the original's file
   */
  public abstract double bytesPerWeight(int original);
}
