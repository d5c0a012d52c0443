package io.pare.testing;

import static io.pare.testing.ModelBuilder.ints;
import static io.pare.testing.ModelBuilder.number;
import static io.pare.testing.ModelBuilder.text;

import io.pare.model.proto.Onnx;
import java.util.List;

/** Networks with a convolution or pooling node whose attributes cannot be. */
final class BadWindows {
  private BadWindows() {}

  static List<BadModel> all() {
    return List.of(
        conv(
            "kernel shape that contradicts the weights",
            "has kernel_shape [5, 5], but its weights are [6, 2, 3, 3]",
            ints("kernel_shape", 5, 5)),
        conv("kernel shape of another rank", "has kernel_shape [3]", ints("kernel_shape", 3)),
        conv(
            "group that does not divide the filters",
            "has group 4, which does not divide dimension 0 of weights [6, 2, 3, 3]",
            number("group", 4)),
        conv(
            "group that does not divide the channels",
            "takes 6 channels (weights [6, 2, 3, 3], group 3), but its input \"x\" has 4",
            number("group", 3)),
        conv("group of zero", "has group 0; it must be at least 1", number("group", 0)),
        conv("negative group", "has group -2", number("group", -2)),
        conv("huge group", "does not divide", number("group", Long.MAX_VALUE)),
        conv("group of another type", "attribute group of type 7", ints("group", 2)),
        conv("strides of a wrong length", "has 1 values in strides", ints("strides", 1)),
        conv(
            "stride of zero",
            "has 0 in strides at position 1; it must be from 1 to 32767",
            ints("strides", 1, 0)),
        conv("negative stride", "has -1 in strides", ints("strides", -1, 1)),
        conv("huge stride", "has 9223372036854775807", ints("strides", Long.MAX_VALUE, 1)),
        conv("strides of another type", "attribute strides of type 2", number("strides", 1)),
        conv("dilations of a wrong length", "3 values in dilations", ints("dilations", 1, 1, 1)),
        conv("dilation of zero", "has 0 in dilations", ints("dilations", 0, 1)),
        conv("huge dilation", "has 65536 in dilations", ints("dilations", 65536, 1)),
        conv(
            "pads of a wrong length",
            "has 2 values in pads; its window takes 4",
            ints("pads", 1, 1)),
        conv("negative pad", "has -1 in pads", ints("pads", 1, 1, 1, -1)),
        conv("huge pad", "has 1099511627776 in pads", ints("pads", 1L << 40, 0, 0, 0)),
        conv("unknown automatic padding", "has auto_pad \"FULL\"", text("auto_pad", "FULL")),
        pool("kernel of zero in a pool", "has 0 in kernel_shape", ints("kernel_shape", 0, 2)),
        pool("no kernel in a pool", "has no kernel_shape", ints("kernel_shape")),
        pool(
            "strides of a wrong length in a pool",
            "has 3 values in strides",
            ints("strides", 1, 1, 1)),
        pool("negative pad in a pool", "has -1 in pads", ints("pads", -1, 0, 0, 0)));
  }

  private static BadModel conv(String name, String message, Onnx.AttributeProto attribute) {
    return BadModels.attribute(name, "conv", message, attribute);
  }

  private static BadModel pool(String name, String message, Onnx.AttributeProto attribute) {
    return BadModels.attribute(name, "pool", "node \"pool\" (MaxPool): " + message, attribute);
  }
}
