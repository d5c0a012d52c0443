package io.pare.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.pare.model.proto.Onnx;
import io.pare.model.proto.Onnx.TensorProto.DataType;
import java.util.Collections;
import java.util.List;

/** Networks with a tensor that contradicts itself; the convolution's weights are 6 x 2 x 3 x 3. */
final class BadTensors {
  private static final String WEIGHTS = "conv.weight";

  private BadTensors() {}

  static List<BadModel> all() {
    return List.of(
        BadModels.tensor(
            "dims that exceed the data",
            WEIGHTS,
            "initializer \"conv.weight\": has 432 bytes of raw_data;"
                + " its dims [7, 2, 3, 3] of FLOAT take 504",
            t -> t.setDims(0, 7)),
        BadModels.tensor(
            "dims below the data", WEIGHTS, "its dims [5, 2, 3, 3]", t -> t.setDims(0, 5)),
        BadModels.tensor(
            "negative dim", WEIGHTS, "[6, -2, 3, 3]; none may be negative", t -> t.setDims(1, -2)),
        BadModels.tensor(
            "two negative dims that cancel out",
            WEIGHTS,
            "none may be negative",
            t -> t.setDims(1, -2).setDims(0, -6)),
        BadModels.tensor(
            "dims that overflow a long",
            WEIGHTS,
            "more elements than a file can hold",
            t -> t.setDims(0, 1L << 32).setDims(1, 1L << 32)),
        BadModels.tensor(
            "dims that overflow beside a zero",
            WEIGHTS,
            "more elements than a file can hold",
            t -> t.setDims(0, 0).setDims(1, Long.MAX_VALUE).clearRawData()),
        BadModels.tensor(
            "too many dims",
            WEIGHTS,
            "has 69 dims; the limit is 64",
            t -> t.addAllDims(Collections.nCopies(65, 1L))),
        BadModels.tensor(
            "unknown data type",
            WEIGHTS,
            "unknown data type 99; ONNX knows 1 to 26",
            t -> t.setDataType(99)),
        BadModels.tensor(
            "undefined data type", WEIGHTS, "unknown data type 0", t -> t.setDataType(0)),
        BadModels.tensor(
            "no values",
            WEIGHTS,
            "has 0 values; its dims [6, 2, 3, 3] of FLOAT take 108",
            t -> t.clearRawData()),
        BadModels.tensor(
            "typed values of the wrong number",
            WEIGHTS,
            "has 1 values",
            t -> t.clearRawData().addFloatData(1f)),
        BadModels.tensor(
            "values in two fields",
            WEIGHTS,
            "values both in raw_data and in float_data",
            t -> t.addFloatData(1f)),
        BadModels.tensor(
            "values in the field of another type",
            WEIGHTS,
            "of type FLOAT has values in double_data",
            t -> t.clearRawData().addDoubleData(1)),
        BadModels.tensor(
            "strings as raw data",
            WEIGHTS,
            "of type STRING has values in raw_data",
            t -> t.setDataType(DataType.STRING_VALUE)),
        BadModels.tensor(
            "segments",
            WEIGHTS,
            "is split into segments",
            t -> t.setSegment(Onnx.TensorProto.Segment.newBuilder().setEnd(1))),
        BadModels.tensor(
            "unknown data location",
            WEIGHTS,
            "unknown data_location 9",
            t -> t.setUnknownFields(location(9))),
        BadModels.tensor(
            "data location in no form of a number",
            WEIGHTS,
            "unknown data_location",
            t -> t.setUnknownFields(locationText())),
        BadModels.tensor(
            "name too long",
            WEIGHTS,
            "of 5000 characters; the limit is 4096",
            t -> t.setName("n".repeat(5000))),
        external("external data without a location", "", "which is empty"),
        external("external data that are absolute", "/etc/passwd", "which is absolute"),
        external("external data in a home folder", "~/weights", "which is absolute"),
        external("external data outside the folder", "../weights", "which leaves the folder"),
        external("external data by a detour", "a/../../weights", "which leaves the folder"),
        external("external data with backslashes", "..\\weights", "holds a backslash or a colon"),
        external("external data on a drive", "C:weights", "holds a backslash or a colon"),
        external("external data by a scheme", "file:weights", "holds a backslash or a colon"),
        external("external data with NUL", "a\u0000b", "\"a\\u0000b\", which holds a control"),
        external("external data with an empty part", "a//b", "which has an empty part"),
        external("external data of a long name", "a".repeat(2000), "which has 2000 characters"),
        external("external data that are not there", "weights.bin", "external data are not"),
        external(
            "external data at a negative offset",
            "weights.bin",
            "external data offset \"-1\"; it must be a number of bytes",
            "offset",
            "-1"),
        external(
            "external data at an offset beyond a long",
            "weights.bin",
            "external data offset \"99999999999999999999\"",
            "offset",
            "99999999999999999999"),
        external(
            "external data of another length",
            "weights.bin",
            "has 400 bytes in \"weights.bin\"; its dims [6, 2, 3, 3] of FLOAT take 432",
            "length",
            "400"),
        external("external data with two locations", "a", "\"location\" twice", "location", "b"),
        BadModels.tensor(
            "values here and in another file",
            WEIGHTS,
            "values both here and in another file",
            t -> t.setDataLocation(Onnx.TensorProto.DataLocation.EXTERNAL)),
        BadModels.node(
            "bad tensor in an attribute",
            "relu",
            "node \"relu\" (Relu), attribute \"extra\": has 3 bytes of raw_data",
            n ->
                n.addAttribute(
                    ModelBuilder.tensor(
                        "extra",
                        ModelBuilder.tensor("t", DataType.INT64, 1)
                            .setRawData(ByteString.copyFrom(new byte[3]))
                            .build()))));
  }

  private static BadModel external(
      String name, String location, String message, String... keyAndValue) {
    return BadModels.tensor(
        name,
        WEIGHTS,
        message,
        tensor -> {
          tensor.clearRawData().setDataLocation(Onnx.TensorProto.DataLocation.EXTERNAL);
          tensor.addExternalData(entry("location", location));
          if (keyAndValue.length == 2) {
            tensor.addExternalData(entry(keyAndValue[0], keyAndValue[1]));
          }
        });
  }

  private static Onnx.StringStringEntryProto entry(String key, String value) {
    return Onnx.StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  private static UnknownFieldSet location(long number) {
    return location(UnknownFieldSet.Field.newBuilder().addVarint(number));
  }

  private static UnknownFieldSet locationText() {
    return location(UnknownFieldSet.Field.newBuilder().addLengthDelimited(ByteString.EMPTY));
  }

  private static UnknownFieldSet location(UnknownFieldSet.Field.Builder value) {
    return UnknownFieldSet.newBuilder()
        .addField(Onnx.TensorProto.DATA_LOCATION_FIELD_NUMBER, value.build())
        .build();
  }
}
