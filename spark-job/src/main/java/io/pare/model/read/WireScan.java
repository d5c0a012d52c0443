package io.pare.model.read;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.pare.model.proto.Onnx;
import java.io.IOException;

/**
 * Walks over the protobuf encoding of a model before it is parsed, so that the parser meets nothing
 * that would cost it unbounded stack, memory or time (protobuf encoding specification).
 *
 * <p>Refuses groups, which ONNX does not use and the parser skips by recursion; a singular message
 * given twice, which the parser merges at a quadratic price and no writer produces; graphs nested
 * too deep; and more entries than any network has. Allocates next to nothing; time is linear in the
 * number of entries, whatever lengths they claim.
 */
final class WireScan {
  /** Graphs within graphs: bodies of If, Loop and Scan. */
  static final int MAX_NESTED_GRAPHS = 16;

  /**
   * Messages, strings and what the parser does not know; each costs about a hundred bytes of
   * memory.
   */
  static final int MAX_ENTRIES = 5_000_000;

  /** What the parser itself allows. */
  private static final int MAX_NESTED_MESSAGES = 100;

  private final Place place;
  private final CodedInputStream in;
  private int entries;

  private WireScan(Place place, CodedInputStream in) {
    this.place = place;
    this.in = in;
  }

  /**
   * Checks the encoding of a ModelProto.
   *
   * @throws IOException if it is truncated or no protobuf
   * @throws io.pare.InputException if it breaks a limit
   */
  static void check(Place place, byte[] bytes) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(bytes);
    in.pushLimit(bytes.length);
    new WireScan(place, in).message(Onnx.ModelProto.getDescriptor(), 1, 0);
  }

  private void message(Descriptor type, int messages, int graphs) throws IOException {
    if (graphs > MAX_NESTED_GRAPHS || messages > MAX_NESTED_MESSAGES) {
      throw place.defect(
          "graphs or messages are nested too deep; the limits are "
              + MAX_NESTED_GRAPHS
              + " graphs and "
              + MAX_NESTED_MESSAGES
              + " messages: flatten the control flow of the network");
    }
    long seen = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
      if (isMessage(field, tag)) {
        long bit = field.isRepeated() ? 0 : 1L << field.getIndex();
        if ((seen & bit) != 0) {
          throw place.defect(
              "holds the field "
                  + field.getFullName()
                  + " twice in one message; the file is damaged: export the network again");
        }
        seen |= bit;
        count();
        inner(field.getMessageType(), messages, graphs);
      } else {
        skip(field, tag);
      }
    }
  }

  private static boolean isMessage(FieldDescriptor field, int tag) {
    return field != null
        && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  private void inner(Descriptor type, int messages, int graphs) throws IOException {
    int outerLimit = in.pushLimit(in.readRawVarint32());
    boolean graph = type.equals(Onnx.GraphProto.getDescriptor());
    message(type, messages + 1, graph ? graphs + 1 : graphs);
    in.popLimit(outerLimit);
  }

  private void skip(FieldDescriptor field, int tag) throws IOException {
    int wireType = WireFormat.getTagWireType(tag);
    if (wireType == WireFormat.WIRETYPE_START_GROUP || wireType == WireFormat.WIRETYPE_END_GROUP) {
      throw new InvalidProtocolBufferException("a protobuf group, which ONNX does not use");
    }
    if (wireType == WireFormat.WIRETYPE_LENGTH_DELIMITED || mayBeUnknown(field, wireType)) {
      count();
    }
    in.skipField(tag);
  }

  /** Whether the parser may keep a value among the unknown fields, where it costs an object. */
  private static boolean mayBeUnknown(FieldDescriptor field, int wireType) {
    return field == null
        || field.getJavaType() == FieldDescriptor.JavaType.ENUM
        || wireType != field.getLiteType().getWireType();
  }

  private void count() {
    entries++;
    if (entries > MAX_ENTRIES) {
      throw place.defect(
          "holds more than "
              + MAX_ENTRIES
              + " entries (nodes, names, attributes, shapes), the limit for one network");
    }
  }
}
