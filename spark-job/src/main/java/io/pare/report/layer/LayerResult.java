package io.pare.report.layer;

import io.pare.report.json.Missing;

/**
 * What became of one layer.
 *
 * @param name of the layer
 * @param operator in ONNX's terms
 * @param shape filters x input channels x kernel rows x kernel columns, of one group
 * @param groups of a grouped convolution, else 1
 * @param activation that follows
 * @param structure that it has now: {@code keep}, {@code spatial(156)}
 * @param weightsBefore of the original, bias not counted
 * @param weightsAfter as written
 * @param sparseAfter of {@code weightsAfter}, those of the structured sparse component
 * @param macsBefore multiply-accumulates for one image
 * @param macsAfter as written
 * @param expectedError relative post-activation error on held-out samples when the plan was made
 * @param divergence of the network's output that the plan expected of this layer alone, in nats
 * @param error the same in the compressed network, against the original's activations
 * @param reason why the layer stayed or what is noteworthy; empty otherwise
 * @param analysis how the decision came about
 */
public record LayerResult(
    String name,
    String operator,
    String shape,
    int groups,
    String activation,
    String structure,
    long weightsBefore,
    long weightsAfter,
    long sparseAfter,
    long macsBefore,
    long macsAfter,
    double expectedError,
    double divergence,
    double error,
    String reason,
    LayerAnalysis analysis) {

  public LayerResult {
    Missing.refuse(name, operator, shape, activation, structure, reason);
    analysis = analysis == null ? LayerAnalysis.NONE : analysis;
  }
}
