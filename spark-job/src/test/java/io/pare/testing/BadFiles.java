package io.pare.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.pare.model.proto.Onnx;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Files whose encoding or versions are wrong. */
final class BadFiles {
  private BadFiles() {}

  static List<BadModel> all() {
    return List.of(
        new BadModel("empty file", new byte[0], "is empty; an ONNX model is expected"),
        new BadModel("truncated file", truncated(), "cannot be read as ONNX"),
        new BadModel("random bytes", garbage(), "cannot be read as ONNX"),
        new BadModel("text", text("<html>not found</html>\n"), "cannot be read as ONNX"),
        new BadModel("zeros", new byte[64], "cannot be read as ONNX"),
        BadModels.changed("no graph", "holds no graph", Onnx.ModelProto.Builder::clearGraph),
        new BadModel("graphs nested too deep", nested(40), "nested too deep; the limits are 16"),
        new BadModel("graphs nested far too deep", nested(5_000), "nested too deep"),
        new BadModel("groups nested too deep", groups(), "protobuf group"),
        new BadModel("name that is no text", notUtf8(), "cannot be read as ONNX"),
        new BadModel("graph given twice", twice(), "onnx.ModelProto.graph twice in one message"),
        BadModels.changed("IR version missing", "IR version 0", b -> b.clearIrVersion()),
        BadModels.changed("IR version too old", "IR version 2; supported are 3 to 13", ir(2)),
        BadModels.changed("IR version too new", "IR version 14; supported are 3 to 13", ir(14)),
        BadModels.changed("IR version negative", "IR version -1", ir(-1)),
        BadModels.changed("opset too old", "opset 8; supported are 9 to 26", opset("", 8)),
        BadModels.changed("opset too new", "opset 27; supported are 9 to 26", opset("", 27)),
        BadModels.changed("opset huge", "opset 9223372036854775807", opset("", Long.MAX_VALUE)),
        BadModels.changed("opset zero by its long name", "opset 0;", opset("ai.onnx", 0)),
        BadModels.changed(
            "no opset import", "no opset_import for the default domain", b -> b.clearOpsetImport()),
        BadModels.changed(
            "opset imported twice",
            "imports the opset of \"\" twice",
            b -> b.addOpsetImport(Onnx.OperatorSetIdProto.newBuilder().setVersion(17))));
  }

  private static Consumer<Onnx.ModelProto.Builder> ir(long version) {
    return model -> model.setIrVersion(version);
  }

  private static Consumer<Onnx.ModelProto.Builder> opset(String domain, long version) {
    return model -> model.getOpsetImportBuilder(0).setDomain(domain).setVersion(version);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] truncated() {
    byte[] whole = BadModels.valid().toByteArray();
    return Arrays.copyOf(whole, whole.length / 2);
  }

  private static byte[] garbage() {
    byte[] bytes = new byte[4096];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static byte[] twice() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(BadModels.valid().toByteArray());
    out.writeBytes(BadModels.valid().toByteArray());
    return out.toByteArray();
  }

  private static byte[] nested(int depth) {
    // Encoded from the inside out, because a builder of this depth would exhaust the stack itself.
    ByteString graph = ByteString.EMPTY;
    for (int i = 0; i < depth; i++) {
      ByteString attribute = field(Onnx.AttributeProto.G_FIELD_NUMBER, graph);
      ByteString node = field(Onnx.NodeProto.ATTRIBUTE_FIELD_NUMBER, attribute);
      graph = field(Onnx.GraphProto.NODE_FIELD_NUMBER, node);
    }
    return field(Onnx.ModelProto.GRAPH_FIELD_NUMBER, graph).toByteArray();
  }

  private static ByteString field(int number, ByteString value) {
    return UnknownFieldSet.newBuilder()
        .addField(number, UnknownFieldSet.Field.newBuilder().addLengthDelimited(value).build())
        .build()
        .toByteString();
  }

  private static byte[] notUtf8() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(BadModels.valid().toByteArray());
    int producer = Onnx.ModelProto.PRODUCER_NAME_FIELD_NUMBER;
    out.writeBytes(Wire.message().raw(producer, (byte) 0xff).bytes());
    return out.toByteArray();
  }

  private static byte[] groups() {
    byte[] bytes = new byte[200_000];
    Arrays.fill(bytes, (byte) (15 << 3 | 3));
    return bytes;
  }
}
