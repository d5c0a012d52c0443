package io.pare.model.gradient;

import io.pare.model.NodeAttributes;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import java.util.Arrays;
import java.util.Optional;

/**
 * Resize and Upsample of rows and columns, nearest and linear (ONNX, Resize: where an output pixel
 * lies in the input, and how that is rounded). Stateless.
 */
final class Resizing {
  /** Before, Resize had no choice of coordinates. */
  private static final int COORDINATES_CAN_BE_CHOSEN = 11;

  private Resizing() {}

  /** Whether only rows and columns change, in a way that is a sum of a few pixels each. */
  static boolean isSeparable(Adjoint node) {
    long[] in = node.shape(0);
    long[] out = node.shape(node.output());
    boolean maps = in.length == 3 || in.length == 4;
    return maps
        && Adjoint.isBatch(in)
        && Arrays.equals(in, 0, 2, out, 0, 2)
        && (mode(node).equals("nearest") || mode(node).equals("linear"))
        && NodeAttributes.number(node.node(), "antialias", 0) == 0
        && NodeAttributes.find(node.node(), "axes").isEmpty()
        && !coordinates(node).equals("other")
        && scales(node).isPresent();
  }

  private static String mode(Adjoint node) {
    String mode = NodeAttributes.text(node.node(), "mode", "nearest");
    return mode.equals("bilinear") ? "linear" : mode;
  }

  private static boolean chooses(Adjoint node) {
    return node.operator().equals("Resize") && node.opset() >= COORDINATES_CAN_BE_CHOSEN;
  }

  private static String coordinates(Adjoint node) {
    if (!chooses(node)) {
      return "asymmetric";
    }
    String given = NodeAttributes.text(node.node(), "coordinate_transformation_mode", "half_pixel");
    return switch (given) {
      case "asymmetric", "half_pixel", "pytorch_half_pixel", "align_corners" -> given;
      default -> "other";
    };
  }

  /** Output over input along each axis: as given, or as the sizes have it. */
  private static Optional<double[]> scales(Adjoint node) {
    long[] in = node.shape(0);
    long[] out = node.shape(node.output());
    int index = chooses(node) ? 2 : 1;
    double[] ratios = new double[in.length];
    Arrays.setAll(ratios, a -> (double) out[a] / in[a]);
    boolean bySize = node.has(3);
    Optional<Onnx.TensorProto> given = node.constant(index).filter(Tensors::isFloat);
    if (bySize) {
      return NodeAttributes.text(node.node(), "keep_aspect_ratio_policy", "stretch")
              .equals("stretch")
          ? Optional.of(ratios)
          : Optional.empty();
    }
    return given
        .map(Tensors::floats)
        .filter(scales -> scales.length == in.length)
        .map(
            scales -> {
              Arrays.setAll(ratios, a -> scales[a]);
              return ratios;
            });
  }

  static void resize(Adjoint node) {
    int axes = node.shape(0).length - 2;
    double[] scales = scales(node).orElseThrow();
    int[] in = new int[axes];
    int[] out = new int[axes];
    float[][] matrices = new float[axes][];
    for (int a = 0; a < axes; a++) {
      in[a] = (int) node.shape(0)[a + 2];
      out[a] = (int) node.shape(node.output())[a + 2];
      matrices[a] = new float[in[a] * out[a]];
      for (int o = 0; o < out[a]; o++) {
        double place = place(coordinates(node), o, in[a], out[a], scales[a + 2]);
        set(node, matrices[a], o * in[a], place, in[a]);
      }
    }
    SeparableMap map = new SeparableMap(matrices, in, out);
    node.give(0, map.transposed(node.graph(), node.type(), node.gradient()));
  }

  private static double place(String coordinates, int o, int in, int out, double scale) {
    return switch (coordinates) {
      case "asymmetric" -> o / scale;
      case "align_corners" -> out == 1 ? 0 : (double) o * (in - 1) / (out - 1);
      case "pytorch_half_pixel" -> out == 1 ? 0 : (o + 0.5) / scale - 0.5;
      default -> (o + 0.5) / scale - 0.5;
    };
  }

  /** The weights of the pixels that one output pixel is made of. */
  private static void set(Adjoint node, float[] matrix, int row, double place, int in) {
    if (mode(node).equals("nearest")) {
      int nearest = (int) Math.max(0, Math.min(in - 1, nearest(node, place)));
      matrix[row + nearest] = 1;
      return;
    }
    double inside = Math.max(0, Math.min(in - 1, place));
    int lower = (int) Math.floor(inside);
    float weight = (float) (inside - lower);
    matrix[row + lower] = 1 - weight;
    if (lower + 1 < in) {
      matrix[row + lower + 1] = weight;
    }
  }

  private static double nearest(Adjoint node, double place) {
    String rounding =
        chooses(node)
            ? NodeAttributes.text(node.node(), "nearest_mode", "round_prefer_floor")
            : "floor";
    return switch (rounding) {
      case "floor" -> Math.floor(place);
      case "ceil" -> Math.ceil(place);
      case "round_prefer_ceil" -> Math.floor(place + 0.5);
      default -> Math.ceil(place - 0.5);
    };
  }
}
