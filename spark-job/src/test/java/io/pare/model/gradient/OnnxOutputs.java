package io.pare.model.gradient;

import io.pare.model.OnnxNetwork;
import io.pare.model.inference.InferenceSession;
import io.pare.model.inference.TensorData;
import io.pare.testing.ModelBuilder;
import java.util.List;
import java.util.Map;

/** One tensor inside a network, with the weights it was built with. */
record OnnxOutputs(ModelBuilder model, String tensor) {
  TensorData of(Map<String, TensorData> inputs) {
    OnnxNetwork network = OnnxNetwork.of(model.build()).withOutputs(List.of(tensor));
    try (InferenceSession session = InferenceSession.open(network.toBytes(), 1)) {
      return session.run(inputs).get(tensor);
    }
  }
}
