package io.pare.testing;

import com.google.protobuf.ByteString;
import io.pare.model.proto.Onnx;
import io.pare.model.proto.Onnx.TensorProto.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Networks with weights that no layer can have: wrong shape, not finite, impossible variance. */
final class BadWeights {
  private BadWeights() {}

  static List<BadModel> all() {
    return List.of(
        value("NaN in weights of a convolution", "conv.weight", Float.NaN),
        value("infinite weight of a convolution", "conv.weight", Float.POSITIVE_INFINITY),
        value("infinite bias of a convolution", "conv.bias", Float.NEGATIVE_INFINITY),
        value("NaN in weights of a fully connected layer", "gemm.weight", Float.NaN),
        value("NaN in a normalisation", "norm.mean", Float.NaN),
        halves("NaN in weights of 16 bits", DataType.FLOAT16, 0x7e01),
        halves("infinity in weights of 16 bits", DataType.FLOAT16, 0xfc00),
        halves("NaN in brain floats", DataType.BFLOAT16, 0x7fc0),
        BadModels.tensor(
            "double beyond the range of a float",
            "gemm.bias",
            "is not a finite number at index 1 of 3",
            t ->
                t.clearRawData()
                    .setDataType(DataType.DOUBLE_VALUE)
                    .addDoubleData(1)
                    .addDoubleData(1e300)
                    .addDoubleData(Double.NaN)),
        shape("weights of two dims for a convolution", "conv.weight", "at least 3", 6, 18),
        shape("weights of three dims for a window of two", "conv.weight", "", 6, 2, 9),
        shape("bias of a wrong shape", "conv.bias", "they must be [6]", 2, 3),
        shape("weights of one dim for Gemm", "gemm.weight", "it needs at least 2", 18),
        shape("scale of two dims", "norm.scale", "they must be [6]", 3, 2),
        BadModels.tensor(
            "bias of a wrong length",
            "conv.bias",
            "weights \"conv.bias\": has dims [5]; they must be [6]",
            t -> t.setDims(0, 5).setRawData(ByteString.copyFrom(new byte[20]))),
        BadModels.tensor(
            "mean of a wrong length",
            "norm.mean",
            "weights \"norm.mean\": has dims [7]; they must be [6]",
            t -> t.setDims(0, 7).setRawData(ByteString.copyFrom(new byte[28]))),
        BadModels.tensor(
            "weights without elements",
            "conv.weight",
            "has dims [0, 2, 3, 3]; every one must be at least 1",
            t -> t.setDims(0, 0).clearRawData()),
        BadModels.tensor(
            "negative variance",
            "norm.var",
            "has the variance -1.0 at index 0",
            t -> t.setRawData(first(t, -1f))),
        BadModels.node(
            "convolution without weights",
            "conv",
            "has 1 inputs; it needs at least 2",
            n -> n.clearInput().addInput("x")),
        BadModels.node(
            "normalisation of another width",
            "norm",
            "weights \"norm.scale\": has dims [6]; they must be [4]",
            n -> n.setInput(0, "x")));
  }

  private static BadModel value(String name, String tensor, float value) {
    String message = "weights \"" + tensor + "\": is not a finite number at index 0 of ";
    return BadModels.tensor(name, tensor, message, t -> t.setRawData(first(t, value)));
  }

  private static ByteString first(Onnx.TensorProto.Builder tensor, float value) {
    byte[] bytes = tensor.getRawData().toByteArray();
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, value);
    return ByteString.copyFrom(bytes);
  }

  private static BadModel halves(String name, DataType type, int bits) {
    return BadModels.tensor(
        name,
        "conv.bias",
        "is not a finite number at index 5 of 6",
        t ->
            t.clearRawData()
                .setDataType(type.getNumber())
                .addAllInt32Data(List.of(0, 0, 0, 0, 0, bits)));
  }

  private static BadModel shape(String name, String tensor, String message, long... dims) {
    return BadModels.tensor(
        name,
        tensor,
        message,
        t -> {
          t.clearDims();
          for (long dim : dims) {
            t.addDims(dim);
          }
        });
  }
}
